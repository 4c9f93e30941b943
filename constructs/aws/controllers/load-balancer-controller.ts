import { Construct } from '../../terraform/construct';
import { Account } from '../account/account';
import type { EksCluster } from '../cluster/eks-cluster';
import { PodIdentity } from '../identity/pod-identity';
import type { PolicyCondition, PolicyStatement } from '../identity/policy-document';

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

export interface LoadBalancerControllerOptions {
  readonly cluster: EksCluster;
  /** AWS region, such as `eu-west-1`. */
  readonly region: string;
}

/**
 * The AWS side of the AWS Load Balancer Controller, which makes an Application Load Balancer for each Ingress and a Network
 * Load Balancer for each Service of the type LoadBalancer: the IAM role of its Pods. Without a controller nothing
 * serves an Ingress: Kubernetes keeps the object, and its address stays empty.
 *
 * The controller itself is a chart in a stack of its own, `LoadBalancerControllerStack`. It finds the role by the name of its
 * ServiceAccount and needs no annotation.
 *
 * The rights are those that the controller asks for, but narrower: what it changes must carry the tag of this cluster, so that
 * two clusters of an account do not touch each other's load balancers. Left out is what only AWS Outposts has (pools of
 * customer-owned addresses).
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
 */
export class LoadBalancerController extends Construct {
  readonly identity: PodIdentity;

  constructor(scope: Construct, id: string, { cluster, region }: LoadBalancerControllerOptions) {
    super(scope, id);
    const account = Account.of(this);
    const tags: ClusterTags = {
      requested: { StringEquals: { [`aws:RequestTag/${CLUSTER_TAG}`]: cluster.name } },
      owned: { StringEquals: { [`aws:ResourceTag/${CLUSTER_TAG}`]: cluster.name } },
      // Its other tags may change, but nothing is taken into the cluster or put out of it afterwards.
      retagged: {
        StringEquals: { [`aws:ResourceTag/${CLUSTER_TAG}`]: cluster.name },
        Null: { [`aws:RequestTag/${CLUSTER_TAG}`]: 'true' },
      },
    };
    this.identity = new PodIdentity(this, 'identity', {
      cluster: cluster.resource,
      namespace: LOAD_BALANCER_CONTROLLER.namespace,
      serviceAccount: LOAD_BALANCER_CONTROLLER.serviceAccount,
      statements: [
        ...discovery(account, region, cluster),
        ...securityGroups(account, region, cluster, tags),
        ...loadBalancers(account, region, tags),
        ...listeners(account, region, tags),
        ...companions(account, region),
      ],
    });
  }
}

/** What must hold of the cluster's tag. */
interface ClusterTags {
  /** What is being made gets it. */
  readonly requested: PolicyCondition;
  /** What is there has it. */
  readonly owned: PolicyCondition;
  /** What is there has it, and it is not among the tags that change. */
  readonly retagged: PolicyCondition;
}

/** What is there: subnets, security groups, the controller's own load balancers. AWS knows no narrower resource for these. */
function discovery(account: Account, region: string, cluster: EksCluster): PolicyStatement[] {
  return [
    {
      Sid: 'Discovery',
      Effect: 'Allow',
      Action: [
        'ec2:DescribeAccountAttributes',
        'ec2:DescribeAddresses',
        'ec2:DescribeAvailabilityZones',
        'ec2:DescribeInstances',
        'ec2:DescribeInternetGateways',
        'ec2:DescribeIpamPools',
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeRouteTables',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeTags',
        'ec2:DescribeVpcPeeringConnections',
        'ec2:DescribeVpcs',
        'elasticloadbalancing:DescribeCapacityReservation',
        'elasticloadbalancing:DescribeListenerAttributes',
        'elasticloadbalancing:DescribeListenerCertificates',
        'elasticloadbalancing:DescribeListeners',
        'elasticloadbalancing:DescribeLoadBalancerAttributes',
        'elasticloadbalancing:DescribeLoadBalancers',
        'elasticloadbalancing:DescribeRules',
        'elasticloadbalancing:DescribeSSLPolicies',
        'elasticloadbalancing:DescribeTags',
        'elasticloadbalancing:DescribeTargetGroupAttributes',
        'elasticloadbalancing:DescribeTargetGroups',
        'elasticloadbalancing:DescribeTargetHealth',
        'elasticloadbalancing:DescribeTrustStores',
        // Certificates are found by the host names of an Ingress, which takes all of them.
        'acm:ListCertificates',
        'iam:ListServerCertificates',
        'shield:GetSubscriptionState',
      ],
      Resource: ['*'],
    },
    {
      Sid: 'DiscoveryInTheVpc',
      Effect: 'Allow',
      Action: ['ec2:GetSecurityGroupsForVpc'],
      Resource: [account.arn('ec2', region, `vpc/${cluster.resource.vpcConfig.vpcId}`)],
    },
    {
      Sid: 'DiscoveryOfCertificates',
      Effect: 'Allow',
      Action: ['acm:DescribeCertificate', 'iam:GetServerCertificate'],
      Resource: [account.arn('acm', region, 'certificate/*'), account.arn('iam', '', 'server-certificate/*')],
    },
  ];
}

/** The security groups of the load balancers, and the way from them to the nodes. */
function securityGroups(
  account: Account,
  region: string,
  cluster: EksCluster,
  tags: ClusterTags,
): PolicyStatement[] {
  const groups = [account.arn('ec2', region, 'security-group/*')];
  return [
    {
      Sid: 'SecurityGroups',
      Effect: 'Allow',
      Action: ['ec2:CreateSecurityGroup'],
      Resource: groups,
      Condition: tags.requested,
    },
    {
      // A VPC gets no tags by this, so that the condition on them could not hold for it.
      Sid: 'SecurityGroupsInTheVpc',
      Effect: 'Allow',
      Action: ['ec2:CreateSecurityGroup'],
      Resource: [account.arn('ec2', region, `vpc/${cluster.resource.vpcConfig.vpcId}`)],
    },
    {
      Sid: 'TagsOfNewSecurityGroups',
      Effect: 'Allow',
      Action: ['ec2:CreateTags'],
      Resource: groups,
      Condition: {
        StringEquals: { ...tags.requested['StringEquals'], 'ec2:CreateAction': 'CreateSecurityGroup' },
      },
    },
    {
      Sid: 'TagsOfSecurityGroups',
      Effect: 'Allow',
      Action: ['ec2:CreateTags', 'ec2:DeleteTags'],
      Resource: groups,
      Condition: tags.retagged,
    },
    {
      Sid: 'RulesOfSecurityGroups',
      Effect: 'Allow',
      Action: [
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:DeleteSecurityGroup',
        'ec2:RevokeSecurityGroupIngress',
      ],
      Resource: groups,
      Condition: tags.owned,
    },
    {
      // The one group that is not the controller's: EKS made it, and it is that of all nodes.
      Sid: 'RulesOfTheNodes',
      Effect: 'Allow',
      Action: ['ec2:AuthorizeSecurityGroupIngress', 'ec2:RevokeSecurityGroupIngress'],
      Resource: [account.arn('ec2', region, `security-group/${cluster.securityGroup}`)],
    },
  ];
}

/** The load balancers and their target groups. */
function loadBalancers(account: Account, region: string, tags: ClusterTags): PolicyStatement[] {
  const balancers = ['app', 'net'].map((kind) =>
    account.arn('elasticloadbalancing', region, `loadbalancer/${kind}/*`),
  );
  const targetGroups = [account.arn('elasticloadbalancing', region, 'targetgroup/*')];
  return [
    {
      Sid: 'RoleOfTheService',
      Effect: 'Allow',
      Action: ['iam:CreateServiceLinkedRole'],
      Resource: [account.arn('iam', '', 'role/aws-service-role/elasticloadbalancing.amazonaws.com/*')],
      Condition: { StringEquals: { 'iam:AWSServiceName': 'elasticloadbalancing.amazonaws.com' } },
    },
    {
      Sid: 'LoadBalancers',
      Effect: 'Allow',
      Action: ['elasticloadbalancing:CreateLoadBalancer', 'elasticloadbalancing:CreateTargetGroup'],
      Resource: [...balancers, ...targetGroups],
      Condition: tags.requested,
    },
    {
      Sid: 'TagsOfNewLoadBalancers',
      Effect: 'Allow',
      Action: ['elasticloadbalancing:AddTags'],
      Resource: [...balancers, ...targetGroups],
      Condition: {
        StringEquals: {
          ...tags.requested['StringEquals'],
          'elasticloadbalancing:CreateAction': ['CreateLoadBalancer', 'CreateTargetGroup'],
        },
      },
    },
    {
      Sid: 'TagsOfLoadBalancers',
      Effect: 'Allow',
      Action: ['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags'],
      Resource: [...balancers, ...targetGroups],
      Condition: tags.retagged,
    },
    {
      Sid: 'ChangesOfLoadBalancers',
      Effect: 'Allow',
      Action: [
        'elasticloadbalancing:DeleteLoadBalancer',
        'elasticloadbalancing:DeleteTargetGroup',
        'elasticloadbalancing:ModifyCapacityReservation',
        'elasticloadbalancing:ModifyIpPools',
        'elasticloadbalancing:ModifyLoadBalancerAttributes',
        'elasticloadbalancing:ModifyTargetGroup',
        'elasticloadbalancing:ModifyTargetGroupAttributes',
        'elasticloadbalancing:SetIpAddressType',
        'elasticloadbalancing:SetSecurityGroups',
        'elasticloadbalancing:SetSubnets',
      ],
      Resource: [...balancers, ...targetGroups],
      Condition: tags.owned,
    },
    {
      // Not by the tag: a TargetGroupBinding puts Pods into a target group that was made elsewhere.
      Sid: 'Targets',
      Effect: 'Allow',
      Action: ['elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'],
      Resource: targetGroups,
    },
  ];
}

/**
 * Listeners and their rules. Only those of a controller that tags them carry the tag, so that the tag is asked of the load
 * balancer where the action names it, and of a listener where the controller's own policy asks for it.
 */
function listeners(account: Account, region: string, tags: ClusterTags): PolicyStatement[] {
  const of = (type: string): string[] =>
    ['app', 'net'].map((kind) => account.arn('elasticloadbalancing', region, `${type}/${kind}/*`));
  return [
    {
      Sid: 'NewListeners',
      Effect: 'Allow',
      Action: ['elasticloadbalancing:CreateListener'],
      Resource: of('loadbalancer'),
      Condition: tags.owned,
    },
    {
      Sid: 'AttributesOfListeners',
      Effect: 'Allow',
      Action: ['elasticloadbalancing:ModifyListenerAttributes'],
      Resource: of('listener'),
      Condition: tags.owned,
    },
    {
      Sid: 'Listeners',
      Effect: 'Allow',
      Action: [
        'elasticloadbalancing:AddListenerCertificates',
        'elasticloadbalancing:AddTags',
        'elasticloadbalancing:CreateRule',
        'elasticloadbalancing:DeleteListener',
        'elasticloadbalancing:DeleteRule',
        'elasticloadbalancing:ModifyListener',
        'elasticloadbalancing:ModifyRule',
        'elasticloadbalancing:RemoveListenerCertificates',
        'elasticloadbalancing:RemoveTags',
        'elasticloadbalancing:SetRulePriorities',
      ],
      Resource: [...of('listener'), ...of('listener-rule')],
    },
  ];
}

/**
 * What stands before an Application Load Balancer at the wish of an Ingress: sign-in by Cognito, AWS WAF, AWS Shield. The
 * controller asks for the web ACL and the protection of each load balancer, those without a wish too.
 */
function companions(account: Account, region: string): PolicyStatement[] {
  const balancers = account.arn('elasticloadbalancing', region, 'loadbalancer/app/*');
  return [
    {
      Sid: 'SignIn',
      Effect: 'Allow',
      Action: ['cognito-idp:DescribeUserPoolClient'],
      Resource: [account.arn('cognito-idp', region, 'userpool/*')],
    },
    {
      Sid: 'WebAcls',
      Effect: 'Allow',
      Action: ['waf-regional', 'wafv2'].flatMap((service) =>
        ['AssociateWebACL', 'DisassociateWebACL', 'GetWebACL', 'GetWebACLForResource'].map(
          (action) => `${service}:${action}`,
        ),
      ),
      Resource: [
        balancers,
        account.arn('waf-regional', region, 'webacl/*'),
        account.arn('wafv2', region, 'regional/webacl/*'),
      ],
    },
    {
      Sid: 'Protections',
      Effect: 'Allow',
      Action: ['shield:DeleteProtection', 'shield:DescribeProtection'],
      Resource: [account.arn('shield', '', 'protection/*')],
    },
    {
      // AWS knows no narrower resource for these.
      Sid: 'NewCompanions',
      Effect: 'Allow',
      Action: ['elasticloadbalancing:SetWebAcl', 'shield:CreateProtection'],
      Resource: ['*'],
    },
  ];
}
