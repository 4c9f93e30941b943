import { Construct } from '../../terraform/construct';
import { Account } from '../account/account';
import type { EksCluster } from '../cluster/eks-cluster';
import { actions, grant } from '../identity/grant';
import { PodIdentity } from '../identity/pod-identity';
import type { PolicyStatement } from '../identity/policy-document';

/** The controller that the role is for: its chart is told the same. */
export const LOAD_BALANCER_CONTROLLER = {
  namespace: 'kube-system',
  serviceAccount: 'aws-load-balancer-controller',
  /**
   * Version of the controller, and of the chart that installs it. A later one may ask for more rights: hold what is below against
   * its `docs/install/iam_policy.json` before you raise it.
   */
  version: '3.5.0',
} as const;

/** The tag with the cluster's name that the controller gives to everything that it makes. */
const CLUSTER_TAG = 'elbv2.k8s.aws/cluster';

/** The cluster of the load balancer controller, and its region. */
export interface LoadBalancerControllerOptions {
  readonly cluster: EksCluster;
  /** AWS region, such as `eu-west-1`. */
  readonly region: string;
}

/**
 * The AWS side of the AWS Load Balancer Controller: the IAM role of its Pods. The controller creates an Application Load Balancer
 * for each Ingress, and a Network Load Balancer for each Service of the type LoadBalancer. Without a controller nothing
 * serves an Ingress: Kubernetes keeps the object, and its address stays empty.
 *
 * The controller itself is a chart in a stack of its own, `LoadBalancerControllerStack`. It finds the role by the name of its
 * ServiceAccount and needs no annotation.
 *
 * The rights are narrower than those that the controller's documentation lists. What it changes must have the tag of this cluster.
 * Two clusters of an account cannot change each other's load balancers. The rights for AWS Outposts (pools of
 * customer-owned addresses) are left out.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
 */
export class LoadBalancerController extends Construct {
  readonly identity: PodIdentity;

  constructor(scope: Construct, id: string, { cluster, region }: LoadBalancerControllerOptions) {
    super(scope, id);
    const places = placesOf(Account.of(this), region, cluster);
    this.identity = new PodIdentity(this, 'identity', {
      cluster: cluster.resource,
      namespace: LOAD_BALANCER_CONTROLLER.namespace,
      serviceAccount: LOAD_BALANCER_CONTROLLER.serviceAccount,
      statements: [discovery, securityGroups, loadBalancers, listeners, companions].flatMap((part) =>
        part(places),
      ),
    });
  }
}

/** What the statements name, and what must hold of the cluster's tag. */
function placesOf(account: Account, region: string, cluster: EksCluster) {
  const of = (service: string, ...resources: readonly string[]): string[] =>
    resources.map((resource) => account.arn(service, region, resource));
  const elb = (...resources: readonly string[]): string[] => of('elasticloadbalancing', ...resources);
  return {
    of,
    elb,
    ofNoRegion: (service: string, resource: string): string => account.arn(service, '', resource),
    vpc: of('ec2', `vpc/${cluster.resource.vpcConfig.vpcId}`),
    groups: of('ec2', 'security-group/*'),
    nodes: of('ec2', `security-group/${cluster.securityGroup}`),
    balancers: elb('loadbalancer/app/*', 'loadbalancer/net/*'),
    targetGroups: elb('targetgroup/*'),
    /** What is being made gets it. */
    requested: { StringEquals: { [`aws:RequestTag/${CLUSTER_TAG}`]: cluster.name } },
    /** What is there has it. */
    owned: { StringEquals: { [`aws:ResourceTag/${CLUSTER_TAG}`]: cluster.name } },
    /** It is not among the tags that change: nothing is taken into the cluster or put out of it afterward. */
    kept: { Null: { [`aws:RequestTag/${CLUSTER_TAG}`]: 'true' } },
  };
}

type Places = ReturnType<typeof placesOf>;

/** What is there: subnets, security groups, the controller's own load balancers. AWS knows no narrower resource for these. */
function discovery({ of, vpc, ofNoRegion }: Places): PolicyStatement[] {
  return [
    grant(
      'Discovery',
      [
        ...actions(
          'ec2',
          `DescribeAccountAttributes DescribeAddresses DescribeAvailabilityZones DescribeInstances DescribeInternetGateways
            DescribeIpamPools DescribeNetworkInterfaces DescribeRouteTables DescribeSecurityGroups DescribeSubnets
            DescribeTags DescribeVpcPeeringConnections DescribeVpcs`,
        ),
        ...actions(
          'elasticloadbalancing',
          `DescribeCapacityReservation DescribeListenerAttributes DescribeListenerCertificates DescribeListeners
            DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeRules DescribeSSLPolicies DescribeTags
            DescribeTargetGroupAttributes DescribeTargetGroups DescribeTargetHealth DescribeTrustStores`,
        ),
        // Certificates are found by the host names of an Ingress, which takes all of them.
        ...['acm:ListCertificates', 'iam:ListServerCertificates', 'shield:GetSubscriptionState'],
      ],
      ['*'],
    ),
    grant('DiscoveryInTheVpc', ['ec2:GetSecurityGroupsForVpc'], vpc),
    grant(
      'DiscoveryOfCertificates',
      ['acm:DescribeCertificate', 'iam:GetServerCertificate'],
      [...of('acm', 'certificate/*'), ofNoRegion('iam', 'server-certificate/*')],
    ),
  ];
}

/** The security groups of the load balancers, and the way from them to the nodes. */
function securityGroups({ groups, vpc, nodes, requested, owned, kept }: Places): PolicyStatement[] {
  return [
    grant('SecurityGroups', ['ec2:CreateSecurityGroup'], groups, requested),
    // A VPC gets no tags by this, so that the condition on them could not hold for it.
    grant('SecurityGroupsInTheVpc', ['ec2:CreateSecurityGroup'], vpc),
    grant('TagsOfNewSecurityGroups', ['ec2:CreateTags'], groups, requested, {
      StringEquals: { 'ec2:CreateAction': 'CreateSecurityGroup' },
    }),
    grant('TagsOfSecurityGroups', actions('ec2', 'CreateTags DeleteTags'), groups, owned, kept),
    grant(
      'RulesOfSecurityGroups',
      actions('ec2', 'AuthorizeSecurityGroupIngress DeleteSecurityGroup RevokeSecurityGroupIngress'),
      groups,
      owned,
    ),
    // The one group that is not the controller's: EKS made it, and it is that of all nodes.
    grant(
      'RulesOfTheNodes',
      actions('ec2', 'AuthorizeSecurityGroupIngress RevokeSecurityGroupIngress'),
      nodes,
    ),
  ];
}

/** The load balancers and their target groups. */
function loadBalancers(places: Places): PolicyStatement[] {
  const { requested, owned, kept, targetGroups } = places;
  const both = [...places.balancers, ...targetGroups];
  return [
    grant(
      'RoleOfTheService',
      ['iam:CreateServiceLinkedRole'],
      [places.ofNoRegion('iam', 'role/aws-service-role/elasticloadbalancing.amazonaws.com/*')],
      { StringEquals: { 'iam:AWSServiceName': 'elasticloadbalancing.amazonaws.com' } },
    ),
    grant(
      'LoadBalancers',
      actions('elasticloadbalancing', 'CreateLoadBalancer CreateTargetGroup'),
      both,
      requested,
    ),
    grant('TagsOfNewLoadBalancers', ['elasticloadbalancing:AddTags'], both, requested, {
      StringEquals: { 'elasticloadbalancing:CreateAction': ['CreateLoadBalancer', 'CreateTargetGroup'] },
    }),
    grant('TagsOfLoadBalancers', actions('elasticloadbalancing', 'AddTags RemoveTags'), both, owned, kept),
    grant(
      'ChangesOfLoadBalancers',
      actions(
        'elasticloadbalancing',
        `DeleteLoadBalancer DeleteTargetGroup ModifyCapacityReservation ModifyIpPools ModifyLoadBalancerAttributes
          ModifyTargetGroup ModifyTargetGroupAttributes SetIpAddressType SetSecurityGroups SetSubnets`,
      ),
      both,
      owned,
    ),
    // Not by the tag: a TargetGroupBinding puts Pods into a target group that was made elsewhere.
    grant('Targets', actions('elasticloadbalancing', 'DeregisterTargets RegisterTargets'), targetGroups),
  ];
}

/**
 * Listeners and their rules. Only those of a controller that tags them carry the tag, so that the tag is asked of the load
 * balancer where the action names it, and of a listener where the controller's own policy asks for it.
 */
function listeners({ elb, balancers, owned }: Places): PolicyStatement[] {
  const own = elb('listener/app/*', 'listener/net/*');
  return [
    grant('NewListeners', ['elasticloadbalancing:CreateListener'], balancers, owned),
    grant('AttributesOfListeners', ['elasticloadbalancing:ModifyListenerAttributes'], own, owned),
    grant(
      'Listeners',
      actions(
        'elasticloadbalancing',
        `AddListenerCertificates AddTags CreateRule DeleteListener DeleteRule ModifyListener ModifyRule
          RemoveListenerCertificates RemoveTags SetRulePriorities`,
      ),
      [...own, ...elb('listener-rule/app/*', 'listener-rule/net/*')],
    ),
  ];
}

/**
 * What stands before an Application Load Balancer at the wish of an Ingress: sign-in by Cognito, AWS WAF, AWS Shield. The
 * controller asks for the web ACL and the protection of each load balancer, those without a wish too.
 */
function companions({ of, elb, ofNoRegion }: Places): PolicyStatement[] {
  const webAcl = 'AssociateWebACL DisassociateWebACL GetWebACL GetWebACLForResource';
  return [
    grant('SignIn', ['cognito-idp:DescribeUserPoolClient'], of('cognito-idp', 'userpool/*')),
    grant(
      'WebAcls',
      ['waf-regional', 'wafv2'].flatMap((service) => actions(service, webAcl)),
      [...elb('loadbalancer/app/*'), ...of('waf-regional', 'webacl/*'), ...of('wafv2', 'regional/webacl/*')],
    ),
    grant('Protections', actions('shield', 'DeleteProtection DescribeProtection'), [
      ofNoRegion('shield', 'protection/*'),
    ]),
    // AWS knows no narrower resource for these.
    grant('NewCompanions', ['elasticloadbalancing:SetWebAcl', 'shield:CreateProtection'], ['*']),
  ];
}
