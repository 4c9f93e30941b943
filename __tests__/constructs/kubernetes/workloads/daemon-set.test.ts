import type { ContainerOptions } from '../../../../constructs/kubernetes/pods/container';
import { DaemonSet } from '../../../../constructs/kubernetes/workloads/daemon-set';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { inNamespace } from '../namespace-of';

const container: ContainerOptions = {
  image: 'shop/web:1',
  ports: { http: 8080 },
  resources: { cpu: Cpu.millis(100), memory: Size.mebibytes(128) },
};

it('a DaemonSet runs on the nodes of the namespace only, and is not waited for', () => {
  const shop = inNamespace((stack) => {
    new DaemonSet(stack, 'agent', { containers: { agent: container } });
  });
  expect(shop.object('DaemonSet')).toMatchObject({
    spec: {
      updateStrategy: { rollingUpdate: { maxUnavailable: 1 } },
      template: { spec: { affinity: { nodeAffinity: expect.anything() as unknown } } },
    },
  });
  expect(shop.document.resource?.['kubernetes_daemon_set_v1']?.['agent']).toMatchObject({
    wait_for_rollout: false,
  });
});
