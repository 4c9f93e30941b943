import { ClusterRole } from '../../../../constructs/kubernetes/access/cluster-role';
import { ClusterRoleBinding } from '../../../../constructs/kubernetes/access/cluster-role-binding';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { Role } from '../../../../constructs/kubernetes/access/role';
import { inNamespace } from '../namespace-of';

it('a Role allows what is listed, a rule for each API group', () => {
  const shop = inNamespace((stack) => {
    new Role(stack, 'operator', {
      name: 'operators',
      rules: [
        { apiGroups: ['argoproj.io'], resources: ['rollouts'], verbs: ['get'], resourceNames: ['web'] },
      ],
    })
      .allowRead('pods', 'pods/log', 'deployments')
      .allowReadWrite('jobs')
      .allow(['patch'], 'deployments/scale');
  });
  expect(shop.object('Role')).toEqual({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'operators', namespace: 'shop' },
    rules: [
      { apiGroups: ['argoproj.io'], resources: ['rollouts'], verbs: ['get'], resourceNames: ['web'] },
      { apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list', 'watch'] },
      {
        apiGroups: ['batch'],
        resources: ['jobs'],
        verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
      },
      { apiGroups: ['apps'], resources: ['deployments/scale'], verbs: ['patch'] },
    ],
  });
});

it('a Role lets certain objects be read, and no others', () => {
  const shop = inNamespace((stack) => {
    const settings = new ConfigMap(stack, 'settings', { data: { level: 'info' } });
    new Role(stack, 'reader').allowReadOf(settings);
  });
  expect(shop.object('Role')['rules']).toEqual([
    {
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: [shop.object('ConfigMap').metadata.name],
      verbs: ['get', 'list', 'watch'],
    },
  ]);
});

it('a ClusterRole allows what is beside the namespaces, and paths that are no resources', () => {
  const shop = inNamespace((stack) => {
    new ClusterRole(stack, 'metrics', { name: 'metrics-reader', nonResourceUrls: ['/metrics', '/healthz/*'] })
      .allowRead('nodes', 'storageclasses')
      .allow(['use'], 'namespaces')
      .allowReadWrite('leases');
  });
  expect(shop.object('ClusterRole')).toMatchObject({
    metadata: { name: 'metrics-reader' },
    rules: [
      { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'] },
      { apiGroups: [''], resources: ['namespaces'], verbs: ['use'] },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'] },
      { nonResourceURLs: ['/metrics', '/healthz/*'], verbs: ['get'] },
    ],
  });
});

it('roles without rules, with "*", or with rules that grant nothing are refused, all at once', () => {
  expect(() =>
    inNamespace((stack) => {
      new Role(stack, 'none');
      new Role(stack, 'all', { rules: [{ apiGroups: ['*'], resources: ['pods'], verbs: ['get'] }] });
      new Role(stack, 'named', {
        rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'create'], resourceNames: ['a'] }],
      });
      new Role(stack, 'verbless', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: [] }] });
      new ClusterRole(stack, 'empty');
      new ClusterRole(stack, 'paths', { nonResourceUrls: ['metrics', '/*'] });
      new ClusterRoleBinding(stack, 'nobody', { role: ClusterRole.builtIn('view'), subjects: [] });
    }),
  ).toThrow(
    [
      'shop/none: a Role without rules grants nothing, and the provider refuses it; call allowRead()',
      'shop/all: a rule with "*" grants what nobody has listed: {"apiGroups":["*"],"resources":["pods"],"verbs":["get"]}; name each one',
      'shop/named: a rule with resourceNames never allows create, whose requests name no object: {"apiGroups":[""],"resources":["secrets"],"verbs":["get","create"],"resourceNames":["a"]}; make it a rule of its own, without resourceNames',
      'shop/verbless: a rule with no verbs grants nothing: {"apiGroups":[""],"resources":["pods"],"verbs":[]}; name them',
      'shop/empty: a ClusterRole without rules grants nothing; call allowRead()',
      'shop/paths: nonResourceUrls: got "metrics"; a path such as /metrics or /healthz/* is allowed',
      'shop/paths: nonResourceUrls: got "/*"; a path such as /metrics or /healthz/* is allowed',
      'shop/nobody: a binding without subjects gives its rights to nobody; name a ServiceAccount, or a Subject',
    ].join('\n'),
  );
});
