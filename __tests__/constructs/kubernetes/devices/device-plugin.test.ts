import { DevicePlugin } from '../../../../constructs/kubernetes/devices/device-plugin';
import { inNamespace } from '../namespace-of';

const plugin = (accelerator: 'nvidia' | 'neuron', image?: string) =>
  inNamespace(
    (stack) => {
      new DevicePlugin(stack, accelerator, { accelerator, nodeGroups: ['node-2'], ...(image && { image }) });
    },
    { podSecurity: 'privileged' },
  );

it.each([
  ['nvidia', 'nvidia-device-plugin', /^nvcr\.io\/nvidia\/k8s-device-plugin:v\d/],
  ['neuron', 'neuron-device-plugin', /^public\.ecr\.aws\/neuron\/neuron-device-plugin:\d/],
] as const)(
  'the device plug-in of %s runs on every node of its groups, regardless of their taints',
  (kind, name, image) => {
    expect(plugin(kind).object('DaemonSet', name)['spec']).toMatchObject({
      template: {
        spec: {
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [
                  { matchExpressions: [{ key: 'platform/node', operator: 'In', values: ['node-2'] }] },
                ],
              },
            },
          },
          tolerations: [{ operator: 'Exists' }],
          priorityClassName: 'system-node-critical',
          containers: [
            {
              image: expect.stringMatching(image) as unknown,
              volumeMounts: expect.arrayContaining([
                expect.objectContaining({ mountPath: '/var/lib/kubelet/device-plugins' }),
              ]) as unknown,
            },
          ],
        },
      },
    });
  },
);

it('a device plug-in has rights in the cluster only where it calls the API', () => {
  expect(plugin('nvidia').objects('ClusterRole')).toEqual([]);
  expect(plugin('neuron').object('ClusterRole', 'neuron-device-plugin')['rules']).toContainEqual({
    apiGroups: [''],
    resources: ['nodes/status'],
    verbs: ['patch', 'update'],
  });
});

it('a device plug-in can have another image', () => {
  expect(
    JSON.stringify(plugin('nvidia', 'mirror.example.com/k8s-device-plugin:1').object('DaemonSet')),
  ).toContain('mirror.example.com/k8s-device-plugin:1');
});
