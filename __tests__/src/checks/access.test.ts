import { readFileSync } from 'node:fs';
import { accessOf, type SubjectAccess } from '../../../src/checks/cluster-access';
import { drawAccess } from '../../../src/cli/commands/access';
import { LOAD_BALANCER_CONTROLLER } from '../../../constructs/aws/controllers/load-balancer-controller';
import type { JsonObject } from '../../../src/manifests/terraform-document';
import type { Stack } from '../../../src/manifests/stacks';
import { synthesizedStacks } from './synthesized-stacks';

const platformYaml = readFileSync('platform.yaml', 'utf8');
const ADMINS = 'admins: [arn:aws:iam::111122223333:role/platform-admin]';
const SHOP = 'arn:aws:iam::111122223333:role/team/shop';
const AUDITOR = 'arn:aws:iam::444455556666:user/auditor';
const BOUNDARY = 'arn:aws:iam::111122223333:policy/boundary';

const access = accessOf(
  synthesizedStacks(
    `${platformYaml
      .replace(ADMINS, `${ADMINS}\n  viewers: [${AUDITOR}]`)
      .replace('dev: {', `dev: { teams: { ${SHOP}: edit },`)
      .replace('qa: {', `qa: { teams: { ${SHOP}: edit },`)
      .replace('prod: {', `prod: { teams: { ${SHOP}: view },`)}
iam: { permissionsBoundary: "${BOUNDARY}" }
`,
  ),
);

const subject = (name: string, namespace?: string): SubjectAccess | undefined =>
  access.subjects.find((one) => one.name === name && one.namespace === namespace);

describe('the report npm run access', () => {
  it('names every principal with its access policies and their scopes', () => {
    expect(access.principals).toEqual([
      {
        principal: 'arn:aws:iam::111122223333:role/platform-admin',
        type: 'STANDARD',
        policies: [{ policy: 'AmazonEKSClusterAdminPolicy' }],
        groups: [],
      },
      {
        principal: SHOP,
        type: 'STANDARD',
        policies: [
          { policy: 'AmazonEKSEditPolicy', namespaces: ['dev', 'qa'] },
          { policy: 'AmazonEKSViewPolicy', namespaces: ['prod'] },
        ],
        groups: [],
      },
      {
        principal: AUDITOR,
        type: 'STANDARD',
        policies: [{ policy: 'AmazonEKSAdminViewPolicy' }],
        groups: [],
      },
    ]);
  });

  it('lists what a ServiceAccount may do in the cluster, with the rules of its roles', () => {
    expect(subject('storefront-report', 'prod')?.kubernetes).toEqual([
      { role: 'ClusterRole prod-storefront-node-reader', rules: ['get, list, watch nodes'] },
    ]);
    expect(subject('storefront-worker', 'dev')?.kubernetes).toEqual([
      {
        role: 'Role storefront-worker-reader',
        namespace: 'dev',
        rules: ['get, list, watch configmaps named storefront-settings'],
      },
    ]);
    expect(subject('storefront-web', 'dev')).toEqual({
      kind: 'ServiceAccount',
      namespace: 'dev',
      name: 'storefront-web',
      kubernetes: [],
    });
  });

  it('lists what Pods may do in AWS, on which resources, and within which boundaries', () => {
    expect(subject('log-collector', 'logging')).toMatchObject({
      kubernetes: [{ role: 'ClusterRole platform-log-collector-role', rules: ['get pods'] }],
      aws: {
        name: 'seed-log-collector',
        assumedBy: ['pods.eks.amazonaws.com'],
        permissionsBoundary: BOUNDARY,
        statements: [
          {
            effect: 'Allow',
            actions: expect.arrayContaining(['logs:CreateLogStream', 'logs:PutLogEvents']) as string[],
            resources: expect.arrayContaining(['/seed/pods/dev', '/seed/pods/dev:*']) as string[],
          },
        ],
      },
    });
    expect(subject('aws-node')).toMatchObject({
      addOn: 'vpc-cni',
      aws: { managedPolicies: ['arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy'], statements: [] },
    });
  });

  it('lists the roles that AWS services assume, without those of Pods', () => {
    expect(access.services.map(({ name, assumedBy }) => `${name} ${assumedBy.join()}`)).toEqual([
      'seed-cluster eks.amazonaws.com',
      'seed-flow-logs vpc-flow-logs.amazonaws.com',
      'seed-node ec2.amazonaws.com',
    ]);
    const [cluster] = access.services;
    expect(cluster).toMatchObject({
      managedPolicies: ['arn:aws:iam::aws:policy/AmazonEKSClusterPolicy'],
      statements: [{ resources: ['aws_kms_key.eks_secrets'] }],
    });
  });
});

describe('the report on documents of another program', () => {
  const read = (resource: unknown): ReturnType<typeof accessOf> =>
    accessOf([
      {
        name: 'x',
        workingDirectory: '.',
        dependencies: [],
        document: { resource } as unknown as Stack['document'],
      },
    ]);

  it('names groups, users, Kubernetes roles and IAM roles from elsewhere', () => {
    const found = read({
      aws_eks_access_entry: { ops: { principal_arn: AUDITOR, kubernetes_groups: ['ops'] } },
      aws_eks_pod_identity_association: {
        web: { namespace: 'dev', service_account: 'web', role_arn: SHOP },
      },
      kubernetes_cluster_role_binding_v1: {
        ops: {
          metadata: { name: 'ops' },
          role_ref: { api_group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
          subject: [{ kind: 'Group', name: 'ops', api_group: 'rbac.authorization.k8s.io', namespace: '' }],
        },
      },
      kubernetes_role_v1: {
        api: {
          metadata: { name: 'api', namespace: 'dev' },
          rule: [{ api_groups: ['apps', ''], resources: ['deployments'], verbs: ['get'] }],
        },
      },
      kubernetes_role_binding_v1: {
        api: {
          metadata: { name: 'api', namespace: 'dev' },
          role_ref: { api_group: 'rbac.authorization.k8s.io', kind: 'Role', name: 'api' },
          subject: [{ kind: 'ServiceAccount', name: 'web', namespace: 'dev' }],
        },
      },
    });
    expect(found).toEqual({
      charts: [],
      principals: [{ principal: AUDITOR, type: 'STANDARD', policies: [], groups: ['ops'] }],
      subjects: [
        { kind: 'Group', name: 'ops', kubernetes: [{ role: 'ClusterRole view' }] },
        {
          kind: 'ServiceAccount',
          namespace: 'dev',
          name: 'web',
          kubernetes: [{ role: 'Role api', namespace: 'dev', rules: ['get deployments.apps, deployments'] }],
          aws: { arn: SHOP },
        },
      ],
      services: [],
    });
    const drawn = drawAccess(found, 200);
    expect(drawn).toContain(`${AUDITOR}  (rights of the group ops)`);
    expect(drawn).toMatch(
      /Group ops +whole cluster: what the ClusterRole view allows, which is not of this program/,
    );
    expect(drawn).toMatch(
      /web +own namespace: get deployments\.apps, deployments +.*team\/shop, which is made elsewhere/,
    );
  });

  it('names nodes that another program than EKS starts, whose role the platform creates', () => {
    const found = read({
      aws_iam_role: { nodes: { name: 'seed-karpenter-node', path: '/platform/' } },
      aws_eks_access_entry: { nodes: { principal_arn: '${aws_iam_role.nodes.arn}', type: 'EC2_LINUX' } },
    });
    expect(found.principals).toEqual([
      { principal: 'role/platform/seed-karpenter-node', type: 'EC2_LINUX', policies: [], groups: [] },
    ]);
    expect(drawAccess(found, 120)).toMatch(
      /role\/platform\/seed-karpenter-node +\(rights of nodes: EC2_LINUX\) +whole cluster/,
    );
  });

  it('names a role by its reference if AWS generates its name, with its denials and conditions', () => {
    const { services } = read({
      aws_iam_role: {
        job: {
          name_prefix: 'job-',
          path: '/ci/',
          assume_role_policy: JSON.stringify({
            Statement: {
              Effect: 'Allow',
              Principal: { Service: 'ec2.amazonaws.com' },
              Action: 'sts:AssumeRole',
            },
          }),
        },
      },
      aws_iam_role_policy: {
        job: {
          role: '${aws_iam_role.job.id}',
          policy: JSON.stringify({
            Statement: [
              {
                Effect: 'Deny',
                Action: 's3:DeleteObject',
                Resource: '*',
                Condition: { Bool: { x: 'true' } },
              },
            ],
          }),
        },
      },
    });
    expect(services).toEqual([
      {
        address: 'aws_iam_role.job',
        name: '',
        path: '/ci/',
        assumedBy: ['ec2.amazonaws.com'],
        managedPolicies: [],
        statements: [
          {
            effect: 'Deny',
            actions: ['s3:DeleteObject'],
            resources: ['*'],
            condition: { Bool: { x: 'true' } },
          },
        ],
      },
    ]);
    expect(drawAccess({ principals: [], subjects: [], services, charts: [] }, 200)).toContain(
      'never s3:DeleteObject on * if {"Bool":{"x":"true"}}',
    );
  });
});

describe('the report on a chart', () => {
  const withChart = accessOf(
    synthesizedStacks(platformYaml.replace('loadBalancer: false', 'loadBalancer: true')),
  );

  it('names it, because its Kubernetes roles are in the chart', () => {
    expect(access.charts).toEqual([]);
    expect(withChart.charts).toEqual([
      {
        address: 'helm_release.load_balancer_controller',
        chart: 'aws-load-balancer-controller',
        version: LOAD_BALANCER_CONTROLLER.version,
        namespace: 'kube-system',
      },
    ]);
    const told = drawAccess(withChart, 200);
    expect(told).toContain(
      `What the chart aws-load-balancer-controller ${LOAD_BALANCER_CONTROLLER.version} in kube-system ` +
        '(helm_release.load_balancer_controller) gives its ServiceAccounts in Kubernetes is in the chart and not listed here.',
    );
    expect(drawAccess(access, 200)).not.toContain('What the chart');
  });

  it('lists the AWS rights of its ServiceAccount as those of any other', () => {
    const found = withChart.subjects.find(({ name }) => name === LOAD_BALANCER_CONTROLLER.serviceAccount);
    expect(found).toMatchObject({ namespace: 'kube-system', kubernetes: [] });
    expect(found?.aws).toMatchObject({ name: 'seed-aws-load-balancer-controller' });
  });
});

describe('the access table', () => {
  it.each([100, 132])('fits %d columns', (width) => {
    const lines = drawAccess(access, width).split('\n');
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('breaks no ARN on a narrower terminal, so that a user can copy it', () => {
    const text = drawAccess(access, 40);
    for (const principal of [SHOP, AUDITOR]) expect(text).toContain(principal);
  });

  it('has a row for every access policy', () => {
    const rows = drawAccess(access, 132).split('\n');
    expect(rows.filter((row) => row.startsWith('arn:'))).toEqual([
      expect.stringMatching(/role\/platform-admin +AmazonEKSClusterAdminPolicy +whole cluster$/),
      expect.stringMatching(/role\/team\/shop +AmazonEKSEditPolicy +dev, qa$/),
      expect.stringMatching(/role\/team\/shop +AmazonEKSViewPolicy +prod$/),
      expect.stringMatching(/user\/auditor +AmazonEKSAdminViewPolicy +whole cluster$/),
    ]);
  });

  it('has one row for the same rights in several namespaces', () => {
    expect(drawAccess(access, 132).match(/storefront-report/g)).toHaveLength(1);
    expect(drawAccess(access, 132)).toContain('(dev, prod, qa, stage)');
  });

  it('gives the number of accounts without rights', () => {
    expect(drawAccess(access, 132)).toMatch(/\d+ more ServiceAccounts have no rights/);
  });
});

describe('the rights that a stack gives to a role', () => {
  const rolesOf = (...resources: readonly JsonObject[]) =>
    accessOf(resources.map((resource, i) => ({ name: `s${i}`, document: { resource } }) as unknown as Stack))
      .services;
  const policy = (role: string, text: string): JsonObject => ({
    aws_iam_role_policy: { extra: { role, policy: text } },
  });
  const role: JsonObject = { aws_iam_role: { node: { name: 'seed-node' } } };
  const READ = JSON.stringify({
    Statement: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: 'arn:aws:s3:::logs' }],
  });

  it('of another stack are listed at the role, by its name', () => {
    expect(rolesOf(role, policy('seed-node', READ))).toEqual([
      expect.objectContaining({
        name: 'seed-node',
        statements: [{ effect: 'Allow', actions: ['not iam:*'], resources: ['arn:aws:s3:::logs'] }],
      }),
    ]);
  });

  it('that no stack declares are listed, too', () => {
    const attached: JsonObject = {
      aws_iam_role_policy_attachment: {
        all: { role: 'breakglass', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      },
    };
    expect(rolesOf(attached)).toEqual([
      expect.objectContaining({
        name: 'breakglass',
        isElsewhere: true,
        managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      }),
    ]);
    expect(
      drawAccess({ principals: [], subjects: [], charts: [], services: rolesOf(attached) }, 200),
    ).toMatch(/breakglass +\(declared elsewhere\) +AdministratorAccess/);
  });

  it('with a name that only Terraform knows may belong to any role', () => {
    const [found] = rolesOf(role, policy('seed-node', '${jsonencode({ Statement = local.any })}'));
    expect(found?.statements).toEqual([
      { effect: 'Allow', actions: ['(known after apply)'], resources: ['*'] },
    ]);
  });
});
