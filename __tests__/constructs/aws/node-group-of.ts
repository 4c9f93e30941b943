import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { App } from 'cdktf';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useAws } from '../../../constructs/aws/account/aws-provider';
import { EksCluster, type EksClusterOptions } from '../../../constructs/aws/cluster/eks-cluster';
import type { NodeGroup, NodeGroupOptions } from '../../../constructs/aws/nodes/node-group';
import { BaseStack } from '../../../constructs/terraform/base-stack';
import { synthesize } from '../../../constructs/terraform/synthesize';

type Arguments = Record<string, unknown>;

/** What a node group becomes. */
export interface SynthesizedGroup {
  readonly construct: NodeGroup;
  readonly group: Arguments;
  readonly template: Arguments;
  /** User data as an instance gets it. */
  readonly userData: string;
  /** Settings of the add-on `vpc-cni`. */
  readonly cni: unknown;
  readonly data: Record<string, Record<string, Arguments>>;
}

/** Synthesizes a cluster with an untainted node group, and a second one of the options. */
export function nodeGroupOf(
  options: Partial<NodeGroupOptions> = {},
  cluster: Partial<EksClusterOptions> = {},
): SynthesizedGroup {
  const outdir = mkdtempSync(join(tmpdir(), 'node-group-'));
  try {
    const app = new App({ outdir });
    const stack = new BaseStack(app, 'cluster');
    useAws(stack, { region: 'eu-west-1', platform: 'seed' });
    const eks = new EksCluster(stack, 'eks', {
      name: 'seed',
      version: DEFAULT_KUBERNETES_VERSION,
      subnetIds: ['subnet-1', 'subnet-2'],
      admins: ['arn:aws:iam::111122223333:role/admin'],
      serviceCidr: '172.20.0.0/16',
      logRetentionDays: 30,
      ...cluster,
    });
    const plain: NodeGroupOptions = {
      name: 'plain',
      subnetIds: ['subnet-2'],
      instanceTypes: ['m7i.large'],
      scaling: { min: 1, max: 1, desired: 1 },
    };
    eks.addNodeGroup('plain', plain);
    const construct = eks.addNodeGroup('node-1', {
      ...plain,
      name: 'node-1',
      subnetIds: ['subnet-1'],
      scaling: { min: 1, max: 3, desired: 2 },
      ...options,
    });
    let written = false;
    try {
      synthesize(app);
      written = true;
    } finally {
      // A tree that is refused leaves nothing behind.
      expect(readdirSync(join(outdir, 'stacks'))).toEqual(written ? ['cluster'] : []);
    }
    const { resource, data } = JSON.parse(
      readFileSync(join(outdir, 'stacks', 'cluster', 'cdk.tf.json'), 'utf8'),
    ) as Record<'resource' | 'data', Record<string, Record<string, Arguments>>>;
    const template = resource['aws_launch_template']?.['eks_node_1_template'] ?? {};
    const addOn = resource['aws_eks_addon']?.['eks_vpc_cni'];
    return {
      construct,
      group: resource['aws_eks_node_group']?.['eks_node_1'] ?? {},
      template,
      userData: decoded(template['user_data']),
      cni: JSON.parse(addOn?.['configuration_values'] as string) as unknown,
      data,
    };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** The text in `${base64encode("…")}`: Terraform's escapes are those of JSON. */
function decoded(expression: unknown): string {
  const literal = /^\$\{base64encode\((".*")\)\}$/.exec(String(expression))?.[1];
  if (literal === undefined) throw new Error(`no user data: ${String(expression)}`);
  return JSON.parse(literal) as string;
}
