import { defineWorkload, derived, described, hostName, imageTag, z } from 'kubernetes-on-aws';
import { Queue } from 'kubernetes-on-aws/aws';
import { Deployment, EnvValue } from 'kubernetes-on-aws/kubernetes';
import { storefront } from '../storefront';

/** Takes the shop's orders, and puts each into a queue for the warehouse. */
export const orders = defineWorkload({
  name: 'orders',
  description: 'Takes orders and hands them to the warehouse.',
  options: {
    version: described(imageTag(), 'Tag of the image.'),
    replicas: z.int().min(1).max(100).default(2).describe('Number of Pods.'),
    host: derived(
      described(hostName(), "Hostname. Left out: orders.<namespace>.<the platform's name>.internal."),
      ({ namespace, platform }) => `orders.${namespace}.${platform.name}.internal`,
    ),
  },
  uses: { storefront },
  build(scope, { version, replicas, host }, { image, uses, vpcRanges }) {
    const queue = new Queue(scope, 'queue');
    const web = new Deployment(scope, 'web', {
      image: image('orders-web', version),
      version,
      replicas,
      ports: { http: 8080 },
      health: '/healthz',
      env: { QUEUE_URL: EnvValue.fromValue(queue.url) },
    });
    web.expose({ host });
    // The Ingress's load balancer, whose addresses are in the VPC.
    for (const range of vpcRanges) web.connections.allowFromCidr(range, 'http');
    queue.grantSend(web);
    uses.storefront.web.connections.allowTo(web, 'http');
    return { web };
  },
});
