import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type StackDocument, synthesized } from './synthesized-platform';

const TAGS = { CostCenter: '4711', 'team/owner': 'check out', Platform: 'seed' };
const stacks = synthesized(
  readFileSync('platform.yaml', 'utf8')
    .replace('loadBalancer: false', 'loadBalancer: true')
    .replace('network:', "tags: { CostCenter: '4711', team/owner: check out }\nnetwork:"),
);
const resources = (type: string): [string, Record<string, unknown>][] =>
  Object.values(stacks).flatMap(({ resource }) => Object.entries(resource[type] ?? {}));
const addOn = (name: string): Record<string, unknown> =>
  JSON.parse(
    String(
      resources('aws_eks_addon').find(([, { addon_name }]) => addon_name === name)?.[1][
        'configuration_values'
      ],
    ),
  ) as Record<string, unknown>;

describe('the tags of platform.yaml are on', () => {
  it('everything that Terraform creates, in every stack', () => {
    const tagging = Object.values(stacks).map(
      ({ provider }: StackDocument) => provider['aws']?.[0]?.['default_tags'],
    );
    expect(tagging).toEqual(Object.keys(stacks).map(() => [{ tags: { ...TAGS, ManagedBy: 'terraform' } }]));
  });

  it('the instances of every node group, their volumes and network interfaces', () => {
    const templates = resources('aws_launch_template');
    expect(templates).toHaveLength(3);
    for (const [, { name, tag_specifications }] of templates) {
      expect(tag_specifications).toEqual(
        ['instance', 'volume', 'network-interface'].map((resource_type) => ({
          resource_type,
          tags: { ...TAGS, Name: name },
        })),
      );
    }
  });

  it('the network interfaces of the VPC CNI and the volumes of the EBS CSI driver', () => {
    expect(
      JSON.parse((addOn('vpc-cni')['env'] as Record<string, string>)['ADDITIONAL_ENI_TAGS'] ?? ''),
    ).toEqual(TAGS);
    expect(addOn('aws-ebs-csi-driver')).toEqual({ controller: { extraVolumeTags: TAGS } });
  });

  it('the load balancers of the load balancer controller', () => {
    const [[, release] = ['', {}]] = resources('helm_release');
    expect(parse((release['values'] as string[])[0] ?? '')).toMatchObject({ defaultTags: TAGS });
  });
});
