import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { instanceType, instanceTypeNames } from '@kubernetes-on-aws/eks-facts/instance-types';
import { instanceTypeOf } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/emulated-account';
import { AwsQuery } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/aws-query';
import { CALL_FILE, CALL_LOG, CallRecord } from '../iam/calls/call-record';
import { deniedTo } from '../iam/calls/needs';
import { pipelineRole } from '../iam/pipeline-roles';
import { installSimulator } from '../iam/simulator';
import { synthesized } from '../stacks/synthesized-platform';
import { affinityTo, pod } from './bare-pod';
import { Project, succeeded, type Ended } from './project';

const MINUTE = 60_000;
/** What people deploy from their machines; a pipeline that deploys it has a stack of its own besides. */
const STACKS = ['network', 'cluster', 'platform', 'dev', 'qa', 'stage', 'prod'];
const LOCAL_STATE = '# state: { bucket: my-terraform-state } # left out: local state files';
const PIPELINE = 'state: { bucket: seed-111122223333-state }\npipeline: { repository: acme/platform }';
const ROWS = {
  dev: ['node-1', 'node-2', 'node-3'],
  qa: ['node-2', 'node-3'],
  stage: ['node-1', 'node-3'],
  prod: ['node-1', 'node-2'],
} as const;

let project: Project;
let calls: CallRecord;

beforeAll(async () => {
  project = await Project.copy({ [CALL_LOG]: CALL_FILE });
  calls = new CallRecord(project.path(CALL_FILE));
  changeFile('platform.yaml', LOCAL_STATE, PIPELINE);
});

afterAll(async () => {
  await project.npm('sandbox:down');
  project.remove();
}, 5 * MINUTE);

function changeFile(name: string, from: string, to: string): void {
  const text = readFileSync(project.path(name), 'utf8');
  if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
  writeFileSync(project.path(name), text.replace(from, to));
}

const kubectl = (args: readonly string[], input?: string): Ended => project.kubectl(args, input);

describe('npm run sandbox', () => {
  it(
    'deploys every stack and verifies the result',
    async () => {
      const up = await calls.of('apply', () => project.up());
      expect(up.changed).toEqual(['pipeline', ...STACKS]);
      expect(up.nodes.map(({ platformNode, ready }) => [platformNode, ready])).toEqual([
        ['node-1', true],
        ['node-2', true],
        ['node-3', true],
      ]);
    },
    // The tools may have to be built first.
    60 * MINUTE,
  );

  it.each(Object.entries(ROWS))(
    'places the Pods of %s on %j only, by the real scheduler',
    (namespace, row) => {
      const nodes = JSON.parse(succeeded(kubectl(['get', 'nodes', '--output', 'json']))) as {
        items: { metadata: { name: string; labels: Record<string, string> } }[];
      };
      const pods = JSON.parse(
        succeeded(kubectl(['get', 'pods', '--namespace', namespace, '--output', 'json'])),
      ) as {
        items: { spec: { nodeName: string; schedulerName: string } }[];
      };
      const label = new Map(
        nodes.items.map(({ metadata }) => [metadata.name, metadata.labels['platform/node']]),
      );
      const used = pods.items.map(({ spec }) => label.get(spec.nodeName));
      expect(used.length).toBeGreaterThan(0);
      expect(row).toEqual(expect.arrayContaining(used));
    },
  );

  it('runs the log collector on every node', () => {
    const { status } = JSON.parse(
      succeeded(kubectl(['get', 'daemonset', 'log-collector', '--namespace', 'logging', '--output', 'json'])),
    ) as { status: { desiredNumberScheduled: number; numberReady: number } };
    expect(status).toMatchObject({ desiredNumberScheduled: 3, numberReady: 3 });
  });

  it('deploys exactly the bytes that npm run synth writes', () => {
    for (const stack of STACKS) {
      const file = ['cdktf.out', 'stacks', stack, 'cdk.tf.json'];
      expect(readFileSync(project.path('.sandbox', 'project', ...file), 'utf8')).toBe(
        readFileSync(project.path(...file), 'utf8'),
      );
    }
  });

  it(
    'reports that it runs when it starts again, and changes nothing',
    async () => {
      expect((await calls.of('plan', () => project.up())).changed).toEqual([]);
    },
    15 * MINUTE,
  );

  describe('in its shell', () => {
    it(
      'leaves no changes for plan, apply and cdktf: all share one state',
      async () => {
        const plan = await project.inShell('npm', 'run', '--silent', 'plan');
        const stdout = succeeded(plan);
        for (const stack of ['network', 'cluster'])
          expect(stdout).toContain(`\n${stack}: nothing to change\n`);
        expect(stdout).toContain('\nNothing to change.');
        succeeded(await project.inShell('npm', 'run', '--silent', 'apply'));
        const diff = succeeded(
          await project.inShell('npx', 'cdktf', 'diff', 'network', '--skip-provider-lock'),
        );
        expect(diff).toContain('No changes.');
        expect(existsSync(project.path('terraform.network.tfstate'))).toBe(false);
      },
      15 * MINUTE,
    );

    it(
      'leaves the interfaces of NAT gateways and mount targets to Terraform',
      async () => {
        const { stdout } = await project.inShell(
          'npm',
          'run',
          '--silent',
          'teardown',
          '--',
          '--plan',
          '--json',
        );
        const { found } = JSON.parse(stdout) as { found: { kind: string }[] };
        expect(found.filter(({ kind }) => kind === 'network interface')).toEqual([]);
      },
      5 * MINUTE,
    );
  });

  it(
    'changes only the stack whose version changes',
    async () => {
      changeFile(
        'platform.yaml',
        'nodes: [node-2, node-3], workloads: { storefront: { version: 1.4.0 } }',
        'nodes: [node-2, node-3], workloads: { storefront: { version: 1.5.0 } }',
      );
      expect((await calls.of('apply', () => project.up())).changed).toEqual(['qa']);
      const image = kubectl([
        'get',
        'deployment',
        'storefront-web',
        '--namespace=qa',
        '--output=jsonpath={.spec.template.spec.containers[0].image}',
      ]);
      expect(succeeded(image)).toBe('111122223333.dkr.ecr.eu-west-1.amazonaws.com/seed/storefront-web:1.5.0');
    },
    15 * MINUTE,
  );

  it('prints what runs where', async () => {
    const stdout = succeeded(await project.npm('sandbox:status'));
    expect(stdout).toMatch(/eu-west-1a\n.*node-1 {2}1 × m7i\.large \(1 to 3\), \d+ Pods ready/);
    expect(stdout).toMatch(/prod +on node-1, node-2: [1-9]\d* Pods ready/);
  });
});

describe('the storefront', () => {
  /** Objects of a kind in all namespaces. */
  const list = <T>(kind: string): T[] =>
    (JSON.parse(succeeded(kubectl(['get', kind, '--all-namespaces', '--output', 'json']))) as { items: T[] })
      .items;
  const ofPlatform = <T extends { metadata: { namespace: string } }>(objects: T[]): T[] =>
    objects.filter(({ metadata }) => metadata.namespace in ROWS);

  it('has run the migration of every namespace to its end', () => {
    const jobs = ofPlatform(
      list<{ metadata: { namespace: string }; status: { succeeded?: number } }>('jobs'),
    );
    expect(new Set(jobs.map(({ metadata }) => metadata.namespace))).toEqual(new Set(Object.keys(ROWS)));
    expect(jobs.map(({ status }) => status.succeeded)).toEqual(jobs.map(() => 1));
  });

  it('has an autoscaler and a disruption budget with a status from Kubernetes', () => {
    const scalers = list<{
      status: { currentReplicas: number; conditions: { type: string; status: string }[] };
    }>('horizontalpodautoscalers');
    expect(scalers).toHaveLength(4);
    for (const { status } of scalers) {
      expect(status.currentReplicas).toBe(2);
      expect(status.conditions).toContainEqual(
        expect.objectContaining({ type: 'AbleToScale', status: 'True' }),
      );
    }
    const budgets = ofPlatform(
      list<{ metadata: { namespace: string; name: string }; status: { disruptionsAllowed: number } }>(
        'poddisruptionbudgets',
      ),
    );
    const found = budgets.map(
      ({ metadata, status }) => `${metadata.namespace} ${metadata.name} ${status.disruptionsAllowed}`,
    );
    expect(found.sort()).toEqual(
      [
        ...Object.keys(ROWS).flatMap((row) => [`${row} storefront-api 1`, `${row} storefront-web 1`]),
        ...['dev', 'prod'].map((row) => `${row} orders-web 1`),
      ].sort(),
    );
  });

  it('has its claims bound: a disk of its own, and a directory of the shared file system', () => {
    const claims = list<{
      metadata: { namespace: string; name: string };
      spec: { accessModes: string[] };
      status: { phase: string };
    }>('persistentvolumeclaims').map(
      ({ metadata, spec, status }) =>
        `${metadata.namespace} ${metadata.name} ${spec.accessModes.join()} ${status.phase}`,
    );
    expect(claims.sort()).toEqual(
      Object.keys(ROWS)
        .flatMap((namespace) => [
          `${namespace} data-storefront-database-0 ReadWriteOnce Bound`,
          `${namespace} storefront-media ReadWriteMany Bound`,
        ])
        .sort(),
    );
    const handles = list<{ spec: { csi: { driver: string; volumeHandle: string } } }>('persistentvolumes')
      .filter(({ spec }) => spec.csi.driver === 'efs.csi.aws.com')
      .map(({ spec }) => spec.csi.volumeHandle);
    expect(handles).toHaveLength(4);
    expect(new Set(handles).size).toBe(4);
    for (const handle of handles) expect(handle).toMatch(/^fs-[0-9a-f]+::fsap-[0-9a-f]+$/);
  });

  it('has a Pod to debug from in dev only', () => {
    const pods = list<{ metadata: { namespace: string; name: string } }>('pods').filter(({ metadata }) =>
      metadata.name.startsWith('storefront-debug-'),
    );
    expect(pods.map(({ metadata }) => metadata.namespace)).toEqual(['dev']);
  });

  it('has the password from AWS, which is in no file: not in the state, a plan, the JSON, a log or etcd', async () => {
    const get = ['secretsmanager', 'get-secret-value', '--secret-id', 'seed/prod/storefront/database'];
    const answer = await project.run(
      'aws',
      [...get, '--query', 'SecretString', '--output', 'text'],
      await project.sandboxEnvironment(),
    );
    const { password } = JSON.parse(succeeded(answer)) as { password: string };
    expect(password).toHaveLength(32);
    const secrets = list<{ metadata: { namespace: string; name: string }; data: Record<string, string> }>(
      'secrets',
    ).filter(
      ({ metadata }) =>
        metadata.namespace === 'prod' && metadata.name.startsWith('storefront-database-login'),
    );
    expect(secrets.map(({ data }) => Buffer.from(data['password'] ?? '', 'base64').toString())).toEqual([
      password,
    ]);
    for (const marked of [
      password,
      Buffer.from(password).toString('base64'),
      JSON.stringify(password).slice(1, -1),
    ]) {
      const found = await project.run('grep', [
        ...['--recursive', '--files-with-matches', '--text', '--fixed-strings'],
        ...['--exclude-dir=node_modules', '--regexp', marked, '.'],
      ]);
      // Status 1: nothing was found. Any other is an error of grep.
      expect(found).toMatchObject({ status: 1, stdout: '' });
    }
  });
});

describe('the cluster', () => {
  it.each([
    ['an affinity beyond the row', pod('rogue', affinityTo(['node-1', 'node-3']))],
    ['one term of two beyond the row', pod('rogue', affinityTo(['node-1'], ['node-3']))],
  ])('refuses a Pod in prod with %s, and gives the reason', (_, manifest) => {
    const { status, stderr } = kubectl(['create', '--namespace', 'prod', '--filename', '-'], manifest);
    expect(status).toBe(1);
    expect(stderr).toContain(
      'Pods of namespace prod run on the node groups node-1, node-2 only: give the Pod a required node affinity whose every term says ' +
        'platform/node In [node-1, node-2]',
    );
  });

  it('gives a Pod without node affinity that of its namespace', () => {
    const dryRun = [
      'create',
      '--namespace',
      'prod',
      '--dry-run=server',
      '--output',
      'json',
      '--filename',
      '-',
    ];
    const { spec } = JSON.parse(succeeded(kubectl(dryRun, pod('of-an-operator')))) as { spec: object };
    expect(spec).toMatchObject(affinityTo(['node-1', 'node-2']));
  });

  it('admits a Pod in prod that narrows the node groups', () => {
    const created = kubectl(
      ['create', '--namespace', 'prod', '--filename', '-'],
      pod('narrow', affinityTo(['node-2'])),
    );
    expect(created).toMatchObject({ status: 0, stdout: 'pod/narrow created' });
    succeeded(
      kubectl(['delete', 'pod', 'narrow', '--namespace', 'prod', '--wait=false', '--grace-period=0']),
    );
  });

  it('refuses a Pod that runs as root', () => {
    const { status, stderr } = kubectl(
      ['create', '--namespace', 'dev', '--filename', '-'],
      pod('root', affinityTo(['node-1']))
        .replace('runAsNonRoot: true', 'runAsNonRoot: false')
        .replace('runAsUser: 65532', 'runAsUser: 0'),
    );
    expect(status).toBe(1);
    expect(stderr).toContain('violates PodSecurity "restricted:latest"');
  });

  it('has as many Pods for a node as an m7i.large has addresses, in prefixes', () => {
    const pods = kubectl(['get', 'nodes', '--output=jsonpath={.items[*].status.allocatable.pods}']);
    expect(succeeded(pods).split(' ')).toEqual(['110', '110', '110']);
  });

  it('has the instance types of the Pod density table', async () => {
    const {
      AWS_ENDPOINT_URL = '',
      AWS_DEFAULT_REGION = '',
      AWS_ACCESS_KEY_ID = '',
      AWS_SECRET_ACCESS_KEY = '',
      AWS_SESSION_TOKEN = '',
    } = await project.sandboxEnvironment();
    const aws = new AwsQuery(AWS_ENDPOINT_URL, AWS_DEFAULT_REGION, {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN,
    });
    const answer = await aws.query('ec2', 'DescribeInstanceTypes');
    const known = new Set(instanceTypeNames());
    const described = answer
      .items('instanceTypeSet')
      .map(instanceTypeOf)
      .filter(({ name }) => known.has(name));
    expect(described).toHaveLength(known.size);
    expect(described).toEqual(described.map(({ name }) => ({ name, ...instanceType(name) })));
  });

  it('refuses an access key that the account does not know', () => {
    expect(readFileSync(project.path('.sandbox', 'kubeconfig'), 'utf8')).not.toMatch(/AWS_\w*KEY|ASIA|TOKEN/);
    const wrong = { AWS_SECRET_ACCESS_KEY: 'another' };
    const { status, stderr } = project.kubectl(['get', 'pods'], undefined, wrong);
    expect(status).toBe(1);
    expect(stderr).toMatch(/Unauthorized|must be logged in/);
  });
});

describe('npm run why', () => {
  const web = ['--namespace', 'dev', 'deployment/storefront-web'];

  it(
    'finds every workload ready, and later the reason why a Pod fits no node',
    async () => {
      const environment = await project.sandboxEnvironment();
      expect(await project.npm('why', [], environment)).toMatchObject({
        status: 0,
        stdout: 'Every workload is ready.',
      });
      const nodeSelector = { spec: { template: { spec: { nodeSelector: { nowhere: 'true' } } } } };
      succeeded(project.kubectl(['patch', ...web, '--patch', JSON.stringify(nodeSelector)]));
      let found = await project.npm('why', ['dev'], environment);
      for (let look = 0; look < 20 && !found.stdout.includes(': stuck:'); look += 1) {
        await sleep(1_000);
        found = await project.npm('why', ['dev'], environment);
      }
      expect(found.status).toBe(1);
      expect(found.stdout).toMatch(/^dev: 1 workload is not ready$/m);
      expect(found.stdout).toMatch(/^ {2}Deployment dev\/storefront-web: stuck: /m);
      expect(found.stdout).toMatch(/^ {4}0\/\d+ nodes are available: .*node affinity\/selector/m);
      succeeded(project.kubectl(['rollout', 'undo', ...web]));
      succeeded(project.kubectl(['rollout', 'status', ...web, '--timeout=120s']));
    },
    5 * MINUTE,
  );
});

describe('npm run sandbox:destroy', () => {
  it(
    'leaves nothing, as the sandbox itself verifies',
    async () => {
      const stdout = succeeded(await calls.of('apply', () => project.npm('sandbox:destroy')));
      expect(stdout).toContain('Every stack is destroyed and nothing is left');
      for (const stack of STACKS) expect(stdout).toContain(`${stack}: destroyed in`);
    },
    10 * MINUTE,
  );
});

describe('the pipeline roles of the platform', () => {
  it.each(['apply', 'plan'] as const)(
    'are denied nothing that these tests needed: the one that may %s',
    async (role) => {
      await installSimulator();
      const documents = synthesized(readFileSync(project.path('platform.yaml'), 'utf8'));
      expect(await deniedTo(pipelineRole(role, documents), await calls.askedBy(role))).toEqual([]);
    },
    15 * MINUTE,
  );
});

describe('an object that Terraform did not create', () => {
  it(
    'is named when the sandbox must be empty',
    async () => {
      const environment = await project.sandboxEnvironment();
      succeeded(
        await project.run(
          'aws',
          ['s3api', 'create-bucket', '--bucket', 'stray', '--region', 'us-east-1'],
          environment,
        ),
      );
      const { status, stderr } = await project.npm('sandbox:destroy');
      succeeded(await project.run('aws', ['s3api', 'delete-bucket', '--bucket', 'stray'], environment));
      expect(status).toBe(1);
      expect(stderr).toMatch(/^left in the account: s3 .*stray$/m);
    },
    5 * MINUTE,
  );
});

describe('the command cdktf deploy', () => {
  let environment: Record<string, string>;

  beforeAll(async () => {
    // A sandbox is for one backend.
    await project.npm('sandbox:down');
    changeFile('platform.yaml', PIPELINE, LOCAL_STATE);
    succeeded(await project.npm('sandbox', ['--empty', '--json']));
    environment = await project.sandboxEnvironment();
  }, 15 * MINUTE);

  const nodeGroups = async (): Promise<string[]> => {
    const list = ['eks', 'list-nodegroups', '--cluster-name', 'seed', '--output', 'json'];
    const answer = succeeded(await project.run('aws', list, environment));
    const { nodegroups } = JSON.parse(answer) as { nodegroups: string[] };
    return nodegroups.map((name) => name.replace(/-[0-9a-f]{26}$/, '')).sort();
  };

  it(
    'deploys the AWS stacks network and cluster, which need no Kubernetes provider',
    async () => {
      const stacks = ['deploy', 'network', 'cluster', '--auto-approve', '--skip-provider-lock'];
      const quiet = { CI: '1', CHECKPOINT_DISABLE: '1' };
      succeeded(await project.run('npx', ['cdktf', ...stacks], { ...environment, ...quiet }));
      expect(existsSync(project.path('.sandbox', 'project', 'terraform.cluster.tfstate'))).toBe(true);
      expect(await nodeGroups()).toEqual(['node-1', 'node-2', 'node-3']);
    },
    10 * MINUTE,
  );
});

describe('a run of the sandbox that cannot start', () => {
  beforeAll(async () => {
    succeeded(await project.npm('sandbox:down'));
  }, 5 * MINUTE);

  it('reports every mistake of platform.yaml and leaves cdktf.out as it was', async () => {
    const before = readFileSync(project.path('cdktf.out', 'manifest.json'), 'utf8');
    const good = readFileSync(project.path('platform.yaml'), 'utf8');
    changeFile('platform.yaml', '[node-2, node-3]', '[node-2, node-4]');
    changeFile('platform.yaml', 'cidr: 10.0.0.0/16', 'cidr: 10.0.0.0/28');
    const line = (text: string): number => good.slice(0, good.indexOf(text)).split('\n').length;
    const { status, stdout, stderr } = await project.npm('sandbox');
    writeFileSync(project.path('platform.yaml'), good);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^platform\\.yaml:${line('cidr: 10.0')}:9 network\\.cidr: `)),
      `platform.yaml:${line('  qa:')}:25 namespaces.qa.nodes[1]: unknown node "node-4"; did you mean "node-3"? known: node-1, node-2, node-3`,
    ]);
    expect(readFileSync(project.path('cdktf.out', 'manifest.json'), 'utf8')).toBe(before);
    expect(existsSync(project.path('.sandbox'))).toBe(false);
  });

  it('names every missing prerequisite, its purpose and how to get it', async () => {
    const { status, stderr } = await project.run(process.execPath, ['src/cli/run.mjs', 'sandbox', 'up'], {
      PATH: '/nowhere',
      XDG_CACHE_HOME: project.path('no-tools-yet'),
    });
    expect(status).toBe(2);
    for (const name of ['terraform', 'go', 'python', 'aws', 'kubectl']) {
      expect(stderr.toLowerCase()).toContain(name);
    }
    expect(existsSync(project.path('.sandbox'))).toBe(false);
  });

  it('prints that no sandbox runs', async () => {
    const { status, stderr } = await project.npm('sandbox:status');
    expect([status, stderr]).toEqual([1, 'no sandbox runs here: start one by npm run sandbox']);
  });
});
