import type { Construct } from 'constructs';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { Role } from '../../../../constructs/kubernetes/access/role';
import { ServiceAccount } from '../../../../constructs/kubernetes/access/service-account';
import { Subject } from '../../../../constructs/kubernetes/access/subject';

export function defaults(scope: Construct): void {
  new Role(scope, 'reader').allowRead('pods');
}

export function everything(scope: Construct): void {
  new Role(scope, 'role', {
    name: 'shop',
    rules: [
      { apiGroups: ['', 'apps'], resources: ['pods', 'deployments'], verbs: ['get'], resourceNames: ['web'] },
    ],
  })
    .allow(['create', 'deletecollection'], 'pods/exec', 'jobs')
    .allowRead('pods/log', 'ingresses')
    .allowReadWrite('configmaps', 'deployments/scale')
    .allowReadOf(new ConfigMap(scope, 'settings', { data: { level: 'info' } }))
    .bindTo(new ServiceAccount(scope, 'account'), Subject.user('ada'));
}
