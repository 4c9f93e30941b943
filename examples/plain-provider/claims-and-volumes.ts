import { PersistentVolumeClaimV1 } from '@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1';
import { PersistentVolumeV1 } from '@cdktf/provider-kubernetes/lib/persistent-volume-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1';
import { StatefulSetV1 } from '@cdktf/provider-kubernetes/lib/stateful-set-v1';
import { StorageClassV1 } from '@cdktf/provider-kubernetes/lib/storage-class-v1';
import type { TerraformStack } from 'cdktf';

/** “Claims and volumes” of docs/reference/kubernetes.md, with the provider's own classes. */
export default function (stack: TerraformStack): void {
  const selector = { 'app.kubernetes.io/name': 'database' };
  const labels = { ...selector, 'app.kubernetes.io/managed-by': 'terraform' };
  const fast = new StorageClassV1(stack, 'fast', {
    metadata: {
      name: 'shop-fast-2b8a46b8',
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'false' },
    },
    storageProvisioner: 'ebs.csi.aws.com',
    parameters: { type: 'gp3', encrypted: 'true' },
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
  });
  const shared = new PersistentVolumeV1(stack, 'shared', {
    metadata: { name: 'shop-reports' },
    spec: [
      {
        capacity: { storage: '1Gi' },
        accessModes: ['ReadWriteMany'],
        storageClassName: 'static',
        persistentVolumeReclaimPolicy: 'Retain',
        volumeMode: 'Filesystem',
        claimRef: { namespace: 'shop', name: 'reports-claim' },
        persistentVolumeSource: {
          csi: {
            driver: 'efs.csi.aws.com',
            volumeHandle: 'fs-0123456789abcdef0',
            volumeAttributes: { encryptInTransit: 'true' },
          },
        },
      },
    ],
  });
  const reports = new PersistentVolumeClaimV1(stack, 'reports', {
    metadata: { name: 'reports-claim', namespace: 'shop' },
    spec: {
      accessModes: ['ReadWriteMany'],
      storageClassName: 'static',
      volumeName: shared.metadata.name,
      volumeMode: 'Filesystem',
      resources: { requests: { storage: '1Gi' } },
    },
  });
  new ServiceAccountV1(stack, 'database-account', {
    metadata: { name: 'database', namespace: 'shop' },
    automountServiceAccountToken: false,
  });
  new PersistentVolumeClaimV1(stack, 'data-0', {
    metadata: { name: 'data-database-0', namespace: 'shop', labels: selector },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: fast.metadata.name,
      volumeMode: 'Filesystem',
      resources: { requests: { storage: '20Gi' } },
    },
  });
  new StatefulSetV1(stack, 'database', {
    metadata: { name: 'database', namespace: 'shop', labels },
    spec: {
      replicas: '1',
      serviceName: 'database-headless',
      revisionHistoryLimit: 5,
      podManagementPolicy: 'OrderedReady',
      updateStrategy: [{ type: 'RollingUpdate', rollingUpdate: [{ partition: 0 }] }],
      persistentVolumeClaimRetentionPolicy: [{ whenDeleted: 'Retain', whenScaled: 'Retain' }],
      selector: { matchLabels: selector },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: 'database',
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 60,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: '65532',
            runAsGroup: '65532',
            fsGroup: '65532',
            fsGroupChangePolicy: 'OnRootMismatch',
            seccompProfile: { type: 'RuntimeDefault' },
          },
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerm: [
                  {
                    matchExpressions: [
                      { key: 'platform/node', operator: 'In', values: ['node-1', 'node-2'] },
                    ],
                  },
                ],
              },
            },
          },
          topologySpreadConstraint: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map(
            (topologyKey) => ({
              maxSkew: 1,
              topologyKey,
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector: [{ matchLabels: selector }],
            }),
          ),
          container: [
            {
              name: 'database',
              image: 'registry.example.com/database:16',
              imagePullPolicy: 'IfNotPresent',
              port: [{ name: 'sql', containerPort: 5432, protocol: 'TCP' }],
              resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '1Gi' } },
              readinessProbe: {
                tcpSocket: [{ port: '5432' }],
                periodSeconds: 10,
                timeoutSeconds: 1,
                failureThreshold: 3,
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                privileged: false,
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                capabilities: { drop: ['ALL'] },
                seccompProfile: { type: 'RuntimeDefault' },
              },
              volumeMount: [
                { name: 'data', mountPath: '/var/lib/database' },
                { name: 'reports-claim', mountPath: '/reports' },
              ],
            },
          ],
          volume: [{ name: 'reports-claim', persistentVolumeClaim: { claimName: reports.metadata.name } }],
        },
      },
      volumeClaimTemplate: [
        {
          metadata: { name: 'data', namespace: '' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: fast.metadata.name,
            resources: { requests: { storage: '20Gi' } },
          },
        },
      ],
    },
  });
  new ServiceV1(stack, 'headless', {
    metadata: { name: 'database-headless', namespace: 'shop', labels },
    spec: {
      type: 'ClusterIP',
      clusterIp: 'None',
      publishNotReadyAddresses: true,
      selector,
      port: [{ name: 'sql', port: 5432, targetPort: 'sql', protocol: 'TCP' }],
    },
  });
  new ServiceV1(stack, 'service', {
    metadata: { name: 'database', namespace: 'shop', labels },
    spec: {
      type: 'ClusterIP',
      selector,
      port: [{ name: 'sql', port: 5432, targetPort: 'sql', protocol: 'TCP' }],
    },
  });
}
