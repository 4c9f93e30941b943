import type { Construct } from 'constructs';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { PersistentVolumeClaim } from '../../../../constructs/kubernetes/storage/persistent-volume-claim';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { Secret } from '../../../../constructs/kubernetes/configuration/secret';
import type { FileMode } from '../../../../constructs/kubernetes/storage/file-mode';
import { Projection, Volume } from '../../../../constructs/kubernetes/storage/volume';
import { inNamespace } from '../namespace-of';

const settings = (scope: Construct) =>
  new ConfigMap(scope, 'settings', { data: { level: 'info', site: 'shop' } });

const credentials = (scope: Construct) =>
  Secret.fromSecretsManager(scope, 'credentials', {
    secretName: 'seed/credentials',
    keys: ['password'],
    revision: 1,
  });

/** A volume as the API server gets it in a Pod. */
function volumeOf(make: (scope: Construct) => Volume): unknown {
  const { object } = inNamespace(
    (stack) => {
      new Deployment(stack, 'web', { replicas: 1, strategy: 'Recreate' })
        .addContainer('web', {
          image: 'shop/web:1',
          resources: { cpu: Cpu.millis(100), memory: Size.mebibytes(64) },
        })
        .mount('/mnt', make(stack));
    },
    { podSecurity: 'privileged' },
  );
  const spec = object('Deployment')['spec'] as { template: { spec: { volumes: readonly unknown[] } } };
  return spec.template.spec.volumes[0];
}

const hashed = (name: string): unknown => expect.stringMatching(new RegExp(`^${name}-[0-9a-f]{8}$`));

it.each<[string, (scope: Construct) => Volume, unknown]>([
  [
    'an empty folder',
    () => Volume.fromEmptyDir('tmp', { sizeLimit: Size.gibibytes(1) }),
    { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
  ],
  [
    'a folder in memory',
    () => Volume.fromEmptyDir('tmp', { sizeLimit: Size.mebibytes(8), inMemory: true }),
    { name: 'tmp', emptyDir: { sizeLimit: '8Mi', medium: 'Memory' } },
  ],
  [
    'a ConfigMap',
    (scope) => Volume.fromConfigMap('settings', settings(scope)),
    { name: 'settings', configMap: { name: hashed('settings'), defaultMode: 0o444 } },
  ],
  [
    'some keys of a ConfigMap',
    (scope) =>
      Volume.fromConfigMap('settings', settings(scope), { files: { 'etc/level': 'level' }, mode: '0400' }),
    {
      name: 'settings',
      configMap: {
        name: hashed('settings'),
        defaultMode: 0o400,
        items: [{ key: 'level', path: 'etc/level' }],
      },
    },
  ],
  [
    'a Secret',
    (scope) => Volume.fromSecret('credentials', credentials(scope)),
    { name: 'credentials', secret: { secretName: hashed('credentials'), defaultMode: 0o440 } },
  ],
  [
    'some keys of a Secret',
    (scope) =>
      Volume.fromSecret('credentials', credentials(scope), { files: { db: 'password' }, mode: '0444' }),
    {
      name: 'credentials',
      secret: {
        secretName: hashed('credentials'),
        defaultMode: 0o444,
        items: [{ key: 'password', path: 'db' }],
      },
    },
  ],
  [
    'a claim',
    (scope) => Volume.fromClaim(new PersistentVolumeClaim(scope, 'data', { size: Size.gibibytes(1) })),
    { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
  ],
  [
    'a claim, read only and under another name',
    (scope) =>
      Volume.fromClaim(new PersistentVolumeClaim(scope, 'data', { size: Size.gibibytes(1) }), {
        name: 'files',
        readOnly: true,
      }),
    { name: 'files', persistentVolumeClaim: { claimName: 'data', readOnly: true } },
  ],
  [
    'a folder of the node',
    () => Volume.fromHostPath('logs', '/var/log'),
    { name: 'logs', hostPath: { path: '/var/log', type: 'Directory' } },
  ],
  [
    'a token of the ServiceAccount',
    () => Volume.fromServiceAccountToken('vault', { audience: 'vault' }),
    {
      name: 'vault',
      projected: {
        defaultMode: 0o440,
        sources: [{ serviceAccountToken: { audience: 'vault', path: 'token', expirationSeconds: 3600 } }],
      },
    },
  ],
  [
    'facts of the Pod',
    () => Volume.fromDownwardApi('pod', { name: 'metadata.name', labels: 'metadata.labels' }),
    {
      name: 'pod',
      downwardAPI: {
        defaultMode: 0o444,
        items: [
          { path: 'name', fieldRef: { fieldPath: 'metadata.name' } },
          { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
        ],
      },
    },
  ],
])('%s is a volume', (_what, make, expected) => {
  expect(volumeOf(make)).toEqual(expected);
});

it('a projected source has one kind in each element, because two are drift in each plan', () => {
  const { document } = inNamespace((stack) => {
    new Deployment(stack, 'web', { replicas: 1, strategy: 'Recreate' })
      .addContainer('web', {
        image: 'shop/web:1',
        resources: { cpu: Cpu.millis(100), memory: Size.mebibytes(64) },
      })
      .mount(
        '/mnt',
        Volume.fromProjections(
          'all',
          [
            Projection.fromConfigMap(settings(stack), { level: 'level' }),
            Projection.fromSecret(credentials(stack)),
            Projection.fromDownwardApi({ name: 'metadata.name' }),
            Projection.fromServiceAccountToken({ audience: 'sts', path: 'aws', expirationSeconds: 7200 }),
          ],
          { mode: '0400' },
        ),
      );
  });
  const deployment = document.resource?.['kubernetes_deployment_v1']?.['web'] as unknown as {
    spec: { template: { spec: { volume: { projected: { sources: object[]; default_mode: string }[] }[] } } };
  };
  const projected = deployment.spec.template.spec.volume[0]?.projected[0];
  expect(projected?.default_mode).toBe('0400');
  expect(projected?.sources.map((source) => Object.keys(source))).toEqual([
    ['config_map'],
    ['secret'],
    ['downward_api'],
    ['service_account_token'],
  ]);
});

it.each(['0888', '04400'])('the file mode %s is refused', (mode) => {
  expect(() =>
    volumeOf((scope) => Volume.fromConfigMap('settings', settings(scope), { mode: mode as FileMode })),
  ).toThrow(/default_mode: expected an octal file mode|defaultMode: Invalid value: 2304/);
});

it('a token that lives for less than ten minutes is refused', () => {
  expect(() =>
    volumeOf(() => Volume.fromServiceAccountToken('t', { audience: 'a', expirationSeconds: 60 })),
  ).toThrow('serviceAccountToken.expirationSeconds: Invalid value: 60');
});

it('a volume of a missing key is an error of the object that lacks it', () => {
  expect(() =>
    volumeOf((scope) => {
      // @ts-expect-error the key is not one of its keys
      Volume.fromConfigMap('settings', settings(scope), { files: { a: 'levle' } });
      // @ts-expect-error the key is not one of its keys
      return Volume.fromSecret('credentials', credentials(scope), { files: { a: 'token' } });
    }),
  ).toThrow(
    [
      'shop/settings: unknown key "levle", which a Pod uses; did you mean "level"? known: level, site',
      'shop/credentials: unknown key "token", which a Pod uses; known: password',
    ].join('\n'),
  );
});
