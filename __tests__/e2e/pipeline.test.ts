import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deniedTo } from '../iam/calls/needs';
import { pipelineRole } from '../iam/pipeline-roles';
import { installSimulator } from '../iam/simulator';
import { synthesized } from '../stacks/synthesized-platform';
import { applied, PipelineJobs, type Planned } from './pipeline-jobs';
import { succeeded } from './project';

const MINUTE = 60_000;
jest.setTimeout(10 * MINUTE);

let jobs: PipelineJobs;

const UPDATE = { service: 'eks', operation: 'POST /clusters/seed/node-groups/*/update-config' };
const THROTTLED = { code: 'ThrottlingException', status: 429, message: 'Rate exceeded' };

// A stack with Kubernetes objects is planned in __tests__/outside: that needs the provider hashicorp/kubernetes.
beforeAll(async () => {
  jobs = await PipelineJobs.start(['pipeline', 'network', 'cluster']);
}, 60 * MINUTE);

afterAll(() => jobs.remove(), 5 * MINUTE);

describe('a platform that only its pipeline deploys', () => {
  it('begins with a bucket and roles', async () => {
    expect(await jobs.bootstrap()).toMatchObject({ bucket: 'seed-111122223333-state', changed: true });
  });

  it(
    'comes up in rounds: each plans what it can, and waits for its approval',
    async () => {
      expect(await jobs.deploy()).toEqual([['network'], ['cluster']]);
      expect(await jobs.aws('eks', 'describe-cluster', '--name', 'seed', '--query', 'cluster.status')).toBe(
        'ACTIVE',
      );
    },
    30 * MINUTE,
  );

  it('has nothing left to change', async () => {
    const { end, summary } = await jobs.planMain();
    expect(end.outputs['changes']).toBe('0');
    // Beside the JSON, the log of the job shows how it went on.
    expect(end.stderr).toContain('network: as it was applied');
    const { stacks } = summary;
    expect(stacks.filter(({ status }) => status !== 'unchanged' && status !== 'left out')).toEqual([]);
  });

  describe('with an endpoint that becomes public', () => {
    const open = (text: string): string =>
      text.replace('publicAccess: [203.0.113.0/24]', 'publicAccess: [203.0.113.0/24, 198.51.100.0/24]');

    let comment: string;

    it('fails at the guard, which prints the reason and the remedy', async () => {
      await jobs.repository.change('open', open);
      const { end, ...planned } = await jobs.planPullRequest('open');
      comment = planned.comment;
      expect(end.status).toBe(1);
      expect(comment).toContain('Stopped by the guard');
      expect(comment).toContain('198.51.100.0/24');
      expect(comment).toMatch(/^- \{ address: cluster\/aws_eks_cluster\.eks, change: '[0-9a-f]{12}'/m);
    });

    it(
      'passes with the line of the report, and is applied as planned',
      async () => {
        const [line = ''] = /^- \{ address: cluster.*$/m.exec(comment) ?? [];
        await jobs.repository.change('open', (text) =>
          open(text).replace(
            'pipeline: { repository: acme/platform }',
            `pipeline:\n  repository: acme/platform\n  exceptions:\n    ${line.replace('<why>', 'the second office')}`,
          ),
        );
        expect((await jobs.planPullRequest('open')).end.status).toBe(0);
        await jobs.repository.merge('open');
        const planned = await jobs.planMain();
        expect(planned.summary.guard.passed).toMatchObject([{ allowedBy: { reason: 'the second office' } }]);
        const { checkout, end } = await jobs.applyMain(planned);
        succeeded(end);
        expect(applied(checkout)).toEqual(['cluster']);
        const query = 'cluster.resourcesVpcConfig.publicAccessCidrs';
        expect(await jobs.aws('eks', 'describe-cluster', '--name', 'seed', '--query', query)).toHaveLength(2);
      },
      20 * MINUTE,
    );
  });

  describe('whose plan is changed before its apply', () => {
    let planned: Planned;

    it('plans a change', async () => {
      await jobs.repository.change('labels', (text) =>
        text.replace('node-1: { zone: a,', 'node-1: { zone: a, labels: { tier: web },'),
      );
      await jobs.repository.merge('labels');
      planned = await jobs.planMain();
      expect(planned.summary.changes).toBe(1);
    });

    it('refuses to apply a plan that differs from the reviewed one', async () => {
      const { end } = await jobs.applyMain(planned, ({ folder }) => {
        appendFileSync(join(folder, 'cdktf.out', 'plans', 'cluster.tfplan'), ' ');
      });
      expect(end.status).toBe(1);
      expect(end.stderr).toContain('is not the one that was saved: plan again; nothing was applied');
    });

    it('refuses to apply a plan with another digest', async () => {
      const other = { ...planned, end: { ...planned.end, outputs: { digest: 'sha256:0' } } };
      const { end } = await jobs.applyMain(other);
      expect(end.status).toBe(1);
      expect(end.stderr).toContain('these are not the reviewed plans');
    });

    it('stops where the role lacks a right, and names it', async () => {
      const message = 'User: somebody is not authorized to perform: eks:UpdateNodegroupConfig';
      await jobs.faults([{ ...UPDATE, error: { code: 'AccessDeniedException', status: 403, message } }]);
      const { end } = await jobs.applyMain(planned);
      expect(end.status).toBe(1);
      expect(end.stderr).toContain(message);
      expect(end.stderr).toContain('Give it the one that is named below');
      expect(end.stderr).toMatch(/Stopped at cluster\. .*What was applied stays/);
      // Terraform has written the state again, so that the plan is of an earlier one.
      await jobs.faults([]);
      planned = await jobs.planMain();
    });

    it('reports a lock that was left, and how to remove it', async () => {
      const stack = join(planned.checkout.folder, 'cdktf.out', 'stacks', 'cluster');
      const { terraform } = JSON.parse(readFileSync(join(stack, 'cdk.tf.json'), 'utf8')) as {
        terraform: { backend: { s3: { bucket: string; key: string } } };
      };
      const { bucket, key } = terraform.backend.s3;
      const lock = {
        ID: '6a5e3b0c-3a4e-4b9d-8a63-2f4f0f5f9d11',
        Operation: 'OperationTypeApply',
        Who: 'runner',
      };
      const file = jobs.sandbox.path('left.tflock');
      writeFileSync(
        file,
        JSON.stringify({ ...lock, Created: new Date().toISOString(), Path: `${bucket}/${key}` }),
      );
      await jobs.aws('s3api', 'put-object', '--bucket', bucket, '--key', `${key}.tflock`, '--body', file);
      const { end } = await jobs.applyMain(planned);
      expect(end.status).toBe(1);
      expect(end.stderr).toContain('If it was killed, run terraform force-unlock with the ID below');
      expect(end.stderr).toContain(lock.ID);
      const unlock = [`-chdir=${stack}`, 'force-unlock', '-force', lock.ID];
      succeeded(await jobs.sandbox.run('terraform', unlock, jobs.environment));
    });

    it('applies the reviewed plan, though AWS throttles it for a while', async () => {
      await jobs.faults([{ ...UPDATE, times: 2, error: THROTTLED }]);
      const { checkout, end } = await jobs.applyMain(planned);
      succeeded(end);
      expect(applied(checkout)).toEqual(['cluster']);
      expect(await jobs.faults()).toMatchObject([{ had: 2 }]);
    });

    it('does not apply it twice', async () => {
      const { end } = await jobs.applyMain(planned);
      succeeded(end);
      expect(end.stderr).toContain('cluster: applied by the run before');
    });
  });

  describe('with a node group whose creation fails', () => {
    const CREATED = { service: 'eks', operation: 'POST /clusters/seed/node-groups' };
    const LAUNCH = {
      code: 'AsgInstanceLaunchFailures',
      message: 'We currently do not have sufficient capacity',
    };

    it('stops with what EKS says', async () => {
      await jobs.repository.change('more', (text) =>
        text.replace(
          /^( {2}node-1: .*)$/m,
          '$1\n  node-4: { zone: a, instanceTypes: [m7i.large], min: 1, max: 2 }',
        ),
      );
      await jobs.repository.merge('more');
      const planned = await jobs.planMain();
      const nodegroup = { status: 'CREATE_FAILED', health: { issues: [LAUNCH] } };
      await jobs.faults([
        {
          service: 'eks',
          operation: 'GET /clusters/seed/node-groups/node-4-*',
          times: 1,
          answer: { nodegroup },
        },
      ]);
      const { end } = await jobs.applyMain(planned);
      expect(end.status).toBe(1);
      expect(end.stderr).toContain(LAUNCH.message);
      expect(end.stderr).toContain('plan again: Terraform replaces the object');
    });

    it('shows a degraded add-on, and a signal ends it in time', async () => {
      const planned = await jobs.planMain();
      const issue = { code: 'InsufficientNumberOfReplicas', message: 'The add-on has no replica that runs' };
      const addon = { status: 'DEGRADED', health: { issues: [issue] } };
      await jobs.faults([
        { service: 'eks', operation: 'GET /clusters/seed/addons/coredns', answer: { addon } },
        { ...CREATED, error: THROTTLED },
      ]);
      const { status, stderr, seconds } = await jobs.interruptedApply(
        planned,
        'SIGTERM',
        /EKS add-on coredns/,
      );
      expect(stderr).toContain(`${issue.code}: ${issue.message}`);
      expect(stderr).toContain('What was applied stays');
      expect({ status, isInTime: seconds < 15 }).toEqual({ status: 130, isInTime: true });
    });

    it('is whole after the next run', async () => {
      await jobs.faults([]);
      const { checkout, end } = await jobs.applyMain(await jobs.planMain());
      succeeded(end);
      expect(applied(checkout)).toEqual(['cluster']);
      expect(
        await jobs.aws('eks', 'list-nodegroups', '--cluster-name', 'seed', '--query', 'nodegroups'),
      ).toContainEqual(expect.stringMatching(/^node-4-/));
    });
  });

  describe('with manual changes', () => {
    it(
      'reports and corrects them',
      async () => {
        const cluster = ['--cluster-name', 'seed'];
        const first = ['--query', "nodegroups[?starts_with(@, 'node-2-')] | [0]"];
        const name = (await jobs.aws('eks', 'list-nodegroups', ...cluster, ...first)) as string;
        const group = [...cluster, '--nodegroup-name', name];
        await jobs.aws('eks', 'update-nodegroup-config', ...group, '--scaling-config', 'desiredSize=2');
        const { end, report } = await jobs.lookForDrift();
        expect(end.outputs['found']).toBe('yes');
        expect(report).toContain('aws_eks_node_group.eks_node_2');
        expect(report).toContain('desired_size');
        await jobs.heal();
        expect((await jobs.lookForDrift()).end.outputs['found']).toBe('no');
        const query = ['--query', 'nodegroup.scalingConfig.desiredSize'];
        expect(await jobs.aws('eks', 'describe-nodegroup', ...group, ...query)).toBe(1);
      },
      20 * MINUTE,
    );
  });

  it.each(['plan', 'apply'] as const)(
    'needs nothing that the role is denied with which its jobs %s',
    async (role) => {
      await installSimulator();
      const documents = synthesized(readFileSync(jobs.sandbox.path('platform.yaml'), 'utf8'));
      expect(await deniedTo(pipelineRole(role, documents), await jobs.calls.askedBy(role))).toEqual([]);
    },
  );
});
