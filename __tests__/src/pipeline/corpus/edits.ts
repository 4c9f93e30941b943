import type { TerraformDocument } from '../../../../src/manifests/terraform-document';
import type { WrittenChange } from '../written-plan';
import type { JsonObject } from './base-plans';

/** Changes of a stack of which something exists, as they are written, with its document. */
export type Edit = readonly [
  what: string,
  changes: Readonly<Record<string, WrittenChange>>,
  document?: TerraformDocument,
];

const allow = (action: string, resource: string): string =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] });

/** A policy that exists becomes another one, known after the apply, beside other changes. */
const policy = (before: string, others: Readonly<Record<string, WrittenChange>>): Edit[1] => ({
  'aws_iam_policy.agent': { before: { policy: before }, after: {}, after_unknown: { policy: true } },
  ...others,
});
const written = (text: string): TerraformDocument => ({
  resource: { aws_iam_policy: { agent: { policy: text } } },
});
const LOGS: Edit[1] = { 'aws_cloudwatch_log_group.new': { actions: ['create'], after: {} } };
const toNewLogs = (suffix: string): Edit => {
  const text = allow('logs:PutLogEvents', `\${aws_cloudwatch_log_group.new.arn}${suffix}`);
  return [
    `rights on a new log group and ${suffix}`,
    policy(allow('logs:PutLogEvents', 'arn:aws:logs:x'), LOGS),
    written(text),
  ];
};

const spec = (from: JsonObject[], ports: JsonObject[], more: JsonObject = {}): JsonObject => ({
  ...{ podSelector: { matchLabels: { app: 'x' } }, policyTypes: ['Ingress'] },
  ingress: [{ ...(from.length > 0 && { from }), ...(ports.length > 0 && { ports }) }],
  ...more,
});
const network = (what: string, before: JsonObject, after: JsonObject): Edit => {
  const values = (inside: JsonObject): JsonObject => ({
    manifest: {
      ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
      ...{ metadata: { name: 'x', namespace: 'qa' }, spec: inside },
    },
  });
  return [what, { 'kubernetes_manifest.x': { before: values(before), after: values(after) } }];
};
const peers = (what: string, before: JsonObject, after: JsonObject): Edit =>
  network(what, spec([before], [{ port: 80 }]), spec([after], [{ port: 80 }]));
const ports = (what: string, before: JsonObject, after: JsonObject): Edit =>
  network(what, spec([range('10.0.0.0/8')], [before]), spec([range('10.0.0.0/8')], [after]));
const range = (cidr: string, ...except: string[]): JsonObject => ({
  ipBlock: { cidr, ...(except.length > 0 && { except }) },
});
const namespace = { namespaceSelector: { matchLabels: { team: 'a' } } };
const podsOf = { ...namespace, podSelector: { matchLabels: { app: 'y' } } };

const bucket = (name: string): JsonObject => ({ bucket: name, arn: `arn:aws:s3:::${name}`, id: name });

/** Each is stopped, by the rule and for the address at its end. */
export const DANGEROUS_EDITS: readonly (readonly [...Edit, found: string])[] = [
  [...toNewLogs('*'), 'rights aws_iam_policy.agent'],
  ...(['id', 'bucket'] as const).map((attribute): readonly [...Edit, string] => {
    const text = allow('s3:GetObject', `arn:aws:s3:::\${aws_s3_bucket.data.${attribute}}/*`);
    return [
      `rights on a bucket by the ${attribute} that the same plan changes`,
      policy(allow('s3:GetObject', 'arn:aws:s3:::old/*'), {
        'aws_s3_bucket.data': { before: bucket('old'), after: { ...bucket('old'), tags: { team: 'x' } } },
      }),
      written(text),
      'rights aws_iam_policy.agent',
    ];
  }),
  ...[
    peers('every IPv4 address after every IPv6 address', range('::/0'), range('0.0.0.0/0')),
    peers('every address after the Pods of all namespaces', { namespaceSelector: {} }, range('0.0.0.0/0')),
    peers('the Pods of all namespaces after every IPv6 address', range('::/0'), { namespaceSelector: {} }),
    peers('a range without what it excepted', range('10.0.0.0/8', '10.1.0.0/16'), range('10.1.0.0/17')),
    peers('all Pods of a namespace after some', podsOf, namespace),
    peers('Pods of a namespace after Pods of the own', { podSelector: {} }, namespace),
    ports('a port above a range', { port: 8000, endPort: 9000 }, { port: 9001 }),
    ports('a port of another protocol', { protocol: 'TCP' }, { port: 443, protocol: 'UDP' }),
    ports('a name of a port after a number', { port: 443 }, { port: 'https' }),
    network(
      'everyone for other Pods',
      spec([], [{ port: 80 }]),
      spec([], [{ port: 80 }], { podSelector: { matchLabels: { app: 'database' } } }),
    ),
  ].map((edit): readonly [...Edit, string] => [edit[0], edit[1], {}, 'exposure kubernetes_manifest.x']),
];

/** Each passes. */
export const ORDINARY_EDITS: readonly Edit[] = [
  toNewLogs(':*'),
  peers('some Pods of a namespace', namespace, podsOf),
  peers('a range beside what another excepts', range('10.0.0.0/8', '10.1.0.0/16'), range('10.2.0.0/16')),
  peers('Pods after every IPv4 address', range('0.0.0.0/0'), podsOf),
  ports('a port of a range', { port: 8000, endPort: 9000 }, { port: 8080 }),
  ports('a port of a protocol', { protocol: 'TCP' }, { port: 443, protocol: 'TCP' }),
  ports('a name of a port of a protocol', { protocol: 'TCP' }, { port: 'https' }),
  ports('a protocol that is written out', { port: 443 }, { port: 443, protocol: 'TCP' }),
];
