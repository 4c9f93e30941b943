import { App } from 'cdktf';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { reachablePort, unknownPorts } from '../../../../constructs/kubernetes/pods/pod-set';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { BaseStack } from '../../../../constructs/terraform/base-stack';

it('the ports of Pods are found by name, also those of containers that are added later', () => {
  const stack = new BaseStack(new App(), 'shop');
  new Namespace(stack, 'namespace', { name: 'shop' });
  const web = new Deployment(stack, 'web', { image: 'shop/web:1', ports: { http: 8080 } });
  web.addSidecar('dns', { image: 'shop/dns:1', ports: { dns: { port: 53, protocol: 'UDP' } } });
  expect(reachablePort(web, 'dns')).toMatchObject({ port: 53, protocol: 'UDP' });
  expect(reachablePort(web, 'sql')).toBeUndefined();
  expect(unknownPorts(web, ['http', 'sql'])).toEqual([
    'port "sql" is no port of shop/web; its containers have: http, dns',
  ]);
});
