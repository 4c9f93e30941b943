import { Karpenter } from '../../../../constructs/aws/controllers/karpenter';
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
const OWNED = `aws:ResourceTag/kubernetes.io/cluster/${NAME}`;
const REQUESTED = `aws:RequestTag/kubernetes.io/cluster/${NAME}`;

const stack = awsStack((scope) => {
  new Karpenter(scope, 'karpenter', { cluster: clusterOf(scope, NAME), region: 'ap-southeast-1' });
});
const { resource } = stack;
const policy = rolePolicy(stack, 'karpenter_identity_role_policy');
const statements = statementsOf(policy);

describe('the Karpenter controller', () => {
  it('gets a role for the ServiceAccount of its chart', () => {
    expect(resource['aws_eks_pod_identity_association']?.['karpenter_identity']).toMatchObject({
      namespace: 'kube-system',
      service_account: 'karpenter',
      role_arn: '${aws_iam_role.karpenter_identity_role.arn}',
    });
  });

  it('may only read where a policy names all resources, because AWS knows no narrower one', () => {
    const actions = actionsOnEverything(policy);
    expect(actions.filter((action) => !action.startsWith('ec2:Describe'))).toEqual([
      'iam:ListInstanceProfiles',
      'pricing:GetProducts',
    ]);
    expect(wideActions(policy)).toEqual([]);
  });

  it.each(['ec2:TerminateInstances', 'ec2:DeleteLaunchTemplate'])(
    'may call %s on resources of the cluster only',
    (action) => {
      const found = statements.filter(({ Action }) => Action.includes(action));
      expect(found.map(({ Condition }) => Condition?.['StringEquals'])).toEqual([{ [OWNED]: 'owned' }]);
    },
  );

  it('creates nothing without the tag of the cluster: an instance has it from its first moment', () => {
    const making = statements.filter(
      ({ Action, Resource }) =>
        Action.some((action) => /:(RunInstances|CreateFleet|CreateLaunchTemplate)$/.test(action)) &&
        Resource.some((arn) => arn.endsWith(':instance/*')),
    );
    expect(making).toHaveLength(1);
    expect(making[0]?.Condition?.['StringEquals']).toEqual({
      [REQUESTED]: 'owned',
      'aws:RequestTag/eks:eks-cluster-name': NAME,
    });
  });

  it('passes the role of the nodes to instances and no other, and changes nothing in IAM', () => {
    const ofIam = statements.flatMap(({ Action, Resource }) =>
      Action.filter((action) => action.startsWith('iam:')).map((action) => [action, Resource]),
    );
    expect(ofIam).toEqual([
      ['iam:ListInstanceProfiles', ['*']],
      ['iam:PassRole', ['${aws_iam_role.karpenter_node_role.arn}']],
      ['iam:GetInstanceProfile', [expect.stringMatching(/:instance-profile\/\*$/)]],
    ]);
    expect(resource['aws_iam_instance_profile']?.['karpenter_node_profile']).toMatchObject({
      name: `${NAME}-karpenter-node`,
      role: '${aws_iam_role.karpenter_node_role.name}',
    });
  });

  it('has a policy that fits into a role', () => {
    const text = asIamGetsIt(policy).replace(/\$\{aws_(iam_role|sqs_queue)\.\w+\.arn\}/g, 'a'.repeat(128));
    expect(text).not.toContain('${');
    expect(text.length).toBeLessThanOrEqual(ROLE_POLICY_LIMIT);
  });
});

describe('a node of Karpenter', () => {
  it('enters the cluster by an access entry without a policy', () => {
    expect(resource['aws_eks_access_entry']?.['karpenter_nodes']).toMatchObject({
      cluster_name: '${aws_eks_cluster.eks.name}',
      principal_arn: '${aws_iam_role.karpenter_node_role.arn}',
      type: 'EC2_LINUX',
    });
    expect(JSON.stringify(resource['aws_eks_access_policy_association'])).not.toContain('karpenter');
  });

  it('has the rights of a node of a managed node group', () => {
    const managed = (role: string): unknown[] =>
      Object.values(resource['aws_iam_role_policy_attachment'] ?? {})
        .filter((attachment) => attachment['role'] === `\${aws_iam_role.${role}.name}`)
        .map((attachment) => attachment['policy_arn'])
        .sort();
    expect(managed('karpenter_node_role').length).toBeGreaterThan(0);
    expect(managed('karpenter_node_role')).toEqual(managed('eks_node_role'));
  });
});

describe('the interruption queue of Karpenter', () => {
  it('is encrypted, and deletes stale messages', () => {
    expect(resource['aws_sqs_queue']?.['karpenter_interruptions']).toMatchObject({
      name: `${NAME}-karpenter`,
      sqs_managed_sse_enabled: true,
      message_retention_seconds: 300,
    });
  });

  it('receives an event for every way in which an instance ends', () => {
    const rules = resource['aws_cloudwatch_event_rule'] ?? {};
    const patterns = Object.values(rules).map(
      (rule) => JSON.parse(rule['event_pattern'] as string) as Record<string, string[]>,
    );
    expect(patterns.flatMap((pattern) => pattern['detail-type']).sort()).toEqual([
      'AWS Health Event',
      'EC2 Capacity Reservation Instance Interruption Warning',
      'EC2 Instance Rebalance Recommendation',
      'EC2 Instance State-change Notification',
      'EC2 Spot Instance Interruption Warning',
    ]);
    for (const rule of Object.values(rules)) {
      expect((rule['name'] as string).length).toBeLessThanOrEqual(64);
    }
    const targets = Object.values(resource['aws_cloudwatch_event_target'] ?? {});
    expect(targets.map(({ rule }) => rule).sort()).toEqual(
      Object.keys(rules)
        .map((rule) => `\${aws_cloudwatch_event_rule.${rule}.name}`)
        .sort(),
    );
    for (const { arn } of targets) expect(arn).toBe('${aws_sqs_queue.karpenter_interruptions.arn}');
  });

  it('accepts messages from these rules only, and nothing without TLS', () => {
    const text = resource['aws_sqs_queue_policy']?.['karpenter_interruptions_policy']?.['policy'];
    const [events, tls, ...more] = statementsOf(text as string);
    expect(more).toEqual([]);
    expect(events).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: ['sqs:SendMessage'],
      Resource: ['${aws_sqs_queue.karpenter_interruptions.arn}'],
    });
    const sources = events?.Condition?.['ArnEquals']?.['aws:SourceArn'] as string[];
    expect([...sources].sort()).toEqual(
      Object.keys(resource['aws_cloudwatch_event_rule'] ?? {})
        .map((rule) => `\${aws_cloudwatch_event_rule.${rule}.arn}`)
        .sort(),
    );
    expect(tls).toMatchObject({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: ['sqs:*'],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });
});
