import type { Construct } from 'constructs';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { Size } from '../../../../constructs/kubernetes/pods/quantity';
import { everything as all, plain } from '../workload-options';

export function defaults(scope: Construct): Deployment {
  return new Deployment(scope, 'web', { containers: { web: plain } });
}

export function everything(scope: Construct): Deployment {
  new Deployment(scope, 'recreated', {
    containers: { web: plain },
    replicas: 3,
    budget: false,
    strategy: 'Recreate',
    spread: [],
    priorityClassName: 'system-cluster-critical',
  }).addSidecar('proxy', { ...plain, imagePullPolicy: 'Always' });
  new Deployment(scope, 'ordinary', {
    image: 'shop/web:1',
    selector: { app: 'ordinary' },
    ports: { http: 8080 },
    health: '/healthz',
  }).expose({ host: 'ordinary.example.com' });
  const { options, decorate } = all(scope);
  const deployment = decorate(
    new Deployment(scope, 'web', {
      ...options,
      budget: { minAvailable: '50%' },
      strategy: { maxUnavailable: '25%', maxSurge: 2 },
      minReadySeconds: 2,
      progressDeadlineSeconds: 420,
      revisionHistoryLimit: 3,
    }),
  );
  deployment.autoscale({
    min: 2,
    max: 4,
    cpu: { targetUtilization: 70 },
    memory: { targetAverage: Size.mebibytes(512) },
    scaleDownStabilizationSeconds: 600,
    scaleUpStabilizationSeconds: 30,
  });
  deployment.expose({ ports: { http: 80 } });
  return deployment.customize((spec) => ({ ...spec, minReadySeconds: 1 }));
}
