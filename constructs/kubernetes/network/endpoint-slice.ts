import { EndpointSliceV1 } from '@cdktf/provider-kubernetes/lib/endpoint-slice-v1';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { addressErrors, type BackendOptions, family, targetPortErrors } from './endpoint-address';
import { objectName } from '../internal/names';
import { metadata, type ObjectOptions, reservedErrors } from '../internal/metadata';

export interface EndpointSliceOptions extends BackendOptions, ObjectOptions {
  /**
   * What is spoken on a port for which the Service says no `appProtocol`; the provider requires a value.
   * @default tcp
   */
  readonly appProtocol?: string;
}

/**
 * The backends of a Service without a workload: machines outside the cluster. They are said to be ready; nothing of
 * Kubernetes asks them whether they are.
 *
 * The provider sends every port as TCP. For UDP use Endpoints.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/
 */
export class EndpointSlice extends Construct {
  readonly resource: EndpointSliceV1;

  constructor(scope: Construct, id: string, options: EndpointSliceOptions) {
    super(scope, id);
    const { service, addresses, targetPorts = {}, appProtocol = 'tcp' } = options;
    service.addEndpoints(this, false);
    this.node.addValidation({
      validate: () => [
        ...reservedErrors(options, /^(endpointslice\.)?kubernetes\.io\//, 'the construct sets'),
        ...addressErrors(addresses),
        ...targetPortErrors(service, targetPorts),
        ...service.ports
          .filter(({ protocol }) => protocol !== 'TCP')
          .map(
            ({ name, protocol }) =>
              `port "${name}" is ${protocol}, but the provider sends every port of an EndpointSlice as TCP; use Endpoints for it`,
          ),
      ],
    });
    this.resource = new EndpointSliceV1(this, MAIN_CHILD, {
      metadata: metadata(options, {
        name: objectName(this),
        namespace: service.namespace.name,
        labels: {
          'kubernetes.io/service-name': service.name,
          'endpointslice.kubernetes.io/managed-by': 'terraform',
        },
      }),
      addressType: addresses.some((address) => family(address) === 6) ? 'IPv6' : 'IPv4',
      endpoint: addresses.map((address) => ({
        addresses: [address],
        // The provider sends false for each that is left out.
        condition: { ready: true, serving: true, terminating: false },
      })),
      port: service.ports.map((port) => ({
        name: port.name,
        port: String(targetPorts[port.name] ?? port.port),
        appProtocol: port.appProtocol ?? appProtocol,
      })),
    });
  }
}
