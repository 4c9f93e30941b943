import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { inNamespace } from '../namespace-of';

const cpuAndMemory = { cpu: Cpu.units(2), memory: Size.gibibytes(10) };
const serving = (extended: Record<string, number>, more = {}) =>
  inNamespace((stack) => {
    new Deployment(stack, 'vllm', { image: 'vllm:1', resources: { ...cpuAndMemory, ...more, extended } });
  });

it('devices and room on the disk are requests and limits alike', () => {
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

it.each([
  [{ gpu: 1 }, 'extended: got "gpu"; a name with its domain, such as nvidia.com/gpu, is allowed'],
  [{ 'nvidia.com/gpu': 0.5 }, 'extended: got 0.5 for nvidia.com/gpu; a whole number above 0 is allowed'],
])('%j is refused', (extended, message) => {
  expect(() => serving(extended as Record<string, number>)).toThrow(
    `shop/vllm: container "vllm": ${message}`,
  );
});
