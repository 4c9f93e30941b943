import type { PlanSummary } from '../../src/cli/reports/plan-report';
import { PipelineJobs } from '../e2e/pipeline-jobs';
import { succeeded } from '../e2e/project';
import { needsProvider } from './needs';

const MINUTE = 60_000;
jest.setTimeout(20 * MINUTE);

let jobs: PipelineJobs | undefined;

const running = (): PipelineJobs => {
  if (!jobs) throw new Error('the sandbox has not started');
  return jobs;
};

/** kubectl in the namespace `dev`. */
const kubectl = async (args: readonly string[], variables: Record<string, string> = {}): Promise<string> =>
  succeeded(
    await running().sandbox.run(
      'kubectl',
      ['--kubeconfig', running().sandbox.path('kubeconfig'), '--namespace=dev', ...args],
      { ...running().environment, ...variables },
    ),
  );

const ORDERS = 'workloads/orders/index.ts';

/** Merges a change of the workload `orders`. */
async function changeOrders(branch: string, edit: (text: string) => string): Promise<void> {
  await running().repository.change(branch, edit, ORDERS);
  await running().repository.merge(branch);
}

const greetings = async (): Promise<string[]> =>
  (await kubectl(['get', 'configmaps', '--output=name']))
    .split('\n')
    .filter((name) => name.includes('greeting'));

beforeAll(async () => {
  await needsProvider('hashicorp/kubernetes');
  jobs = await PipelineJobs.start();
}, 60 * MINUTE);

afterAll(() => jobs?.remove(), MINUTE);

describe('a platform with every stack that its pipeline deploys', () => {
  it(
    'comes up in rounds: each plans what it can',
    async () => {
      expect(await running().bootstrap()).toMatchObject({ changed: true });
      expect(await running().deploy()).toEqual([
        ['network'],
        ['cluster'],
        ['platform'],
        ['dev', 'prod', 'qa', 'stage'],
      ]);
      const name = ['--name', 'seed', '--region', 'eu-west-1'];
      succeeded(
        await running().sandbox.run(
          'aws',
          ['eks', 'update-kubeconfig', ...name, '--kubeconfig', running().sandbox.path('kubeconfig')],
          running().environment,
        ),
      );
    },
    30 * MINUTE,
  );

  it('then has an empty plan', async () => {
    const { end, summary } = await running().planMain();
    expect(end.outputs['changes']).toBe('0');
    expect(summary.stacks.filter(({ status }) => status !== 'unchanged')).toEqual([]);
  });

  it(
    'finds what kubectl edit has changed, too',
    async () => {
      await kubectl(['edit', 'deployment/storefront-web'], {
        KUBE_EDITOR: "sed -i 's/revisionHistoryLimit: .*/revisionHistoryLimit: 1/'",
      });
      const { end, report } = await running().lookForDrift();
      expect(end.outputs['found']).toBe('yes');
      expect(report).toContain('kubernetes_deployment_v1.storefront_web');
      await running().heal();
      expect((await running().lookForDrift()).end.outputs['found']).toBe('no');
    },
    20 * MINUTE,
  );

  describe('during a failed rollout', () => {
    it(
      'reports the reason, and keeps the ConfigMap that the earlier Pods read',
      async () => {
        await changeOrders('greeting', (text) =>
          text
            .replace('import { Deployment,', 'import { ConfigMap, Deployment,')
            .replace(
              '    const web = new',
              "    const greeting = new ConfigMap(scope, 'greeting', { data: { text: 'good morning' } });\n    const web = new",
            )
            .replace(
              'env: {',
              "progressDeadlineSeconds: 75,\n      env: { GREETING: EnvValue.fromConfigMap(greeting, 'text'),",
            ),
        );
        await running().deploy();
        expect(await greetings()).toHaveLength(1);
        await kubectl(['create', 'quota', 'freeze', '--hard=pods=0']);
        await changeOrders('evening', (text) => text.replace('good morning', 'good evening'));
        const { end } = await running().applyMain(await running().planMain());
        expect(end.status).toBe(1);
        expect(end.stdout + end.stderr).toMatch(/exceeded quota: freeze/);
        expect(await greetings()).toHaveLength(2);
      },
      20 * MINUTE,
    );

    it(
      'refuses to delete that ConfigMap while the rollout is unfinished',
      async () => {
        const checkout = await running().repository.checkout();
        const { status, stdout, stderr } = await checkout.npm('plan', [], running().environment);
        expect(status).toBe(1);
        expect(stdout + stderr).toMatch(
          /destroys the ConfigMap dev\/orders-greeting-\w+ of an earlier revision, which its Pods need to start again/,
        );
        expect(await greetings()).toHaveLength(2);
      },
      10 * MINUTE,
    );

    it(
      'deletes that ConfigMap once the rollout is finished',
      async () => {
        await kubectl(['delete', 'quota', 'freeze']);
        // The controller tries again after some minutes, and the status of the failed rollout stays until then.
        await kubectl(['wait', 'deployment/orders-web', '--for=condition=Progressing', '--timeout=10m']);
        await kubectl(['rollout', 'status', 'deployment/orders-web', '--timeout=3m']);
        await running().deploy();
        expect(await greetings()).toHaveLength(1);
        expect((await running().planMain()).end.outputs['changes']).toBe('0');
      },
      20 * MINUTE,
    );
  });

  it(
    'promotes a version by a change of one stack',
    async () => {
      const checkout = await running().repository.checkout();
      succeeded(await checkout.npm('promote', ['storefront', 'qa', 'stage'], running().environment));
      const plan = await checkout.npm('plan', ['--json'], running().environment);
      const { stacks } = JSON.parse(succeeded(plan)) as PlanSummary;
      expect(stacks.filter(({ status }) => status !== 'unchanged').map(({ name }) => name)).toEqual([
        'stage',
      ]);
    },
    10 * MINUTE,
  );
});
