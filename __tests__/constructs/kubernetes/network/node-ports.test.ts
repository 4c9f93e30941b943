import { App } from 'cdktf';
import type { Construct } from 'constructs';
import { useAws } from '../../../../constructs/aws/account/aws-provider';
import { useKubernetes } from '../../../../constructs/kubernetes/provider/kubernetes-provider';
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

it('a node port that a Service of another stack has is an error', () => {
  expect(() =>
    inNamespace((stack) => {
      const other = new BaseStack(App.of(stack), 'other');
      useAws(other, { region: 'eu-west-1', platform: 'seed' });
      useKubernetes(other, { cluster: 'seed', region: 'eu-west-1' });
      new Namespace(other, 'namespace', { name: 'other' });
      web(other).expose({ type: 'NodePort', ports: { http: 80 }, nodePorts: { http: 30080 } });
      web(stack).expose({ type: 'NodePort', ports: { http: 81 }, nodePorts: { http: 30080 } });
    }),
  ).toThrow(
    'other/web/service (kubernetes_service_v1.web_service): spec.ports[0].nodePort: Invalid value: 30080: is taken by shop/kubernetes_service_v1.web_service; choose another, or leave it out',
  );
});

it('two apps may have the same node port', () => {
  const options: ServiceOptions = { type: 'NodePort', ports: { http: 80 }, nodePorts: { http: 30080 } };
  expect(exposed(options)).toStrictEqual(exposed(options));
});

it('a node port outside the range, or one that its Service has twice, is an error', () => {
  expect(() =>
    exposed({
      type: 'NodePort',
      ports: { http: 80, dns: 53 },
      nodePorts: { http: 8080, dns: 32768 },
    }),
  ).toThrow(
    new SynthesisError(
      [
        'spec.ports[0].nodePort: Invalid value: 8080: 30000 to 32767 is allowed',
        'spec.ports[1].nodePort: Invalid value: 32768: 30000 to 32767 is allowed',
      ].map((error) => `shop/web/service (kubernetes_service_v1.web_service): ${error}`),
    ),
  );
  expect(() =>
    exposed({ type: 'NodePort', ports: { http: 80, dns: 53 }, nodePorts: { htp: 30000 } }),
  ).toThrow('shop/web/service: nodePorts: "htp" is no port of the Service; it has: http, dns');
});
