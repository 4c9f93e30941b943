import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import {
  ResourceQuota,
  type ResourceQuotaOptions,
} from '../../../../constructs/kubernetes/namespaces/resource-quota';
import { inNamespace } from '../namespace-of';

const quota = (options: ResourceQuotaOptions) =>
  inNamespace((stack) => {
    new ResourceQuota(stack, 'quota', options);
  });

it('a ResourceQuota has amounts, numbers and canonical texts', () => {
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

it('a ResourceQuota can count some Pods only', () => {
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

it('an amount that is not canonical is refused with the spelling to write', () => {
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
