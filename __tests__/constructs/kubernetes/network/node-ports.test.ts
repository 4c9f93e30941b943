import { App } from 'cdktf';
import type { Construct } from 'constructs';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { type ServiceOptions } from '../../../../constructs/kubernetes/network/service';
import { SynthesisError } from '../../../../constructs/terraform/synthesize';
import { BaseStack } from '../../../../constructs/terraform/base-stack';
import { inNamespace } from '../namespace-of';

const web = (scope: Construct, id = 'web'): Deployment =>
  new Deployment(scope, id, {
    containers: {
      web: {
        image: 'shop/web:1',
        ports: { http: 8080, dns: { port: 53, protocol: 'UDP' } },
        resources: { cpu: Cpu.millis(100), memory: Size.mebibytes(128) },
      },
    },
  });

const exposed = (options: ServiceOptions): { object: unknown; terraform: unknown } => {
  const shop = inNamespace((stack) => web(stack).expose(options));
  return {
    object: shop.object('Service'),
    terraform: shop.document.resource?.['kubernetes_service_v1']?.['web_service'],
  };
};

it('shares the ports of the nodes with those of every stack', () => {
  expect(() =>
    inNamespace((stack) => {
      const other = new BaseStack(App.of(stack), 'other');
      new Namespace(other, 'namespace', { name: 'other' });
      web(other).expose({ type: 'NodePort', ports: { http: 80 }, nodePorts: { http: 30080 } });
      web(stack).expose({ type: 'NodePort', ports: { http: 81 }, nodePorts: { http: 30080 } });
    }),
  ).toThrow(
    'shop/web/service: node port 30080 of shop/web/service "http" is taken by other/web/service "http"; choose another from 30000 to 32767, or leave it to the cluster',
  );
});

it('leaves the ports of another app alone', () => {
  const options: ServiceOptions = { type: 'NodePort', ports: { http: 80 }, nodePorts: { http: 30080 } };
  expect(exposed(options)).toStrictEqual(exposed(options));
});

it('keeps to the range and to its own ports', () => {
  expect(() =>
    exposed({
      type: 'NodePort',
      ports: { http: 80, dns: 53 },
      nodePorts: { http: 8080, dns: 32768, htp: 30000 },
    }),
  ).toThrow(
    new SynthesisError([
      'shop/web/service: nodePorts: "htp" is no port of the Service; it has: http, dns',
      'shop/web/service: node port 8080 of shop/web/service "http": 30000 to 32767 is allowed',
      'shop/web/service: node port 32768 of shop/web/service "dns": 30000 to 32767 is allowed',
    ]),
  );
});
