import fc from 'fast-check';
import { stringify } from 'yaml';
import { isUserError } from '../../src/facts/user-error';
import { addresses, synthesized, type StackDocument } from './synthesized-platform';

const text = (length: number, characters: string): RegExp => new RegExp(`^[${characters}]{1,${length}}$`);

/**
 * Which names AWS takes: by type and argument. Sources: the API reference of each service.
 */
const RULES: Readonly<Record<string, RegExp>> = {
  'aws_cloudwatch_event_rule name': text(64, '\\w.-'),
  'aws_cloudwatch_event_target target_id': text(64, '\\w.-'),
  'aws_cloudwatch_log_group name': text(512, '\\w./#-'),
  'aws_ecr_pull_through_cache_rule ecr_repository_prefix':
    /^(?=.{2,30}$)([a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
  'aws_ecr_repository_creation_template prefix':
    /^(?=.{2,256}$)([a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
  'aws_efs_file_system creation_token': text(64, '\\w-'),
  'aws_eks_addon addon_name': text(100, '\\w-'),
  'aws_eks_cluster name': text(100, '\\w-'),
  'aws_eks_node_group node_group_name_prefix': text(37, '\\w-'),
  'aws_iam_instance_profile name': text(128, '\\w+=,.@-'),
  'aws_iam_policy name': text(128, '\\w+=,.@-'),
  'aws_iam_role name': text(64, '\\w+=,.@-'),
  'aws_iam_role_policy name': text(128, '\\w+=,.@-'),
  'aws_kms_alias name': /^alias\/(?!aws\/)[\w/-]{1,250}$/,
  'aws_launch_template name': /^[\w()./-]{3,128}$/,
  'aws_prometheus_scraper alias': text(100, '\\w-'),
  'aws_prometheus_workspace alias': text(100, '\\w-'),
  'aws_s3_bucket bucket': /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  'aws_secretsmanager_secret name': text(512, '\\w/+=.@-'),
  'aws_security_group name': /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]{1,255}$/,
  'aws_sqs_queue name': text(80, '\\w-'),
  'aws_ssm_parameter name': /^\/(?!aws|ssm)[\w./-]{1,1010}$/,
};

const NAMING = /^(name|alias|bucket|prefix|creation_token|\w+_(name|prefix)|target_id)$/;

/** Arguments that name another object, or none of the account's. */
const NO_NAMES =
  /^(aws_vpc_endpoint service_name|aws_\w+ (cluster_name|policy_name|role_name|queue_name)|aws_eks_\w+ namespace)$/;

interface Name {
  readonly kind: string;
  readonly name: string;
  readonly place: string;
}

/** The names that objects get in the account; what refers to another object is none. */
function awsNames(stack: string, { resource }: StackDocument): Name[] {
  return Object.entries(resource).flatMap(([type, objects]) =>
    Object.entries(objects).flatMap(([id, object]) =>
      Object.entries(object).flatMap(([argument, name]): Name[] => {
        const kind = `${type} ${argument}`;
        if (!type.startsWith('aws_') || typeof name !== 'string' || name.includes('${')) return [];
        if (!NAMING.test(argument) || NO_NAMES.test(kind)) return [];
        return [{ kind, name, place: `${stack}/${type}.${id}` }];
      }),
    ),
  );
}

/** The names that objects of the cluster get, by kind and namespace. */
function kubernetesNames(stack: string, { resource }: StackDocument): Name[] {
  return Object.entries(resource).flatMap(([type, objects]) =>
    Object.entries(objects).flatMap(([id, object]): Name[] => {
      const [metadata] = [object['metadata']].flat() as ({ name?: string; namespace?: string } | undefined)[];
      if (!type.startsWith('kubernetes_') || metadata?.name === undefined) return [];
      const place = `${stack}/${type}.${id}`;
      const namespace = metadata.namespace?.includes('${') ? stack : (metadata.namespace ?? '');
      return [{ kind: `${type} ${namespace}`, name: metadata.name, place }];
    }),
  );
}

/** What the names of a platform get wrong: too long, of other characters, or those of another object. */
function wrongNames(yaml: string): string[] {
  const stacks = Object.entries(synthesized(yaml));
  const owners = new Map<string, string>();
  const inAws = stacks.flatMap(([stack, document]) => awsNames(stack, document));
  const all = [...inAws, ...stacks.flatMap(([stack, document]) => kubernetesNames(stack, document))];
  return [
    ...inAws.flatMap(({ kind, name, place }) => {
      const rule = RULES[kind];
      if (!rule) return [`${place}: no rule for ${kind} ${name}`];
      return rule.test(name) ? [] : [`${place}: AWS refuses ${kind} ${name}, of ${name.length}`];
    }),
    ...all.flatMap(({ kind, name, place }) => {
      // A policy has its name within a role, and a target within a rule.
      if (/^aws_(iam_role_policy|cloudwatch_event_target) /.test(kind)) return [];
      const key = `${kind} ${name}`;
      const owner = owners.get(key);
      owners.set(key, place);
      return owner === undefined ? [] : [`${place}: has the name of ${owner}`];
    }),
    ...stacks.flatMap(([stack, document]) => {
      const list = addresses(document);
      return list.filter((each, i) => list.indexOf(each) !== i).map((each) => `${stack}: twice ${each}`);
    }),
  ];
}

/** The same, where an error that says which name is wrong is right too. */
function wrongNamesOrError(yaml: string): string[] {
  try {
    return wrongNames(yaml);
  } catch (error) {
    if (!isUserError(error) || error.exitStatus !== 1) throw error;
    return error.message.split('\n').filter((line) => !/^(platform\.yaml:\d+:\d+ |[\w-]+[/,])/.test(line));
  }
}

const PARTITIONS = {
  'eu-west-1': 'aws',
  'cn-north-1': 'aws-cn',
  'us-gov-west-1': 'aws-us-gov',
} as const;

interface Names {
  readonly name: string;
  readonly region: keyof typeof PARTITIONS;
  readonly nodes: readonly string[];
  readonly namespaces: readonly string[];
}

const NODE = { zone: 'a', instanceTypes: ['m7i.large'], min: 1, max: 2 };

function platform({ name, region, nodes, namespaces }: Names, more: object = {}): string {
  const arn = (role: string): string => `arn:${PARTITIONS[region]}:iam::111122223333:role/${role}`;
  return stringify({
    name,
    region,
    network: { zones: ['a', 'b'] },
    cluster: { version: '1.35', admins: [arn('admin')], viewers: [arn('a'.repeat(64))] },
    nodes: Object.fromEntries(nodes.map((node) => [node, NODE])),
    namespaces: Object.fromEntries(
      namespaces.map((each) => [
        each,
        // The role of orders has the names of platform and namespace in its own.
        {
          nodes,
          workloads: {
            storefront: { version: '1.4.0' },
            ...(name.length + each.length < 50 && { orders: { version: '1.4.0' } }),
          },
        },
      ]),
    ),
    ...more,
  });
}

/** A name that is as long as it may be, or short; with hyphens wherever they may be. */
const nameOf = (longest: number, first = '[a-z]'): fc.Arbitrary<string> =>
  fc.oneof(
    fc.stringMatching(new RegExp(`^${first}[a-z0-9-]{${longest - 2}}[a-z0-9]$`)),
    fc.stringMatching(new RegExp(`^${first}([a-z0-9-]{0,3}[a-z0-9])?$`)),
  );

/** What the library names itself in the places of users' names. */
const OURS = [
  ...['logs', 'role', 'secrets', 'upgrade', 'node-role', 'node-groups', 'coredns', 'vpc-cni', 'kube-proxy'],
  ...['eks', 'vpc', 'resource', 'cluster', 'template', 'constructor', 'aws', 'shared-files', 'policy'],
];

const names: fc.Arbitrary<Names> = fc.record({
  name: nameOf(32),
  region: fc.constantFrom(...(Object.keys(PARTITIONS) as (keyof typeof PARTITIONS)[])),
  nodes: fc.uniqueArray(fc.oneof(nameOf(30, '[a-z0-9]'), fc.constantFrom(...OURS)), {
    minLength: 1,
    maxLength: 3,
  }),
  namespaces: fc.uniqueArray(fc.oneof(nameOf(63, '[a-z0-9]'), fc.constantFrom(...OURS)), { maxLength: 2 }),
});

it('names of users become unique names that AWS and Kubernetes accept, or errors that name them', () => {
  fc.assert(
    fc.property(names, (drawn) => {
      expect(wrongNamesOrError(platform(drawn))).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

it.each(OURS)('a node group may have the name %s, which the library uses itself', (node) => {
  const yaml = platform({ name: 'seed', region: 'eu-west-1', nodes: [node], namespaces: [] });
  expect(Object.keys(synthesized(yaml)['cluster']?.resource['aws_eks_node_group'] ?? {})).toEqual([
    `eks_${node.replaceAll('-', '_')}`,
  ]);
});

it.each([
  ['eu-west-1', 32, false],
  ['cn-north-1', 32, false],
  ['us-gov-west-1', 32, false],
  ['eu-west-1', 25, true],
] as const)(
  'the longest names fit with every option, in %s, for a platform of %d characters and an image cache: %s',
  (region, length, cache) => {
    const drawn = { name: 'n'.repeat(length), region, nodes: ['g'.repeat(30)], namespaces: ['s'.repeat(10)] };
    const arn = `arn:${PARTITIONS[region]}:iam::111122223333:role/admin`;
    const yaml = platform(drawn, {
      state: { bucket: 'b'.repeat(63) },
      pipeline: { repository: 'acme/platform', ownerId: 1, repositoryId: 2 },
      images: { cache },
      iam: { path: `/${'p'.repeat(254)}/` },
      cluster: {
        version: '1.35',
        admins: [arn],
        sessionManager: true,
        metrics: 'managed-prometheus',
        controllers: {
          loadBalancer: true,
          karpenter: true,
          externalDns: { zones: ['Z0123456789ABCDEFGHIJ'] },
        },
      },
    });
    expect(wrongNames(yaml)).toEqual([]);
    const policies = synthesized(yaml)['pipeline']?.resource['aws_iam_role_policy'] ?? {};
    const inline = new Map<unknown, number>();
    for (const { role, policy } of Object.values(policies)) {
      const size = String(policy).replace(/\$\{[^}]*\.(partition|account_id)\}/g, 'aws-us-gov12').length;
      inline.set(role, (inline.get(role) ?? 0) + size);
    }
    expect(Math.max(...inline.values())).toBeLessThanOrEqual(10_240);
  },
);
