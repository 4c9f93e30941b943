import { amiRelease, DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import * as z from 'zod/mini';
import { described, listOf, mapping, oneOf, text, wholeNumber } from './form';
import { kubelet } from './kubelet-schema';
import { zone } from './region-schema';

/** DNS label of up to 30 characters: with the platform's 32 before it, an AWS name stays within 64. */
export const NODE_NAME = /^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/;

/** The key of a label or a taint: a name, with a DNS name before it or not. Source: Kubernetes, Labels and Selectors. */
export const LABEL_KEY =
  /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const LABEL_VALUE_EXPECTED =
  'the value of a label: up to 63 of letters, digits, "-", "_" and ".", first and last a letter or a digit';

/** Release of an AMI: `1.35.4-20260311` of Amazon Linux, `1.52.0-a1b2c3d4` of Bottlerocket. */
const AMI_RELEASE = /^(tracked|\d+\.\d+\.\d+-[0-9a-f]{8})$/;

const UNAVAILABLE = 'a number of nodes or a percentage of them, from 1 to 100, such as 2 or 25%';

type Percentage = z.ZodMiniType<`${number}%`>;

const taint = mapping({
  key: described(
    text(
      'the key of a taint: letters, digits, "-", "_" and ".", with a DNS name and "/" before or not',
      LABEL_KEY,
    ),
    'Key of the taint.',
  ),
  value: z.exactOptional(
    described(text(LABEL_VALUE_EXPECTED, LABEL_VALUE), 'Value of the taint. Left out: no value.'),
  ),
  effect: described(
    oneOf(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
    'What happens to Pods that do not tolerate the taint.',
  ),
});

/** `nodes.<name>`: a managed node group. */
export const node = mapping({
  zone: described(zone(), 'Letter of the availability zone: one of network.zones.'),
  instanceTypes: described(
    listOf(
      text(
        'an EC2 instance type, such as m7i.large',
        /^[a-z][a-z0-9-]*\.(nano|micro|small|medium|large|\d*xlarge|metal(-\d+xl)?)$/,
      ),
      1,
      'a list of at least one EC2 instance type, such as [m7i.large]',
    ),
    'EC2 instance types in order of preference, all of one architecture and with the same accelerators or none.',
  ),
  capacity: z._default(
    described(
      oneOf(['on-demand', 'spot']),
      'How the instances are paid for: at the list price, or as spare capacity that EC2 may take back.',
    ),
    'on-demand',
  ),
  os: z._default(
    described(oneOf(['al2023', 'bottlerocket']), 'Operating system: Amazon Linux 2023 or Bottlerocket.'),
    'al2023',
  ),
  min: described(wholeNumber('a whole number, 0 or more', 0, 1_000_000), 'Smallest number of EC2 instances.'),
  max: described(wholeNumber('a whole number, 1 or more', 1, 1_000_000), 'Largest number of EC2 instances.'),
  desired: z.exactOptional(
    described(
      wholeNumber('a whole number, from min to max', 0, 1_000_000),
      'Number of EC2 instances; where an autoscaler changes it, the one to start with. Left out: min.',
    ),
  ),
  scaling: z._default(
    described(
      oneOf(['terraform', 'autoscaler']),
      'Who decides on the number of instances: Terraform keeps it at desired, or an autoscaler changes it.',
    ),
    'terraform',
  ),
  diskGiB: z._default(
    described(
      wholeNumber('a whole number of GiB, from 20 to 16384', 20, 16_384),
      "Size in GiB of each instance's volume for images, logs and emptyDir volumes.",
    ),
    50,
  ),
  kubelet: z._default(described(kubelet, 'Settings of the kubelets.'), {}),
  labels: z._default(
    described(
      z
        .record(
          z.string(),
          described(text(LABEL_VALUE_EXPECTED, LABEL_VALUE), 'Value of the label.'),
          'expected a mapping from label keys to values',
        )
        .register(z.globalRegistry, { propertyNames: { pattern: LABEL_KEY.source } }),
      'Kubernetes labels of the nodes, besides those that EKS and the platform give them.',
    ),
    {},
  ),
  taints: z.exactOptional(
    described(
      listOf(taint, 0, 'a list of taints, such as [{ key: dedicated, value: batch, effect: NoSchedule }]'),
      'Taints of the nodes: key, value (optional) and effect. Left out: none; with GPUs or Neuron devices, NoSchedule by their resource.',
    ),
  ),
  maxUnavailable: z._default(
    described(
      z.union(
        [
          wholeNumber(UNAVAILABLE, 1, 100),
          text(UNAVAILABLE, /^([1-9]\d?|100)%$/, (got) =>
            /^\d+$/.test(got) ? `write ${got} without quotes` : undefined,
          ) as Percentage,
        ],
        `expected ${UNAVAILABLE}`,
      ),
      'How many nodes an update may replace at a time: a number, or a percentage.',
    ),
    1,
  ),
  repair: z._default(
    described(z.boolean('expected true or false'), 'Whether EKS replaces nodes that it finds unhealthy.'),
    true,
  ),
  release: z.exactOptional(
    described(
      text(
        `a release of the AMI, such as ${amiRelease(DEFAULT_KUBERNETES_VERSION)}, or tracked`,
        AMI_RELEASE,
      ),
      'Release of the AMI, or tracked: the newest whenever Terraform plans. Left out: the newest at each change of the group.',
    ),
  ),
});
