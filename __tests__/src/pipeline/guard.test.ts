import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { parse } from 'yaml';
import {
  guard,
  type Exception,
  type GuardOptions,
  type GuardReport,
} from '../../../src/pipeline/guard/guard';
import type { JsonObject } from '../../../src/manifests/terraform-document';
import type { PlannedStack } from '../../../src/pipeline/plan/planned-stack';
import { report } from '../config/report';
import { writtenPlan } from './written-plan';

const TODAY = new Date('2026-11-23T12:00:00Z');

function guarded(stacks: readonly PlannedStack[], options: Partial<GuardOptions> = {}): GuardReport {
  const documents = ['network', 'cluster', 'dev'].map((name) => ({ name, document: {} }));
  return guard({ stacks, documents, exceptions: [], maxChanges: 50, today: TODAY, ...options });
}

const key = (keyId: string, bits: object = {}): PlannedStack =>
  writtenPlan('cluster', {
    'aws_kms_key.eks_secrets': {
      actions: ['delete'],
      before: { id: keyId, deletion_window_in_days: 30, ...bits },
    },
  });

/** The exception that the first thing that is stopped asks for, as platform.yaml would give it. */
function asked({ stopped: [first] }: GuardReport): Exception {
  const [exception] = parse(first?.exception ?? '') as [Exception];
  return exception;
}

describe('an exception as the guard prints it', () => {
  it('is accepted by platform.yaml, for any address', () => {
    const odd = writtenPlan('cluster', {
      'aws_kms_key.keys["it\'s {one}, two"]': { actions: ['delete'], before: { id: 'key-1' } },
    });
    for (const stack of [key('key-1'), odd]) {
      const [found] = guarded([stack]).stopped;
      const yaml = `name: shop
region: eu-west-1
pipeline:
  exceptions:
    ${found?.exception ?? ''}
cluster: { version: '${DEFAULT_KUBERNETES_VERSION}', admins: [arn:aws:iam::111122223333:role/admin] }
nodes: { node-1: { zone: a, instanceTypes: [m7i.large], min: 1, max: 3 } }
namespaces: { dev: { nodes: [node-1] } }
`;
      expect(report(yaml)).toBe('');
      expect((parse(yaml) as { pipeline: { exceptions: unknown[] } }).pipeline.exceptions).toEqual([
        { address: found?.address, change: found?.change, reason: '<why>', until: '2026-11-30' },
      ]);
    }
  });

  it('lets its change pass, and the report names it', () => {
    const exception = asked(guarded([key('key-1')]));
    const { stopped, passed, spent } = guarded([key('key-1')], { exceptions: [exception] });
    expect(stopped).toEqual([]);
    expect(passed).toEqual([
      expect.objectContaining({ rule: 'data-loss', change: exception.change, allowedBy: exception }),
    ]);
    expect(spent).toEqual([]);
  });

  it('is for one replacement with these values, and no other', () => {
    const replaced = (argument: string, value: string): PlannedStack => {
      const before = { id: 'i-1', instance_class: 'db.t4g.small', availability_zone: 'eu-west-1a' };
      return writtenPlan('dev', {
        'aws_db_instance.main': {
          actions: ['delete', 'create'],
          before,
          after: { ...before, [argument]: value },
          replace_paths: [[argument]],
        },
      });
    };
    const loss = (report: GuardReport) => report.stopped.filter(({ rule }) => rule === 'data-loss');
    const asIs = guarded([replaced('instance_class', 'db.t4g.large')]);
    const [exception] = parse(loss(asIs)[0]?.exception ?? '') as [Exception];
    const now = (argument: string, value: string) =>
      loss(guarded([replaced(argument, value)], { exceptions: [exception] })).length;
    expect(now('instance_class', 'db.t4g.large')).toBe(0);
    expect(now('instance_class', 'db.r7g.large')).toBe(1);
    expect(now('availability_zone', 'eu-west-1b')).toBe(1);
  });

  it('works once: the same object, created again, has another digest', () => {
    const opened: PlannedStack = writtenPlan('cluster', {
      'aws_vpc_security_group_ingress_rule.any': {
        actions: ['create'],
        after: { security_group_id: 'sg-1', cidr_ipv4: '0.0.0.0/0', from_port: 22, to_port: 22 },
      },
    });
    const passedBefore: string[] = [];
    for (let time = 0; time < 3; time += 1) {
      const stack = { ...opened, passedBefore: [...passedBefore] };
      const exception = asked(guarded([stack]));
      expect(guarded([stack], { exceptions: [exception] })).toMatchObject({ stopped: [], spent: [] });
      passedBefore.push(exception.change);
      const { stopped, spent } = guarded([{ ...opened, passedBefore }], { exceptions: [exception] });
      expect(stopped).toHaveLength(1);
      expect(spent).toEqual([exception]);
    }
    expect(new Set(passedBefore).size).toBe(3);
  });

  it('works once: the next object at the same address is another one', () => {
    const exception = asked(guarded([key('key-1')]));
    const { stopped, passed, spent } = guarded([key('key-2')], { exceptions: [exception] });
    expect(stopped.map(({ address }) => address)).toEqual(['cluster/aws_kms_key.eks_secrets']);
    expect(passed).toEqual([]);
    expect(spent).toEqual([exception]);
  });

  it.each<[string, Partial<Exception>]>([
    ['a wrong digest', { change: '000000000000' }],
    ['another address', { address: 'cluster/aws_kms_key.other' }],
    ['the stack alone', { address: 'cluster' }],
  ])('does not work with %s', (_, wrong) => {
    const exceptions = [{ ...asked(guarded([key('key-1')])), ...wrong }];
    const { stopped, spent } = guarded([key('key-1')], { exceptions });
    expect(stopped).toHaveLength(1);
    expect(spent).toEqual(exceptions);
  });

  it('works on its last day, and on none after it', () => {
    const exceptions = [{ ...asked(guarded([key('key-1')])), until: '2026-11-23' }];
    expect(guarded([key('key-1')], { exceptions }).stopped).toEqual([]);
    const today = new Date('2026-11-24T00:00:00Z');
    const { stopped, spent } = guarded([key('key-1')], { exceptions, today });
    expect(stopped).toHaveLength(1);
    // platform.yaml warns of what has ended.
    expect(spent).toEqual([]);
  });

  it('is used up if the stack has no such change, and kept if that is unknown', () => {
    const exception = asked(guarded([key('key-1')]));
    const exceptions = [exception, { ...exception, address: 'gone/aws_kms_key.key' }];
    expect(guarded([writtenPlan('cluster', {})], { exceptions }).spent).toEqual(exceptions);
    expect(guarded([writtenPlan('network', {})], { exceptions }).spent).toEqual([exceptions[1]]);
  });
});

describe('the digest of a change', () => {
  const change = (stack: PlannedStack): string | undefined => guarded([stack]).stopped[0]?.change;

  it('stays the same in any order of the values, and with any other changes', () => {
    expect(change(key('key-1'))).toMatch(/^[0-9a-f]{12}$/);
    expect(change(key('key-1'))).toBe(change(key('key-1', { description: 'another', tags: { a: 'b' } })));
    const grown = (policy: object): PlannedStack =>
      writtenPlan('cluster', {
        'aws_iam_role_policy.p': {
          before: { policy: '{}', name: 'p' },
          after: { name: 'p', policy: JSON.stringify(policy) },
        },
      });
    const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
    const turned = { Resource: '*', Action: ['s3:GetObject'], Effect: 'Allow' };
    expect(change(grown({ Statement: [statement] }))).toBe(change(grown({ Statement: turned })));
    expect(change(grown({ Statement: [statement] }))).not.toBe(
      change(grown({ Statement: [{ ...statement, Action: 's3:PutObject' }] })),
    );
  });

  it('stays the same in any order of the keys of what causes a replacement', () => {
    const tagged = (labels: object): PlannedStack =>
      writtenPlan('cluster', {
        'aws_vpc.a': {
          ...{ actions: ['delete', 'create'], replace_paths: [['labels']], before: { id: 'x' } },
          after: { labels: [labels] as unknown as JsonObject },
        },
      });
    expect(change(tagged({ a: '1', b: '2', c: '3' }))).toBe(change(tagged({ c: '3', b: '2', a: '1' })));
    expect(change(tagged({ a: '1', b: '2' }))).not.toBe(change(tagged({ a: '2', b: '1' })));
  });

  it.each(['id', 'arn', 'unique_id', 'created_at', 'creation_date', 'create_date'])(
    'differs for an object with another %s',
    (name) => {
      const gone = (value: string) =>
        writtenPlan('dev', { 'aws_vpc.a': { actions: ['delete'], before: { [name]: value } } });
      expect(change(gone('x'))).not.toBe(change(gone('y')));
    },
  );

  it.each([
    ['kubernetes_namespace_v1.a', (uid: string) => ({ metadata: [{ name: 'a', uid }] })],
    [
      'kubernetes_manifest.a',
      (uid: string) => ({
        manifest: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } },
        object: { metadata: { uid } },
      }),
    ],
  ])('differs for another object of %s', (address, values) => {
    const gone = (uid: string) =>
      writtenPlan('dev', { [address]: { actions: ['delete'], before: values(uid) } });
    expect(change(gone('x'))).not.toBe(change(gone('y')));
  });

  it('differs for another stack, address, action or rule', () => {
    const gone = { before: { id: 'x', arn: 'y' }, actions: ['delete'] } as const;
    const replaced = { ...gone, after: { id: 'x' }, actions: ['delete', 'create'] } as const;
    const digests = [
      writtenPlan('dev', { 'aws_vpc.a': gone }),
      writtenPlan('cluster', { 'aws_vpc.a': gone }),
      writtenPlan('dev', { 'aws_vpc.b': gone }),
      writtenPlan('dev', { 'aws_vpc.a': replaced }),
    ].map(change);
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('includes nothing sensitive', () => {
    const shown = (value: string): PlannedStack => {
      const plan = writtenPlan('dev', {
        'terraform_data.login': { before: { input: value }, after: { input: value } },
      });
      const [resource] = plan.plan.resource_changes ?? [];
      if (resource === undefined) throw new Error('no change was written');
      const change = { ...resource.change, before_sensitive: { input: true }, after_sensitive: {} };
      return { ...plan, plan: { ...plan.plan, resource_changes: [{ ...resource, change }] } };
    };
    const [one, other] = ['hunter-1', 'hunter-2'].map((value) => guarded([shown(value)]));
    expect(one?.stopped).toHaveLength(1);
    expect(one).toEqual(other);
    expect(JSON.stringify(one)).not.toContain('hunter');
  });
});

describe('a database', () => {
  const before = {
    id: 'db-1',
    deletion_protection: true,
    backup_retention_period: 7,
    skip_final_snapshot: false,
  };

  it('stops the plan if it is deleted, or if what keeps its data is removed', () => {
    const destroyed = writtenPlan('dev', { 'aws_db_instance.shop': { actions: ['delete'], before } });
    const loosened = writtenPlan('dev', {
      'aws_db_instance.shop': {
        before,
        after: {
          ...before,
          deletion_protection: false,
          backup_retention_period: 1,
          skip_final_snapshot: true,
        },
      },
    });
    const messages = (stack: PlannedStack) =>
      guarded([stack]).stopped.map(({ rule, message }) => [rule, message]);
    expect(messages(destroyed)).toEqual([
      ['data-loss', 'destroys the RDS database shop, with all data in it'],
    ]);
    expect(messages(loosened)).toEqual([
      [
        'protection',
        'turns off deletion_protection; lowers backup_retention_period from 7 to 1; turns on skip_final_snapshot',
      ],
    ]);
  });
});

describe('a public address', () => {
  const stopped = (before: JsonObject | undefined, after: JsonObject): string[] =>
    guarded([
      writtenPlan('dev', {
        'aws_db_instance.shop': {
          after,
          ...(before ? { before } : { actions: ['create'] as const }),
        },
      }),
    ]).stopped.map(({ rule }) => rule);

  it('stops the plan if an existing or a new resource gets one', () => {
    expect(stopped({ publicly_accessible: false }, { publicly_accessible: true })).toEqual(['exposure']);
    expect(stopped(undefined, { publicly_accessible: true })).toEqual(['exposure']);
  });

  it('may stay, and may be removed', () => {
    expect(stopped({ publicly_accessible: true }, { publicly_accessible: true, tags: {} })).toEqual([]);
    expect(stopped({ publicly_accessible: true }, { publicly_accessible: false })).toEqual([]);
  });
});

describe('several findings', () => {
  const loosened = writtenPlan('cluster', {
    'aws_kms_key.k': {
      before: { id: 'k', enable_key_rotation: true, deletion_window_in_days: 30, policy: '{}' },
      after: {
        id: 'k',
        enable_key_rotation: false,
        deletion_window_in_days: 7,
        policy: '{"Statement":{"Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"*"}}',
      },
    },
  });

  it('are one for one rule and address, and each rule has its own exception', () => {
    const found = guarded([loosened]);
    expect(found.stopped.map(({ rule, address, message }) => [rule, address, message])).toEqual([
      ['rights', 'cluster/aws_kms_key.k', 'allows kms:Decrypt to AWS:* on *'],
      [
        'protection',
        'cluster/aws_kms_key.k',
        'turns off enable_key_rotation; lowers deletion_window_in_days from 30 to 7',
      ],
    ]);
    const rest = guarded([loosened], { exceptions: [asked(found)] });
    expect(rest.passed.map(({ rule }) => rule)).toEqual(['rights']);
    expect(rest.stopped.map(({ rule }) => rule)).toEqual(['protection']);
  });
});

describe('a plan with too many changes', () => {
  const tags = { before: { tags: { a: 'b' } }, after: { tags: {} } };
  const cluster = (last: string): PlannedStack =>
    writtenPlan('cluster', {
      'aws_launch_template.a': tags,
      'aws_launch_template.b': tags,
      [`aws_launch_template.${last}`]: tags,
    });
  const network = writtenPlan('network', {
    'aws_launch_template.a': { actions: ['delete'], before: { id: 'a' } },
    'aws_launch_template.new': { actions: ['create'], after: { name: 'new' } },
  });

  it('is counted over all stacks, without creations', () => {
    expect(guarded([network, cluster('c')], { maxChanges: 4 }).stopped).toEqual([]);
    const still = writtenPlan('dev', { 'aws_launch_template.new': { actions: ['create'], after: {} } });
    expect(guarded([network, cluster('c'), still], { maxChanges: 3 }).stopped).toEqual([
      expect.objectContaining({
        rule: 'too-many-changes',
        stack: 'cluster',
        address: 'cluster',
        message:
          'changes, replaces or destroys 4 objects, more than the 3 of pipeline.maxChanges: network 1, cluster 3',
      }),
    ]);
  });

  it('passes by an exception for the stack, which is for these changes only', () => {
    const exceptions = [asked(guarded([network, cluster('c')], { maxChanges: 3 }))];
    expect(exceptions[0]?.address).toBe('cluster');
    expect(guarded([network, cluster('c')], { maxChanges: 3, exceptions }).stopped).toEqual([]);
    expect(guarded([network, cluster('d')], { maxChanges: 3, exceptions }).stopped).toHaveLength(1);
  });
});

describe('a ConfigMap that a failed apply has left', () => {
  const web = (image: string) => ({
    metadata: [{ name: 'web', namespace: 'dev' }],
    spec: [{ template: [{ spec: [{ container: [{ name: 'web', image }] }] }] }],
  });
  const left = {
    'kubernetes_config_map_v1.web#old': {
      actions: ['delete' as const],
      before: { metadata: [{ name: 'web-1a2b3c4d', namespace: 'dev' }] },
      deposed: 'c0ffee00',
    },
  };
  const update = { 'kubernetes_deployment_v1.web': { before: web('a:1'), after: web('a:2') } };
  const waiting = { workload: 'Deployment dev/web', reason: 'Deployment dev/web is not ready' };
  const stopped = (
    changes: Parameters<typeof writtenPlan>[1],
    unready: Exclude<GuardOptions['unready'], undefined>,
  ) => guarded([writtenPlan('dev', changes)], { unready }).stopped.filter(({ rule }) => rule === 'rollout');

  it('stays while a workload is not ready', () => {
    expect(stopped(left, new Map([['dev', [waiting]]]))).toEqual([
      expect.objectContaining({
        address: 'dev/kubernetes_config_map_v1.web',
        message:
          'destroys the ConfigMap dev/web-1a2b3c4d of an earlier revision, which its Pods need to start again: ' +
          'Deployment dev/web is not ready. Finish the rollout first: fix the workload, or what keeps it from starting',
      }),
    ]);
  });

  it('stays while the cluster does not answer', () => {
    expect(stopped({ ...left, ...update }, new Map([['dev', [{ reason: 'no answer' }]]]))).toHaveLength(1);
  });

  it('is deleted after a rollout by the same plan, and if every Pod is ready', () => {
    expect(stopped({ ...left, ...update }, new Map([['dev', [waiting]]]))).toEqual([]);
    expect(stopped(left, new Map())).toEqual([]);
  });
});

it('a plan without changes passes', () => {
  expect(guarded([writtenPlan('dev', {})])).toEqual({ stopped: [], passed: [], spent: [] });
});

describe('a type that only the platform declares', () => {
  const before = { id: 'z', name: 'example.com', comment: 'a' };
  const renamed = writtenPlan('dns', {
    'aws_route53_zone.z': { before, after: { ...before, comment: 'b' } },
  });
  const classes = [{ type: 'aws_route53_zone', class: 'content', reason: 'names of our own' }] as const;
  const stopped = (stack: PlannedStack, options: Partial<GuardOptions> = {}): string[] =>
    guarded([stack], options).stopped.map(({ rule, address, message }) => `${rule} ${address}: ${message}`);

  it('stops the plan without a class', () => {
    expect(stopped(renamed)).toEqual([
      'unknown dns/aws_route53_zone.z: changes an aws_route53_zone, which no table of the guard knows: give it a class below ' +
        'pipeline.classes of platform.yaml',
    ]);
  });

  it('stops the plan once for its class, and not after the stack was applied with it', () => {
    expect(stopped(renamed, { classes })).toEqual([
      'unknown dns: goes by the class content of aws_route53_zone for the first time: names of our own',
    ]);
    expect(stopped({ ...renamed, classesBefore: ['aws_route53_zone content'] }, { classes })).toEqual([]);
    expect(stopped({ ...renamed, classesBefore: ['aws_route53_zone rights'] }, { classes })).toHaveLength(1);
  });

  it('stops the plan if a part of it has another class', () => {
    const both = [
      ...classes,
      { type: 'aws_route53_zone', path: 'comment', class: 'exposure', reason: 'x y' } as const,
    ];
    const known = {
      ...renamed,
      classesBefore: ['aws_route53_zone content', 'aws_route53_zone comment exposure'],
    };
    const firsts = stopped(renamed, { classes: both }).filter((found) => found.startsWith('unknown dns:'));
    expect(firsts).toEqual([
      'unknown dns: goes by the class exposure of comment of aws_route53_zone for the first time: x y',
    ]);
    expect(stopped(known, { classes: both })).toEqual([
      'exposure dns/aws_route53_zone.z: changes comment, which decides who reaches it, from a to b',
    ]);
  });
});
