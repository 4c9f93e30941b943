import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeResources, removedStacks } from '../../../src/pipeline/plan/removed-stacks';
import { digestOfProviders } from '../../../src/pipeline/plan/digest';
import type { StateResource, Stored } from '../../../src/pipeline/state/state-store';
import type { Stack } from '../../../src/manifests/stacks';

const provider = (name: string, alias = ''): string =>
  `provider["registry.terraform.io/hashicorp/${name}"]${alias}`;

const resource = (type: string, from: string, count = 1): StateResource => ({
  ...{ mode: 'managed', type, name: 'one', provider: from },
  instances: Array.from({ length: count }, () => ({ attributes: { id: 'x' } })),
});

const stored = (resources: readonly StateResource[], dependencies: readonly string[] = []): Stored => ({
  state: { lineage: 'l', serial: 1, isEmpty: resources.length === 0, ids: new Map(), resources },
  applied: {
    ...{ stack: '', document: '', plan: '', at: '', protected: [], commit: 'c0ffee' },
    state: { lineage: 'l', serial: 1 },
    dependencies: Object.fromEntries(dependencies.map((name) => [name, { lineage: 'l', serial: 1 }])),
  },
});

const backend = { s3: { bucket: 'seed-state', region: 'eu-west-1', key: 'seed/platform.tfstate' } };
const AWS = { source: 'aws', version: '5.100.0' };

/** It has what a stack of a namespace needs, and more. */
const platform: Stack = {
  name: 'platform',
  workingDirectory: 'stacks/platform',
  dependencies: ['network'],
  document: {
    terraform: {
      backend,
      required_providers: { aws: AWS, kubernetes: { source: 'kubernetes', version: '2.38.0' } },
    },
    provider: {
      aws: [{ region: 'eu-west-1' }],
      kubernetes: [{ host: '${data.aws_eks_cluster.cluster.endpoint}' }],
    },
    data: {
      aws_eks_cluster: { cluster: { name: '${data.aws_ssm_parameter.name.value}' } },
      aws_ssm_parameter: { name: { name: 'cluster' }, other: { name: 'other' } },
    },
    resource: { aws_iam_role: { one: { name: 'one' } } },
  },
};
const network: Stack = {
  ...{ name: 'network', workingDirectory: 'stacks/network', dependencies: [] },
  document: {
    terraform: { backend, required_providers: { aws: AWS } },
    provider: { aws: [{ region: 'eu-west-1' }] },
  },
};

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'removed-'));
});
afterEach(() => {
  rmSync(outdir, { recursive: true });
});

const removed = (states: Readonly<Record<string, Stored>>, stacks = [network, platform]): Stack[] =>
  removedStacks(stacks, new Map(Object.entries(states)), { outdir, handedOver: {} });

const QA = [
  resource('kubernetes_namespace_v1', provider('kubernetes')),
  resource('aws_sqs_queue', provider('aws')),
];

it('the removal of a stack configures its providers as a current stack does', () => {
  const [qa] = removed({ qa: stored(QA), platform: stored(QA) });
  expect(qa).toMatchObject({ name: 'qa', workingDirectory: 'stacks/qa', dependencies: [] });
  expect(qa?.document).toEqual({
    terraform: {
      ...(platform.document['terraform'] as object),
      backend: { s3: { bucket: 'seed-state', region: 'eu-west-1', key: 'seed/qa.tfstate' } },
    },
    provider: platform.document['provider'],
    data: {
      aws_eks_cluster: { cluster: { name: '${data.aws_ssm_parameter.name.value}' } },
      aws_ssm_parameter: { name: { name: 'cluster' } },
    },
  });
  const written = readFileSync(join(outdir, 'stacks', 'qa', 'cdk.tf.json'), 'utf8');
  expect(JSON.parse(written)).toEqual(qa?.document);
});

it('the removal of a stack finds a provider by an alias with a hyphen', () => {
  const inOther = `${provider('aws')}.us-east-1`;
  const document = {
    ...network.document,
    provider: { aws: [{ region: 'eu-west-1' }, { alias: 'us-east-1', region: 'us-east-1' }] },
  };
  expect(
    removed({ dns: stored([resource('aws_route53_zone', inOther)]) }, [{ ...network, document }]).map(
      ({ name }) => name,
    ),
  ).toEqual(['dns']);
});

it('the removal of a stack configures only providers that the state names', () => {
  const [queues] = removed({ queues: stored([resource('aws_sqs_queue', provider('aws'))]) }, [platform]);
  expect(queues?.document).toEqual({
    terraform: {
      backend: { s3: { ...backend.s3, key: 'seed/queues.tfstate' } },
      required_providers: { aws: AWS },
    },
    provider: { aws: [{ region: 'eu-west-1' }] },
  });
});

it('the removal of a stack configures its providers as it was applied, or not at all', () => {
  const inRegion = (name: string, region: string): Stack => ({
    ...{ ...network, name },
    document: { ...network.document, provider: { aws: [{ region }] } },
  });
  const stacks = [inRegion('network', 'eu-west-1'), inRegion('edge', 'us-east-1')];
  const QUEUE = stored([resource('aws_sqs_queue', provider('aws'))]);
  const applied = (of: Stack | undefined): Stored =>
    ({
      ...QUEUE,
      applied: { ...QUEUE.applied, providers: of && digestOfProviders(of.document) } as Stored['applied'],
    }) as Stored;
  const [queues] = removed({ queues: applied(stacks[1]) }, stacks);
  expect(queues?.document['provider']).toEqual({ aws: [{ region: 'us-east-1' }] });
  expect(() => removed({ queues: applied(undefined) }, stacks)).toThrow('configured as they were');
});

it('the removal of stacks destroys each one before its dependencies, and keeps the states and what is empty', () => {
  const states = {
    dns: stored(QA),
    qa: stored(QA, ['dns', 'platform']),
    probes: stored(QA, ['qa']),
    pipeline: stored(QA),
    old: stored([]),
  };
  expect(removed(states).map(({ name, dependencies }) => [name, dependencies])).toEqual([
    ['probes', []],
    ['qa', ['probes']],
    ['dns', ['qa']],
  ]);
});

it('the removal names the stacks that no provider can destroy, their objects, and how to remove them', () => {
  const helm = [
    resource('helm_release', provider('helm')),
    resource('aws_sqs_queue', provider('aws', '.us'), 2),
  ];
  expect(() => removed({ charts: stored(helm), qa: stored(QA) })).toThrow(
    new Error(
      'stack charts is no longer in the platform, and its state holds 3 objects (2 aws_sqs_queue, 1 helm_release). No stack of the platform ' +
        'has the providers that destroy them, configured as they were: registry.terraform.io/hashicorp/aws.us, registry.terraform.io/hashicorp/helm. ' +
        'Check out the commit c0ffee, run "npx cdktf destroy charts" there, and plan again',
    ),
  );
});

it('the count of resources excludes data sources', () => {
  expect(describeResources([{ ...resource('aws_vpc', provider('aws')), mode: 'data' }, ...QA])).toBe(
    '2 objects (1 kubernetes_namespace_v1, 1 aws_sqs_queue)',
  );
});
