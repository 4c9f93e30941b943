import { readFileSync } from 'node:fs';
import type { Stack } from '../../../src/manifests/stacks';
import type { JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';
import { guard, type Finding } from '../../../src/pipeline/guard/guard';
import { EVERY_OPTION } from '../../iam/every-option';
import { synthesizedStacks } from '../checks/synthesized-stacks';
import { firstPlan } from './first-plan';

type Resources = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

let documents: Stack[];

beforeAll(() => {
  documents = synthesizedStacks(readFileSync('platform.yaml', 'utf8'));
}, 120_000);

function stopped(stacks: readonly Pick<Stack, 'name' | 'document'>[]): readonly Finding[] {
  const today = new Date('2026-11-29');
  const plans = stacks.map(firstPlan);
  return guard({ stacks: plans, documents: stacks, exceptions: [], maxChanges: 1e6, today }).stopped;
}

/** A namespace that is new, with something that a change has added to it. */
function withAdded(added: Resources): readonly string[] {
  const dev = documents.find(({ name }) => name === 'dev');
  if (dev === undefined) throw new Error('the platform has no namespace dev');
  const resource: Record<string, unknown> = { ...dev.document.resource };
  for (const [type, named] of Object.entries(added)) {
    resource[type] = { ...(resource[type] as object | undefined), ...named };
  }
  const document = { ...dev.document, resource } as TerraformDocument;
  return stopped([{ name: 'dev', document }]).map(({ rule, address }) => `${rule} ${address}`);
}

describe('the first plan', () => {
  it('of the default platform passes without an exception', () => {
    expect(stopped(documents)).toEqual([]);
  });

  it('of a namespace with its workloads passes without an exception', () => {
    expect(withAdded({})).toEqual([]);
  });

  it('of a platform with every option is stopped for a chart of another repository only', () => {
    // The administrator applies the pipeline's own stack.
    const found = stopped(synthesizedStacks(EVERY_OPTION)).filter(({ stack }) => stack !== 'pipeline');
    expect(found.map(({ rule, address }) => `${rule} ${address}`)).toEqual([
      'code load-balancer-controller/helm_release.load_balancer_controller',
    ]);
  }, 120_000);
});

describe('a new stack is stopped for', () => {
  const ROLE = 'arn:aws:iam::111122223333:role/seed-node';
  const trust = (principal: object): string =>
    JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }] });
  const allow = (action: string, resource: string): string =>
    JSON.stringify({ Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] });
  const eks = trust({ Service: 'pods.eks.amazonaws.com' });
  const roleWith = (policy: string): Resources => ({
    aws_iam_role: { x: { name: 'seed-x', assume_role_policy: eks } },
    aws_iam_role_policy: { x: { role: '${aws_iam_role.x.name}', policy } },
  });

  it.each<[string, Resources, string]>([
    [
      'an administrator for everyone who is not signed in',
      {
        kubernetes_cluster_role_binding_v1: {
          x: {
            metadata: { name: 'x' },
            role_ref: { api_group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
            subject: [
              { api_group: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:unauthenticated' },
            ],
          },
        },
      },
      'rights dev/kubernetes_cluster_role_binding_v1.x',
    ],
    [
      'a policy on a role that exists',
      {
        aws_iam_role_policy_attachment: {
          x: { role: 'seed-node', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
        },
      },
      'rights dev/aws_iam_role_policy_attachment.x',
    ],
    [
      'a policy in a role that exists',
      {
        aws_iam_role_policy: { x: { role: 'seed-node', policy: allow('s3:GetObject', 'arn:aws:s3:::a/*') } },
      },
      'rights dev/aws_iam_role_policy.x',
    ],
    [
      'a role of another account in the cluster',
      {
        aws_eks_access_entry: {
          x: { cluster_name: 'seed', principal_arn: 'arn:aws:iam::444455556666:role/x' },
        },
      },
      'rights dev/aws_eks_access_entry.x',
    ],
    [
      'all ports of a security group that exists',
      {
        aws_vpc_security_group_ingress_rule: {
          x: { security_group_id: 'sg-0123456789abcdef0', ip_protocol: '-1', cidr_ipv4: '0.0.0.0/0' },
        },
      },
      'exposure dev/aws_vpc_security_group_ingress_rule.x',
    ],
    [
      'a role that another account assumes',
      { aws_iam_role: { x: { name: 'seed-x', assume_role_policy: trust({ AWS: '444455556666' }) } } },
      'rights dev/aws_iam_role.x',
    ],
    [
      'a managed policy within a new role',
      {
        aws_iam_role: {
          x: { name: 'seed-x', assume_role_policy: eks, managed_policy_arns: ['arn:aws:iam::aws:policy/X'] },
        },
      },
      'rights dev/aws_iam_role.x',
    ],
    ['every action', roleWith(allow('*', 'arn:aws:s3:::a/*')), 'rights dev/aws_iam_role_policy.x'],
    ['every bucket', roleWith(allow('s3:GetObject', 'arn:aws:s3:::*')), 'rights dev/aws_iam_role_policy.x'],
    [
      'every secret',
      roleWith(
        allow('secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:*'),
      ),
      'rights dev/aws_iam_role_policy.x',
    ],
    [
      'every instance',
      roleWith(allow('ssm:SendCommand', 'arn:aws:ec2:eu-west-1:111122223333:instance/*')),
      'rights dev/aws_iam_role_policy.x',
    ],
    [
      'a policy that is not known yet',
      roleWith('${jsonencode({ Statement = [] })}'),
      'rights dev/aws_iam_role_policy.x',
    ],
    [
      'a role of somebody else for a ServiceAccount',
      {
        aws_eks_pod_identity_association: {
          x: { cluster_name: 'seed', namespace: 'dev', service_account: 'x', role_arn: ROLE },
        },
      },
      'rights dev/aws_eks_pod_identity_association.x',
    ],
    ['a user', { aws_iam_user: { x: { name: 'x' } } }, 'unknown dev/aws_iam_user.x'],
    [
      'a kind that no table knows',
      {
        kubernetes_manifest: {
          x: {
            manifest: {
              apiVersion: 'example.com/v1',
              kind: 'Backup',
              metadata: { name: 'x', namespace: 'dev' },
            },
          },
        },
      },
      'unknown dev/kubernetes_manifest.x',
    ],
    [
      'a namespace without a Pod Security Standard',
      { kubernetes_namespace_v1: { x: { metadata: { name: 'x' } } } },
      'rights dev/kubernetes_namespace_v1.x',
    ],
    [
      'a Pod on the host network of a namespace that exists',
      {
        kubernetes_pod_v1: {
          x: {
            metadata: { name: 'x', namespace: 'kube-system' },
            spec: { host_network: true, container: [{ name: 'x', image: 'x' }] },
          },
        },
      },
      'rights dev/kubernetes_pod_v1.x',
    ],
    [
      'a chart',
      { helm_release: { x: { name: 'x', chart: 'x', repository: 'https://charts.example.com' } } },
      'code dev/helm_release.x',
    ],
    [
      'a way from a subnet that exists to the internet',
      {
        aws_route: {
          x: {
            route_table_id: 'rtb-0123456789abcdef0',
            destination_cidr_block: '0.0.0.0/0',
            gateway_id: 'igw-0123456789abcdef0',
          },
        },
      },
      'exposure dev/aws_route.x',
    ],
  ])('%s', (_, added, finding) => {
    expect(withAdded(added)).toEqual([finding]);
  });
});
