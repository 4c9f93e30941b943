import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { Role } from '../../../../constructs/kubernetes/access/role';
import { inNamespace } from '../namespace-of';

it('a Role allows the listed resources, a rule for each API group', () => {
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

it('a Role allows reading certain objects, and no others', () => {
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
