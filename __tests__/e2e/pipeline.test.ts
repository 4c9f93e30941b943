import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlanSummary } from '../../src/cli/reports/plan-report';
import { Project, succeeded, type Ended } from './project';
import { KUBERNETES_PROVIDER } from './providers';
import { Repository, type Checkout, type JobEnd } from './repository';

const MINUTE = 60_000;
jest.setTimeout(10 * MINUTE);

const hasProvider = process.env[KUBERNETES_PROVIDER] === 'yes';
const itWithProvider = hasProvider ? it : it.skip;
/** Without its provider, no stack with Kubernetes objects can be planned. */
const CHOSEN = hasProvider ? [] : ['pipeline', 'network', 'cluster'];

let sandbox: Project;
let repository: Repository;
let environment: Record<string, string>;

beforeAll(async () => {
  sandbox = await Project.copy();
  const file = sandbox.path('platform.yaml');
  const text = readFileSync(file, 'utf8')
    // Two zones, and nothing that takes minutes to be made.
    .replace('zones: [a, b, c]', 'zones: [a, b]')
    .replace('nat: per-zone', 'nat: none')
    .replace('node-3: { zone: c', 'node-3: { zone: b')
    .replace(
      /^# state:.*$/m,
      'state: { bucket: seed-111122223333-state }\npipeline: { repository: acme/platform }',
    );
  writeFileSync(file, text);
  repository = await Repository.create(sandbox.folder);
  succeeded(await sandbox.npm('sandbox', ['--empty', '--json']));
  environment = await sandbox.sandboxEnvironment();
}, 60 * MINUTE);

afterAll(async () => {
  await sandbox.npm('sandbox:down');
  sandbox.remove();
  repository.remove();
}, MINUTE);

interface Planned {
  readonly checkout: Checkout;
  readonly end: JobEnd;
  readonly summary: PlanSummary;
}

/** What of a workflow's step is told when it fails. */
function told(end: Ended): Ended {
  succeeded(end);
  return end;
}

/** The job `plan` of main.yml. */
async function planMain(): Promise<Planned> {
  const checkout = await repository.checkout();
  const end = await checkout.step('main.yml', 'Plan', environment, CHOSEN);
  told(end);
  return { checkout, end, summary: checkout.readJson('plan.json') as PlanSummary };
}

/** The job `apply` of main.yml, on another machine than the plan. */
async function applyMain(
  { checkout: planned, end }: Planned,
  tamper: (checkout: Checkout) => void = () => undefined,
): Promise<{ checkout: Checkout; end: JobEnd }> {
  const checkout = await repository.checkout();
  checkout.download(planned);
  tamper(checkout);
  const variables = { ...environment, DIGEST: end.outputs['digest'] ?? '' };
  return { checkout, end: await checkout.step('main.yml', 'Apply', variables) };
}

/** The job `plan` of pull-request.yml. */
async function planPullRequest(branch: string): Promise<{ end: JobEnd; comment: string }> {
  const checkout = await repository.checkout(branch);
  const end = await checkout.step('pull-request.yml', 'Plan', environment, CHOSEN);
  return { end, comment: checkout.read('plan.md') };
}

/** The job of drift.yml. */
async function lookForDrift(): Promise<{ end: JobEnd; report: string }> {
  const checkout = await repository.checkout();
  const end = await checkout.step('drift.yml', 'Look for drift', environment, CHOSEN);
  told(end);
  return { end, report: checkout.read('drift.md') };
}

async function aws(...args: string[]): Promise<unknown> {
  return JSON.parse(succeeded(await sandbox.run('aws', [...args, '--output', 'json'], environment)));
}

const applied = (checkout: Checkout): unknown =>
  (checkout.readJson('apply.json') as { readonly applied: unknown }).applied;

describe('a platform that is deployed by its pipeline alone', () => {
  it('begins with a bucket and roles', async () => {
    const checkout = await repository.checkout();
    const answer = succeeded(await checkout.npm('state:bootstrap', ['--json'], environment));
    expect(JSON.parse(answer)).toMatchObject({ bucket: 'seed-111122223333-state', changed: true });
  });

  it(
    'comes up in rounds: each plans what can be planned by then, and waits for its approval',
    async () => {
      const rounds: unknown[] = [];
      let waiting = '-';
      while (waiting !== '' && rounds.length < 5) {
        const planned = await planMain();
        const { checkout, end } = await applyMain(planned);
        told(end);
        rounds.push(applied(checkout));
        waiting = end.outputs['waiting'] ?? '';
      }
      expect(rounds).toEqual(
        hasProvider
          ? [['network'], ['cluster'], ['platform'], ['dev', 'prod', 'qa', 'stage']]
          : [['network'], ['cluster']],
      );
      expect(await aws('eks', 'describe-cluster', '--name', 'seed', '--query', 'cluster.status')).toBe(
        'ACTIVE',
      );
    },
    30 * MINUTE,
  );

  it('has nothing to do then', async () => {
    const { end, summary } = await planMain();
    expect(end.outputs['changes']).toBe('0');
    // Beside the JSON, the log of the job shows how it went on.
    expect(end.stderr).toContain('network: as it was applied');
    const { stacks } = summary;
    expect(stacks.filter(({ status }) => status !== 'unchanged' && status !== 'left out')).toEqual([]);
  });

  describe('when a pull request opens the endpoint', () => {
    const open = (text: string): string =>
      text.replace('publicAccess: [203.0.113.0/24]', 'publicAccess: [203.0.113.0/24, 198.51.100.0/24]');

    it('is stopped by the guard, which says why, and what would let it pass', async () => {
      await repository.change('open', open);
      const { end, comment } = await planPullRequest('open');
      expect(end.status).toBe(1);
      expect(comment).toContain('Stopped by the guard');
      expect(comment).toContain('198.51.100.0/24');
      expect(comment).toMatch(/^- \{ address: cluster\/aws_eks_cluster\.eks, change: '[0-9a-f]{12}'/m);
    });

    it(
      'passes with the line that was printed, and is applied as it was planned',
      async () => {
        const { comment } = await planPullRequest('open');
        const [line = ''] = /^- \{ address: cluster.*$/m.exec(comment) ?? [];
        await repository.change('open', (text) =>
          open(text).replace(
            'pipeline: { repository: acme/platform }',
            `pipeline:\n  repository: acme/platform\n  exceptions:\n    ${line.replace('<why>', 'the second office')}`,
          ),
        );
        expect((await planPullRequest('open')).end.status).toBe(0);
        await repository.merge('open');
        const planned = await planMain();
        expect(planned.summary.guard.passed).toMatchObject([{ allowedBy: { reason: 'the second office' } }]);
        const { checkout, end } = await applyMain(planned);
        told(end);
        expect(applied(checkout)).toEqual(['cluster']);
        const query = 'cluster.resourcesVpcConfig.publicAccessCidrs';
        expect(await aws('eks', 'describe-cluster', '--name', 'seed', '--query', query)).toHaveLength(2);
      },
      20 * MINUTE,
    );
  });

  describe('whose plans are changed between plan and apply', () => {
    let planned: Planned;

    it('plans a change', async () => {
      await repository.change('labels', (text) =>
        text.replace('node-1: { zone: a,', 'node-1: { zone: a, labels: { tier: web },'),
      );
      await repository.merge('labels');
      planned = await planMain();
      expect(planned.summary.changes).toBe(1);
    });

    it('applies none that is not what was reviewed', async () => {
      const { end } = await applyMain(planned, ({ folder }) => {
        appendFileSync(join(folder, 'cdktf.out', 'plans', 'cluster.tfplan'), ' ');
      });
      expect(end.status).toBe(1);
      expect(end.stderr).toContain('is not the one that was saved: plan again; nothing was applied');
    });

    it('applies none of another digest', async () => {
      const other = { ...planned, end: { ...planned.end, outputs: { digest: 'sha256:0' } } };
      const { end } = await applyMain(other);
      expect(end.status).toBe(1);
      expect(end.stderr).toContain('these are not the plans that were reviewed');
    });

    it('applies the one that was', async () => {
      const { checkout, end } = await applyMain(planned);
      told(end);
      expect(applied(checkout)).toEqual(['cluster']);
    });

    it('does not apply it twice', async () => {
      const { end } = await applyMain(planned);
      expect(end.status).toBe(1);
      expect(end.stderr).toContain('Saved plan is stale');
    });
  });

  describe('that somebody changes by hand', () => {
    const heal = async (): Promise<void> => {
      const checkout = await repository.checkout();
      const stacks = [...CHOSEN, '--all', '--json'];
      const { digest } = JSON.parse(
        succeeded(await checkout.npm('plan', stacks, environment)),
      ) as PlanSummary;
      succeeded(await checkout.npm('apply', ['--digest', digest], environment));
    };

    it(
      'finds it and heals it',
      async () => {
        expect((await lookForDrift()).end.outputs['found']).toBe('no');
        const group = ['--cluster-name', 'seed', '--nodegroup-name', 'node-2'];
        await aws('eks', 'update-nodegroup-config', ...group, '--scaling-config', 'desiredSize=2');
        const { end, report } = await lookForDrift();
        expect(end.outputs['found']).toBe('yes');
        expect(report).toContain('aws_eks_node_group.eks_node_2');
        expect(report).toContain('desired_size');
        await heal();
        expect((await lookForDrift()).end.outputs['found']).toBe('no');
        const query = ['--query', 'nodegroup.scalingConfig.desiredSize'];
        expect(await aws('eks', 'describe-nodegroup', ...group, ...query)).toBe(1);
      },
      20 * MINUTE,
    );

    itWithProvider(
      'finds what kubectl edit has done, too (needs the Terraform provider hashicorp/kubernetes)',
      async () => {
        const kubeconfig = ['--kubeconfig', sandbox.path('kubeconfig')];
        const name = ['--name', 'seed', '--region', 'eu-west-1'];
        succeeded(
          await sandbox.run('aws', ['eks', 'update-kubeconfig', ...name, ...kubeconfig], environment),
        );
        const editor = {
          ...environment,
          KUBE_EDITOR: "sed -i 's/revisionHistoryLimit: .*/revisionHistoryLimit: 1/'",
        };
        const web = [...kubeconfig, '--namespace=dev', 'edit', 'deployment/storefront-web'];
        succeeded(await sandbox.run('kubectl', web, editor));
        const { end, report } = await lookForDrift();
        expect(end.outputs['found']).toBe('yes');
        expect(report).toContain('kubernetes_deployment_v1.storefront_web');
        await heal();
        expect((await lookForDrift()).end.outputs['found']).toBe('no');
      },
      20 * MINUTE,
    );
  });

  itWithProvider(
    'promotes a version by a change of one stack (needs the Terraform provider hashicorp/kubernetes)',
    async () => {
      const checkout = await repository.checkout();
      succeeded(await checkout.npm('promote', ['storefront', 'qa', 'stage'], environment));
      const plan = await checkout.npm('plan', ['--json'], environment);
      const { stacks } = JSON.parse(succeeded(plan)) as PlanSummary;
      expect(stacks.filter(({ status }) => status !== 'unchanged').map(({ name }) => name)).toEqual([
        'stage',
      ]);
    },
    10 * MINUTE,
  );
});
