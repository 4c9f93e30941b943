import { parseArn } from '@kubernetes-on-aws/eks-facts/arn';
import { partitionOf } from '@kubernetes-on-aws/eks-facts/partitions';
import { randomUUID } from 'node:crypto';
import type {
  AccessEntry,
  AccessScope,
  AssociateAccessPolicyRequest,
  CreateAccessEntryRequest,
  UpdateAccessEntryRequest,
} from '@aws-sdk/client-eks';
import { nameOf } from '../aws-emulator/emulated-account';
import { ACCESS_POLICIES, accessPolicyArn } from './access-policies';
import {
  clusterNamed,
  eksArn,
  type AccessEntryState,
  type ClusterState,
  type EmulatorContext,
} from './cluster-state';
import { checking, inUse, invalidParameter, invalidRequest, notFound, type Check } from './eks-errors';
import { page, type Routes } from './routes';
import { now, type Wire } from './wire';

/** Types of access entries for nodes and people (EKS API reference, CreateAccessEntry). */
const NODE_USERNAMES: Readonly<Record<string, string>> = {
  EC2: 'system:node:{{EC2PrivateDNSName}}',
  EC2_LINUX: 'system:node:{{EC2PrivateDNSName}}',
  EC2_WINDOWS: 'system:node:{{EC2PrivateDNSName}}',
  FARGATE_LINUX: 'system:node:{{SessionName}}',
  HYBRID_LINUX: 'system:node:{{SessionName}}',
};

/** Access entries and the policies that are associated with them. */
export function accessEntryRoutes(routes: Routes, context: EmulatorContext): void {
  const entries = '/clusters/{name}/access-entries';
  const entryAt = (at: (name: string) => string): AccessEntryState =>
    entryOf(withEntries(context, at('name')), at('principal'));
  routes
    .on('GET', '/access-policies', ({ query }) => {
      const policies = Object.keys(ACCESS_POLICIES).map((name) => ({
        name,
        arn: accessPolicyArn(name, context.account.region),
      }));
      return page('accessPolicies', policies, query);
    })
    .on<Wire<CreateAccessEntryRequest>>('POST', entries, async ({ at, body }) => ({
      accessEntry: await createEntry(context, withEntries(context, at('name')), body),
    }))
    .on('GET', entries, ({ at, query }) => {
      const policy = query.get('associatedPolicyArn');
      const all = [...withEntries(context, at('name')).accessEntries.values()];
      const matching = all.filter(({ policies }) => policy === null || policies.has(policy));
      const principals = matching.map(({ entry }) => entry.principalArn);
      return page('accessEntries', principals, query);
    })
    .on('GET', `${entries}/{principal}`, ({ at }) => ({ accessEntry: entryAt(at).entry }))
    .on<Wire<UpdateAccessEntryRequest>>('POST', `${entries}/{principal}`, ({ at, body }) => {
      const { entry } = entryAt(at);
      if (entry.type !== 'STANDARD')
        throw invalidRequest(`An access entry of type ${entry.type ?? ''} cannot be changed`);
      checkGroups(body.kubernetesGroups);
      if (body.kubernetesGroups) entry.kubernetesGroups = body.kubernetesGroups;
      if (body.username) entry.username = body.username;
      entry.modifiedAt = now();
      return { accessEntry: entry };
    })
    .on('DELETE', `${entries}/{principal}`, ({ at }) => {
      const state = withEntries(context, at('name'));
      entryOf(state, at('principal'));
      state.accessEntries.delete(at('principal'));
      return {};
    })
    .on<Wire<AssociateAccessPolicyRequest>>(
      'POST',
      `${entries}/{principal}/access-policies`,
      ({ at, body }) => ({
        clusterName: at('name'),
        principalArn: at('principal'),
        associatedAccessPolicy: associate(context, entryAt(at), body),
      }),
    )
    .on('GET', `${entries}/{principal}/access-policies`, ({ at, query }) => ({
      ...{ clusterName: at('name'), principalArn: at('principal') },
      ...page('associatedAccessPolicies', [...entryAt(at).policies.values()], query),
    }))
    .on('DELETE', `${entries}/{principal}/access-policies/{policy}`, ({ at }) => {
      if (!entryAt(at).policies.delete(at('policy'))) {
        throw notFound(`The access policy ${at('policy')} is not associated with ${at('principal')}`);
      }
      return {};
    });
}

/** @throws {EksError} InvalidRequestException in a cluster whose authentication mode is CONFIG_MAP */
function withEntries(context: EmulatorContext, name: string): ClusterState {
  const state = clusterNamed(context, name);
  if (state.cluster.accessConfig?.authenticationMode === 'CONFIG_MAP') {
    throw invalidRequest(
      "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
      { clusterName: name },
    );
  }
  return state;
}

function entryOf({ accessEntries, cluster }: ClusterState, principal: string): AccessEntryState {
  const entry = accessEntries.get(principal);
  if (!entry) {
    throw notFound(
      `The specified principalArn could not be found. You can view your available access entries with 'list-access-entries': ${principal}`,
      { clusterName: cluster.name ?? '' },
    );
  }
  return entry;
}

async function createEntry(
  context: EmulatorContext,
  state: ClusterState,
  request: Wire<CreateAccessEntryRequest>,
): Promise<Wire<AccessEntry>> {
  const principal = request.principalArn ?? '';
  const details = { clusterName: state.cluster.name ?? '' };
  const type = request.type ?? 'STANDARD';
  // EKS admits principals of other accounts, where it cannot look whether they exist, but not as nodes.
  const isForeign = type === 'STANDARD' && isOfAnotherAccount(principal, context.account.accountId);
  const check: Check = checking(details);
  check(
    isForeign || (await context.account.principalExists(principal)),
    `The specified principalArn is invalid: invalid principal: ${principal}`,
  );
  if (type !== 'STANDARD') {
    check(type in NODE_USERNAMES, `Unknown access entry type: ${type}`);
    const isNamed = request.kubernetesGroups?.length || request.username;
    check(!isNamed, `Username and Kubernetes groups cannot be set for type ${type}`);
  }
  checkGroups(request.kubernetesGroups);
  const { username = '' } = request;
  check(!RESERVED.test(username), `The username ${username} starts with a reserved prefix`);
  if (state.accessEntries.has(principal)) {
    throw inUse('The specified access entry resource is already in use on this cluster.', details);
  }
  return add(context, state, { ...request, principalArn: principal, type }).entry;
}

function isOfAnotherAccount(principal: string, accountId: string): boolean {
  const isPrincipal = nameOf(principal, 'role') !== undefined || nameOf(principal, 'user') !== undefined;
  return isPrincipal && parseArn(principal)?.account !== accountId;
}

const RESERVED = /^(system|eks|aws|amazon|iam):/;

function checkGroups(groups: readonly string[] = []): void {
  const [group, prefix] =
    groups.map((each) => [each, RESERVED.exec(each)?.[0]]).find(([, found]) => found) ?? [];
  if (group === undefined || prefix === undefined) return;
  throw invalidParameter(`The kubernetes group name ${group} is invalid, it cannot start with ${prefix}`);
}

function add(
  { account }: EmulatorContext,
  { cluster, accessEntries }: ClusterState,
  request: Wire<CreateAccessEntryRequest> & { principalArn: string; type: string },
): AccessEntryState {
  const { principalArn, type } = request;
  const kind = nameOf(principalArn, 'user') === undefined ? 'role' : 'user';
  const name = nameOf(principalArn, kind) ?? '';
  const owner = parseArn(principalArn)?.account ?? account.accountId;
  const standardName =
    kind === 'user'
      ? principalArn
      : `arn:${partitionOf(account.region)}:sts::${owner}:assumed-role/${name}/{{SessionName}}`;
  const entry: Wire<AccessEntry> = {
    clusterName: cluster.name,
    principalArn,
    kubernetesGroups: type.startsWith('EC2') ? ['system:nodes'] : (request.kubernetesGroups ?? []),
    accessEntryArn: eksArn(
      account,
      `access-entry/${cluster.name ?? ''}/${kind}/${owner}/${name}/${randomUUID()}`,
    ),
    createdAt: now(),
    modifiedAt: now(),
    tags: request.tags ?? {},
    username: request.username ?? NODE_USERNAMES[type] ?? standardName,
    type,
  };
  const state = { entry, policies: new Map() };
  accessEntries.set(principalArn, state);
  return state;
}

function associate(
  { account }: EmulatorContext,
  { entry, policies }: AccessEntryState,
  request: Wire<AssociateAccessPolicyRequest>,
): unknown {
  const { policyArn = '', accessScope } = request;
  const name = policyArn.split('/').at(-1) ?? '';
  if (!(name in ACCESS_POLICIES) || policyArn !== accessPolicyArn(name, account.region)) {
    throw notFound(`The policyArn parameter format is not valid or no such policy: ${policyArn}`);
  }
  if (entry.type !== 'STANDARD') {
    throw invalidRequest(
      `Access policies cannot be associated with an access entry of type ${entry.type ?? ''}`,
    );
  }
  const namespaces = accessScope?.namespaces ?? [];
  if (accessScope?.type === 'namespace' ? namespaces.length === 0 : namespaces.length > 0) {
    throw invalidParameter('Namespaces are to be given with the scope "namespace", and with no other');
  }
  return setPolicy(policies, policyArn, { type: accessScope?.type, namespaces });
}

function setPolicy(
  policies: AccessEntryState['policies'],
  policyArn: string,
  accessScope: Wire<AccessScope>,
): unknown {
  const associatedAt = policies.get(policyArn)?.associatedAt ?? now();
  const associated = { policyArn, accessScope, associatedAt, modifiedAt: now() };
  policies.set(policyArn, associated);
  return associated;
}

/** Gives the cluster's creator all rights, as `bootstrapClusterCreatorAdminPermissions` asks. */
export function admitCreator(context: EmulatorContext, state: ClusterState, principalArn: string): void {
  const { policies } = add(context, state, {
    principalArn,
    type: 'STANDARD',
    clusterName: state.cluster.name,
  });
  const policyArn = accessPolicyArn('AmazonEKSClusterAdminPolicy', context.account.region);
  setPolicy(policies, policyArn, { type: 'cluster', namespaces: [] });
}

/** Lets the nodes of a managed node group in, as EKS does by itself when entries are in use. */
export function admitNodeRole(context: EmulatorContext, state: ClusterState, role: string): void {
  if (state.cluster.accessConfig?.authenticationMode === 'CONFIG_MAP' || state.accessEntries.has(role))
    return;
  add(context, state, { principalArn: role, type: 'EC2_LINUX', clusterName: state.cluster.name });
}

/** Takes the nodes' entry away with the last group of the role. */
export function dismissNodeRole(state: ClusterState, role: string): void {
  const isUsed = [...state.nodeGroups.values()].some(({ nodegroup }) => nodegroup.nodeRole === role);
  if (!isUsed && state.accessEntries.get(role)?.entry.type === 'EC2_LINUX') state.accessEntries.delete(role);
}
