import { Construct } from 'constructs';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { Secret } from '../../../../constructs/kubernetes/configuration/secret';
import { ServiceAccount } from '../../../../constructs/kubernetes/access/service-account';
import { inNamespace } from '../namespace-of';

const secret = (scope: Construct, id: string, keys: readonly string[]) =>
  Secret.fromSecretsManager(scope, id, { secretName: id, keys, revision: 1 });

it('a ServiceAccount mounts no token, and states it, because the provider would send true', () => {
  const { document, object } = inNamespace((stack) => {
    new ServiceAccount(stack, 'web');
  });
  expect(object('ServiceAccount', 'web')).toMatchObject({ automountServiceAccountToken: false });
  expect(document.resource?.['kubernetes_service_account_v1']?.['web']).toMatchObject({
    metadata: { name: 'web' },
    automount_service_account_token: false,
  });
});

it('every field of a ServiceAccount can be set', () => {
  const { document } = inNamespace((stack) => {
    new ServiceAccount(stack, 'web', {
      name: 'shop-web',
      automountToken: true,
      imagePullSecrets: [
        Secret.fromSecretsManager(stack, 'registry', {
          name: 'registry',
          secretName: 'seed/registry',
          keys: ['.dockerconfigjson'],
          type: 'kubernetes.io/dockerconfigjson',
          revision: 1,
        }),
      ],
    });
  });
  expect(document.resource?.['kubernetes_service_account_v1']?.['web']).toMatchObject({
    metadata: { name: 'shop-web' },
    automount_service_account_token: true,
    image_pull_secret: [{ name: '${kubernetes_secret_v1.registry.metadata[0].name}' }],
  });
});

it('a ServiceAccount gets the right to read certain objects by one Role and one RoleBinding', () => {
  const { object } = inNamespace((stack) => {
    new ServiceAccount(stack, 'web', { name: 'shop-web', automountToken: true })
      .grantRead(new ConfigMap(stack, 'settings', { data: { level: 'info' } }))
      .grantRead(secret(stack, 'database', ['password']));
  });
  expect(object('Role')).toMatchObject({
    metadata: { name: 'shop-web-reader', namespace: 'shop' },
    rules: [
      {
        apiGroups: [''],
        resources: ['configmaps'],
        resourceNames: [object('ConfigMap').metadata.name],
        verbs: ['get', 'list', 'watch'],
      },
      { resources: ['secrets'], resourceNames: [object('Secret').metadata.name] },
    ],
  });
  expect(object('RoleBinding')).toMatchObject({
    metadata: { name: 'shop-web-reader' },
    roleRef: { kind: 'Role', name: 'shop-web-reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'shop-web', namespace: 'shop' }],
  });
});

it('a grant on an object of another namespace, or on a Secret of another type, is refused', () => {
  expect(() =>
    inNamespace((stack) => {
      const other = new Construct(stack, 'other');
      new Namespace(other, 'namespace', { name: 'other' });
      new ServiceAccount(stack, 'web', {
        imagePullSecrets: [secret(stack, 'database', ['password'])],
      }).grantRead(new ConfigMap(other, 'settings', { data: { level: 'info' } }));
    }),
  ).toThrow(
    [
      'shop/web: imagePullSecrets: shop/database has the type Opaque; kubernetes.io/dockerconfigjson is allowed',
      'shop/web: cannot be granted shop/other/settings, which is in shop/other/namespace; make a Role there and bind it to the account',
    ].join('\n'),
  );
});
