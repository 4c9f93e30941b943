import type { JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';
import { guard } from '../../../src/pipeline/guard/guard';
import type { PlannedStack } from '../../../src/pipeline/plan/planned-stack';
import { firstPlan } from './first-plan';
import { writtenPlan } from './written-plan';

type Resources = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

const found = (stack: PlannedStack): readonly string[] =>
  guard({
    stacks: [stack],
    documents: [stack],
    exceptions: [],
    maxChanges: 1e6,
    today: new Date('2026-11-29'),
  }).stopped.map(({ rule, address }) => `${rule} ${address.replace(/^dev\//, '')}`);

/** Created in a stack of which something exists, or nothing. */
function created(resource: Resources, isNew: boolean): readonly string[] {
  const stack = firstPlan({ name: 'dev', document: { resource } });
  const { prior_state: any } = writtenPlan('dev', {}).plan;
  return found(isNew ? stack : { ...stack, plan: { ...stack.plan, ...(any && { prior_state: any }) } });
}

const changed = (kind: JsonObject, before: JsonObject, after: JsonObject): readonly string[] =>
  found(
    writtenPlan('dev', {
      'kubernetes_manifest.x': {
        before: { manifest: { ...kind, ...before } },
        after: { manifest: { ...kind, ...after } },
      },
    }),
  );

const manifest = (object: JsonObject): Resources => ({ kubernetes_manifest: { x: { manifest: object } } });
const inDev = { name: 'x', namespace: 'dev' };
const pod = (capability: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: inDev,
  spec: { containers: [{ name: 'x', securityContext: { capabilities: { add: [capability] } } }] },
});
const networkPolicy: JsonObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: inDev,
};

it.each([
  ['aws_iam_role_policy.x[0]', { resource: { aws_iam_role_policy: { x: { policy: '${jsonencode({})}' } } } }],
  ['module.m.aws_iam_role_policy.x', {}],
])('an unknown policy of %s stops the plan', (address, document: TerraformDocument) => {
  const stack = writtenPlan('dev', {}, document);
  const change = {
    actions: ['create' as const],
    before: null,
    after: { role: 'seed-node' },
    after_unknown: { policy: true },
  };
  const resource = { address, mode: 'managed' as const, type: 'aws_iam_role_policy', name: 'x', change };
  expect(found({ ...stack, plan: { ...stack.plan, resource_changes: [resource] } })).toEqual([
    `rights ${address}`,
  ]);
});

it('a finding on a lookup of a policy names the keys that change', () => {
  const admission = (nodes: string): JsonObject => ({
    manifest: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'x' },
      spec: { variables: [{ name: 'row', expression: `{"dev": ["a"], "qa": ${nodes}}[request.namespace]` }] },
    },
  });
  const stack = writtenPlan('dev', {
    'kubernetes_manifest.x': { before: admission('["a"]'), after: admission('["b"]') },
  });
  const today = new Date('2026-11-29');
  const { stopped } = guard({ stacks: [stack], documents: [stack], exceptions: [], maxChanges: 9, today });
  expect(stopped.map(({ message }) => message)).toEqual([
    'changes spec.variables.expression, which decides what protects it, for qa',
  ]);
});

it('a bucket that becomes private passes, and so does a Pod that listens on a port below 1024', () => {
  const closed = { bucket: '${aws_s3_bucket.x.id}', block_public_acls: true, block_public_policy: true };
  const bucket = {
    aws_s3_bucket: { x: { bucket: 'x' } },
    aws_s3_bucket_public_access_block: { x: closed },
  };
  expect(created({ ...bucket, ...manifest(pod('NET_BIND_SERVICE')) }, false)).toEqual([]);
});

describe('a NetworkPolicy', () => {
  const spec = (rules: JsonObject): JsonObject => ({ spec: { podSelector: {}, ...rules } });
  const from = (peer: JsonObject): JsonObject =>
    spec({ ingress: [{ from: [peer], ports: [{ port: 80 }] }], policyTypes: ['Ingress'] });
  const to = (cidr: string): JsonObject =>
    spec({ egress: [{ to: [{ ipBlock: { cidr } }] }], policyTypes: ['Egress'] });

  it.each([
    ['its sources away', from({ podSelector: {} }), spec({ ingress: [{ ports: [{ port: 80 }] }] })],
    [
      'an exception away',
      from({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }),
      from({ ipBlock: { cidr: '10.0.0.0/8' } }),
    ],
    ['the bounds of where Pods go away', to('10.0.0.0/8'), to('0.0.0.0/0')],
  ])('that takes %s stops the plan', (_, before, after) => {
    expect(changed(networkPolicy, before, after)).toEqual(['exposure kubernetes_manifest.x']);
  });

  it('may allow the Pods of its own namespace', () => {
    const own = manifest({ ...networkPolicy, ...spec({ ingress: [{ from: [{ podSelector: {} }] }] }) });
    expect(created(own, false)).toEqual([]);
  });
});
