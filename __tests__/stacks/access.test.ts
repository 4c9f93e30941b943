import { readFileSync } from 'node:fs';
import { addresses, synthesized, type StackDocument } from './synthesized-platform';

const platformYaml = readFileSync('platform.yaml', 'utf8');
const ADMINS = 'admins: [arn:aws:iam::111122223333:role/platform-admin]';
const CI = 'arn:aws:iam::111122223333:role/ci/deploy';
const AUDITOR = 'arn:aws:iam::444455556666:role/auditor';
const SHOP = 'arn:aws:iam::111122223333:role/shop';
const DEV = 'dev: { nodes: [node-1, node-2, node-3],';
const PROD = 'prod: { nodes: [node-1, node-2],';

/** The default platform with parts of its file replaced; each must be there once. */
function changed(...changes: readonly (readonly [string, string])[]): Record<string, StackDocument> {
  return synthesized(
    changes.reduce((yaml, [from, to]) => {
      expect(yaml.split(from)).toHaveLength(2);
      return yaml.replace(from, to);
    }, platformYaml),
  );
}

function cluster({ cluster: document }: Record<string, StackDocument>): StackDocument {
  if (!document) throw new Error('no stack cluster');
  return document;
}

function policies(documents: Record<string, StackDocument>): unknown {
  return cluster(documents).resource['aws_eks_access_policy_association'];
}

const WITH_TEAMS = [
  [ADMINS, `${ADMINS}\n  viewers: [${AUDITOR}]\n  pipelines: [${CI}]`],
  [DEV, `${DEV} teams: { ${SHOP}: edit, ${AUDITOR}: admin },`],
  [PROD, `${PROD} teams: { ${SHOP}: view },`],
] as const;

describe('access to the cluster', () => {
  it('has one entry for each principal, with an access policy for each of its roles, at addresses from its ARN', () => {
    const documents = changed(...WITH_TEAMS);
    const entries = cluster(documents).resource['aws_eks_access_entry'] ?? {};
    expect(
      Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, entry['principal_arn']])),
    ).toEqual({
      eks_access_111122223333_role_platform_admin: 'arn:aws:iam::111122223333:role/platform-admin',
      eks_access_111122223333_role_ci_deploy: CI,
      eks_access_444455556666_role_auditor: AUDITOR,
      eks_access_111122223333_role_shop: SHOP,
    });
    const policy = (name: string, access_scope: object): unknown =>
      expect.objectContaining({
        policy_arn: `arn:aws:eks::aws:cluster-access-policy/${name}`,
        access_scope,
      });
    expect(policies(documents)).toEqual({
      eks_access_111122223333_role_platform_admin_AmazonEKSClusterAdminPolicy: policy(
        'AmazonEKSClusterAdminPolicy',
        { type: 'cluster' },
      ),
      eks_access_111122223333_role_ci_deploy_AmazonEKSClusterAdminPolicy: policy(
        'AmazonEKSClusterAdminPolicy',
        { type: 'cluster' },
      ),
      eks_access_444455556666_role_auditor_AmazonEKSAdminViewPolicy: policy('AmazonEKSAdminViewPolicy', {
        type: 'cluster',
      }),
      eks_access_444455556666_role_auditor_AmazonEKSAdminPolicy: policy('AmazonEKSAdminPolicy', {
        type: 'namespace',
        namespaces: ['dev'],
      }),
      eks_access_111122223333_role_shop_AmazonEKSEditPolicy: policy('AmazonEKSEditPolicy', {
        type: 'namespace',
        namespaces: ['dev'],
      }),
      eks_access_111122223333_role_shop_AmazonEKSViewPolicy: policy('AmazonEKSViewPolicy', {
        type: 'namespace',
        namespaces: ['prod'],
      }),
    });
  });

  it('has one association for one policy of several namespaces, in any order of the file', () => {
    const team = (row: string): readonly [string, string] => [row, `${row} teams: { ${SHOP}: edit },`];
    const documents = changed(team(PROD), team(DEV));
    expect(policies(documents)).toMatchObject({
      eks_access_111122223333_role_shop_AmazonEKSEditPolicy: {
        access_scope: { type: 'namespace', namespaces: ['dev', 'prod'] },
      },
    });
  });

  it('changes without any other change: an administrator for another, a viewer who joins a team', () => {
    const before = changed();
    const after = changed(
      [
        ADMINS,
        'admins: [arn:aws:iam::111122223333:role/successor, arn:aws:iam::111122223333:role/platform-admin]',
      ],
      [DEV, `${DEV} teams: { ${SHOP}: edit },`],
    );
    const withoutAccess = (documents: Record<string, StackDocument>): unknown =>
      Object.entries(documents).map(([stack, { resource, ...rest }]) => [
        stack,
        rest,
        Object.entries(resource).filter(([type]) => !type.startsWith('aws_eks_access_')),
      ]);
    expect(withoutAccess(after)).toEqual(withoutAccess(before));
    const added = addresses(cluster(after)).filter((name) => !addresses(cluster(before)).includes(name));
    expect(added).toEqual([
      'aws_eks_access_entry.eks_access_111122223333_role_shop',
      'aws_eks_access_entry.eks_access_111122223333_role_successor',
      'aws_eks_access_policy_association.eks_access_111122223333_role_shop_AmazonEKSEditPolicy',
      'aws_eks_access_policy_association.eks_access_111122223333_role_successor_AmazonEKSClusterAdminPolicy',
    ]);
    const gone = addresses(cluster(before)).filter((name) => !addresses(cluster(after)).includes(name));
    expect(gone).toEqual([]);
  });

  it('keeps an entry at its address when its role changes', () => {
    const viewer = changed([ADMINS, `${ADMINS}\n  viewers: [${SHOP}]`]);
    const admin = changed([ADMINS, ADMINS.replace(']', `, ${SHOP}]`)]);
    expect(cluster(viewer).resource['aws_eks_access_entry']).toEqual(
      cluster(admin).resource['aws_eks_access_entry'],
    );
  });

  it('does not come from the identity that runs Terraform', () => {
    const { aws_eks_cluster: clusters, aws_eks_access_entry: entries } = cluster(changed()).resource;
    expect(clusters?.['eks']?.['access_config']).toEqual({
      authentication_mode: 'API',
      bootstrap_cluster_creator_admin_permissions: false,
    });
    expect(JSON.stringify(entries)).not.toContain('aws_caller_identity');
  });
});
