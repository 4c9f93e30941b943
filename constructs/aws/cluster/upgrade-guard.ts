import { DataAwsEksCluster } from '@cdktf/provider-aws/lib/data-aws-eks-cluster';
import { DataAwsEksClusters } from '@cdktf/provider-aws/lib/data-aws-eks-clusters';
import { DataAwsEksNodeGroup } from '@cdktf/provider-aws/lib/data-aws-eks-node-group';
import { DataAwsEksNodeGroups } from '@cdktf/provider-aws/lib/data-aws-eks-node-groups';
import { minorOf, VERSION_SKEW } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import type { Precondition, TerraformDataSource } from 'cdktf';
import { Construct } from '../../terraform/construct';
import { expression } from '../../terraform/literal';

/** The cluster that is upgraded, and its new version. */
export interface UpgradeGuardOptions {
  /** Name of the cluster; it need not exist yet. */
  readonly cluster: string;
  /** Kubernetes minor version that is asked for, such as `1.36`. */
  readonly version: string;
}

/**
 * Reads the existing cluster and refuses a plan that EKS would refuse in the middle of an apply. Such a plan goes two minor
 * versions up at once, or leaves nodes that are too old. It also refuses a version back. EKS permits that within 7 days of an upgrade, but
 * with the node groups before the control plane. A cluster that does not exist yet may have any version.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html
 * @see https://kubernetes.io/releases/version-skew-policy/
 */
export class UpgradeGuard extends Construct {
  /** What has to be true before the cluster is made or changed. */
  readonly preconditions: readonly Precondition[];

  constructor(scope: Construct, id: string, { cluster, version }: UpgradeGuardOptions) {
    super(scope, id);
    const all = reference(new DataAwsEksClusters(this, 'clusters'));
    const existing = new DataAwsEksCluster(this, 'cluster', { name: cluster });
    const groups = new DataAwsEksNodeGroups(this, 'node-groups', { clusterName: cluster });
    for (const source of [existing, groups]) {
      source.addOverride('count', `\${contains(${all}.names, ${JSON.stringify(cluster)}) ? 1 : 0}`);
    }
    const group = new DataAwsEksNodeGroup(this, 'node-group', {
      clusterName: cluster,
      nodeGroupName: expression('each.value'),
    });
    group.addOverride('for_each', `\${toset(flatten(${reference(groups)}[*].names))}`);

    const wanted = minorOf(version);
    const running = `${reference(existing)}[*].version`;
    const minor = (text: string): string => `tonumber(split(".", ${text})[1])`;
    const oldest = wanted - VERSION_SKEW;
    const takeBack =
      'Within 7 days of an upgrade in place, EKS takes it back, outside Terraform. For each node group: aws eks ' +
      `update-nodegroup-version --cluster-name ${cluster} --nodegroup-name NAME --kubernetes-version ${version}. Then: aws eks ` +
      `update-cluster-version --name ${cluster} --kubernetes-version ${version}. Plan again after that.`;
    this.preconditions = [
      {
        condition: expression(
          `alltrue([for v in ${running} : contains([${wanted - 1}, ${wanted}], ${minor('v')})])`,
        ),
        errorMessage:
          `Kubernetes ${version} for the cluster ${cluster}, whose control plane runs ${expression(`join("", ${running})`)}: ` +
          `allowed are ${expression(`join("", [for v in ${running} : "\${v} and 1.\${${minor('v')} + 1}"])`)}, since EKS goes ` +
          `up one minor version at a time. ${expression(
            `anytrue([for v in ${running} : ${minor('v')} == ${wanted + 1}]) ? "${takeBack}" : ` +
              '"Set the version to one of these, apply, and continue from there."',
          )}`,
      },
      {
        condition: expression(`alltrue([for g in ${reference(group)} : ${minor('g.version')} >= ${oldest}])`),
        errorMessage:
          `Kubernetes ${version} for the cluster ${cluster}, whose node groups are too old: ${expression(
            `join(", ", [for g in ${reference(group)} : "\${g.node_group_name} runs \${g.version}" if ` +
              `${minor('g.version')} < ${oldest}])`,
          )}. Allowed is ` +
          `1.${oldest} or newer, since nodes may be ${VERSION_SKEW} minor versions behind the control plane. Upgrade these ` +
          'node groups first: apply with the version that the control plane has.',
      },
    ];
  }
}

/** A data source within an expression. */
function reference(source: TerraformDataSource): string {
  return `data.${source.terraformResourceType}.${source.friendlyUniqueId}`;
}
