import { EksAddon } from '@cdktf/provider-aws/lib/eks-addon';
import type { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import type { ITerraformDependable } from 'cdktf';
import { MAIN_CHILD } from '../terraform/address';
import { Construct } from 'constructs';
import { ServiceRole } from './service-role';

/** What EKS needs to know of each add-on besides its name. */
const ADD_ONS = {
  'vpc-cni': {
    // NetworkPolicies are enforced by the CNI, and only when it is told to.
    configuration: { enableNetworkPolicy: 'true' },
    identity: { serviceAccount: 'aws-node', managedPolicy: 'AmazonEKS_CNI_Policy' },
  },
  'kube-proxy': {},
  'eks-pod-identity-agent': {},
  coredns: {},
  'aws-ebs-csi-driver': {
    identity: {
      serviceAccount: 'ebs-csi-controller-sa',
      managedPolicy: 'service-role/AmazonEBSCSIDriverPolicy',
    },
  },
  'aws-efs-csi-driver': {
    identity: {
      serviceAccount: 'efs-csi-controller-sa',
      managedPolicy: 'service-role/AmazonEFSCSIDriverPolicy',
    },
  },
  'metrics-server': {},
} as const satisfies Record<string, AddOnFacts>;

interface AddOnFacts {
  readonly configuration?: object;
  readonly identity?: { readonly serviceAccount: string; readonly managedPolicy: string };
}

/** The add-ons that the platform knows how to install. */
export type AddOnName = keyof typeof ADD_ONS;

export interface AddOnProps {
  readonly name: AddOnName;
  readonly cluster: EksCluster;
  /** What has to be there before. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * An EKS add-on. EKS chooses its default version for the cluster's Kubernetes version when it creates the add-on, and the
 * state keeps it: a later default changes nothing by itself. An add-on that calls AWS has a role of its own by Pod Identity.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html
 */
export class AddOn extends Construct {
  readonly resource: EksAddon;

  constructor(scope: Construct, id: string, props: AddOnProps) {
    super(scope, id);
    const { configuration, identity }: AddOnFacts = ADD_ONS[props.name];
    const role =
      identity &&
      new ServiceRole(this, 'role', {
        name: `${props.cluster.nameInput}-${props.name}`,
        trust: 'pod-identity',
        managedPolicies: [identity.managedPolicy],
      });
    this.resource = new EksAddon(this, MAIN_CHILD, {
      clusterName: props.cluster.name,
      addonName: props.name,
      resolveConflictsOnCreate: 'OVERWRITE',
      resolveConflictsOnUpdate: 'PRESERVE',
      ...(configuration && { configurationValues: JSON.stringify(configuration) }),
      ...(role && {
        podIdentityAssociation: [{ serviceAccount: identity.serviceAccount, roleArn: role.arn }],
      }),
      dependsOn: [...props.after, ...(role?.policies ?? [])],
    });
  }
}
