import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsQuery, XmlElement } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/aws-query';
import type { Kubectl, ObjectEvent } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { OutageLog, type Outage } from './outage-log';

interface Named {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

interface EndpointSlice extends Named {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] | null;
}

interface Node extends Named {
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const SERVICE_LABEL = 'kubernetes.io/service-name';
const GROUP_LABEL = 'eks.amazonaws.com/nodegroup';
const ROUTES_EVERY_MS = 2_000;

/** Watches, while an edit is applied, whether each Service has a ready Pod, each node group a ready node, and each route its gateway. */
export class OutageWatch {
  private readonly applying = new Set<string>();
  private readonly log = new OutageLog(() => [...this.applying]);
  private readonly ended = new AbortController();
  private readonly work: Promise<unknown>;

  constructor(kubectl: Kubectl, aws: Pick<AwsQuery, 'query'>) {
    const { signal } = this.ended;
    this.work = Promise.all([
      kubectl.watch(
        'endpointslices',
        this.sorted<EndpointSlice>(SERVICE_LABEL, serviceOf, slicesCause),
        signal,
      ),
      kubectl.watch('nodes', this.sorted<Node>(GROUP_LABEL, groupOf, nodesCause), signal),
      this.watchRoutes(aws, signal),
    ]);
  }

  /** Notes that a stack is applied until the work ends. */
  async during<Result>(stack: string, work: Promise<Result>): Promise<Result> {
    this.applying.add(stack);
    return work.finally(() => this.applying.delete(stack));
  }

  /** Ends the watch, and gives what did not work meanwhile. */
  async end(): Promise<Outage[]> {
    this.ended.abort();
    await this.work;
    return this.log.end();
  }

  /** Notes for the objects of one label together whether one of them is ready. */
  private sorted<T extends Named>(
    label: string,
    nameOf: (object: T) => string,
    causeOf: (objects: readonly T[]) => string | undefined,
  ): (event: ObjectEvent<T>) => void {
    const known = new Map<string, Map<string, T>>();
    return ({ type, object }) => {
      if (object.metadata.labels?.[label] === undefined) return;
      const what = nameOf(object);
      const objects = known.get(what) ?? new Map<string, T>();
      known.set(what, objects);
      if (type === 'DELETED') objects.delete(object.metadata.name);
      else objects.set(object.metadata.name, object);
      if (objects.size === 0) this.log.gone(what);
      else {
        const cause = causeOf([...objects.values()]);
        this.log.note(what, cause === undefined, cause ?? '');
      }
    };
  }

  private async watchRoutes(aws: Pick<AwsQuery, 'query'>, signal: AbortSignal): Promise<void> {
    const known = new Set<string>();
    while (!signal.aborted) {
      const tables = (await aws.query('ec2', 'DescribeRouteTables')).items('routeTableSet');
      const gateways = (await aws.query('ec2', 'DescribeNatGateways')).items('natGatewaySet');
      const there = new Set<string>();
      for (const table of tables) {
        const what = `internet route of ${nameOf(table)}`;
        const cause = routeCause(table, gateways);
        there.add(what);
        known.add(what);
        this.log.note(what, cause === undefined, cause ?? '');
      }
      for (const what of known) if (!there.has(what)) this.log.gone(what);
      await sleep(ROUTES_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

const serviceOf = ({ metadata: { namespace = '', labels } }: EndpointSlice): string =>
  `Service ${namespace}/${labels?.[SERVICE_LABEL] ?? ''}`;

const groupOf = ({ metadata }: Node): string => `node group ${metadata.labels?.[GROUP_LABEL] ?? ''}`;

function slicesCause(slices: readonly EndpointSlice[]): string | undefined {
  const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
  if (endpoints.some(({ conditions }) => conditions?.ready !== false)) return undefined;
  return endpoints.length === 0 ? 'it has no Pods' : `none of its ${endpoints.length} Pods is ready`;
}

const nodesCause = (nodes: readonly Node[]): string | undefined =>
  nodes.some(({ status }) =>
    status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  )
    ? undefined
    : `none of its ${nodes.length} nodes is ready`;

function routeCause(table: XmlElement, gateways: readonly XmlElement[]): string | undefined {
  const route = table.items('routeSet').find((each) => each.value('destinationCidrBlock') === '0.0.0.0/0');
  if (route === undefined) return 'it has no default route';
  const id = route.value('natGatewayId');
  if (id === undefined) return undefined;
  const state = gateways.find((each) => each.value('natGatewayId') === id)?.value('state') ?? 'deleted';
  return state === 'available' ? undefined : `its NAT gateway ${id} is ${state}`;
}

/** The tag `Name` of a resource, or its ID. */
const nameOf = (table: XmlElement): string =>
  table
    .items('tagSet')
    .find((tag) => tag.value('key') === 'Name')
    ?.value('value') ??
  table.value('routeTableId') ??
  '';
