import { reviewAccess } from '../../../sandbox/sign-in/authorization';
import type { ClusterState } from '../../../sandbox/eks-emulator/cluster-state';
import { Updates } from '../../../sandbox/eks-emulator/updates';
import { roleArn } from '../aws-emulator/fake-account';
import { FakeKubernetes } from '../control-plane/fake-kubernetes';

const PRINCIPAL = roleArn('developer');

async function cluster(policy: string, namespaces: string[]): Promise<ClusterState> {
  const api = new FakeKubernetes();
  await api.create({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'edit' },
    rules: [
      { apiGroups: [''], resources: ['pods', 'pods/exec'], verbs: ['get', 'create'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['*'] },
    ],
  });
  const policyArn = `arn:aws:eks::aws:cluster-access-policy/${policy}`;
  const accessScope = { type: namespaces.length > 0 ? 'namespace' : 'cluster', namespaces } as const;
  return {
    cluster: { name: 'seed' },
    ready: Promise.resolve(),
    runtime: { endpoint: '', ca: '', api, upgrade: () => Promise.resolve(), stop: () => Promise.resolve() },
    nodeGroups: new Map(),
    addOns: new Map(),
    accessEntries: new Map([
      [
        PRINCIPAL,
        { entry: { principalArn: PRINCIPAL }, policies: new Map([[policyArn, { policyArn, accessScope }]]) },
      ],
    ]),
    podIdentities: new Map(),
    updates: new Updates('seed', () => undefined),
  };
}

async function may(
  state: ClusterState,
  verb: string,
  what: string,
  namespace?: string,
  principal = PRINCIPAL,
): Promise<boolean> {
  const [resource = '', group = ''] = what.split('.');
  const [plural = '', subresource] = resource.split('/');
  const { status } = await reviewAccess(state, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      extra: { canonicalArn: [principal] },
      resourceAttributes: {
        verb,
        resource: plural,
        group,
        ...(subresource ? { subresource } : {}),
        ...(namespace ? { namespace } : {}),
      },
    },
  });
  return status?.allowed ?? false;
}

describe('access policies', () => {
  it('of cluster administrators allow everything to their principal only', async () => {
    const state = await cluster('AmazonEKSClusterAdminPolicy', []);
    expect(await may(state, 'delete', 'nodes')).toBe(true);
    expect(await may(state, 'delete', 'nodes', undefined, roleArn('other'))).toBe(false);
  });

  it('allow what the role of Kubernetes allows, in their namespaces', async () => {
    const state = await cluster('AmazonEKSEditPolicy', ['dev', 'qa-*']);
    expect(await may(state, 'create', 'pods', 'dev')).toBe(true);
    expect(await may(state, 'create', 'pods/exec', 'qa-1')).toBe(true);
    expect(await may(state, 'patch', 'deployments.apps', 'dev')).toBe(true);
    expect(await may(state, 'delete', 'pods', 'dev')).toBe(false);
    expect(await may(state, 'create', 'pods', 'prod')).toBe(false);
    expect(await may(state, 'get', 'pods')).toBe(false);
  });

  it('for viewing as an administrator allow reading', async () => {
    const state = await cluster('AmazonEKSAdminViewPolicy', []);
    expect(await may(state, 'list', 'secrets')).toBe(true);
    expect(await may(state, 'create', 'secrets', 'dev')).toBe(false);
  });

  it('of components of AWS allow nothing here', async () => {
    expect(await may(await cluster('AmazonEKSBlockStoragePolicy', []), 'get', 'pods')).toBe(false);
  });
});
