import { ClusterRole } from '../../../constructs/kubernetes/access/cluster-role';
import { Role } from '../../../constructs/kubernetes/access/role';
import { ServiceAccount } from '../../../constructs/kubernetes/access/service-account';
import { ConfigMap } from '../../../constructs/kubernetes/configuration/config-map';
import { Secret } from '../../../constructs/kubernetes/configuration/secret';
import { PriorityClass } from '../../../constructs/kubernetes/pods/priority-class';
import { Size } from '../../../constructs/kubernetes/pods/quantity';
import { PersistentVolumeClaim } from '../../../constructs/kubernetes/storage/persistent-volume-claim';
import { StorageClass } from '../../../constructs/kubernetes/storage/storage-class';
import { Deployment } from '../../../constructs/kubernetes/workloads/deployment';
import { inNamespace } from './namespace-of';
import { plain } from './workload-options';

it('an object that others name is deleted after they release it', () => {
  const { document } = inNamespace((stack) => {
    const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] as const }];
    new ServiceAccount(stack, 'it');
    new Role(stack, 'it-role', { rules });
    new ClusterRole(stack, 'it-cluster-role', { rules });
    new ConfigMap(stack, 'it-map', { data: { a: 'b' } });
    Secret.fromSecretsManager(stack, 'it-secret', {
      secretName: 's',
      keys: ['a'],
      revision: 1,
      name: 'named',
    });
    new PriorityClass(stack, 'it-class', { value: 5 });
    new StorageClass(stack, 'it-storage', { name: 'fast' });
    new PersistentVolumeClaim(stack, 'it-claim', { size: Size.gibibytes(1) });
    new Deployment(stack, 'web', { containers: { web: plain } });
  });
  const late = Object.values(document.resource ?? {})
    .flatMap((named) => Object.entries(named))
    .filter(
      ([, { lifecycle }]) =>
        (lifecycle as { create_before_destroy?: true } | undefined)?.create_before_destroy,
    )
    .map(([name]) => name);
  expect(late.sort()).toEqual(
    [
      'it',
      'it-class',
      'it-claim',
      'it-cluster-role',
      'it-map',
      'it-role',
      'it-secret',
      'it-storage',
      'web_account',
    ]
      .map((name) => name.replaceAll('-', '_'))
      .sort(),
  );
});
