import type { Construct } from 'constructs';
import { Secret, type SecretType, WHOLE_VALUE } from '../../../../constructs/kubernetes/configuration/secret';
import { SECRET_NAME } from '../secret-values';

/** Keys of each type that needs some. */
const KEYS: Readonly<Record<Exclude<SecretType, 'Opaque'>, readonly string[]>> = {
  'kubernetes.io/basic-auth': ['username', 'password'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

export function defaults(scope: Construct): void {
  Secret.fromSecretsManager(scope, 'password', { secretName: SECRET_NAME, keys: ['password'], revision: 1 });
}

/** One of every type, and one of what another construct creates. */
export function everything(scope: Construct): void {
  Secret.fromSecretsManager(scope, 'opaque', {
    secretName: SECRET_NAME,
    revision: 3,
    type: 'Opaque',
    name: 'shop-secret',
    keys: { 'password.txt': 'password', 'all.json': WHOLE_VALUE },
  });
  Secret.fromGenerated(scope, 'generated', {
    name: SECRET_NAME,
    keys: ['password'],
    revision: 1,
    version: { arn: SECRET_NAME },
  });
  for (const [type, keys] of Object.entries(KEYS) as [keyof typeof KEYS, readonly string[]][]) {
    const id = type.replace('kubernetes.io/', '');
    Secret.fromSecretsManager(scope, id, { secretName: SECRET_NAME, revision: 1, type, keys });
  }
}
