import type { IConstruct } from 'constructs';

/** The ports of a node that the API server gives to Services, by its default. */
const FIRST = 30000;
const LAST = 32767;

/**
 * The node ports of an app, that is of one cluster. A port is the same one on every node, so that the Services of all
 * namespaces and stacks share them.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport
 */
export class NodePorts {
  private static readonly ofApps = new WeakMap<IConstruct, NodePorts>();

  /** The node ports of the app that a construct is in. */
  static of(construct: IConstruct): NodePorts {
    const app = construct.node.root;
    const ports = NodePorts.ofApps.get(app) ?? new NodePorts();
    NodePorts.ofApps.set(app, ports);
    return ports;
  }

  private readonly owners = new Map<number, string>();

  private constructor() {}

  /**
   * Takes a port.
   *
   * @param owner who takes it, as an error is to name them
   * @returns what is wrong with it, or nothing
   */
  claim(port: number, owner: string): string | undefined {
    if (!Number.isInteger(port) || port < FIRST || port > LAST) {
      return `node port ${port} of ${owner}: ${FIRST} to ${LAST} is allowed`;
    }
    const first = this.owners.get(port);
    if (first !== undefined) {
      return `node port ${port} of ${owner} is taken by ${first}; choose another from ${FIRST} to ${LAST}, or leave it to the cluster`;
    }
    this.owners.set(port, owner);
    return undefined;
  }
}
