import { Construct } from '../../terraform/construct';
import { Account } from '../account/account';
import type { EksCluster } from '../cluster/eks-cluster';
import { actions, grant } from '../identity/grant';
import { PodIdentity } from '../identity/pod-identity';

/** Where ExternalDNS' chart is installed by its manual, and the ServiceAccount that it makes there. */
const NAMESPACE = 'external-dns';
const SERVICE_ACCOUNT = 'external-dns';

/** Id of a hosted zone of Route 53. Source: Amazon Route 53 API Reference, HostedZone. */
const ZONE = /^Z[A-Z0-9]{1,31}$/;

/** The cluster and the hosted zones of external-dns. */
export interface ExternalDnsOptions {
  readonly cluster: EksCluster;
  /** IDs of the hosted zones whose records it writes, such as `Z0123456789ABCDEFGHIJ`: at least one. */
  readonly zones: readonly string[];
}

/**
 * The AWS side of ExternalDNS, which writes the hostnames of Ingresses and Services into Route 53 zones. It is an IAM role that
 * changes the records of the named zones only.
 *
 * The controller itself is a chart, which finds the role by the name of its ServiceAccount and needs no annotation. It lists
 * all zones, and tries each that it is not told to leave alone: so say the IDs again. It marks the records that are its own,
 * so that two clusters of one zone need different owner IDs:
 *
 * ```sh
 * helm install external-dns external-dns --repo https://kubernetes-sigs.github.io/external-dns \
 *   --namespace external-dns --create-namespace --set provider.name=aws --set txtOwnerId=<cluster> \
 *   --set 'extraArgs={--zone-id-filter=<zone>}'
 * ```
 *
 * @throws when no zone is named, or one is no ID of a zone
 * @see https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/aws/
 */
export class ExternalDns extends Construct {
  readonly identity: PodIdentity;

  constructor(scope: Construct, id: string, { cluster, zones }: ExternalDnsOptions) {
    super(scope, id);
    this.node.addValidation({ validate: () => findings(zones) });
    const { partition } = Account.of(this);
    this.identity = new PodIdentity(this, 'identity', {
      cluster: cluster.resource,
      namespace: NAMESPACE,
      serviceAccount: SERVICE_ACCOUNT,
      statements: [
        grant(
          'Records',
          actions('route53', 'ChangeResourceRecordSets ListResourceRecordSets ListTagsForResources'),
          // Route 53 is in no region, and its ARNs name no account.
          zones.map((zone) => `arn:${partition}:route53:::hostedzone/${zone}`),
        ),
        // AWS knows no narrower resource for it.
        grant('Discovery', ['route53:ListHostedZones'], ['*']),
      ],
    });
  }
}

function findings(zones: readonly string[]): string[] {
  if (zones.length === 0)
    return ['zones: got none, so that no record could be written; name a hosted zone by its ID'];
  return zones
    .filter((zone) => !ZONE.test(zone))
    .map((zone) => `zones: got "${zone}"; expected the ID of a hosted zone, such as Z0123456789ABCDEFGHIJ`);
}
