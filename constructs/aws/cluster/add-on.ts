import { EksAddon } from '@cdktf/provider-aws/lib/eks-addon';
import type { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { dependable, type ITerraformDependable } from 'cdktf';
import { atSynthesis } from '../../terraform/at-synthesis';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { ADD_ONS, type AddOnName, pinnedVersion } from '@kubernetes-on-aws/eks-facts/add-ons';
import { ServiceRole } from '../identity/service-role';

/** The version of an add-on, and the managed policy of its IAM role. */
export interface AddOnOptions {
  /**
   * Version, such as `v1.13.2-eksbuild.11`. With `default`, EKS chooses its default for the cluster's Kubernetes version when it
   * creates the add-on. The state keeps that version, also after an upgrade of the cluster.
   * @default - the one that is pinned for the cluster's Kubernetes version, or `default` where none is
   */
  readonly version?: string;
  /**
   * With `cluster` the add-on's role reaches only volumes, snapshots and instances with this cluster's tag, with `account` those
   * of the whole account. For the EBS CSI driver.
   * @default account
   */
  readonly policy?: 'cluster' | 'account';
}

/** An add-on, its cluster, its configuration, and what it waits for. */
export interface AddOnProps extends AddOnOptions {
  readonly name: AddOnName;
  readonly cluster: EksCluster;
  /** Kubernetes minor version of the cluster, such as `1.35`. */
  readonly kubernetesVersion: string;
  /** Settings of this cluster's, beside those that the add-on has in every cluster. @default {} */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** What has to be there before; asked for at synthesis, when the cluster is complete. */
  readonly after: () => readonly ITerraformDependable[];
}

/**
 * An EKS add-on of a pinned version. Only this program or `platform.yaml` changes it; a new Kubernetes version selects the version
 * that fits it. An add-on that calls AWS has a role of its own by Pod Identity.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html
 */
export class AddOn extends Construct {
  readonly resource: EksAddon;

  constructor(scope: Construct, id: string, props: AddOnProps) {
    super(scope, id);
    const { name, version = pinnedVersion(name, props.kubernetesVersion) ?? 'default' } = props;
    const { identity, clusterPolicy } = ADD_ONS[name];
    const configuration = { ...ADD_ONS[name].configuration, ...props.configuration };
    const role =
      identity &&
      new ServiceRole(this, 'role', {
        name: `${props.cluster.nameInput}-${name}`,
        trust: 'pod-identity',
        // In the namespace that EKS gives the add-on.
        pods: { cluster: props.cluster.nameInput ?? '', serviceAccount: identity.serviceAccount },
        managedPolicies:
          props.policy === 'cluster' && clusterPolicy !== undefined
            ? [clusterPolicy]
            : identity.managedPolicies,
      });
    this.resource = new EksAddon(this, MAIN_CHILD, {
      clusterName: props.cluster.name,
      addonName: name,
      resolveConflictsOnCreate: 'OVERWRITE',
      resolveConflictsOnUpdate: 'PRESERVE',
      ...(version !== 'default' && { addonVersion: version }),
      ...(Object.keys(configuration).length > 0 && { configurationValues: JSON.stringify(configuration) }),
      ...(role && {
        podIdentityAssociation: [{ serviceAccount: identity.serviceAccount, roleArn: role.arn }],
      }),
    });
    atSynthesis(this.resource, () => {
      this.resource.dependsOn = [...props.after(), ...(role?.policies ?? [])].map(dependable);
    });
  }
}
