import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsQuery, XmlElement } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/aws-query';
import type { Kubectl, WatchHandlers } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { NODE_GROUP_LABEL } from '../facts/affinity-patch';
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
/** Of node groups that are not in platform.yaml. */
const EKS_GROUP_LABEL = 'eks.amazonaws.com/nodegroup';
const ROUTES_EVERY_MS = 2_000;
/** How long a new watch takes at most to list what there is, on a busy machine. */
const LISTED_MS = 20_000;
/** A watch that has listed something, and then is silent for this long, has listed all. */
const QUIET_MS = 300;
const WATCHES = ['Services', 'node groups', 'internet routes'] as const;

/**
 * Watches, while an edit is applied, whether each Service has a ready Pod, each node group a ready node, and each route its gateway. A
 * watch that breaks is an outage of the watch.
 */
export class OutageWatch {
  private readonly applying = new Set<string>();
  private readonly log = new OutageLog(() => [...this.applying]);
  private readonly ended = new AbortController();
  /** The watches that have listed something. */
  private readonly opened = new Set<string>();
  /** When a watch last reported something. */
  private heardAt = 0;
  private readonly work: Promise<unknown>;

  constructor(kubectl: Kubectl, aws: Pick<AwsQuery, 'query'>) {
    const { signal } = this.ended;
    for (const name of WATCHES) this.watching(name);
    const [services, groups] = [
      this.sorted<EndpointSlice>('Services', serviceOf, slicesCause),
      this.sorted<Node>('node groups', groupOf, nodesCause),
    ];
    this.work = Promise.all([
      this.guarded('Services', kubectl.watch('endpointslices', services, signal)),
      this.guarded('node groups', kubectl.watch('nodes', groups, signal)),
      this.watchRoutes(aws, signal),
    ]);
  }

  /** Waits until what runs before the edit is known, or a signal ends the run. */
  async listed(signal?: AbortSignal): Promise<void> {
    const limit = Date.now() + LISTED_MS;
    const isListed = (): boolean =>
      this.opened.size === WATCHES.length && Date.now() - this.heardAt >= QUIET_MS;
    while (!isListed() && Date.now() < limit && signal?.aborted !== true) await sleep(QUIET_MS / 3);
  }

  /** Notes that a stack is applied until the work ends. */
  async during<Result>(stack: string, work: Promise<Result>): Promise<Result> {
    this.applying.add(stack);
    return work.finally(() => this.applying.delete(stack));
  }

  /** Ends the watch, and gives what did not work meanwhile. */
  async end(): Promise<Outage[]> {
    for (const name of WATCHES) {
      if (!this.opened.has(name)) this.watching(name, 'it listed nothing');
    }
    this.ended.abort();
    await this.work;
    return this.log.end();
  }

  private watching(name: (typeof WATCHES)[number], broken?: string): void {
    this.log.note(`the watch of ${name}`, broken === undefined, broken ?? '');
  }

  /** An error of a watch is an outage of the watch, and ends nothing else. */
  private async guarded(name: (typeof WATCHES)[number], work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => {
      this.watching(name, (error as Error).message);
    });
  }

  /** Notes for the objects of one name together whether one of them is ready; for those without a name nothing. */
  private sorted<T extends Named>(
    name: (typeof WATCHES)[number],
    nameOf: (object: T) => string | undefined,
    causeOf: (objects: readonly T[]) => string | undefined,
  ): WatchHandlers<T> {
    const known = new Map<string, Map<string, T>>();
    let stale = new Set<T>();
    const note = (what: string, objects: ReadonlyMap<string, T>): void => {
      if (objects.size === 0) {
        this.log.gone(what);
        return;
      }
      const cause = causeOf([...objects.values()]);
      this.log.note(what, cause === undefined, cause ?? '');
    };
    return {
      onOpen: () => {
        this.watching(name);
        this.opened.add(name);
        this.heardAt = Date.now();
        // What is not listed again was deleted meanwhile.
        stale = new Set([...known.values()].flatMap((objects) => [...objects.values()]));
        setTimeout(() => {
          for (const [what, objects] of known) {
            const before = objects.size;
            for (const [key, object] of objects) if (stale.has(object)) objects.delete(key);
            if (objects.size < before) note(what, objects);
          }
        }, LISTED_MS).unref();
      },
      onBreak: (reason) => {
        this.watching(name, reason);
      },
      onEvent: (type, object) => {
        this.heardAt = Date.now();
        const what = nameOf(object);
        if (what === undefined) return;
        const objects = known.get(what) ?? new Map<string, T>();
        known.set(what, objects);
        if (type === 'DELETED') objects.delete(object.metadata.name);
        else objects.set(object.metadata.name, object);
        note(what, objects);
      },
    };
  }

  private async watchRoutes(aws: Pick<AwsQuery, 'query'>, signal: AbortSignal): Promise<void> {
    const known = new Set<string>();
    while (!signal.aborted) {
      try {
        const tables = (await aws.query('ec2', 'DescribeRouteTables')).items('routeTableSet');
        const gateways = (await aws.query('ec2', 'DescribeNatGateways')).items('natGatewaySet');
        this.watching('internet routes');
        this.opened.add('internet routes');
        const there = new Set<string>();
        for (const table of tables) {
          const what = `internet route of ${nameOf(table)}`;
          const cause = routeCause(table, gateways);
          there.add(what);
          known.add(what);
          this.log.note(what, cause === undefined, cause ?? '');
        }
        for (const what of known) if (!there.has(what)) this.log.gone(what);
      } catch (error) {
        this.watching('internet routes', (error as Error).message);
      }
      await sleep(ROUTES_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

function serviceOf({ metadata: { namespace = '', labels } }: EndpointSlice): string | undefined {
  const name = labels?.[SERVICE_LABEL];
  return name === undefined ? undefined : `Service ${namespace}/${name}`;
}

/** By the platform's label before that of EKS: it is the same for the nodes of a group and of its successor. */
function groupOf({ metadata: { labels } }: Node): string | undefined {
  const name = labels?.[NODE_GROUP_LABEL] ?? labels?.[EKS_GROUP_LABEL];
  return name === undefined ? undefined : `node group ${name}`;
}

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
  if (route.value('state') === 'blackhole') return 'its gateway was deleted';
  const id = route.value('natGatewayId');
  if (id === undefined) return undefined;
  const state = gateways.find((each) => each.value('natGatewayId') === id)?.value('state') ?? 'deleted';
  return state === 'available' ? undefined : `its NAT gateway ${id} is ${state}`;
}

/** Its tag `Name` before its ID. */
function nameOf(table: XmlElement): string {
  const name = table
    .items('tagSet')
    .find((tag) => tag.value('key') === 'Name')
    ?.value('value');
  return [name, table.value('routeTableId')].filter((part) => part !== undefined).join(' ');
}
