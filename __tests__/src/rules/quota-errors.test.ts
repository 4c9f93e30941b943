import fc from 'fast-check';
import { LimitRange, type LimitRangeOptions } from '../../../constructs/kubernetes/namespaces/limit-range';
import {
  ResourceQuota,
  type ResourceQuotaOptions,
} from '../../../constructs/kubernetes/namespaces/resource-quota';
import { PriorityClass } from '../../../constructs/kubernetes/pods/priority-class';
import { Cpu, Size } from '../../../constructs/kubernetes/pods/quantity';
import { PersistentVolumeClaim } from '../../../constructs/kubernetes/storage/persistent-volume-claim';
import { Deployment } from '../../../constructs/kubernetes/workloads/deployment';
import { Pod } from '../../../constructs/kubernetes/workloads/pod';
import { StatefulSet } from '../../../constructs/kubernetes/workloads/stateful-set';
import type { BaseStack } from '../../../constructs/terraform/base-stack';
import { quotaErrors } from '../../../src/rules/quota-errors';
import { workloadPods } from '../../../src/rules/workload-pods';
import { findings } from '../../constructs/kubernetes/namespace-of';

const image = 'shop/web:1';
const resources = { cpu: Cpu.millis(100), memory: Size.mebibytes(64) };

describe('a ResourceQuota', () => {
  const quota = (
    hard: ResourceQuotaOptions['hard'],
    build: (stack: BaseStack) => void,
    of: Partial<ResourceQuotaOptions> = {},
  ) =>
    findings((stack) => {
      new ResourceQuota(stack, 'quota', { hard, ...of });
      build(stack);
    });
  const over = (key: string, got: string, needed: string, parts: string) =>
    `shop/quota (kubernetes_resource_quota_v1.quota): spec.hard.${key}: got ${got}, but ${needed} would be needed: ${parts}. The API server would refuse the rest; raise it to ${needed} or more, or run less`;
  const web = (replicas: number) => (stack: BaseStack) =>
    new Deployment(stack, 'web', { image, resources, replicas });

  it('is an error if it has no room for the Pods of a workload', () => {
    expect(quota({ pods: 10, 'requests.cpu': Cpu.units(7) }, web(60))).toEqual([
      over('pods', '10', '61', '61 for 60 Pods of Deployment "web" and 1 that its rollout adds'),
    ]);
  });

  it('is an error if it has no room for the Pod that a rollout adds', () => {
    expect(quota({ pods: 3 }, web(3))).toEqual([
      over('pods', '3', '4', '4 for 3 Pods of Deployment "web" and 1 that its rollout adds'),
    ]);
    expect(quota({ pods: 4 }, web(3))).toEqual([]);
    expect(
      quota(
        { pods: 3 },
        (stack) => new Deployment(stack, 'web', { image, strategy: 'Recreate', replicas: 3 }),
      ),
    ).toEqual([]);
  });

  it('counts the most Pods of an autoscaler, the claims of a StatefulSet, and all workloads together', () => {
    const all = (stack: BaseStack): void => {
      web(2)(stack);
      new Deployment(stack, 'api', { image, resources }).autoscale({
        max: 5,
        cpu: { targetUtilization: 70 },
      });
      const set = new StatefulSet(stack, 'db', { image, resources, replicas: 3 });
      set.container.mount('/data', set.addClaim('data', { size: Size.gibibytes(10) }));
      new PersistentVolumeClaim(stack, 'files', { size: Size.gibibytes(5) });
    };
    expect(
      quota({ pods: 10, persistentvolumeclaims: 3, 'requests.storage': Size.gibibytes(30) }, all),
    ).toEqual([
      over(
        'pods',
        '10',
        '11',
        '6 for 5 Pods of Deployment "api" and 1 that its rollout adds, 3 for 3 Pods of StatefulSet "db", 2 for 2 Pods of Deployment "web"',
      ),
      over(
        'persistentvolumeclaims',
        '3',
        '4',
        '3 for 3 Pods of StatefulSet "db", 1 for PersistentVolumeClaim "files"',
      ),
      over(
        'requests.storage',
        '30Gi',
        '35Gi',
        '30Gi for 3 Pods of StatefulSet "db", 5Gi for PersistentVolumeClaim "files"',
      ),
    ]);
    expect(
      quota({ pods: 11, persistentvolumeclaims: 4, 'requests.storage': Size.gibibytes(35) }, all),
    ).toEqual([]);
  });

  it('is an error for containers without what it counts, unless a LimitRange adds it', () => {
    const pods = (stack: BaseStack): void => {
      new Deployment(stack, 'web', {
        containers: {
          web: { image, resources },
          exact: { image, resources: { ...resources, cpuLimit: Cpu.units(1) } },
        },
        initContainers: { first: { image, resources } },
      });
      // A Pod states all of its limits.
      new Pod(stack, 'shell', { image, resources });
    };
    const missing = ['first', 'web'].map(
      (name) =>
        `shop/web (kubernetes_deployment_v1.web): container "${name}" has no limits.cpu, which the ResourceQuota "quota" counts. The API server would refuse its Pods; set it, or give the namespace a LimitRange with a default`,
    );
    expect(quota({ 'limits.cpu': Cpu.units(20) }, pods)).toEqual(missing);
    const defaults = { defaultRequest: resources, defaultMemoryLimit: Size.mebibytes(256) };
    const limited = (options: Partial<LimitRangeOptions>) =>
      quota({ 'limits.cpu': Cpu.units(20) }, (stack) => {
        new LimitRange(stack, 'limits', { ...defaults, ...options });
        pods(stack);
      });
    expect(limited({ max: { cpu: Cpu.units(2) } })).toEqual([]);
    expect(limited({})).toEqual(missing);
  });

  it('counts no Pods outside its scopes and priorities', () => {
    expect(quota({ pods: 1 }, web(3), { scopes: ['Terminating'] })).toEqual([]);
    expect(quota({ pods: 1 }, web(3), { scopes: ['NotTerminating', 'NotBestEffort'] })).toHaveLength(1);
    const bare = (stack: BaseStack): void => {
      const web = new Deployment(stack, 'web', { image });
      web.patch(({ spec }) => {
        for (const container of spec.template.spec.containers) delete container.resources;
      });
    };
    expect(quota({ pods: 0 }, bare, { scopes: ['BestEffort'] })).toHaveLength(1);
    const limited = (stack: BaseStack): void => {
      bare(stack);
      new LimitRange(stack, 'limits', { defaultRequest: resources, defaultMemoryLimit: Size.mebibytes(256) });
    };
    expect(quota({ pods: 0 }, limited, { scopes: ['BestEffort'] })).toEqual([]);
    expect(quota({ pods: 0 }, limited, { scopes: ['NotBestEffort'] })).toHaveLength(1);
    const batch = (priorityClasses: string[]) =>
      quota(
        { pods: 1 },
        (stack) => {
          const priorityClass = new PriorityClass(stack, 'batch', { value: 1 });
          new Deployment(stack, 'web', { image, priorityClass });
        },
        { priorityClasses },
      );
    expect(batch(['other'])).toEqual([]);
    expect(batch(['shop-batch-1'])).toHaveLength(1);
  });

  it('has room for exactly what its message says', () => {
    const objects = (hard: object, replicas: number, cpu: number) =>
      [
        { kind: 'ResourceQuota', spec: { hard } },
        {
          kind: 'Deployment',
          spec: {
            replicas,
            template: {
              spec: { containers: [{ name: 'web', resources: { requests: { cpu: `${cpu}m` } } }] },
            },
          },
        },
      ].map(({ kind, spec }) => ({
        stack: 'shop',
        address: kind,
        object: { apiVersion: '', kind, metadata: { name: 'web', namespace: 'shop' }, spec },
      }));
    const needed = (hard: object, replicas: number, cpu: number): string | undefined => {
      const placed = objects(hard, replicas, cpu);
      const [error] = quotaErrors(placed, workloadPods(placed));
      return /raise it to (\S+)/.exec(error?.message ?? '')?.[1];
    };
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 5000 }), (replicas, cpu) => {
        for (const key of ['pods', 'cpu', 'requests.cpu']) {
          const least = needed({ [key]: '0' }, replicas, cpu) ?? 'nothing';
          expect(needed({ [key]: least }, replicas, cpu)).toBeUndefined();
          const amount = key === 'pods' ? replicas : replicas * cpu;
          const tight = key === 'pods' ? String(amount - 1) : `${amount - 1}m`;
          expect(needed({ [key]: tight }, replicas, cpu)).toBe(least);
        }
      }),
    );
  });
});

describe('a LimitRange', () => {
  const limited = (options: Partial<LimitRangeOptions>, of: object = resources) =>
    findings((stack) => {
      new LimitRange(stack, 'limits', {
        defaultRequest: resources,
        defaultMemoryLimit: Size.mebibytes(64),
        ...options,
      });
      new Deployment(stack, 'web', {
        containers: { web: { image, resources: { ...resources, ...of } }, side: { image, resources } },
      });
    });
  const refusal = (what: string) =>
    `shop/web (kubernetes_deployment_v1.web): ${what}: the API server would refuse its Pods; change the resources, or the LimitRange`;

  it('is an error for Pods outside its bounds', () => {
    const max = { cpu: Cpu.millis(500), memory: Size.mebibytes(128) };
    expect(limited({ max }, { cpu: Cpu.units(1), cpuLimit: Cpu.units(2) })).toEqual([
      refusal('container "web": requests.cpu is 1, and the LimitRange allows 500m or less'),
      refusal('container "web": limits.cpu is 2, and the LimitRange allows 500m or less'),
    ]);
    expect(
      limited({
        min: { memory: Size.mebibytes(65) },
        defaultRequest: { ...resources, memory: Size.mebibytes(65) },
        defaultMemoryLimit: Size.mebibytes(65),
      }),
    ).toEqual(
      ['web', 'side'].map((name) =>
        refusal(`container "${name}": requests.memory is 64Mi, and the LimitRange allows 65Mi or more`),
      ),
    );
    expect(limited({ podMax: { memory: Size.mebibytes(100) } })).toEqual([
      refusal('a Pod: requests.memory is 128Mi, and the LimitRange allows 100Mi or less'),
      refusal('a Pod: limits.memory is 128Mi, and the LimitRange allows 100Mi or less'),
    ]);
    expect(limited({ max })).toEqual([]);
  });

  it('is an error for a request above the limit that it adds', () => {
    expect(limited({ max: { cpu: Cpu.units(4) } }, { cpu: Cpu.units(3) })).toEqual([]);
    expect(
      findings((stack) => {
        new LimitRange(stack, 'limits', {
          defaultRequest: resources,
          defaultMemoryLimit: Size.mebibytes(64),
        }).resource.addOverride('spec.limit.0.default.cpu', '1');
        new Deployment(stack, 'web', { image, resources: { ...resources, cpu: Cpu.units(3) } });
      }),
    ).toEqual([refusal('container "web": requests.cpu is 3, above the limit of 1 that the LimitRange adds')]);
  });
});
