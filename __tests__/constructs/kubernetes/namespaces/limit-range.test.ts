import { LimitRange, type LimitRangeOptions } from '../../../../constructs/kubernetes/namespaces/limit-range';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { inNamespace } from '../namespace-of';

const defaults: LimitRangeOptions = {
  defaultRequest: { cpu: Cpu.millis(50), memory: Size.mebibytes(64) },
  defaultMemoryLimit: Size.mebibytes(256),
};

const limits = (options: Partial<LimitRangeOptions> = {}): unknown =>
  (
    inNamespace((stack) => {
      new LimitRange(stack, 'limits', { ...defaults, ...options });
    }).object('LimitRange')['spec'] as { limits: unknown }
  ).limits;

it('a LimitRange gives containers their requests and a memory limit', () => {
  expect(limits()).toEqual([
    {
      type: 'Container',
      defaultRequest: { cpu: '50m', memory: '64Mi' },
      default: { memory: '256Mi' },
    },
  ]);
});

it('the spelling of every amount is that of the API server, because another one is drift in each plan', () => {
  expect(
    limits({
      defaultRequest: { cpu: Cpu.units(0.5), memory: Size.mebibytes(1024) },
      defaultMemoryLimit: Size.mebibytes(2048),
    }),
  ).toEqual([
    { type: 'Container', defaultRequest: { cpu: '500m', memory: '1Gi' }, default: { memory: '2Gi' } },
  ]);
});

it('every maximum has its default, because the API server fills in one that is missing', () => {
  expect(limits({ max: { cpu: Cpu.units(2), memory: Size.gibibytes(1) } })).toEqual([
    {
      type: 'Container',
      defaultRequest: { cpu: '50m', memory: '64Mi' },
      default: { cpu: '2', memory: '256Mi' },
      max: { cpu: '2', memory: '1Gi' },
    },
  ]);
});

it('every field of a LimitRange can be set, and an empty one is left out', () => {
  expect(
    limits({
      min: { cpu: Cpu.millis(10) },
      max: {},
      podMax: { memory: Size.gibibytes(4) },
      claim: { min: Size.gibibytes(1), max: Size.tebibytes(1) },
    }),
  ).toEqual([
    {
      type: 'Container',
      defaultRequest: { cpu: '50m', memory: '64Mi' },
      default: { memory: '256Mi' },
      min: { cpu: '10m' },
    },
    { type: 'Pod', max: { memory: '4Gi' } },
    { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '1Ti' } },
  ]);
});

it.each([
  [{ max: { memory: Size.mebibytes(128) } }, 'spec.limits[0].default[memory]'],
  [{ min: { cpu: Cpu.millis(100) } }, 'spec.limits[0].defaultRequest[cpu]'],
  [{ claim: { min: Size.gibibytes(2), max: Size.gibibytes(1) } }, 'spec.limits[1].min[storage]'],
])('amounts that contradict each other are refused: %#', (options, field) => {
  expect(() => limits(options)).toThrow(field);
});
