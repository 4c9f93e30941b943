import { readFileSync } from 'node:fs';
import { ADD_ON_NAMES, PINNED_KUBERNETES_VERSIONS } from '@kubernetes-on-aws/eks-facts/add-ons';
import { addOnNamed, versionsFor } from '@kubernetes-on-aws/eks-sandbox/eks-emulator/add-on-catalog';
import { synthesized } from './synthesized-platform';

const platformYaml = readFileSync('platform.yaml', 'utf8');

describe('the add-ons', () => {
  it.each(PINNED_KUBERNETES_VERSIONS)('of a cluster of %s are all in the sandbox', (kubernetes) => {
    const offered = ADD_ON_NAMES.filter((name) => {
      const offer = addOnNamed(name);
      return offer && versionsFor(offer, kubernetes).length > 0;
    });
    expect(offered).toEqual(ADD_ON_NAMES);
  });
});

describe('the cluster that platform.yaml configures', () => {
  const documents = (cluster: string, network = ''): ReturnType<typeof synthesized> =>
    synthesized(
      platformYaml
        .replace('cluster:\n', `cluster:\n  ${cluster}\n`)
        .replace('network:\n', `network:\n${network}`),
    );

  it('has an added add-on, and another version', () => {
    const more = '{ kube-state-metrics: {}, coredns: { version: v1.13.2-eksbuild.4 } }';
    const { cluster } = synthesized(platformYaml.replace(/ {2}addOns: .*/, `  addOns: ${more}`));
    const addOns = cluster?.resource['aws_eks_addon'];
    expect(addOns).toHaveProperty('eks_kube_state_metrics');
    expect(addOns?.['eks_coredns']).toMatchObject({ addon_version: 'v1.13.2-eksbuild.4' });
  });

  it.each([true, false])('has zonal shift: %s', (enabled) => {
    const found = documents(`zonalShift: ${enabled}`)['cluster']?.resource['aws_eks_cluster']?.['eks'];
    expect(found).toMatchObject({ zonal_shift_config: { enabled } });
  });

  it('has its own subnets, in the zones of its creation', () => {
    const { cluster, network } = documents('zones: [a, b]', '  controlPlaneSubnets: true\n');
    expect(cluster?.resource['aws_eks_cluster']?.['eks']).toMatchObject({
      vpc_config: {
        subnet_ids: ['${data.aws_subnet.control_plane_a.id}', '${data.aws_subnet.control_plane_b.id}'],
      },
    });
    const names = Object.values(network?.resource['aws_subnet'] ?? {}).map(
      ({ tags }) => (tags as { Name: string }).Name,
    );
    for (const zone of ['a', 'b']) {
      const wanted = cluster?.data?.['aws_subnet']?.[`control_plane_${zone}`]?.['filter'];
      expect(wanted).toEqual([{ name: 'tag:Name', values: [`seed-control-plane-${zone}`] }]);
      expect(names).toContain(`seed-control-plane-${zone}`);
    }
    expect(cluster?.resource['aws_eks_node_group']?.['eks_node_3']).toMatchObject({
      subnet_ids: ['${data.aws_subnet.private_c.id}'],
    });
  });

  it('has a range for Pods, in whose subnets the VPC CNI finds their addresses', () => {
    const { cluster, network, dev } = documents('zones: [a, b]', '  secondaryCidr: 100.64.0.0/16\n');
    const addOn = cluster?.resource['aws_eks_addon']?.['eks_vpc_cni']?.['configuration_values'];
    const securityGroups = ['${aws_eks_cluster.eks.vpc_config[0].cluster_security_group_id}'];
    const { eniConfig } = JSON.parse(addOn as string) as { eniConfig: unknown };
    expect(eniConfig).toEqual({
      create: true,
      region: 'eu-west-1',
      subnets: Object.fromEntries(
        ['a', 'b', 'c'].map((zone) => [
          `eu-west-1${zone}`,
          { id: `\${data.aws_subnet.pods_${zone}.id}`, securityGroups },
        ]),
      ),
    });
    const names = Object.values(network?.resource['aws_subnet'] ?? {}).map(
      ({ tags }) => (tags as { Name: string }).Name,
    );
    for (const zone of ['a', 'b', 'c']) {
      const wanted = cluster?.data?.['aws_subnet']?.[`pods_${zone}`]?.['filter'];
      expect(wanted).toEqual([{ name: 'tag:Name', values: [`seed-pods-${zone}`] }]);
      expect(names).toContain(`seed-pods-${zone}`);
    }
    const policies = JSON.stringify(dev?.resource['kubernetes_network_policy_v1']);
    expect(policies).toContain('"cidr":"10.0.0.0/16"');
    expect(policies).toContain('"cidr":"100.64.0.0/16"');
  });

  it('keeps its zones if a zone is added later', () => {
    const subnetsOf = (yaml: string): unknown =>
      synthesized(yaml)['cluster']?.resource['aws_eks_cluster']?.['eks']?.['vpc_config'];
    // eu-west-1 has three zones; us-east-1 has a fourth for the node groups.
    const before = platformYaml.replace('region: eu-west-1', 'region: us-east-1');
    const added = before
      .replace('zones: [a, b, c]', 'zones: [a, b, c, d]')
      .replace('cluster:\n', 'cluster:\n  zones: [a, b, c]\n');
    expect(subnetsOf(added)).toEqual(subnetsOf(before));
  });
});

describe('protection against loss', () => {
  const guarded = (yaml: string): Record<string, string[]> =>
    Object.fromEntries(
      Object.entries(synthesized(yaml)).map(([stack, { resource }]) => [
        stack,
        Object.entries(resource).flatMap(([type, named]) =>
          Object.entries(named)
            .filter(
              ([, { lifecycle }]) => (lifecycle as { prevent_destroy?: true } | undefined)?.prevent_destroy,
            )
            .map(([name]) => `${type}.${name}`),
        ),
      ]),
    );

  it('covers what cannot be restored, in every stack', () => {
    const database = [
      'kubernetes_persistent_volume_claim_v1.storefront_database_data_0',
      'kubernetes_persistent_volume_claim_v1.storefront_media',
      'kubernetes_stateful_set_v1.storefront_database',
    ];
    expect(guarded(platformYaml)).toEqual({
      network: ['aws_vpc.vpc'],
      cluster: [
        'aws_efs_file_system.shared_files',
        'aws_eks_cluster.eks',
        'aws_kms_key.eks_secrets',
        'aws_kms_key.shared_files_key',
      ],
      platform: [],
      dev: database,
      qa: database,
      stage: database,
      prod: database,
    });
  });

  it('is absent if platform.yaml turns it off', () => {
    expect(Object.values(guarded(`${platformYaml}\nprotect: false\n`)).flat()).toEqual([]);
  });
});
