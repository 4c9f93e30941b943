import {
  ADD_ON_OFFERS,
  addOnNamed,
  kubernetesVersionsFor,
  versionsFor,
  type AddOnOffer,
} from './add-on-catalog';
import { invalidParameter } from './eks-errors';
import { page } from './routes';
import { KUBERNETES_VERSIONS } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';

/** @throws {EksError} InvalidParameterException for an add-on that the sandbox does not know */
export function offerNamed(name: string): AddOnOffer {
  const offer = addOnNamed(name);
  if (!offer) {
    const known = ADD_ON_OFFERS.map((addOn) => addOn.name).join(', ');
    throw invalidParameter(`Addon ${name} specified is not supported; the sandbox knows ${known}`, {
      addonName: name,
    });
  }
  return offer;
}

/** Answers DescribeAddonVersions. */
export function describeAddOnVersions(query: URLSearchParams): unknown {
  const name = query.get('addonName');
  const kubernetes = query.get('kubernetesVersion');
  const known = Object.keys(KUBERNETES_VERSIONS);
  if (kubernetes !== null && !known.includes(kubernetes)) {
    throw invalidParameter(`Kubernetes version ${kubernetes} is not supported; known: ${known.join(', ')}`);
  }
  if (name !== null) offerNamed(name);
  const addons = ADD_ON_OFFERS.filter((offer) => name === null || offer.name === name).map((offer) => {
    const all = [
      ...new Set((kubernetes ? [kubernetes] : known).flatMap((version) => versionsFor(offer, version))),
    ];
    return {
      addonName: offer.name,
      type: offer.type,
      publisher: offer.publisher,
      owner: offer.publisher === 'community' ? 'community' : 'aws',
      addonVersions: all.map((addonVersion) => ({
        addonVersion,
        architecture: ['amd64', 'arm64'],
        computeTypes: ['ec2', 'hybrid', 'auto'],
        compatibilities: kubernetesVersionsFor(offer, addonVersion)
          .filter((version) => kubernetes === null || version === kubernetes)
          .map((clusterVersion) => ({
            clusterVersion,
            platformVersions: ['*'],
            defaultVersion: versionsFor(offer, clusterVersion)[0] === addonVersion,
          })),
        requiresConfiguration: false,
        requiresIamPermissions: offer.serviceAccount !== undefined,
      })),
    };
  });
  return page('addons', addons, query);
}

/** Answers DescribeAddonConfiguration; the schema names the keys that are known, and not what is below them. */
export function describeAddOnConfiguration(query: URLSearchParams): unknown {
  const offer = offerNamed(query.get('addonName') ?? '');
  const properties = Object.fromEntries((offer.configuration ?? []).map((key) => [key, {}]));
  return {
    addonName: offer.name,
    addonVersion: query.get('addonVersion'),
    configurationSchema: JSON.stringify({
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      additionalProperties: offer.configuration === undefined,
      properties,
    }),
    podIdentityConfiguration: offer.serviceAccount
      ? [{ serviceAccount: offer.serviceAccount, recommendedManagedPolicies: [] }]
      : [],
  };
}
