import { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1';
import { MAIN_CHILD } from '../terraform/address';
import { Construct } from 'constructs';
import { objectName } from './names';
import type { Workload } from './workload';

export interface ServiceOptions {
  /**
   * Ports of the Service by the name of the container's port, such as `{ http: 80 }`: port 80 leads to the port that the
   * container calls `http`.
   */
  readonly ports: Readonly<Record<string, number>>;
  /**
   * Name of the Service, and so its DNS name.
   * @default - from the path of the construct
   */
  readonly name?: string;
}

export interface ServiceProps extends ServiceOptions {
  /** The workload whose Pods answer. */
  readonly workload: Workload;
}

/**
 * A ClusterIP Service: a stable address for the Pods of a workload.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/
 */
export class Service extends Construct {
  readonly resource: ServiceV1;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    const { workload, ports } = props;
    this.node.addValidation({
      validate: () =>
        Object.keys(ports)
          .filter((name) => workload.template.port(name) === undefined)
          .map(
            (name) =>
              `port "${name}" is no port of ${workload.node.path}; its containers have: ${
                workload.template.portNames.join(', ') || 'none'
              }`,
          ),
    });
    this.resource = new ServiceV1(this, MAIN_CHILD, {
      metadata: {
        name: props.name ?? objectName(this),
        namespace: workload.namespace.name,
        labels: { ...workload.labels },
      },
      spec: {
        type: 'ClusterIP',
        selector: { ...workload.selector },
        port: Object.entries(ports).map(([name, port]) => ({
          name,
          port,
          targetPort: name,
          protocol: 'TCP',
        })),
      },
    });
  }

  get name(): string {
    return this.resource.metadata.name;
  }
}
