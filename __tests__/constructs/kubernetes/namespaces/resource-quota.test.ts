import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { LimitRange } from '../../../../constructs/kubernetes/namespaces/limit-range';
import { Pod } from '../../../../constructs/kubernetes/workloads/pod';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import {
  ResourceQuota,
  type ResourceQuotaOptions,
} from '../../../../constructs/kubernetes/namespaces/resource-quota';
import type { BaseStack } from '../../../../constructs/terraform/base-stack';
import { SynthesisError } from '../../../../constructs/terraform/synthesize';
import { inNamespace } from '../namespace-of';
import { plain, resources } from '../workload-options';

const quota = (options: ResourceQuotaOptions) =>
  inNamespace((stack) => {
    new ResourceQuota(stack, 'quota', options);
  });

it('a ResourceQuota is written in amounts, numbers and canonical texts', () => {
  expect(
    quota({
      hard: {
        'requests.cpu': Cpu.millis(4000),
        'requests.memory': Size.mebibytes(8192),
        'limits.memory': '16Gi',
        pods: 1000,
        'count/jobs.batch': '2000',
        'services.loadbalancers': 0,
      },
    }).object('ResourceQuota'),
  ).toMatchObject({
    metadata: { name: 'quota', namespace: 'shop' },
    spec: {
      hard: {
        'requests.cpu': '4',
        'requests.memory': '8Gi',
        'limits.memory': '16Gi',
        pods: '1k',
        'count/jobs.batch': '2k',
        'services.loadbalancers': '0',
      },
    },
  });
});

it('a ResourceQuota counts some Pods only', () => {
  expect(
    quota({ hard: { pods: 5 }, scopes: ['NotTerminating'], priorityClasses: ['batch'] }).object(
      'ResourceQuota',
    )['spec'],
  ).toEqual({
    hard: { pods: '5' },
    scopes: ['NotTerminating'],
    scopeSelector: {
      matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['batch'] }],
    },
  });
});

it('amounts that are not canonical are refused with the spelling to write', () => {
  expect(() =>
    quota({
      hard: { 'requests.cpu': '1000m', 'limits.cpu': '0.5', 'requests.memory': '1024Mi', pods: 'many' },
    }),
  ).toThrow(
    [
      'shop/quota: hard.requests.cpu: got "1000m", which the API server gives back as "1"; write that',
      'shop/quota: hard.limits.cpu: got "0.5", which the API server gives back as "500m"; write that',
      'shop/quota: hard.requests.memory: got "1024Mi", which the API server gives back as "1Gi"; write that',
      'shop/quota: hard.pods: got "many"; a quantity such as 4, 500m or 8Gi is allowed',
    ].join('\n'),
  );
});

it('a ResourceQuota that limits nothing, or what its scope does not count, is refused', () => {
  expect(() => quota({ hard: {} })).toThrow(
    'shop/quota: hard: got nothing, so that nothing is limited; name an amount',
  );
  expect(() => quota({ hard: { pods: 1, 'requests.cpu': Cpu.units(1) }, scopes: ['BestEffort'] })).toThrow(
    'spec.scopes',
  );
});

describe('a ResourceQuota that counts CPU limits', () => {
  const counted = (beside: (stack: BaseStack) => void, options: Partial<ResourceQuotaOptions> = {}) =>
    inNamespace((stack) => {
      new ResourceQuota(stack, 'quota', { hard: { 'limits.cpu': Cpu.units(4) }, ...options });
      new Deployment(stack, 'web', {
        containers: { web: plain, exact: { ...plain, resources: { ...resources, cpuLimit: Cpu.units(1) } } },
        initContainers: { first: plain },
      });
      beside(stack);
    });

  it('tells the containers whose Pods it would refuse, for the apply would say nothing', () => {
    expect(() =>
      counted((stack) => {
        // A Pod says all of its limits.
        new Pod(stack, 'shell', { containers: { shell: plain } });
      }),
    ).toThrow(
      new SynthesisError(
        ['first', 'web'].map(
          (name) =>
            `shop/quota: hard.limits.cpu: container "${name}" of shop/web says no CPU limit, so that its Pods would be refused; give it a cpuLimit, or the namespace a LimitRange with max.cpu`,
        ),
      ),
    );
  });

  it('is content with a LimitRange that says it for them', () => {
    const limits = { defaultRequest: resources, defaultMemoryLimit: Size.mebibytes(256) };
    const beside = (max: { readonly cpu?: Cpu }) => (stack: BaseStack) =>
      new LimitRange(stack, 'limits', { ...limits, max });
    expect(counted(beside({ cpu: Cpu.units(2) })).object('ResourceQuota')['spec']).toEqual({
      hard: { 'limits.cpu': '4' },
    });
    expect(() => counted(beside({}))).toThrow('container "web" of shop/web says no CPU limit');
  });

  it('says nothing of Pods that it does not count', () => {
    expect(counted(() => undefined, { scopes: ['Terminating'] }).object('ResourceQuota')).toHaveProperty(
      'spec.scopes',
      ['Terminating'],
    );
  });
});
