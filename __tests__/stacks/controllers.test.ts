import { readFileSync } from 'node:fs';
import { addresses, type StackDocument, synthesized } from './synthesized-platform';

/** The default platform without what it says of controllers. */
const platformYaml = readFileSync('platform.yaml', 'utf8').replace(/ {2}controllers: .*\n/, '');

const clusterWith = (settings: string): StackDocument => {
  const { cluster } = synthesized(platformYaml.replace('cluster:\n', `cluster:\n  ${settings}\n`));
  if (!cluster) throw new Error('no stack "cluster"');
  return cluster;
};

const plain = addresses(clusterWith('metrics: none'));

/** The addresses that a setting adds, without the rest of their names. */
const added = (settings: string): string[] =>
  addresses(clusterWith(settings)).filter((address) => !plain.includes(address));

describe('the controllers of platform.yaml', () => {
  it('are none by default', () => {
    expect(
      plain.filter((address) => /karpenter|external_dns|load_balancer|prometheus/.test(address)),
    ).toEqual([]);
  });

  it.each([
    ['controllers: { loadBalancer: true }', 'load_balancer_controller'],
    ['controllers: { karpenter: true }', 'karpenter'],
    ['controllers: { externalDns: { zones: [Z1] } }', 'external_dns'],
  ])('include %s with a role by Pod Identity, which changes nothing else', (settings, name) => {
    const found = added(settings);
    expect(found).toContain(`aws_eks_pod_identity_association.${name}_identity`);
    expect(found.filter((address) => !new RegExp(`^(data\\.)?\\w+\\.${name}_`).test(address))).toEqual([]);
    expect(addresses(clusterWith(settings))).toEqual(expect.arrayContaining(plain));
  });

  it('have the region and the zones of the platform', () => {
    const policy = clusterWith('controllers: { karpenter: true }').resource['aws_iam_role_policy']?.[
      'karpenter_identity_role_policy'
    ]?.['policy'];
    expect(policy).toContain(':ec2:eu-west-1:');
  });

  it('have the permissions boundary and the path of the platform, and so does the instance profile', () => {
    const boundary = 'arn:aws:iam::111122223333:policy/boundary';
    const { cluster } = synthesized(
      `${platformYaml.replace('cluster:\n', 'cluster:\n  controllers: { karpenter: true }\n')}\n` +
        `iam: { permissionsBoundary: "${boundary}", path: /platform/ }\n`,
    );
    expect(cluster?.resource['aws_iam_role']).toMatchObject({
      karpenter_identity_role: { permissions_boundary: boundary, path: '/platform/' },
      karpenter_node_role: { permissions_boundary: boundary, path: '/platform/' },
    });
    expect(cluster?.resource['aws_iam_instance_profile']).toMatchObject({
      karpenter_node_profile: { path: '/platform/' },
    });
  });
});

describe('the metrics of platform.yaml', () => {
  it('have a workspace with its log group, and a scraper in the zones of the cluster', () => {
    const { resource } = clusterWith('metrics: managed-prometheus');
    expect(added('metrics: managed-prometheus')).toEqual([
      'aws_cloudwatch_log_group.metrics_logs',
      'aws_prometheus_scraper.metrics_scraper',
      'aws_prometheus_workspace.metrics',
    ]);
    expect(resource['aws_prometheus_scraper']?.['metrics_scraper']).toMatchObject({
      source: [
        {
          eks: [
            {
              subnet_ids: ['a', 'b', 'c'].map((zone) => `\${data.aws_subnet.private_${zone}.id}`),
            },
          ],
        },
      ],
    });
  });
});
