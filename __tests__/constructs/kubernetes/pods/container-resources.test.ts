import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { inNamespace } from '../namespace-of';

const cpuAndMemory = { cpu: Cpu.units(2), memory: Size.gibibytes(10) };
const serving = (extended: Record<string, number>, more = {}) =>
  inNamespace((stack) => {
    new Deployment(stack, 'vllm', { image: 'vllm:1', resources: { ...cpuAndMemory, ...more, extended } });
  });

it('devices and ephemeral storage are requests and limits of the same amount', () => {
  const same = { 'nvidia.com/gpu': '1', 'ephemeral-storage': '10Gi' };
  expect(
    serving({ 'nvidia.com/gpu': 1 }, { ephemeralStorage: Size.gibibytes(10) }).object('Deployment')['spec'],
  ).toMatchObject({
    template: {
      spec: {
        containers: [
          {
            resources: {
              requests: { cpu: '2', memory: '10Gi', ...same },
              limits: { memory: '10Gi', ...same },
            },
          },
        ],
      },
    },
  });
});

it.each([{ gpu: 1 }, { 'nvidia.com/gpu': 0.5 }])('%j is refused as an amount', (extended) => {
  expect(() => serving(extended as unknown as Record<string, number>)).toThrow(
    'spec.template.spec.containers[0].resources',
  );
});
