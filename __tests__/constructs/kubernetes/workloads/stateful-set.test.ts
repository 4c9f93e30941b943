import type { Construct } from 'constructs';
import { protectFromLoss } from '../../../../constructs/aws/account/protection';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { Size } from '../../../../constructs/kubernetes/pods/quantity';
import {
  StatefulSet,
  type StatefulSetOptions,
} from '../../../../constructs/kubernetes/workloads/stateful-set';
import { inNamespace, type Synthesized } from '../namespace-of';
import { plain } from '../workload-options';

const store = (scope: Construct, options: Partial<StatefulSetOptions> = {}): StatefulSet => {
  const set = new StatefulSet(scope, 'store', options);
  set
    .addContainer('store', { ...plain, ports: { sql: 5432 } })
    .mount('/data', set.addClaim('data', { size: Size.gibibytes(10) }));
  return set;
};

const resourceOf = ({ document }: Synthesized): unknown =>
  document.resource?.['kubernetes_stateful_set_v1']?.['store'];

it('a StatefulSet states what the provider would send wrongly if it were left out', () => {
  const shop = inNamespace((stack) => store(stack));
  expect(resourceOf(shop)).toMatchObject({
    spec: {
      revision_history_limit: 5,
      persistent_volume_claim_retention_policy: [{ when_deleted: 'Retain', when_scaled: 'Retain' }],
      // Without it, the provider sends the namespace "default".
      volume_claim_template: [{ metadata: { name: 'data', namespace: '' } }],
    },
  });
});

it('a StatefulSet has its own timeout, and gives its Pods a minute to stop', () => {
  const shop = inNamespace((stack) => store(stack, { timeoutMinutes: 20 }));
  expect(resourceOf(shop)).toMatchObject({
    wait_for_rollout: true,
    timeouts: { create: '20m', update: '20m' },
    spec: { template: { spec: { termination_grace_period_seconds: 60 } } },
  });
});

it('a StatefulSet has a headless Service with the ports of all its containers, which finds Pods that are not ready', () => {
  const shop = inNamespace((stack) => {
    store(stack).addSidecar('metrics', { ...plain, ports: { metrics: 9187 } });
  });
  expect(shop.object('Service')).toMatchObject({
    metadata: { name: 'store-headless' },
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      ports: [
        { name: 'sql', port: 5432 },
        { name: 'metrics', port: 9187 },
      ],
    },
  });
  expect(shop.object('StatefulSet')).toMatchObject({ spec: { serviceName: 'store-headless' } });
});

it('a StatefulSet mounts a claim without making it a volume of the Pod', () => {
  const { spec } = inNamespace((stack) => store(stack)).object('StatefulSet') as unknown as {
    spec: { template: { spec: object } };
  };
  expect(spec.template.spec).not.toHaveProperty('volumes');
  expect(spec.template.spec).toMatchObject({
    containers: [{ volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
  });
});

it.each([
  [true, true],
  [false, undefined],
])('a StatefulSet is protected from deletion if asked: %s', (protect, expected) => {
  const resource = resourceOf(inNamespace((stack) => store(stack, { protect }))) as {
    lifecycle?: { prevent_destroy?: boolean };
  };
  expect(resource.lifecycle?.prevent_destroy).toBe(expected);
});

it('a StatefulSet reports a claim in another Pod, and a duplicate claim', () => {
  expect(() =>
    inNamespace((stack) => {
      const set = store(stack);
      const claim = set.addClaim('data', { size: Size.gibibytes(1) });
      new Deployment(stack, 'web', {}).addContainer('web', plain).mount('/data', claim);
    }),
  ).toThrow(
    [
      'shop/store: claim name "data" is taken twice; give one of the claims another',
      'shop/web: mounts the claim "data" of shop/store; only that StatefulSet\'s Pods have it, so make one by its own addClaim()',
    ].join('\n'),
  );
});

it('a StatefulSet has a name that leaves space for what Kubernetes appends', () => {
  expect(() => inNamespace((stack) => store(stack, { name: 'a'.repeat(53) }))).toThrow(
    'up to 52 characters are allowed',
  );
});

const CLAIM = 'kubernetes_persistent_volume_claim_v1';

describe('the claims of a StatefulSet', () => {
  const claimsOf = (shop: Synthesized): string[] =>
    shop.objects('PersistentVolumeClaim').map(({ metadata }) => String(metadata.name));

  it('have the names and labels of the controller, and are created before the StatefulSet', () => {
    const shop = inNamespace((stack) => store(stack, { replicas: 3 }));
    expect(claimsOf(shop)).toEqual(['data-store-0', 'data-store-1', 'data-store-2']);
    expect(shop.object('PersistentVolumeClaim', 'data-store-1')).toMatchObject({
      metadata: { namespace: 'shop', labels: { 'app.kubernetes.io/name': 'store' } },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } },
    });
    expect(resourceOf(shop)).toMatchObject({
      depends_on: [`${CLAIM}.store_data_0`, `${CLAIM}.store_data_1`, `${CLAIM}.store_data_2`],
    });
  });

  it('are protected as all data that cannot be restored, and grow without the template', () => {
    const shop = inNamespace((stack) => {
      store(stack, { replicas: 1 });
      protectFromLoss(stack);
    });
    expect(shop.document.resource?.[CLAIM]?.['store_data_0']).toMatchObject({
      lifecycle: { prevent_destroy: true },
    });
    expect(resourceOf(shop)).toMatchObject({
      lifecycle: {
        ignore_changes: ['spec[0].resources', 'metadata[0].labels', 'metadata[0].annotations'].map(
          (path) => `spec[0].volume_claim_template[0].${path}`,
        ),
      },
    });
  });

  it.each([
    [1, ['data-store-0']],
    [3, ['data-store-0', 'data-store-1', 'data-store-2']],
  ])('are those of the fewest Pods of an autoscaler: %s', (min, names) => {
    const shop = inNamespace((stack) => {
      store(stack).autoscale({ min, max: 5, cpu: { targetUtilization: 70 } });
    });
    expect(claimsOf(shop)).toEqual(names);
  });

  it('are not deleted by a retention policy in customize()', () => {
    expect(() =>
      inNamespace((stack) => {
        store(stack).customize((spec) => ({
          ...spec,
          persistentVolumeClaimRetentionPolicy: [{ whenDeleted: 'Retain', whenScaled: 'Delete' }],
        }));
      }),
    ).toThrow(
      'shop/store: customize() persistentVolumeClaimRetentionPolicy: got Delete, which deletes the data of its Pods; Retain is allowed',
    );
  });
});
