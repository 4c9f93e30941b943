import { defineWorkload, described, imageTag, z } from 'kubernetes-on-aws';
import { Queue } from 'kubernetes-on-aws/aws';
import { Deployment, EnvValue } from 'kubernetes-on-aws/kubernetes';

/** Pods that take messages from a queue. */
export const exampleWorkload = defineWorkload({
  name: 'example',
  description: 'Pods that take messages from a queue.',
  options: {
    version: described(imageTag(), 'Tag of the image.'),
    replicas: z.int().min(0).default(1).describe('Number of Pods.'),
  },
  build(scope, { version, replicas }, { image }) {
    const queue = new Queue(scope, 'queue');
    const worker = new Deployment(scope, 'worker', {
      image: image('example-worker', version),
      version,
      replicas,
      env: { QUEUE_URL: EnvValue.fromValue(queue.url) },
    });
    queue.grantReceive(worker);
    return { queue };
  },
});
