import type { Construct } from 'constructs';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { Pod } from '../../../../constructs/kubernetes/workloads/pod';
import { Secret } from '../../../../constructs/kubernetes/configuration/secret';
import { ServiceAccount } from '../../../../constructs/kubernetes/access/service-account';
import { SECRET_NAME } from '../secret-values';
import { plain } from '../workload-options';

export function defaults(scope: Construct): void {
  const serviceAccount = new ServiceAccount(scope, 'account');
  new Pod(scope, 'web', { containers: { web: plain }, serviceAccount });
}

export function everything(scope: Construct): void {
  const registry = Secret.fromSecretsManager(scope, 'registry', {
    secretName: SECRET_NAME,
    type: 'kubernetes.io/dockerconfigjson',
    keys: ['.dockerconfigjson'],
    revision: 1,
  });
  const serviceAccount = new ServiceAccount(scope, 'account', {
    name: 'shop',
    automountToken: true,
    imagePullSecrets: [registry],
  }).grantRead(registry, new ConfigMap(scope, 'settings', { data: { level: 'info' } }));
  new Pod(scope, 'web', { containers: { web: plain }, serviceAccount });
}
