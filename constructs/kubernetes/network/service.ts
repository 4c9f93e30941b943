import {
  ServiceV1,
  type ServiceV1Config,
  type ServiceV1SpecPort,
} from '@cdktf/provider-kubernetes/lib/service-v1';
import { atSynthesis } from '../../terraform/at-synthesis';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { calledTwice, NamedObject, objectName } from '../internal/names';
import { EndpointSlice } from './endpoint-slice';
import type { Ingress, RouteOptions } from './ingress';
import { Namespace } from '../namespaces/namespace';
import { type PodSet, reachablePort, unknownPorts } from '../pods/pod-set';
import type { ServicePort, ServicePortOptions, ServiceReference } from './service-reference';
import { type Labels, MANAGED, metadata, type ObjectOptions } from '../internal/metadata';

interface PortsOptions extends ObjectOptions {
  /**
   * Ports of the Service by the name of the container's port, such as `{ http: 80 }`: port 80 leads to the port that the
   * container calls `http`.
   * @default - the ports of the workload's containers, under their own numbers
   */
  readonly ports?: Readonly<Record<string, number | ServicePortOptions>>;
  /**
   * Whether Pods that are not ready are found too: for Pods that have to find each other before they are.
   * @default false
   */
  readonly publishNotReadyAddresses?: boolean;
  /** Seconds for which a client's connections go to the same Pod, 1 to 86400. @default - no affinity */
  readonly sessionAffinitySeconds?: number;
}

/** Reached from within the cluster. */
export interface ClusterIpOptions extends PortsOptions {
  /** @default ClusterIP */
  readonly type?: 'ClusterIP';
  /**
   * Whether the DNS name leads to the addresses of the Pods themselves, with no address of its own.
   * @default false
   */
  readonly headless?: boolean;
}

/** Reached on a port of every node. */
export interface NodePortOptions extends PortsOptions {
  readonly type: 'NodePort';
  /**
   * Ports of the nodes by the name of the Service's port, 30000 to 32767. No two Services of the cluster have the same.
   * @default - the cluster chooses them
   */
  readonly nodePorts?: Readonly<Record<string, number>>;
}

interface LoadBalancerPortsOptions extends PortsOptions {
  readonly type: 'LoadBalancer';
}

/** Reached by a Network Load Balancer from within the VPC and the networks that are connected to it. */
export interface InternalLoadBalancerOptions extends LoadBalancerPortsOptions {
  /** @default internal */
  readonly scheme?: 'internal';
  /** Ranges of addresses that may connect, such as `10.0.0.0/16`. @default - the VPC's */
  readonly sourceRanges?: readonly string[];
}

/** Reached by a Network Load Balancer from the internet. */
export interface InternetFacingLoadBalancerOptions extends LoadBalancerPortsOptions {
  readonly scheme: 'internet-facing';
  /** Ranges of addresses that may connect; `0.0.0.0/0` is everyone. */
  readonly sourceRanges: readonly [string, ...string[]];
}

/** What a Service is; the `type` says how it is reached. */
export type ServiceOptions =
  ClusterIpOptions | NodePortOptions | InternalLoadBalancerOptions | InternetFacingLoadBalancerOptions;

/** A Service, and the workload or the machines behind it. */
export type ServiceProps = ServiceOptions & {
  /**
   * The workload whose Pods answer.
   * @default - none: the backends are said by `backedBy`, an EndpointSlice or Endpoints
   */
  readonly workload?: PodSet;
};

const NLB = 'service.beta.kubernetes.io/aws-load-balancer';

/** The provider would replace a Service whose type changes for the one, and send the other where the API server refuses it. */
const FIRST_VALUE = ['spec[0].load_balancer_class', 'spec[0].allocate_load_balancer_node_ports'];

/**
 * A Service: a stable address for the Pods of a workload, or for a backend outside the cluster.
 *
 * A LoadBalancer is a Network Load Balancer of the AWS Load Balancer Controller, internal unless said otherwise, which leads to
 * the Pods' own addresses. The Pods' `connections` have to let its subnets in.
 *
 * Another DNS name for a host outside the cluster is an ExternalName.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
 */
export class Service extends NamedObject<ServiceV1> implements ServiceReference {
  readonly namespace: Namespace;
  private readonly serviceName: string;
  private readonly endpoints: { readonly construct: Construct; readonly alone: boolean }[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ServiceProps,
  ) {
    super(scope, id);
    this.namespace = Namespace.of(this);
    this.serviceName = props.name ?? objectName(this);
    this.node.addValidation({
      validate: () => [...this.backendErrors(), ...this.portErrors(), ...optionErrors(props, this.ports)],
    });
    const { workload } = props;
    this.resource = new ServiceV1(this, MAIN_CHILD, {
      metadata: metadata(props, {
        name: this.serviceName,
        namespace: this.namespace.name,
        labels: workload?.labels ?? { 'app.kubernetes.io/name': this.serviceName, ...MANAGED },
        annotations: annotations(props),
      }),
      spec: { ...specOf(props), ...(workload && { selector: { ...workload.selector } }) },
      // The provider's default waits for an address that only the controller can give.
      ...(props.type === 'LoadBalancer' && { waitForLoadBalancer: false }),
      lifecycle: { ignoreChanges: [...FIRST_VALUE] },
    });
    atSynthesis(this.resource, () => {
      this.resource.spec.putPort(this.ports.map((port) => this.portToTerraform(port)));
    });
  }

  /** The DNS name by which every namespace finds it. */
  get host(): string {
    return `${this.serviceName}.${this.namespace.literalName}.svc`;
  }

  get ports(): ServicePort[] {
    const { workload } = this.props;
    const own = workload?.template.ports.map(({ name, port }) => [name, port] as const) ?? [];
    return Object.entries(this.props.ports ?? Object.fromEntries(own)).map(([name, given]) => {
      const options = typeof given === 'number' ? { port: given } : given;
      const target = workload && reachablePort(workload, options.targetPort ?? name);
      return { ...options, name, protocol: options.protocol ?? target?.protocol ?? 'TCP' };
    });
  }

  /** A port by its name, or undefined. */
  port(name: string): ServicePort | undefined {
    return this.ports.find((port) => port.name === name);
  }

  unknownPort(name: string): string | undefined {
    return this.port(name)
      ? undefined
      : `port "${name}" is no port of ${this.node.path}; it has: ${
          this.ports.map((port) => port.name).join(', ') || 'none'
        }`;
  }

  /**
   * Says which machines outside the cluster answer, by an EndpointSlice.
   *
   * @param addresses IP addresses, all of one family
   * @param targetPorts ports of these machines by the name of the Service's port; left out: the same number
   */
  backedBy(addresses: readonly string[], targetPorts: Readonly<Record<string, number>> = {}): this {
    if (this.node.tryFindChild('endpoints')) {
      return calledTwice(this, 'backedBy()', 'give it all addresses at once', this);
    }
    new EndpointSlice(this, 'endpoints', { service: this, addresses, targetPorts });
    return this;
  }

  /** Leads a path of a host to the Service. See {@link Ingress.route}. */
  route(ingress: Ingress, host: string, path: string, port?: string, options: RouteOptions = {}): this {
    ingress.route(host, path, this, port, options);
    return this;
  }

  addEndpoints(construct: Construct, alone: boolean): void {
    this.endpoints.push({ construct, alone });
  }

  private portToTerraform({ name, port, targetPort, protocol, appProtocol }: ServicePort): ServiceV1SpecPort {
    const { props } = this;
    const nodePort = props.type === 'NodePort' ? props.nodePorts?.[name] : undefined;
    return {
      name,
      port,
      targetPort: props.workload ? (targetPort ?? name) : String(port),
      protocol,
      ...(appProtocol !== undefined && { appProtocol }),
      ...(nodePort !== undefined && { nodePort }),
    };
  }

  private backendErrors(): string[] {
    const { workload } = this.props;
    const paths = this.endpoints.map(({ construct }) => construct.node.path);
    if (workload ? paths.length > 0 : paths.length > 1 && this.endpoints.some(({ alone }) => alone)) {
      const who = [...(workload ? [workload.node.path] : []), ...paths];
      return [`${who.join(' and ')} all set the backend; keep one of them`];
    }
    if (!workload) {
      return paths.length > 0
        ? []
        : ['no backend. Set workload, or call backedBy() with the addresses that answer'];
    }
    return workload.namespace === this.namespace
      ? []
      : [
          `${workload.node.path} is in another namespace; a Service finds Pods of its own only: make it beside the workload`,
        ];
  }

  private portErrors(): string[] {
    const { props, ports } = this;
    const { workload } = props;
    const errors = workload
      ? unknownPorts(
          workload,
          ports.map(({ name, targetPort }) => targetPort ?? name),
        )
      : [];
    for (const { name, protocol, targetPort } of ports) {
      const target = workload && reachablePort(workload, targetPort ?? name);
      if (target && target.protocol !== protocol) {
        errors.push(
          `port "${name}" is ${protocol}, but the container's is ${target.protocol}; leave protocol out`,
        );
      }
      if (!workload && targetPort !== undefined) {
        errors.push(
          `port "${name}" leads to "${targetPort}", but there is no workload; pass numbers to backedBy()`,
        );
      }
    }
    return errors;
  }
}

function isHeadless(props: ServiceProps): boolean {
  return 'headless' in props && props.headless;
}

function specOf(props: ServiceProps): ServiceV1Config['spec'] {
  const { publishNotReadyAddresses, sessionAffinitySeconds } = props;
  return {
    type: props.type ?? 'ClusterIP',
    ...(isHeadless(props) && { clusterIp: 'None' }),
    ...(publishNotReadyAddresses !== undefined && { publishNotReadyAddresses }),
    ...(sessionAffinitySeconds !== undefined && {
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIp: { timeoutSeconds: sessionAffinitySeconds } },
    }),
    ...(props.type === 'LoadBalancer' && {
      loadBalancerClass: 'service.k8s.aws/nlb',
      // It leads to the Pods themselves: the nodes need no port for it.
      allocateLoadBalancerNodePorts: false,
      ...(props.sourceRanges && { loadBalancerSourceRanges: [...props.sourceRanges] }),
    }),
  };
}

function annotations(props: ServiceProps): Labels {
  if (props.type !== 'LoadBalancer') return {};
  return {
    // The controller's other sign, for a Service that becomes a load balancer and gets no class by an update.
    [`${NLB}-type`]: 'external',
    [`${NLB}-scheme`]: props.scheme ?? 'internal',
    [`${NLB}-nlb-target-type`]: 'ip',
  };
}

function optionErrors(props: ServiceOptions, ports: readonly ServicePort[]): string[] {
  const errors: string[] = [];
  if (props.type === 'NodePort') {
    const names = ports.map(({ name }) => name);
    for (const name of Object.keys(props.nodePorts ?? {}).filter((each) => !names.includes(each))) {
      errors.push(`nodePorts: "${name}" is no port of the Service; it has: ${names.join(', ') || 'none'}`);
    }
  }
  if (props.type === 'LoadBalancer') {
    const ranges: readonly string[] = props.sourceRanges ?? [];
    if (props.scheme === 'internet-facing' && ranges.length === 0) {
      errors.push(
        'sourceRanges: required for an internet-facing load balancer: the ranges that may connect. 0.0.0.0/0 is everyone',
      );
    }
  }
  return errors;
}
