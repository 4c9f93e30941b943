import type { Account } from '../aws-emulator/emulated-account';
import type { ClusterRuntimes } from '../control-plane/cluster-runtime';
import { accessEntryRoutes } from './access-entry-api';
import { addOnRoutes } from './add-on-api';
import { clusterNamed, type ClusterState, type EmulatorContext } from './cluster-state';
import { clusterRoutes } from './cluster-api';
import { startClusters, stopClusters, type ClusterCopies } from './cluster-copies';
import { EksError, invalidParameter } from './eks-errors';
import { nodeGroupRoutes } from './node-group-api';
import { podIdentityRoutes } from './pod-identity-api';
import { page, Routes, type EksRequest } from './routes';
import { tagRoutes } from './tag-api';
import type { UpdateSubject } from './update-api';
import { clusterVersions } from './eks-versions';
import { messageOf } from '@kubernetes-on-aws/eks-facts/user-error';

/** An answer of the EKS API, to be sent as JSON. */
export interface EksAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const TOPICS = [
  ...[clusterRoutes, nodeGroupRoutes, addOnRoutes, accessEntryRoutes],
  ...[podIdentityRoutes, tagRoutes, updateRoutes, emptyRoutes],
];

/** The EKS API of one account and region (REST-JSON). What it is asked for, it does: clusters run, nodes join. */
export class EksEmulator {
  private readonly routes = new Routes();
  private readonly context: EmulatorContext;

  constructor(account: Account, runtimes: ClusterRuntimes, report: (message: string) => void) {
    this.context = { account, runtimes, clusters: new Map(), report };
    for (const add of TOPICS) add(this.routes, this.context);
  }

  /** Answers any request; what goes wrong inside is a ServerException with its message. */
  async handle(request: EksRequest): Promise<EksAnswer> {
    try {
      const handle = this.routes.find(request);
      if (!handle) {
        const message = `The sandbox does not know ${request.method} ${request.path}`;
        throw new EksError('BadRequestException', message);
      }
      return answer(200, {}, await handle());
    } catch (error) {
      if (error instanceof EksError) {
        const { status, type, details, message } = error;
        return answer(status, { 'x-amzn-errortype': type }, { ...details, message });
      }
      const message = messageOf(error);
      const stack = error instanceof Error ? error.stack : undefined;
      this.context.report(`${request.method} ${request.path}: ${stack ?? message}`);
      return answer(500, { 'x-amzn-errortype': 'ServerException' }, { message });
    }
  }

  /** The cluster of this name, for signing in; undefined when there is none. */
  cluster(name: string): ClusterState | undefined {
    return this.context.clusters.get(name);
  }

  /** @see stopClusters */
  stopClusters(keep?: string): Promise<ClusterCopies> {
    return stopClusters(this.context, keep);
  }

  /** @see startClusters */
  startClusters(copies: ClusterCopies, files: string): Promise<void> {
    return startClusters(this.context, copies, files);
  }

  /** Names of the clusters that exist. */
  clusterNames(): string[] {
    return [...this.context.clusters.keys()];
  }
}

function answer(status: number, headers: Readonly<Record<string, string>>, body: unknown): EksAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
}

function updateRoutes(routes: Routes, context: EmulatorContext): void {
  const subject = (query: URLSearchParams): UpdateSubject => {
    const nodegroupName = query.get('nodegroupName');
    const addonName = query.get('addonName');
    return { ...(nodegroupName ? { nodegroupName } : {}), ...(addonName ? { addonName } : {}) };
  };
  routes
    .on('GET', '/clusters/{name}/updates', ({ at, query }) => {
      const ids = clusterNamed(context, at('name')).updates.list(subject(query));
      return page('updateIds', ids, query);
    })
    .on('GET', '/clusters/{name}/updates/{id}', ({ at, query }) => ({
      update: clusterNamed(context, at('name')).updates.get(at('id'), subject(query)),
    }))
    .on('GET', '/cluster-versions', ({ query }) => {
      const named = query.getAll('clusterVersions');
      const versions = clusterVersions().filter(
        ({ clusterVersion = '', defaultVersion, versionStatus, status }) =>
          (named.length === 0 || named.includes(clusterVersion)) &&
          (query.get('defaultOnly') !== 'true' || defaultVersion === true) &&
          (query.get('versionStatus') ?? versionStatus) === versionStatus &&
          (query.get('status') ?? status) === status,
      );
      const unknown = named.filter(
        (version) => !versions.some(({ clusterVersion }) => clusterVersion === version),
      );
      if (unknown.length > 0) throw invalidParameter(`Unknown cluster versions: ${unknown.join(', ')}`);
      return page('clusterVersions', versions, query);
    });
}

/** Resources that EKS has and the emulator does not: their lists are empty. */
function emptyRoutes(routes: Routes, context: EmulatorContext): void {
  const lists = [
    ['GET', 'fargate-profiles', 'fargateProfileNames'],
    ['GET', 'identity-provider-configs', 'identityProviderConfigs'],
    ['POST', 'insights', 'insights'],
  ] as const;
  for (const [method, path, key] of lists) {
    routes.on(method, `/clusters/{name}/${path}`, ({ at }) => {
      clusterNamed(context, at('name'));
      return { [key]: [] };
    });
  }
}
