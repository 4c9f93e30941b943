import * as z from 'zod/mini';
import { ENDPOINT_SERVICES } from '../../facts/interface-endpoint-services';
import { range } from './address-range-schema';
import { described, listOf, mapping, oneOf } from './form';
import { zone } from './region-schema';

/** `network`: the VPC. */
export const network = mapping({
  cidr: z.exactOptional(
    described(
      range(),
      'IPv4 range of the VPC: private, between a /16 and a /20. Left out: 10.0.0.0/16, or 172.16.0.0/16 beside Services there.',
    ),
  ),
  secondaryCidr: z.exactOptional(
    described(
      range(),
      'Second IPv4 range of the VPC, from which Pods get their addresses: between a /16 and a /24. Left out: they get them from network.cidr.',
    ),
  ),
  zones: z._default(
    described(
      listOf(zone(), 2, 'a list of at least two zone letters, such as [a, b, c]: EKS needs two zones'),
      'Letters of the availability zones, at least two.',
    ),
    ['a', 'b', 'c'],
  ),
  nat: z._default(
    described(
      oneOf(['per-zone', 'single', 'none']),
      'NAT gateways: one in each zone, one for all zones, or none (no way out to the internet).',
    ),
    'per-zone',
  ),
  prefixDelegation: z._default(
    described(
      z.boolean('expected true or false'),
      'Whether the VPC CNI takes addresses in prefixes (/28), so that a node holds more Pods.',
    ),
    true,
  ),
  endpoints: z._default(
    described(
      listOf(oneOf(ENDPOINT_SERVICES), 0, 'a list of AWS services, such as [ecr.api, ecr.dkr]'),
      'AWS services that are reached by an interface endpoint, without leaving the VPC.',
    ),
    [],
  ),
  controlPlaneSubnets: z._default(
    described(
      z.boolean('expected true or false'),
      "Whether the control plane's network interfaces have a small subnet of their own in each zone.",
    ),
    false,
  ),
});
