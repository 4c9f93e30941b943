import type { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1';
import type { Construct, IConstruct } from 'constructs';
import type { Namespace } from '../namespaces/namespace';
import type { Protocol } from '../pods/pod-set';

/** A port of a Service, and the port of the Pods that it leads to. */
export interface ServicePortOptions {
  /** Number that the Service listens on, 1 to 65535. */
  readonly port: number;
  /**
   * Name of the container's port that it leads to. Without a workload there is none.
   * @default - the name of the Service's port
   */
  readonly targetPort?: string;
  /** @default - the container port's; without a workload TCP */
  readonly protocol?: Protocol;
  /** What is spoken on it, such as `http`, `https` or `kubernetes.io/h2c`. @default - not said */
  readonly appProtocol?: string;
}

/** A port of a Service, with all that is known of it. */
export interface ServicePort extends ServicePortOptions {
  readonly name: string;
  readonly protocol: Protocol;
}

/** A Service, as what leads to it and what answers for it know it. */
export interface ServiceReference extends IConstruct {
  readonly resource: ServiceV1;
  readonly namespace: Namespace;
  /** The name, as a reference to the resource. */
  readonly name: string;
  readonly ports: readonly ServicePort[];
  /** What is wrong with a name that is to be one of the ports, or nothing. */
  unknownPort(name: string): string | undefined;
  /**
   * Notes who says the endpoints: EndpointSlice and Endpoints call it.
   *
   * @param alone whether no other may stand beside it
   */
  addEndpoints(construct: Construct, alone: boolean): void;
}
