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

beforeAll(async () => {
  await needsProvider('hashicorp/kubernetes');
  jobs = await PipelineJobs.start();
}, 60 * MINUTE);

afterAll(() => jobs?.remove(), MINUTE);

describe('a platform with every stack that is deployed by its pipeline', () => {
  it(
    'comes up in rounds: each plans what can be planned by then',
    async () => {
      expect(await running().bootstrap()).toMatchObject({ changed: true });
      expect(await running().deploy()).toEqual([
        ['network'],
        ['cluster'],
        ['platform'],
        ['dev', 'prod', 'qa', 'stage'],
      ]);
    },
    30 * MINUTE,
  );

  it('has nothing to do then', async () => {
    const { end, summary } = await running().planMain();
    expect(end.outputs['changes']).toBe('0');
    expect(summary.stacks.filter(({ status }) => status !== 'unchanged')).toEqual([]);
  });

  it(
    'finds what kubectl edit has done, too',
    async () => {
      const kubeconfig = ['--kubeconfig', running().sandbox.path('kubeconfig')];
      const name = ['--name', 'seed', '--region', 'eu-west-1'];
      succeeded(
        await running().sandbox.run(
          'aws',
          ['eks', 'update-kubeconfig', ...name, ...kubeconfig],
          running().environment,
        ),
      );
      const editor = {
        ...running().environment,
        KUBE_EDITOR: "sed -i 's/revisionHistoryLimit: .*/revisionHistoryLimit: 1/'",
      };
      const web = [...kubeconfig, '--namespace=dev', 'edit', 'deployment/storefront-web'];
      succeeded(await running().sandbox.run('kubectl', web, editor));
      const { end, report } = await running().lookForDrift();
      expect(end.outputs['found']).toBe('yes');
      expect(report).toContain('kubernetes_deployment_v1.storefront_web');
      await running().heal();
      expect((await running().lookForDrift()).end.outputs['found']).toBe('no');
    },
    20 * MINUTE,
  );

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
