import type { Construct } from 'constructs';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { ResourceQuota } from '../../../../constructs/kubernetes/namespaces/resource-quota';

export function defaults(scope: Construct): void {
  new ResourceQuota(scope, 'quota', { hard: { pods: 1000 } });
}

/** Wide enough for all the other samples: every one of their Pods is counted. */
export function everything(scope: Construct): void {
  new ResourceQuota(scope, 'all', {
    hard: {
      'requests.cpu': Cpu.units(500),
      'requests.memory': Size.tebibytes(1),
      'requests.storage': Size.tebibytes(10),
      'limits.memory': '2Ti',
      pods: 1000,
      'count/jobs.batch': '500',
      'services.nodeports': 20,
    },
  });
  new ResourceQuota(scope, 'running', { hard: { pods: 500 }, scopes: ['NotTerminating', 'NotBestEffort'] });
  new ResourceQuota(scope, 'ended', { hard: { pods: 500 }, scopes: ['Terminating'] });
  new ResourceQuota(scope, 'best-effort', { hard: { pods: 0 }, scopes: ['BestEffort'] });
  new ResourceQuota(scope, 'usual', { hard: { pods: 500 }, priorityClasses: ['usual'] });
}
