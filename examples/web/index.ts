import { defineWorkload, derived, described, hostName, imageTag, z } from 'kubernetes-on-aws';
import { Deployment } from 'kubernetes-on-aws/kubernetes';

/** A web server behind an Ingress. */
export const exampleWorkload = defineWorkload({
  name: 'example',
  description: 'A web server behind an Ingress.',
  options: {
    version: described(imageTag(), 'Tag of the image.'),
    replicas: z.int().min(1).default(2).describe('Number of Pods.'),
    host: derived(
      described(hostName(), 'Host name. Left out: the name, the namespace and the platform, under internal.'),
      ({ namespace, platform }) => `example.${namespace}.${platform.name}.internal`,
    ),
  },
  build(scope, { version, replicas, host }, { image, vpcRanges }) {
    const web = new Deployment(scope, 'web', {
      image: image('example-web', version),
      version,
      replicas,
      ports: { http: 8080 },
      health: '/healthz',
    });
    web.expose({ host });
    // The load balancer of the Ingress has its addresses in the VPC.
    for (const range of vpcRanges) web.connections.allowFromCidr(range, 'http');
    return { web };
  },
});
