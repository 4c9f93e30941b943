import type { Construct } from 'constructs';
import { ReplicaSet, type ReplicaSetOptions } from '../../../../constructs/kubernetes/workloads/replica-set';
import { SynthesisError } from '../../../../constructs/terraform/synthesize';
import { inNamespace } from '../namespace-of';
import { plain } from '../workload-options';

const web = (scope: Construct, options: Partial<ReplicaSetOptions> = {}): ReplicaSet =>
  new ReplicaSet(scope, 'web', { containers: { web: plain }, ...options });

it('customize() reports values that the provider cannot send', () => {
  expect(() =>
    inNamespace((stack) => {
      web(stack).customize((spec) => ({
        ...spec,
        template: {
          metadata: { labels: { limits: '0.5' } },
          spec: {
            hostname: null,
            overhead: { cpu: 1000 },
            containers: [
              {
                args: [],
                resources: { requests: { cpu: '0.5', memory: '1Gi' }, limits: { memory: '1024Mi' } },
              },
            ],
            volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '1000m' } }],
          },
        },
      }));
    }),
  ).toThrow(
    new SynthesisError(
      [
        'spec.template.spec.hostname: got null, which would be a difference at every plan; leave it out',
        'spec.template.spec.overhead.cpu: got "1000", which the API server gives back as "1k"; write that',
        'spec.template.spec.containers[0].args: got an empty list, which the API server gives back as none; leave it out',
        'spec.template.spec.containers[0].resources.requests.cpu: got "0.5", which the API server gives back as "500m"; write that',
        'spec.template.spec.containers[0].resources.limits.memory: got "1024Mi", which the API server gives back as "1Gi"; write that',
        'spec.template.spec.volumes[0].emptyDir.sizeLimit: got "1000m", which the API server gives back as "1"; write that',
      ].map((error) => `shop/web: ${error}`),
    ),
  );
});
