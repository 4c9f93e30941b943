import { subnetReaches } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/subnet-reach';
import type { AwsQuery } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/aws-query';
import { Cidr } from '@kubernetes-on-aws/eks-facts/cidr';
import type { Platform } from '../config/platform';
import { canPull } from '../facts/image-registries';
import { ProofError, type Proof } from './placement-proof';

/** What a node needs of AWS to pull from ECR; layers are in S3. Source: Amazon ECR User Guide, Interface VPC endpoints. */
const ECR_SERVICES = ['ecr.api', 'ecr.dkr', 's3'];

/**
 * Proves that each Pod's node could pull the Pod's images: by its subnet's routes and the VPC's endpoints, as the emulated account has
 * them. The simulated nodes themselves pull nothing.
 *
 * @throws ProofError with every Pod that would be in ImagePullBackOff
 */
export async function proveImages(
  { nodes, pods }: Proof,
  { name, region, images: { reachable } }: Pick<Platform, 'name' | 'region' | 'images'>,
  aws: AwsQuery,
): Promise<void> {
  const subnets = await subnetReaches(aws, name);
  const refused = new Map<string, { readonly pods: Set<string>; readonly subnets: Set<string> }>();
  for (const pod of pods) {
    const address = nodes.find((node) => node.name === pod.node)?.address;
    const subnet = subnets.find(({ cidr }) => address && new Cidr(`${address}/32`).isWithin(new Cidr(cidr)));
    if (!subnet || subnet.internet) continue;
    const lacking = ECR_SERVICES.filter((service) => !subnet.services.includes(service));
    const reach = { region, ecr: lacking.length === 0, registries: reachable };
    for (const image of pod.images.filter((each) => !canPull(each, reach))) {
      const seen = refused.get(image) ?? { pods: new Set(), subnets: new Set() };
      refused.set(image, seen);
      seen.pods.add(`${pod.namespace}/${pod.name}`);
      seen.subnets.add(
        `${subnet.id} has no route to the internet${lacking.map((name) => `, no endpoint of ${name}`).join('')}`,
      );
    }
  }
  const findings = [...refused].map(
    ([image, by]) =>
      `${image} cannot be pulled on AWS: ${[...by.subnets].join('; ')}. Pods ${[...by.pods].join(', ')} would not start. ` +
      'Add network.endpoints, or name a registry that nodes reach under images in platform.yaml',
  );
  if (findings.length > 0) throw new ProofError(findings);
}
