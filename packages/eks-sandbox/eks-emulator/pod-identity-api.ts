import { randomBytes } from 'node:crypto';
import type {
  CreatePodIdentityAssociationRequest,
  PodIdentityAssociation,
  UpdatePodIdentityAssociationRequest,
} from '@aws-sdk/client-eks';
import { withoutUndefined } from '../aws-emulator/emulated-account';
import { clusterNamed, eksArn, type ClusterState, type EmulatorContext } from './cluster-state';
import { inUse, invalidParameter, notFound } from './eks-errors';
import { page, type Routes } from './routes';
import { now, type Wire } from './wire';

/** What a list says of an association. Source: EKS API Reference, PodIdentityAssociationSummary. */
const SUMMARY = [
  ...(['clusterName', 'namespace', 'serviceAccount'] as const),
  ...(['associationArn', 'associationId', 'ownerArn'] as const),
];

/** Pod Identity associations: which IAM role the Pods of a service account get. */
export function podIdentityRoutes(routes: Routes, context: EmulatorContext): void {
  const associations = '/clusters/{name}/pod-identity-associations';
  const found = (name: string, id: string): Wire<PodIdentityAssociation> => {
    const association = clusterNamed(context, name).podIdentities.get(id);
    const message = `The association ID provided in the request does not exist: ${id}`;
    if (!association) throw notFound(message, { clusterName: name });
    return association;
  };
  routes
    .on<Wire<CreatePodIdentityAssociationRequest>>('POST', associations, async ({ at, body }) => ({
      association: await associatePodIdentity(context, clusterNamed(context, at('name')), body),
    }))
    .on('GET', associations, ({ at, query }) => {
      const namespace = query.get('namespace');
      const serviceAccount = query.get('serviceAccount');
      const matching = [...clusterNamed(context, at('name')).podIdentities.values()].filter(
        (item) =>
          (namespace === null || item.namespace === namespace) &&
          (serviceAccount === null || item.serviceAccount === serviceAccount),
      );
      const summaries = matching.map((item) =>
        Object.fromEntries(SUMMARY.flatMap((key) => (item[key] === undefined ? [] : [[key, item[key]]]))),
      );
      return page('associations', summaries, query);
    })
    .on('GET', `${associations}/{id}`, ({ at }) => ({ association: found(at('name'), at('id')) }))
    .on<Wire<UpdatePodIdentityAssociationRequest>>('POST', `${associations}/{id}`, async ({ at, body }) => {
      const association = found(at('name'), at('id'));
      if (body.roleArn !== undefined) {
        await checkRole(context, body.roleArn);
        association.roleArn = body.roleArn;
      }
      const { disableSessionTags, targetRoleArn } = body;
      Object.assign(association, withoutUndefined({ disableSessionTags, targetRoleArn }));
      association.modifiedAt = now();
      return { association };
    })
    .on('DELETE', `${associations}/{id}`, ({ at }) => {
      const association = found(at('name'), at('id'));
      clusterNamed(context, at('name')).podIdentities.delete(at('id'));
      return { association };
    });
}

/**
 * Makes an association.
 * @param ownerArn the add-on that it belongs to, when it was asked for with one
 */
export async function associatePodIdentity(
  context: EmulatorContext,
  state: ClusterState,
  request: Wire<CreatePodIdentityAssociationRequest>,
  ownerArn?: string,
): Promise<Wire<PodIdentityAssociation>> {
  const { namespace = '', serviceAccount = '', roleArn = '' } = request;
  const clusterName = state.cluster.name ?? '';
  if (!namespace || !serviceAccount)
    throw invalidParameter('namespace and serviceAccount must be given', { clusterName });
  await checkRole(context, roleArn);
  for (const existing of state.podIdentities.values()) {
    if (existing.namespace === namespace && existing.serviceAccount === serviceAccount) {
      throw inUse(`Association already exists: ${existing.associationId ?? ''}`, { clusterName });
    }
  }
  const associationId = `a-${randomBytes(9).toString('hex').slice(0, 17)}`;
  const association: Wire<PodIdentityAssociation> = withoutUndefined({
    clusterName,
    namespace,
    serviceAccount,
    roleArn,
    associationArn: eksArn(context.account, `podidentityassociation/${clusterName}/${associationId}`),
    associationId,
    tags: request.tags ?? {},
    createdAt: now(),
    modifiedAt: now(),
    ownerArn,
    disableSessionTags: request.disableSessionTags ?? false,
    targetRoleArn: request.targetRoleArn,
  });
  state.podIdentities.set(associationId, association);
  return association;
}

async function checkRole({ account }: EmulatorContext, arn: string): Promise<void> {
  const role = await account.role(arn);
  if (!role) throw invalidParameter(`Role provided in the request does not exist: ${arn}`);
  if (!role.trustedServices.includes('pods.eks.amazonaws.com')) {
    throw invalidParameter(`Trust policy of role ${arn} does not let pods.eks.amazonaws.com assume it`);
  }
}
