import { randomUUID } from 'node:crypto';
import type { Addon, CreateAddonRequest, UpdateAddonRequest } from '@aws-sdk/client-eks';
import { parse } from 'yaml';
import { withoutUndefined } from '../aws-emulator/emulated-account';
import {
  KubernetesApiError,
  type KubernetesApi,
  type KubernetesObject,
} from '../control-plane/kubernetes-api';
import { versionsFor, type AddOnOffer } from './add-on-catalog';
import { describeAddOnConfiguration, describeAddOnVersions, offerNamed } from './add-on-descriptions';
import type { AddOnConfiguration } from '@kubernetes-on-aws/eks-facts/add-on-workloads';
import { addOnObjects } from './add-on-objects';
import {
  activeCluster,
  clusterNamed,
  eksArn,
  type AddOnState,
  type ClusterState,
  type EmulatorContext,
} from './cluster-state';
import { messageOf } from '@kubernetes-on-aws/eks-facts/user-error';
import { checking, inUse, invalidParameter, notFound, type Check } from './eks-errors';
import { associatePodIdentity } from './pod-identity-api';
import { page, type Routes } from './routes';
import { UpdateFailure } from './update-api';
import { now, type Wire } from './wire';

/** How long an add-on's Pods may take to run before it counts as degraded; some minutes on AWS. */
const GRACE_MS = 15_000;
const MANAGER = 'eks';

/** Managed add-ons: their objects are in the cluster, and their health is that of their Pods. */
export function addOnRoutes(routes: Routes, context: EmulatorContext): void {
  const addOns = '/clusters/{name}/addons';
  routes
    .on('GET', '/addons/supported-versions', ({ query }) => describeAddOnVersions(query))
    .on('GET', '/addons/configuration-schemas', ({ query }) => describeAddOnConfiguration(query))
    .on<Wire<CreateAddonRequest>>('POST', addOns, async ({ at, body }) => ({
      addon: await createAddOn(context, at('name'), body),
    }))
    .on('GET', addOns, ({ at, query }) =>
      page('addons', [...clusterNamed(context, at('name')).addOns.keys()], query),
    )
    .on('GET', `${addOns}/{addon}`, async ({ at }) => ({
      addon: await examine(clusterNamed(context, at('name')), at('addon')),
    }))
    .on<Wire<UpdateAddonRequest>>('POST', `${addOns}/{addon}/update`, async ({ at, body }) => ({
      update: await updateAddOn(context, at('name'), at('addon'), body),
    }))
    .on('DELETE', `${addOns}/{addon}`, async ({ at, query }) => ({
      addon: await deleteAddOn(context, at('name'), at('addon'), query.get('preserve') === 'true'),
    }));
}

function addOnOf({ cluster, addOns }: ClusterState, name: string): AddOnState {
  const found = addOns.get(name);
  const details = { clusterName: cluster.name ?? '', addonName: name };
  if (!found) throw notFound(`No addon: ${name} found in cluster: ${cluster.name ?? ''}`, details);
  return found;
}

function checkVersion(offer: AddOnOffer, version: string, kubernetesVersion: string): void {
  const known = versionsFor(offer, kubernetesVersion);
  if (known.includes(version)) return;
  throw invalidParameter(
    `Addon version specified is not supported: ${version}; for Kubernetes ${kubernetesVersion} the sandbox knows ${known.join(', ')}`,
    { addonName: offer.name },
  );
}

/** Reads configurationValues, which may be JSON or YAML. */
export function parseConfiguration(offer: AddOnOffer, values: string | undefined): AddOnConfiguration {
  const details = { addonName: offer.name };
  const check: Check = checking(details);
  const invalid = 'ConfigurationValue is not in valid JSON or YAML format';
  let parsed: unknown;
  try {
    parsed = parse(values ?? '');
  } catch (error) {
    throw invalidParameter(`${invalid}: ${messageOf(error)}`, details);
  }
  if (parsed === null) return {};
  check(typeof parsed === 'object' && !Array.isArray(parsed), `${invalid}: not an object`);
  const unknown = Object.keys(parsed).find((key) => offer.configuration?.includes(key) === false);
  check(
    unknown === undefined,
    [
      'ConfigurationValue provided in request is not supported: Json schema validation failed with error:',
      `[$.${unknown ?? ''}: is not defined in the schema and the schema does not allow additional properties]`,
    ].join(' '),
  );
  return parsed as AddOnConfiguration;
}

async function createAddOn(
  context: EmulatorContext,
  clusterName: string,
  request: Wire<CreateAddonRequest>,
): Promise<Wire<Addon>> {
  const { state, runtime } = activeCluster(context, clusterName);
  const { cluster } = state;
  const offer = offerNamed(request.addonName ?? '');
  const details = { clusterName, addonName: offer.name };
  if (state.addOns.has(offer.name)) throw inUse('Addon already exists.', details);
  const version = request.addonVersion ?? versionsFor(offer, cluster.version ?? '')[0] ?? '';
  checkVersion(offer, version, cluster.version ?? '');
  const configuration = parseConfiguration(offer, request.configurationValues);
  await checkServiceAccountRole(context, request.serviceAccountRoleArn);
  const addonArn = eksArn(context.account, `addon/${clusterName}/${offer.name}/${randomUUID()}`);
  const addon: Wire<Addon> = withoutUndefined({
    addonName: offer.name,
    clusterName,
    status: 'CREATING' as const,
    health: { issues: [] },
    addonVersion: version,
    addonArn,
    createdAt: now(),
    modifiedAt: now(),
    serviceAccountRoleArn: request.serviceAccountRoleArn,
    tags: request.tags ?? {},
    configurationValues: request.configurationValues,
    podIdentityAssociations: [],
  });
  const added: AddOnState = { addon, graceUntil: Date.now() + GRACE_MS, installed: Promise.resolve() };
  state.addOns.set(offer.name, added);
  const { podIdentityAssociations: asked } = request;
  try {
    addon.podIdentityAssociations = await associateAll(context, state, offer, asked, addonArn);
  } catch (error) {
    state.addOns.delete(offer.name);
    throw error;
  }
  const objects = addOnObjects(offer, version, cluster, configuration);
  added.installed = install(runtime.api, objects, request.resolveConflicts ?? 'NONE').catch(
    (error: unknown) => {
      const message = messageOf(error);
      const code = isConflict(error) ? 'ConfigurationConflict' : 'InternalFailure';
      addon.status = 'CREATE_FAILED';
      addon.health = { issues: [{ code, message, resourceIds: [] }] };
      context.report(`add-on ${offer.name} of ${clusterName} could not be created: ${message}`);
    },
  );
  return structuredClone(addon);
}

async function checkServiceAccountRole({ account }: EmulatorContext, arn: string | undefined): Promise<void> {
  if (arn !== undefined && !(await account.role(arn))) {
    throw invalidParameter(`The serviceAccountRoleArn ${arn} does not exist`);
  }
}

async function associateAll(
  context: EmulatorContext,
  state: ClusterState,
  offer: AddOnOffer,
  requested: Wire<CreateAddonRequest>['podIdentityAssociations'],
  ownerArn: string,
): Promise<string[]> {
  const arns: string[] = [];
  for (const { serviceAccount, roleArn } of requested ?? []) {
    const association = await associatePodIdentity(
      context,
      state,
      { clusterName: state.cluster.name, namespace: offer.namespace, serviceAccount, roleArn },
      ownerArn,
    );
    arns.push(association.associationArn ?? '');
  }
  return arns;
}

/** OVERWRITE takes over fields that other managers changed; PRESERVE keeps a changed object as it is. */
async function install(
  api: KubernetesApi,
  objects: readonly KubernetesObject[],
  onConflict: 'NONE' | 'OVERWRITE' | 'PRESERVE',
): Promise<void> {
  for (const object of objects) {
    try {
      await api.apply(object, MANAGER, onConflict === 'OVERWRITE');
    } catch (error) {
      if (!isConflict(error) || onConflict !== 'PRESERVE') throw error;
    }
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof KubernetesApiError && error.reason === 'Conflict';
}

/** The add-on as it is now: its status follows its Pods. */
async function examine(state: ClusterState, name: string): Promise<Wire<Addon>> {
  const added = addOnOf(state, name);
  const { addon, installed } = added;
  const api = state.runtime?.api;
  if (!api || (addon.status !== 'CREATING' && addon.status !== 'ACTIVE' && addon.status !== 'DEGRADED'))
    return addon;
  await installed;
  // An installation that failed in the meantime has said so itself.
  if (added.addon.status === 'CREATE_FAILED') return addon;
  const missing = await missingPods(state, addon, api);
  if (missing.length === 0) {
    addon.status = 'ACTIVE';
    addon.health = { issues: [] };
    delete added.graceUntil;
  } else if (added.graceUntil === undefined) {
    added.graceUntil = Date.now() + GRACE_MS;
  } else if (Date.now() > added.graceUntil) {
    addon.status = 'DEGRADED';
    const message = "The add-on is unhealthy because it doesn't have the desired number of replicas.";
    addon.health = { issues: [{ code: 'InsufficientNumberOfReplicas', message, resourceIds: missing }] };
  }
  return addon;
}

/** Deployments of the add-on that have fewer Pods than asked for; a DaemonSet without nodes is complete. */
async function missingPods(
  { cluster }: ClusterState,
  { addonName = '', addonVersion = '', configurationValues }: Wire<Addon>,
  api: KubernetesApi,
): Promise<string[]> {
  const offer = offerNamed(addonName);
  const objects = addOnObjects(offer, addonVersion, cluster, parseConfiguration(offer, configurationValues));
  const missing: string[] = [];
  for (const object of objects.filter(({ kind }) => kind === 'Deployment')) {
    const live = await api.get(object);
    const { replicas = 1 } = (object.spec ?? {}) as { replicas?: number };
    const { availableReplicas = 0 } = (live?.status ?? {}) as { availableReplicas?: number };
    if (availableReplicas < replicas) missing.push(object.metadata.name);
  }
  return missing;
}

async function updateAddOn(
  context: EmulatorContext,
  clusterName: string,
  name: string,
  request: Wire<UpdateAddonRequest>,
): Promise<unknown> {
  const { state, runtime } = activeCluster(context, clusterName);
  const added = addOnOf(state, name);
  const { addon } = added;
  const offer = offerNamed(name);
  const version = request.addonVersion ?? addon.addonVersion ?? '';
  checkVersion(offer, version, state.cluster.version ?? '');
  const values = request.configurationValues ?? addon.configurationValues;
  const configuration = parseConfiguration(offer, values);
  await checkServiceAccountRole(context, request.serviceAccountRoleArn);
  state.updates.assertNoneInProgress({ addonName: name });
  addon.status = 'UPDATING';
  const { addonVersion, serviceAccountRoleArn, resolveConflicts, configurationValues } = request;
  const { podIdentityAssociations: asked } = request;
  const parameters = {
    AddonVersion: addonVersion,
    ServiceAccountRoleArn: serviceAccountRoleArn,
    ResolveConflicts: resolveConflicts,
    ConfigurationValues: configurationValues,
    PodIdentityAssociations: asked,
  };
  return state.updates.begin('AddonUpdate', parameters, { addonName: name }, async () => {
    try {
      await added.installed;
      if (asked) {
        removeAssociations(state, addon);
        const arn = addon.addonArn ?? '';
        addon.podIdentityAssociations = await associateAll(context, state, offer, asked, arn);
      }
      const objects = addOnObjects(offer, version, state.cluster, configuration);
      await install(runtime.api, objects, resolveConflicts ?? 'NONE');
      addon.addonVersion = version;
      if (values !== undefined) addon.configurationValues = values;
      if (serviceAccountRoleArn !== undefined) addon.serviceAccountRoleArn = serviceAccountRoleArn;
    } catch (error) {
      if (!isConflict(error)) throw error;
      throw new UpdateFailure('ConfigurationConflict', (error as Error).message);
    } finally {
      addon.modifiedAt = now();
      added.graceUntil = Date.now() + GRACE_MS;
      addon.status = 'CREATING';
      const { status } = await examine(state, name);
      // Pods are still being exchanged: that is no degradation of an add-on that has been ACTIVE.
      if (status === 'CREATING') addon.status = 'ACTIVE';
    }
  });
}

function removeAssociations({ podIdentities }: ClusterState, { addonArn }: Wire<Addon>): void {
  for (const [id, association] of podIdentities) {
    if (association.ownerArn === addonArn) podIdentities.delete(id);
  }
}

async function deleteAddOn(
  context: EmulatorContext,
  clusterName: string,
  name: string,
  preserve: boolean,
): Promise<Wire<Addon>> {
  const state = clusterNamed(context, clusterName);
  const { addon, installed } = addOnOf(state, name);
  const offer = offerNamed(name);
  addon.status = 'DELETING';
  await installed;
  const api = state.runtime?.api;
  if (api && !preserve) {
    const objects = addOnObjects(offer, addon.addonVersion ?? '', state.cluster, {});
    for (const object of objects.reverse()) await api.delete(object);
  }
  removeAssociations(state, addon);
  state.addOns.delete(name);
  addon.status = 'DELETING';
  return addon;
}
