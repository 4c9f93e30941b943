import { LoadBalancerController } from '../../../../constructs/aws/controllers/load-balancer-controller';
import { awsStack } from '../aws-stack';
import { clusterOf } from '../cluster-of';
import {
  actionsOnEverything,
  asIamGetsIt,
  ROLE_POLICY_LIMIT,
  rolePolicy,
  statementsOf,
  wideActions,
} from '../role-policy';

const NAME = 'a-platform-of-thirty-two-letters';
const OWNED = { 'aws:ResourceTag/elbv2.k8s.aws/cluster': NAME };
const REQUESTED = { 'aws:RequestTag/elbv2.k8s.aws/cluster': NAME };

const stack = awsStack((scope) => {
  const cluster = clusterOf(scope, NAME);
  new LoadBalancerController(scope, 'load-balancers', { cluster, region: 'ap-southeast-1' });
});
const policy = rolePolicy(stack, 'load_balancers_identity_role_policy');
const statements = statementsOf(policy);

const allowing = (action: string): typeof statements =>
  statements.filter(({ Action }) => Action.includes(action));

it('the load balancer controller gets a role for the ServiceAccount of its chart, and for no other', () => {
  const association = stack.resource['aws_eks_pod_identity_association']?.['load_balancers_identity'];
  expect(association).toMatchObject({
    cluster_name: '${aws_eks_cluster.eks.name}',
    namespace: 'kube-system',
    service_account: 'aws-load-balancer-controller',
    role_arn: '${aws_iam_role.load_balancers_identity_role.arn}',
  });
  const role = stack.resource['aws_iam_role']?.['load_balancers_identity_role'];
  expect((role?.['name'] as string).length).toBeLessThanOrEqual(64);
  expect(statementsOf(role?.['assume_role_policy'] as string)[0]?.Condition).toEqual({
    StringEquals: {
      'aws:RequestTag/eks-cluster-name': NAME,
      'aws:RequestTag/kubernetes-namespace': 'kube-system',
      'aws:RequestTag/kubernetes-service-account': 'aws-load-balancer-controller',
    },
  });
});

it('the load balancer controller may only read where a policy names all resources, because AWS knows no narrower one', () => {
  const actions = actionsOnEverything(policy);
  expect(actions.filter((action) => !/^(ec2|elasticloadbalancing):Describe/.test(action))).toEqual([
    'acm:ListCertificates',
    'elasticloadbalancing:SetWebAcl',
    'iam:ListServerCertificates',
    'shield:CreateProtection',
    'shield:GetSubscriptionState',
  ]);
  expect(wideActions(policy)).toEqual([]);
});

it.each([
  'elasticloadbalancing:DeleteLoadBalancer',
  'elasticloadbalancing:DeleteTargetGroup',
  'elasticloadbalancing:SetSecurityGroups',
  'elasticloadbalancing:CreateListener',
  'ec2:DeleteSecurityGroup',
])('the load balancer controller may call %s only on resources with the tag of the cluster', (action) => {
  expect(allowing(action).map(({ Condition }) => Condition)).toEqual([{ StringEquals: OWNED }]);
});

it.each(['elasticloadbalancing:CreateLoadBalancer', 'elasticloadbalancing:CreateTargetGroup'])(
  'the load balancer controller may call %s only on resources that get the tag of the cluster',
  (action) => {
    expect(allowing(action).map(({ Condition }) => Condition)).toEqual([{ StringEquals: REQUESTED }]);
  },
);

it('the load balancer controller creates security groups in the VPC of the cluster only', () => {
  expect(allowing('ec2:CreateSecurityGroup').map(({ Resource, Condition }) => [Resource, Condition])).toEqual(
    [
      [[expect.stringMatching(/:security-group\/\*$/)], { StringEquals: REQUESTED }],
      [[expect.stringMatching(/:vpc\/\$\{aws_eks_cluster\.eks\.vpc_config\[0\]\.vpc_id\}$/)], undefined],
    ],
  );
});

it('the load balancer controller changes the rules of its own security groups and of the group of the nodes only', () => {
  const rules = allowing('ec2:AuthorizeSecurityGroupIngress');
  expect(rules.filter(({ Condition }) => !Condition).map(({ Resource }) => Resource)).toEqual([
    [
      expect.stringMatching(
        /:security-group\/\$\{aws_eks_cluster\.eks\.vpc_config\[0\]\.cluster_security_group_id\}$/,
      ),
    ],
  ]);
  expect(rules.filter(({ Condition }) => Condition).map(({ Condition }) => Condition)).toEqual([
    { StringEquals: OWNED },
  ]);
});

it('the load balancer controller sets the tag of the cluster on what it creates, and never adds or removes it later', () => {
  const tagging = statements.filter(
    ({ Action, Resource }) =>
      Action.some((action) => /Tags$/.test(action) && !action.includes('Describe')) &&
      !Resource.some((resource) => resource.includes('listener')),
  );
  expect(tagging.map(({ Sid }) => Sid)).toEqual([
    'TagsOfNewSecurityGroups',
    'TagsOfSecurityGroups',
    'TagsOfNewLoadBalancers',
    'TagsOfLoadBalancers',
  ]);
  for (const { Sid, Condition } of tagging) {
    const isNew = Sid?.startsWith('TagsOfNew');
    expect(Condition?.['StringEquals']).toMatchObject(isNew ? REQUESTED : OWNED);
    expect(Condition?.['Null']).toEqual(
      isNew ? undefined : { 'aws:RequestTag/elbv2.k8s.aws/cluster': 'true' },
    );
  }
});

it('the policies of the load balancer controller fit into a role', () => {
  expect(asIamGetsIt(policy)).not.toContain('${');
  expect(asIamGetsIt(policy).length).toBeLessThanOrEqual(ROLE_POLICY_LIMIT);
});
