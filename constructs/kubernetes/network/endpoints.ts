import { EndpointsV1 } from '@cdktf/provider-kubernetes/lib/endpoints-v1';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { addressErrors, targetPortErrors, type BackendOptions } from './endpoint-address';
import { metadata, type MetadataOptions } from '../internal/metadata';

export interface EndpointsOptions extends BackendOptions, MetadataOptions {
  /** Addresses that get no traffic yet. @default [] */
  readonly notReadyAddresses?: readonly string[];
}

/**
 * The backends of a Service without a workload, in the older kind, of which a Service has one, with the Service's own name.
 * Kubernetes 1.33 and later calls it deprecated and copies it into EndpointSlices: prefer `service.backedBy()`, unless
 * a port is UDP.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoints-v1/
 */
export class Endpoints extends Construct {
  readonly resource: EndpointsV1;

  constructor(scope: Construct, id: string, options: EndpointsOptions) {
    super(scope, id);
    const { service, addresses, targetPorts = {}, notReadyAddresses = [] } = options;
    service.addEndpoints(this, true);
    this.node.addValidation({
      validate: () => [
        ...addressErrors([...addresses, ...notReadyAddresses]),
        ...targetPortErrors(service, targetPorts),
      ],
    });
    this.resource = new EndpointsV1(this, MAIN_CHILD, {
      metadata: metadata(options, { name: service.name, namespace: service.namespace.name }),
      subset: [
        {
          address: addresses.map((ip) => ({ ip })),
          ...(notReadyAddresses.length > 0 && { notReadyAddress: notReadyAddresses.map((ip) => ({ ip })) }),
          port: service.ports.map(({ name, port, protocol }) => ({
            name,
            port: targetPorts[name] ?? port,
            protocol,
          })),
        },
      ],
    });
  }
}
