import type { Construct } from 'constructs';
import type { ContainerOptions } from '../../../../constructs/kubernetes/pods/container';
import { Deployment, type DeploymentOptions } from '../../../../constructs/kubernetes/workloads/deployment';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { inNamespace } from '../namespace-of';

const container: ContainerOptions = {
  image: 'shop/web:1',
  ports: { http: 8080 },
  resources: { cpu: Cpu.millis(100), memory: Size.mebibytes(128) },
};

const web = (scope: Construct, options: Partial<DeploymentOptions> = {}): Deployment =>
  new Deployment(scope, 'web', { containers: { web: container }, ...options });

const podSpec = (options: Partial<DeploymentOptions> = {}): unknown =>
  (
    inNamespace((stack) => web(stack, options)).object('Deployment')['spec'] as {
      template: { spec: unknown };
    }
  ).template.spec;

describe('a Deployment with only a container', () => {
  it('has two replicas, replaced without a gap, and a budget', () => {
    const shop = inNamespace((stack) => web(stack));
    expect(shop.object('Deployment')).toMatchObject({
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        replicas: 2,
        revisionHistoryLimit: 5,
        progressDeadlineSeconds: 300,
        strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      },
    });
    expect(shop.object('PodDisruptionBudget')).toMatchObject({
      spec: { maxUnavailable: 1, selector: { matchLabels: { 'app.kubernetes.io/name': 'web' } } },
    });
  });

  it('fails for a refused Pod before the wait of Terraform ends', () => {
    const { document } = inNamespace((stack) => web(stack));
    expect(document.resource?.['kubernetes_deployment_v1']?.['web']).toMatchObject({
      wait_for_rollout: true,
      timeouts: { create: '6m', update: '6m' },
      spec: { progress_deadline_seconds: 300 },
    });
  });

  it.each([30, 61, 600, 3600])('fails first with a deadline of %d seconds too', (progressDeadlineSeconds) => {
    const { timeouts, spec } = inNamespace((stack) => web(stack, { progressDeadlineSeconds })).document
      .resource?.['kubernetes_deployment_v1']?.['web'] as unknown as {
      timeouts: Record<'create' | 'update', string>;
      spec: { progress_deadline_seconds: number };
    };
    expect(spec.progress_deadline_seconds).toBe(progressDeadlineSeconds);
    for (const wait of [timeouts.create, timeouts.update]) {
      expect(wait).toMatch(/^\d+m$/);
      expect(Number.parseInt(wait) * 60).toBeGreaterThan(progressDeadlineSeconds);
    }
  });

  it('states every field of the security context that the provider would send wrongly if left out', () => {
    expect(podSpec()).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          securityContext: {
            allowPrivilegeEscalation: false,
            privileged: false,
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
            capabilities: { drop: ['ALL'] },
            seccompProfile: { type: 'RuntimeDefault' },
          },
        },
      ],
    });
  });

  it('requires the namespace’s node groups and spreads over machines and zones, as far as there is room', () => {
    expect(podSpec()).toMatchObject({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'platform/node', operator: 'In', values: ['node-2', 'node-1'] }] },
            ],
          },
        },
      },
      topologySpreadConstraints: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map(
        (topologyKey) => ({
          topologyKey,
          maxSkew: 1,
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'web' } },
        }),
      ),
    });
  });

  it('requests CPU without a limit, and limits memory to its request', () => {
    expect(podSpec()).toMatchObject({
      containers: [
        { resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } } },
      ],
    });
  });

  it('has no budget with one replica, and the Pod template of two: a second replica rolls no Pod', () => {
    const shop = inNamespace((stack) => web(stack, { replicas: 1 }));
    expect(() => shop.object('PodDisruptionBudget')).toThrow('0 objects are a PodDisruptionBudget');
    expect(podSpec({ replicas: 1 })).toEqual(podSpec({ replicas: 2 }));
  });
});
