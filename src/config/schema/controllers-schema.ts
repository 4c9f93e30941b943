import * as z from 'zod/mini';
import { EKS_CHARTS } from '../../facts/charts';
import { described, listOf, mapping, text } from './form';

/** Id of a hosted zone. Source: Amazon Route 53 API Reference, HostedZone. */
const HOSTED_ZONE = /^Z[A-Z0-9]{1,31}$/;

/** A chart repository or an OCI registry, without credentials. */
const CHART_REPOSITORY = /^(https|oci):\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(\/[\w.~-]+)*$/;

/** Whether a controller, or the AWS side of one, is there. */
const controller = (description: string) =>
  z._default(described(z.boolean('expected true or false'), description), false);

/** `cluster.controllers`. */
export const controllers = mapping({
  loadBalancer: controller(
    'Whether the AWS Load Balancer Controller serves Ingresses and Services of the type LoadBalancer.',
  ),
  chartRepository: z._default(
    described(
      text(
        'a chart repository, such as https://charts.example.com, or oci://registry.example.com/charts',
        CHART_REPOSITORY,
        (got) => {
          const better = got.replace(/^http:/, 'https:').replace(/\/+$/, '');
          return better !== got && CHART_REPOSITORY.test(better) ? `write ${better}` : undefined;
        },
      ),
      "Where the load balancer controller's chart is: a chart repository, or a registry by oci://.",
    ),
    EKS_CHARTS,
  ),
  karpenter: controller('The AWS side of Karpenter: roles, instance profile and interruption queue.'),
  devicePlugins: z._default(
    described(
      z.boolean('expected true or false'),
      'Whether node groups with GPUs or Neuron devices get a device plug-in. With false, you install one yourself.',
    ),
    true,
  ),
  externalDns: z.exactOptional(
    described(
      mapping({
        zones: described(
          listOf(
            text('the ID of a hosted zone, such as Z0123456789ABCDEFGHIJ', HOSTED_ZONE, (got) => {
              const bare = got.replace(/^\/?hostedzone\//, '');
              return bare !== got && HOSTED_ZONE.test(bare) ? `write ${bare}` : undefined;
            }),
            1,
            'a list of at least one ID of a hosted zone, such as [Z0123456789ABCDEFGHIJ]',
          ),
          'IDs of the hosted zones of Route 53 whose records ExternalDNS writes.',
        ),
      }),
      'The AWS side of ExternalDNS. Left out: none.',
    ),
  ),
});
