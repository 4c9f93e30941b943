import { reviewAccess } from '../../sign-in/authorization';
import type { ClusterState } from '../../eks-emulator/cluster-state';
import { Updates } from '../../eks-emulator/update-api';
import { roleArn } from '../aws-emulator/fake-account';
import { FakeKubernetes } from '../control-plane/fake-kubernetes';

const PRINCIPAL = roleArn('developer');

async function cluster(
  policy: string,
  namespaces: string[],
  ...more: [policy: string, namespaces: string[]][]
): Promise<ClusterState> {
  const api = new FakeKubernetes();
  await api.create({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'edit' },
    rules: [
      { apiGroups: [''], resources: ['pods', 'pods/exec'], verbs: ['get', 'create'] },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['update'], resourceNames: ['leader', 'lock'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['*'] },
    ],
  });
  await api.create({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'view' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
  });
  const associated = ([name, scope]: [string, string[]]) => {
    const policyArn = `arn:aws:eks::aws:cluster-access-policy/${name}`;
    const accessScope = {
      type: scope.length > 0 ? ('namespace' as const) : ('cluster' as const),
      namespaces: scope,
    };
    return [policyArn, { policyArn, accessScope }] as const;
  };
  const policies = new Map([[policy, namespaces] as [string, string[]], ...more].map(associated));
  return {
    cluster: { name: 'seed' },
    ready: Promise.resolve(),
    runtime: { endpoint: '', ca: '', api, upgrade: () => Promise.resolve(), stop: () => Promise.resolve() },
    nodeGroups: new Map(),
    addOns: new Map(),
    accessEntries: new Map([[PRINCIPAL, { entry: { principalArn: PRINCIPAL }, policies }]]),
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
  const asked = (
    state: ClusterState,
    resourceAttributes: object | undefined,
    extra: Record<string, string[]> = { canonicalArn: [PRINCIPAL] },
  ) =>
    reviewAccess(state, {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { extra, ...(resourceAttributes && { resourceAttributes }) },
    });
  const review = (status: object) => ({
    ...{ apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', status },
  });

  it('of cluster administrators allow everything to their principal only', async () => {
    const state = await cluster('AmazonEKSClusterAdminPolicy', []);
    expect(await may(state, 'delete', 'nodes')).toBe(true);
    expect(await may(state, 'delete', 'nodes', undefined, roleArn('other'))).toBe(false);
  });

  it('allow what the Kubernetes role allows, in their namespaces', async () => {
    const state = await cluster('AmazonEKSEditPolicy', ['dev', 'qa-*']);
    expect(await may(state, 'create', 'pods', 'dev')).toBe(true);
    expect(await may(state, 'create', 'pods/exec', 'qa-1')).toBe(true);
    expect(await may(state, 'patch', 'deployments.apps', 'dev')).toBe(true);
    expect(await may(state, 'delete', 'pods', 'dev')).toBe(false);
    expect(await may(state, 'create', 'pods', 'prod')).toBe(false);
    expect(await may(state, 'get', 'pods')).toBe(false);
    expect(await may(state, 'get', 'pods/log', 'dev')).toBe(false);
    for (const other of ['dex', 'de', 'qa1', 'qa'])
      expect(await may(state, 'get', 'pods', other)).toBe(false);
    const all = await cluster('AmazonEKSEditPolicy', ['*']);
    expect([await may(all, 'get', 'pods', 'dev'), await may(all, 'get', 'pods')]).toEqual([true, false]);
  });

  it('for viewing as an administrator allow reading', async () => {
    const state = await cluster('AmazonEKSAdminViewPolicy', []);
    for (const verb of ['get', 'list', 'watch']) expect(await may(state, verb, 'secrets')).toBe(true);
    expect(await may(state, 'create', 'secrets', 'dev')).toBe(false);
    expect((await asked(state, { resource: 'secrets' })).status?.allowed).toBe(false);
  });

  it('apply each in its own namespaces, if a principal has several', async () => {
    const state = await cluster('AmazonEKSEditPolicy', ['dev'], ['AmazonEKSViewPolicy', ['prod']]);
    expect(await may(state, 'create', 'pods', 'dev')).toBe(true);
    expect(await may(state, 'get', 'pods', 'prod')).toBe(true);
    expect(await may(state, 'create', 'pods', 'prod')).toBe(false);
    expect(await may(state, 'get', 'pods', 'qa')).toBe(false);
  });

  it('allow paths that are no resources to administrators of the cluster only', async () => {
    const metrics = async (policy: string): Promise<boolean | undefined> => {
      const { status } = await reviewAccess(await cluster(policy, []), {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: {
          extra: { canonicalArn: [PRINCIPAL] },
          nonResourceAttributes: { path: '/metrics', verb: 'get' },
        },
      });
      return status?.allowed;
    };
    expect(await metrics('AmazonEKSClusterAdminPolicy')).toBe(true);
    expect(await metrics('AmazonEKSAdminViewPolicy')).toBe(false);
  });

  it('are named in the answer, and a refusal names none', async () => {
    const state = await cluster('AmazonEKSEditPolicy', []);
    const pods = { verb: 'get', resource: 'pods', group: '' };
    const allowed = review({ allowed: true, reason: 'EKS access policy AmazonEKSEditPolicy' });
    expect(await asked(state, pods)).toEqual(allowed);
    // The API server writes the keys in lower case.
    expect(await asked(state, pods, { canonicalarn: [PRINCIPAL] })).toEqual(allowed);
    const refused = review({ allowed: false });
    expect(await asked(state, { ...pods, verb: 'delete' })).toEqual(refused);
    expect(await asked(state, pods, {})).toEqual(refused);
    expect(await asked(state, { ...pods, group: 'apps' })).toEqual(refused);
    expect(await asked(state, {})).toEqual(refused);
    // The API server leaves the core group out.
    expect(await asked(state, { verb: 'get', resource: 'pods' })).toEqual(allowed);
  });

  it('allow by a name what the role allows for it only', async () => {
    const state = await cluster('AmazonEKSEditPolicy', []);
    const update = { verb: 'update', resource: 'configmaps', group: '' };
    expect((await asked(state, { ...update, name: 'leader' })).status?.allowed).toBe(true);
    expect((await asked(state, { ...update, name: 'other' })).status?.allowed).toBe(false);
    expect((await asked(state, update)).status?.allowed).toBe(false);
  });

  it('allow nothing of a role that the cluster lacks, or in a cluster that is down', async () => {
    const state = await cluster('AmazonEKSAdminPolicy', []);
    expect(await may(state, 'get', 'pods')).toBe(false);
    const { runtime, ...down } = await cluster('AmazonEKSEditPolicy', []);
    expect(runtime).toBeDefined();
    expect(await may(down as ClusterState, 'get', 'pods')).toBe(false);
  });

  it('of components of AWS, and those that are not known, allow nothing here', async () => {
    for (const policy of ['AmazonEKSBlockStoragePolicy', 'AmazonEKSOtherPolicy'])
      expect(await may(await cluster(policy, []), 'get', 'pods')).toBe(false);
  });

  it('of an entry allow what one of them allows', async () => {
    const state = await cluster('AmazonEKSBlockStoragePolicy', [], ['AmazonEKSEditPolicy', []]);
    expect(await may(state, 'get', 'pods')).toBe(true);
  });

  it('ask the cluster for the ClusterRole that they mirror', async () => {
    const state = await cluster('AmazonEKSViewPolicy', []);
    const asked: unknown[] = [];
    Object.assign(state.runtime?.api as FakeKubernetes, {
      get: (reference: object) => Promise.resolve(void asked.push(reference)),
    });
    await may(state, 'get', 'pods');
    expect(asked).toEqual([
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'view' } },
    ]);
  });
});
