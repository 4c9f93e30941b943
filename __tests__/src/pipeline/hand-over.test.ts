import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { guard } from '../../../src/pipeline/guard/guard';
import { importsOf, writeImports } from '../../../src/pipeline/state/hand-over';
import type { JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';
import { SmallPlatform, type SmallStack } from './small-platform';

const hasTerraform = spawnSync('terraform', ['version']).status === 0;
if (!hasTerraform && process.env['CI'] === 'true')
  throw new Error('terraform is missing, and CI may skip nothing');

const HANDED_OVER = {
  shop: [{ to: 'terraform_data.files', fromStack: 'cluster', from: 'terraform_data.shop_files' }],
};
const before: SmallStack[] = [
  { name: 'cluster', data: { shop_files: {}, other: {} } },
  { name: 'shop', dependencies: ['cluster'], data: { web: {} } },
];
const after: SmallStack[] = [
  { name: 'cluster', data: { other: {} }, removed: ['terraform_data.shop_files'] },
  { name: 'shop', dependencies: ['cluster'], data: { web: {}, files: {} } },
];

(hasTerraform ? describe : describe.skip)(
  'an object that moved to another stack (skipped without terraform)',
  () => {
    let platform: SmallPlatform;
    let id: unknown;

    beforeEach(async () => {
      platform = new SmallPlatform();
      platform.write(...before);
      await platform.plan();
      await platform.apply();
      await platform.plan();
      await platform.apply();
      id = platform.idsOf('cluster')['shop_files'];
      platform.write(...after);
      platform.handedOver = HANDED_OVER;
    });

    afterEach(() => {
      platform.remove();
    });

    it('is imported by plan and forgotten by the stack that had it: Terraform deletes nothing', async () => {
      expect(id).toEqual(expect.any(String));
      const imports = join(platform.outdir, 'stacks', 'shop', 'imports.tf.json');
      expect(await platform.plan()).toMatchObject({
        cluster: { status: 'planned', changes: [{ action: 'forget', address: 'terraform_data.shop_files' }] },
        shop: { status: 'planned', changes: [{ action: 'import', address: 'terraform_data.files' }] },
      });
      expect(existsSync(imports)).toBe(true);
      await platform.apply();
      expect(platform.idsOf('cluster')).not.toHaveProperty('shop_files');
      expect(platform.idsOf('shop')).toMatchObject({ files: id });
      expect(await platform.plan()).toMatchObject({
        cluster: { status: 'unchanged' },
        shop: { status: 'unchanged' },
      });
      await platform.plan({ all: true });
      expect(existsSync(imports)).toBe(false);
    }, 60_000);

    it('is found if only the stack that had it was applied', async () => {
      await platform.plan({ chosen: new Set(['cluster']) });
      await platform.apply();
      expect(platform.idsOf('cluster')).not.toHaveProperty('shop_files');
      await platform.plan();
      await platform.apply();
      expect(platform.idsOf('shop')).toMatchObject({ files: id });
    }, 60_000);

    it('is created on a new platform', async () => {
      const empty = new SmallPlatform();
      try {
        empty.write(...after);
        empty.handedOver = HANDED_OVER;
        await empty.plan();
        await empty.apply();
        await empty.plan();
        expect(await empty.apply()).toMatchObject({ shop: { status: 'applied' } });
        expect(empty.idsOf('shop')['files']).toEqual(expect.any(String));
      } finally {
        empty.remove();
      }
    }, 60_000);
  },
);

describe('the guard', () => {
  const forgetting = {
    name: 'cluster',
    document: {},
    protectedBefore: [],
    plan: {
      format_version: '1.2',
      terraform_version: '1.13.0',
      resource_changes: [
        {
          address: 'aws_secretsmanager_secret.login',
          mode: 'managed' as const,
          type: 'aws_secretsmanager_secret',
          name: 'login',
          change: { actions: ['forget' as const], before: { id: 'arn', name: 'login' }, after: null },
        },
      ],
    },
  };
  const taking = (address: string) => ({
    ...forgetting,
    name: 'shop',
    plan: {
      ...forgetting.plan,
      resource_changes: [
        {
          address,
          mode: 'managed' as const,
          type: 'aws_secretsmanager_secret',
          name: 'login',
          change: {
            actions: ['no-op' as const],
            importing: { id: 'arn' },
            before: { name: 'login' },
            after: { name: 'login' },
          },
        },
      ],
    },
  });
  const handedOver = {
    shop: [
      {
        to: 'aws_secretsmanager_secret.shop_login',
        fromStack: 'cluster',
        from: 'aws_secretsmanager_secret.login',
      },
    ],
  };
  const stopped = (...stacks: Parameters<typeof guard>[0]['stacks'][number][]): string[] =>
    guard({
      stacks,
      documents: [],
      handedOver,
      exceptions: [],
      maxChanges: 50,
      today: new Date(),
    }).stopped.map(({ rule, address }) => `${rule} ${address}`);

  it('lets a stack forget what another one imports in the same plans', () => {
    expect(stopped(forgetting, taking('aws_secretsmanager_secret.shop_login'))).toEqual([]);
  });

  it('stops the plan if no stack then has the object', () => {
    const lost = ['data-loss cluster/aws_secretsmanager_secret.login'];
    expect(stopped(forgetting)).toEqual(lost);
    expect(stopped(forgetting, taking('aws_secretsmanager_secret.other'))).toEqual(lost);
  });
});

it('a secret is never imported with its value: its version is created with the existing value', () => {
  const written: Record<string, unknown> = {};
  const folder = new SmallPlatform();
  try {
    writeImports(folder.folder, [
      { to: 'aws_secretsmanager_secret.login', id: 'arn:secret' },
      { to: 'aws_secretsmanager_secret_version.login_version', id: 'arn:secret|terraform-1' },
    ]);
    for (const file of ['imports.tf.json', 'imports_override.tf.json']) {
      written[file] = JSON.parse(readFileSync(join(folder.folder, file), 'utf8')) as unknown;
    }
  } finally {
    folder.remove();
  }
  expect(written).toEqual({
    'imports.tf.json': {
      import: [{ to: 'aws_secretsmanager_secret.login', id: 'arn:secret' }],
      ephemeral: {
        aws_secretsmanager_secret_version: { taken_over_login_version: { secret_id: 'arn:secret' } },
      },
    },
    'imports_override.tf.json': {
      resource: {
        aws_secretsmanager_secret_version: {
          login_version: {
            secret_string_wo:
              '${ephemeral.aws_secretsmanager_secret_version.taken_over_login_version.secret_string}',
          },
        },
      },
    },
  });
});

describe('a claim that a controller created', () => {
  const type = 'kubernetes_persistent_volume_claim_v1';
  const claim = (name: string) => ({
    metadata: { name, namespace: '${kubernetes_namespace_v1.namespace.metadata[0].name}' },
    spec: { access_modes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
  const document = {
    resource: {
      kubernetes_namespace_v1: { namespace: { metadata: { name: 'shop' } } },
      [type]: { store_data_0: claim('data-store-0'), store_data_1: claim('data-store-1') },
    },
  };
  const importsWith = (addresses: readonly string[]) => {
    const ids = new Map(addresses.map((address) => [address, 'id']));
    const state = { lineage: 'l', serial: 1, isEmpty: ids.size === 0, ids, resources: [] };
    return importsOf({ name: 'shop', document }, [], new Map([['shop', { state }]]));
  };

  it('is imported if it exists and the state lacks it', () => {
    const folder = new SmallPlatform();
    try {
      writeImports(folder.folder, importsWith(['kubernetes_namespace_v1.namespace', `${type}.store_data_0`]));
      expect(JSON.parse(readFileSync(join(folder.folder, 'imports.tf.json'), 'utf8'))).toEqual({
        data: {
          kubernetes_resources: {
            persistentvolumeclaim_in_shop_of_v1: {
              api_version: 'v1',
              kind: 'PersistentVolumeClaim',
              namespace: 'shop',
            },
          },
        },
        import: [
          {
            for_each:
              '${toset([for each in data.kubernetes_resources.persistentvolumeclaim_in_shop_of_v1.objects : each.metadata.name if each.metadata.name == "data-store-1"])}',
            to: `${type}.store_data_1`,
            id: 'shop/data-store-1',
          },
        ],
      });
    } finally {
      folder.remove();
    }
  });

  it('is not searched in a stack that was never applied, or whose state has all claims', () => {
    expect(importsWith([])).toEqual([]);
    expect(importsWith([`${type}.store_data_0`, `${type}.store_data_1`])).toEqual([]);
  });
});

describe('a namespace that adopts what the cluster has', () => {
  const namespace = '${kubernetes_namespace_v1.namespace.metadata[0].name}';
  const document = {
    resource: {
      aws_sqs_queue: { orders: { name: 'orders' } },
      kubernetes_namespace_v1: { namespace: { metadata: { name: 'shop' } } },
      kubernetes_default_service_account_v1: { namespace: { metadata: { namespace } } },
      kubernetes_config_map_v1: { settings: { metadata: { name: 'settings', namespace }, data: { a: 'b' } } },
      kubernetes_secret_v1: { login: { metadata: { name: 'login', namespace } } },
      kubernetes_manifest: {
        token: { manifest: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token', namespace } } },
        canary: {
          manifest: {
            ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' },
            metadata: { name: 'canary', namespace },
          },
        },
      },
    },
  };
  const stored = (...addresses: string[]) => {
    const ids = new Map(addresses.map((address) => [address, 'id']));
    const state = { lineage: 'l', serial: 1, isEmpty: ids.size === 0, ids, resources: [] };
    return new Map([['shop', { state }]]);
  };
  const imported = (...addresses: string[]) =>
    importsOf({ name: 'shop', document }, [], stored(...addresses), true);

  it('imports every existing object that its state lacks, except Secrets, whose values would be in the state', () => {
    expect(imported().map(({ to, id }) => [to, id])).toEqual([
      ['kubernetes_namespace_v1.namespace', 'shop'],
      ['kubernetes_config_map_v1.settings', 'shop/settings'],
      [
        'kubernetes_manifest.canary',
        'apiVersion=argoproj.io/v1alpha1,kind=Rollout,namespace=shop,name=canary',
      ],
    ]);
    expect(imported('kubernetes_config_map_v1.settings', 'kubernetes_manifest.canary')).toEqual([
      {
        to: 'kubernetes_namespace_v1.namespace',
        id: 'shop',
        object: { apiVersion: 'v1', kind: 'Namespace', name: 'shop' },
      },
    ]);
    expect(importsOf({ name: 'shop', document }, [], stored())).toEqual([]);
  });

  it('imports what an apply began and could not save, except Secrets', () => {
    const began = {
      ...{ stack: 'shop', document: '', at: '', state: { lineage: '', serial: 0 } },
      ...{ dependencies: {}, protected: [] },
      begun: ['kubernetes_config_map_v1.settings', 'kubernetes_secret_v1.login', 'kubernetes_manifest.gone'],
    };
    const applied = new Map([['shop', { applied: began }]]);
    expect(importsOf({ name: 'shop', document }, [], applied).map(({ to }) => to)).toEqual([
      'kubernetes_config_map_v1.settings',
    ]);
  });

  it('imports an object once if another stack hands it over, and no Secret', () => {
    const from = [
      'kubernetes_config_map_v1.settings',
      'kubernetes_secret_v1.login',
      'kubernetes_manifest.token',
    ];
    const ids = new Map(from.map((address) => [address, 'old/id']));
    const giver = { state: { lineage: 'l', serial: 1, isEmpty: false, ids, resources: [] } };
    const imports = importsOf(
      { name: 'shop', document },
      from.map((address) => ({ fromStack: 'old', from: address, to: address })),
      new Map([['old', giver]]),
      true,
    );
    expect(imports.map(({ to }) => to)).toEqual([
      'kubernetes_config_map_v1.settings',
      'kubernetes_namespace_v1.namespace',
      'kubernetes_manifest.canary',
    ]);
    expect(imports[0]).toEqual({ to: 'kubernetes_config_map_v1.settings', id: 'old/id' });
  });

  it('reads the objects of each kind from the cluster, and imports those that it names', () => {
    const folder = new SmallPlatform();
    try {
      writeImports(folder.folder, imported());
      expect(JSON.parse(readFileSync(join(folder.folder, 'imports.tf.json'), 'utf8'))).toMatchObject({
        data: {
          kubernetes_resources: {
            configmap_in_shop_of_v1: { api_version: 'v1', kind: 'ConfigMap', namespace: 'shop' },
            namespace_of_v1: { api_version: 'v1', kind: 'Namespace' },
            rollout_in_shop_of_argoproj_io_v1alpha1: {},
          },
        },
      });
    } finally {
      folder.remove();
    }
  });
});

describe('a workload that changes between the typed resource and a manifest', () => {
  const [typed, manifest] = ['kubernetes_deployment_v1.web', 'kubernetes_manifest.web'];
  const metadata = { name: 'web', namespace: 'dev' };
  const documents = {
    [manifest]: {
      kubernetes_manifest: { web: { manifest: { apiVersion: 'apps/v1', kind: 'Deployment', metadata } } },
    },
    [typed]: {
      kubernetes_deployment_v1: { web: { metadata, spec: { template: { metadata: {}, spec: {} } } } },
    },
  };
  const importsTo = (to: string, before: string, attributes: JsonObject) => {
    const [type = '', name = ''] = before.split('.');
    const resource = { mode: 'managed' as const, type, name, provider: '', instances: [{ attributes }] };
    const ids = new Map<string, string>();
    const state = { lineage: 'l', serial: 1, isEmpty: false, ids, resources: [resource] };
    const from = to === typed ? manifest : typed;
    const document = { resource: documents[to] } as TerraformDocument;
    return importsOf(
      { name: 'dev', document },
      [{ fromStack: 'dev', from, to }],
      new Map([['dev', { state }]]),
    );
  };

  it('is imported by its kind, or by its namespace and name', () => {
    expect(importsTo(manifest, typed, { id: 'dev/web' })).toEqual([
      { to: manifest, id: 'apiVersion=apps/v1,kind=Deployment,namespace=dev,name=web' },
    ]);
    expect(importsTo(typed, manifest, {})).toEqual([{ to: typed, id: 'dev/web' }]);
  });

  it('is not imported after the state has released the other form', () => {
    expect(importsTo(manifest, 'kubernetes_deployment_v1.api', { id: 'dev/api' })).toEqual([]);
  });
});
