import * as z from 'zod/mini';
import { ADD_ON_PURPOSES, ADD_ON_VERSION } from './add-ons';
import type { AddOnName } from './add-ons';
import { ENDPOINT_SERVICES } from './interface-endpoints';
import { didYouMean } from './near-name';
import { canonicalCpu, canonicalMemory } from './quantity';

/** A remedy for one wrong text, such as `write 10.0.0.0/16`; nothing when none is known. */
type Remedy = (got: string) => string | undefined;

type Text = z.ZodMiniString<string>;

/** Text of one form. The same sentence tells what is allowed, whether the type or the form is wrong. */
export function text(expects: string, pattern: RegExp, remedy: Remedy = () => undefined): Text {
  const error = ({ input }: { input?: unknown }): string => {
    const advice = typeof input === 'string' ? remedy(input) : undefined;
    return `expected ${expects}${advice === undefined ? '' : `; ${advice}`}`;
  };
  return z.string({ error }).check(z.regex(pattern, { error }));
}

function wholeNumber(expects: string, minimum: number, maximum: number): z.ZodMiniNumber<number> {
  const error = `expected ${expects}`;
  return z.int(error).check(z.gte(minimum, error), z.lte(maximum, error));
}

function oneOf<const T extends readonly string[]>(values: T): z.ZodMiniEnum<{ [K in T[number]]: K }> {
  return z.enum(values, {
    error: ({ input }) => {
      const near = typeof input === 'string' ? didYouMean(input, values) : '';
      return `expected one of ${values.join(', ')}${near}`;
    },
  });
}

export function listOf<T extends z.core.SomeType>(
  element: T,
  minimum: number,
  expects: string,
): z.ZodMiniArray<T> {
  const error = `expected ${expects}`;
  return z.array(element, error).check(z.minLength(minimum, error));
}

/** A mapping with these keys and no others. */
export function mapping<T extends z.core.$ZodShape>(shape: T): z.ZodMiniObject<T, z.core.$strict> {
  return z.strictObject(shape, `expected a mapping with the keys ${Object.keys(shape).join(', ')}`);
}

/** A mapping whose keys are names; what a name may be is a rule, so that a wrong name does not hide its entry. */
function byName<T extends z.core.SomeType>(entry: T, of: string, name: RegExp) {
  return z
    .record(z.string(), entry, `expected a mapping from names of ${of} to their settings`)
    .register(z.globalRegistry, { propertyNames: { pattern: name.source } });
}

/** Adds the sentence that editors show. */
export function described<T extends z.core.$ZodType>(schema: T, description: string): T {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), description });
  return schema;
}

/** DNS label of up to 30 characters: with the platform's 32 before it, an AWS name stays within 64. */
export const NODE_NAME = /^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/;

/** DNS-1123 label. */
export const NAMESPACE_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

const ADD_ON_VERSION_OR_DEFAULT = new RegExp(`${ADD_ON_VERSION.source}|^default$`);

/** An IAM role or user, with its partition and account. */
export const PRINCIPAL_ARN =
  /^arn:(aws(?:-[a-z]+)*):iam::(\d{12}):(?:role|user)\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]+$/;

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/;

const region = () =>
  text('an AWS region, such as eu-west-1', REGION, (got) => {
    const zone = /^(.+-\d{1,2})[a-z]$/.exec(got)?.[1];
    return zone !== undefined && REGION.test(zone) ? `this is a zone of it: write ${zone}` : undefined;
  });

const zone = () =>
  text('the letter of an availability zone, a to f', /^[a-f]$/, (got) => {
    const letter = /^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}([a-f])$/.exec(got)?.[1];
    return letter === undefined ? undefined : `write ${letter}`;
  });

const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ADDRESS = new RegExp(`^${OCTET}(\\.${OCTET}){3}$`);
const RANGE = new RegExp(`^${OCTET}(\\.${OCTET}){3}/(3[0-2]|[12]?\\d)$`);

const range = () =>
  text('an IPv4 range, such as 10.0.0.0/16', RANGE, (got) =>
    ADDRESS.test(got) ? `a single address is written ${got}/32` : undefined,
  );

const principalRemedy: Remedy = (got) => {
  const session = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(got);
  if (session) {
    const [, partition = '', account = '', role = ''] = session;
    return `this is a session: write its role, arn:${partition}:iam::${account}:role/${role}, with the role's path if it has one`;
  }
  if (/^arn:[\w-]+:iam::\d{12}:root$/.test(got)) return 'EKS admits no root user: name a role';
  if (/^arn:[\w-]+:iam::\d{12}:group\//.test(got)) return 'EKS admits no groups: name a role';
  return undefined;
};

const PRINCIPAL = 'the ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/platform-admin';

const principal = () => text(PRINCIPAL, PRINCIPAL_ARN, principalRemedy);

/** What is wrong with a key that is to be a principal; nothing when it is one. */
export function principalMistake(key: string): string | undefined {
  if (PRINCIPAL_ARN.test(key)) return undefined;
  const remedy = principalRemedy(key);
  return `not a principal; expected ${PRINCIPAL}${remedy === undefined ? '' : `; ${remedy}`}`;
}

/** A quantity in its canonical form alone: the API server rewrites any other, and Terraform would plan it again for ever. */
function quantity(expects: string, form: RegExp, rewrite: Remedy): Text {
  const advice: Remedy = (got) => {
    const better = rewrite(got);
    return better === undefined ? undefined : `write "${better}"`;
  };
  return text(expects, form, advice).check(
    z.refine((value) => rewrite(value) === value, {
      error: ({ input }) => `expected ${expects}, in canonical form; ${advice(String(input)) ?? ''}`,
    }),
  );
}

/** Days that CloudWatch Logs can keep a log group's events. Source: CloudWatch Logs API, PutRetentionPolicy. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Source: Amazon S3 User Guide, General purpose bucket naming rules. */
const BUCKET =
  /^(?!xn--|sthree-|amzn-s3-demo-|\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

const state = mapping({
  bucket: described(
    text('the name of an S3 bucket: 3 to 63 of a-z, 0-9, "." and "-"', BUCKET, (got) =>
      got.startsWith('s3://') ? 'leave out s3:// and what follows the name' : undefined,
    ),
    'S3 bucket that keeps the state.',
  ),
  region: z.exactOptional(described(region(), "The bucket's region. Left out: the platform's region.")),
});

const network = mapping({
  cidr: z._default(
    described(range(), 'IPv4 range of the VPC: private, between a /16 and a /20.'),
    '10.0.0.0/16',
  ),
  secondaryCidr: z.exactOptional(
    described(
      range(),
      'Second IPv4 range of the VPC, from which Pods get their addresses: between a /16 and a /24. Left out: they get them of cidr.',
    ),
  ),
  zones: z._default(
    described(
      listOf(zone(), 2, 'a list of at least two zone letters, such as [a, b, c]: EKS needs two zones'),
      'Letters of the availability zones, at least two.',
    ),
    ['a', 'b', 'c'],
  ),
  nat: z._default(
    described(
      oneOf(['per-zone', 'single', 'none']),
      'NAT gateways: one in each zone, one for all zones, or none (no way out to the internet).',
    ),
    'per-zone',
  ),
  prefixDelegation: z._default(
    described(
      z.boolean('expected true or false'),
      'Whether the VPC CNI takes addresses in prefixes (/28), so that a node holds more Pods.',
    ),
    true,
  ),
  endpoints: z._default(
    described(
      listOf(oneOf(ENDPOINT_SERVICES), 0, 'a list of AWS services, such as [ecr.api, ecr.dkr]'),
      'AWS services that are reached by an interface endpoint, without leaving the VPC.',
    ),
    [],
  ),
  controlPlaneSubnets: z._default(
    described(
      z.boolean('expected true or false'),
      "Whether the control plane's network interfaces have a small subnet of their own in each zone.",
    ),
    false,
  ),
});

/** An IAM policy of an account, or one of AWS's own. */
export const POLICY_ARN = /^arn:(aws(?:-[a-z]+)*):iam::(?:\d{12}|aws):policy\/(?:[\w+=,.@-]+\/)*[\w+=,.@-]+$/;

/** What AWS keeps for itself is no path for a role. Source: IAM User Guide, IAM identifiers. */
const IAM_PATH = /^\/(?!aws-reserved\/|aws-service-role\/)(?=.{0,511}$)([\w+=,.@-]+\/)*$/;

const iam = mapping({
  permissionsBoundary: z.exactOptional(
    described(
      text('the ARN of an IAM policy, such as arn:aws:iam::111122223333:policy/boundary', POLICY_ARN),
      'Policy that bounds what every role of the platform may do, whatever its own policies say. Left out: none.',
    ),
  ),
  path: z._default(
    described(
      text('a path that begins and ends with "/", such as /platform/', IAM_PATH, (got) => {
        const better = `/${got}/`.replace(/\/+/g, '/');
        return better !== got && IAM_PATH.test(better) ? `write ${better}` : undefined;
      }),
      "Path of every role of the platform: a part of its ARN that an administrator's policies can name.",
    ),
    '/',
  ),
});

const addOn = () =>
  mapping({
    version: z.exactOptional(
      described(
        text('a version of the add-on, such as v1.13.2-eksbuild.11, or default', ADD_ON_VERSION_OR_DEFAULT),
        'Version, or default: EKS chooses it. Left out: the one that this program pins for the Kubernetes version.',
      ),
    ),
  });

/** Every add-on by its name, each of them optional. */
const addOns = mapping(
  Object.fromEntries(
    Object.entries(ADD_ON_PURPOSES).map(([name, purpose]) => [
      name,
      z.exactOptional(described(addOn(), purpose)),
    ]),
  ) as Record<AddOnName, z.ZodMiniExactOptional<ReturnType<typeof addOn>>>,
);

/** Id of a hosted zone. Source: Amazon Route 53 API Reference, HostedZone. */
const HOSTED_ZONE = /^Z[A-Z0-9]{1,31}$/;

/** A chart repository or an OCI registry, without credentials. */
const CHART_REPOSITORY = /^(https|oci):\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(\/[\w.~-]+)*$/;

/** Whether a controller, or the AWS side of one, is there. */
const controller = (description: string) =>
  z._default(described(z.boolean('expected true or false'), description), false);

const controllers = mapping({
  loadBalancer: controller(
    'Whether the AWS Load Balancer Controller is there, with its role: it serves Ingresses and Services of the type LoadBalancer.',
  ),
  chartRepository: z._default(
    described(
      text(
        'a chart repository, such as https://charts.example.com, or oci://registry.example.com/charts',
        CHART_REPOSITORY,
        (got) => {
          const better = got.replace(/^http:/, 'https:').replace(/\/+$/, '');
          return better !== got && CHART_REPOSITORY.test(better) ? `write ${better}` : undefined;
        },
      ),
      "Where the load balancer controller's chart is: a chart repository, or a registry by oci://.",
    ),
    'https://aws.github.io/eks-charts',
  ),
  karpenter: controller('The AWS side of Karpenter: roles, instance profile and interruption queue.'),
  externalDns: z.exactOptional(
    described(
      mapping({
        zones: described(
          listOf(
            text('the id of a hosted zone, such as Z0123456789ABCDEFGHIJ', HOSTED_ZONE, (got) => {
              const bare = got.replace(/^\/?hostedzone\//, '');
              return bare !== got && HOSTED_ZONE.test(bare) ? `write ${bare}` : undefined;
            }),
            1,
            'a list of at least one id of a hosted zone, such as [Z0123456789ABCDEFGHIJ]',
          ),
          'Ids of the hosted zones of Route 53 whose records ExternalDNS writes.',
        ),
      }),
      'The AWS side of ExternalDNS. Left out: none.',
    ),
  ),
});

const cluster = mapping({
  version: described(
    text('a Kubernetes minor version in quotes, such as "1.35"', /^\d+\.\d+$/, (got) => {
      const minor = /^v?(\d+\.\d+)(?:\.\d+)?$/.exec(got)?.[1];
      return minor === undefined ? undefined : `write "${minor}"`;
    }),
    'Kubernetes minor version, in quotes; one in EKS standard support.',
  ),
  admins: described(
    listOf(principal(), 1, 'a list of at least one ARN of an IAM role or user'),
    'ARNs of the IAM roles and users that administer the cluster.',
  ),
  viewers: z._default(
    described(
      listOf(principal(), 0, 'a list of ARNs of IAM roles or users'),
      'ARNs of the IAM roles and users that read everything in the cluster, Secrets too.',
    ),
    [],
  ),
  pipelines: z._default(
    described(
      listOf(principal(), 0, 'a list of ARNs of IAM roles or users'),
      'ARNs of the IAM roles that deploy the Kubernetes stacks, which takes all rights in the cluster.',
    ),
    [],
  ),
  publicAccess: z._default(
    described(
      listOf(range(), 0, 'a list of IPv4 ranges, such as [203.0.113.0/24]'),
      'IPv4 ranges that reach the public endpoint; when empty, the endpoint is private.',
    ),
    [],
  ),
  serviceCidr: z._default(
    described(
      range(),
      "IPv4 range of the Services' addresses: RFC 1918, between a /12 and a /24, apart from the VPC.",
    ),
    '172.20.0.0/16',
  ),
  logRetentionDays: z._default(
    described(
      z.literal(
        RETENTION_DAYS,
        `expected one of the days that CloudWatch knows: ${RETENTION_DAYS.join(', ')}`,
      ),
      "Days that CloudWatch keeps the control plane's logs.",
    ),
    90,
  ),
  zones: z.exactOptional(
    described(
      listOf(zone(), 2, 'a list of at least two zone letters, such as [a, b, c]: EKS needs two zones'),
      "Zones of the control plane's network interfaces, which stay as they were when the cluster was made. Left out: network.zones.",
    ),
  ),
  zonalShift: z._default(
    described(
      z.boolean('expected true or false'),
      'Whether Application Recovery Controller may turn traffic away from an impaired zone.',
    ),
    true,
  ),
  addOns: z._default(
    described(
      addOns,
      'Add-ons of EKS besides those that every cluster has, and other versions than the pinned ones.',
    ),
    {},
  ),
  controllers: z.prefault(
    described(controllers, 'Controllers in the cluster, and the AWS side of those that you install.'),
    {},
  ),
  metrics: z._default(
    described(
      oneOf(['none', 'managed-prometheus']),
      'Who collects metrics: nobody, or Amazon Managed Service for Prometheus.',
    ),
    'none',
  ),
});

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

const BYTES = /^[1-9]\d*([KMGTPE]i|[kMGTPE])?$/;

const resources = mapping({
  cpu: z.exactOptional(described(text('an amount of CPU in quotes, such as "100m"', /^[1-9]\d*m?$/), 'CPU.')),
  memory: z.exactOptional(described(text('an amount of memory, such as 500Mi', BYTES), 'Memory.')),
  'ephemeral-storage': z.exactOptional(
    described(text('an amount of storage, such as 2Gi', BYTES), 'Storage of the root volume.'),
  ),
});

const threshold = (of: string) =>
  z.exactOptional(
    described(
      text(
        'an amount, such as 500Mi, or a percentage, such as 5%',
        /^([1-9]\d*([KMGTPE]i|[kMGTPE])?|[1-9]\d?(\.\d+)?%)$/,
      ),
      `Free ${of} below which Pods are evicted.`,
    ),
  );

const kubelet = mapping({
  maxPods: z.exactOptional(
    described(
      wholeNumber('a whole number, from 1 to 250', 1, 250),
      'The most Pods of a node. Left out: as many as its network interfaces have addresses for.',
    ),
  ),
  kubeReserved: z.exactOptional(
    described(resources, 'What the kubelet and the container runtime keep. Left out: memory by maxPods.'),
  ),
  systemReserved: z.exactOptional(described(resources, 'What the operating system keeps besides.')),
  evictionHard: z.exactOptional(
    described(
      mapping({
        'memory.available': threshold('memory'),
        'nodefs.available': threshold('space on the volume'),
        'nodefs.inodesFree': threshold('inodes of the volume'),
        'imagefs.available': threshold('space for images'),
        'imagefs.inodesFree': threshold('inodes for images'),
        'pid.available': threshold('process numbers'),
      }),
      'What must stay free on a node.',
    ),
  ),
  imageGCHighThresholdPercent: z.exactOptional(
    described(
      wholeNumber('a whole percentage, from 1 to 100', 1, 100),
      'Percentage of the disk at which unused images are removed. Left out: 85.',
    ),
  ),
  imageGCLowThresholdPercent: z.exactOptional(
    described(
      wholeNumber('a whole percentage, from 0 to 99', 0, 99),
      'Percentage of the disk to which unused images are removed. Left out: 80.',
    ),
  ),
  containerLogMaxSize: z.exactOptional(
    described(text('an amount, such as 10Mi', BYTES), "Size at which a container's log is rotated."),
  ),
  containerLogMaxFiles: z.exactOptional(
    described(
      wholeNumber('a whole number, 2 or more', 2, 1_000),
      "Files that are kept of a container's log.",
    ),
  ),
  podPidsLimit: z.exactOptional(
    described(wholeNumber('a whole number, 1 or more', 1, 4_194_304), 'The most processes of a Pod.'),
  ),
});

const taint = mapping({
  key: text(
    'the key of a taint: letters, digits, "-", "_" and ".", with a DNS name and "/" before or not',
    LABEL_KEY,
  ),
  value: z.exactOptional(text(LABEL_VALUE_EXPECTED, LABEL_VALUE)),
  effect: oneOf(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
});

const node = mapping({
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
    'EC2 instance types in order of preference, all of one architecture.',
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
  taints: z._default(
    described(
      listOf(taint, 0, 'a list of taints, such as [{ key: dedicated, value: batch, effect: NoSchedule }]'),
      'Taints of the nodes: key, value (optional) and effect.',
    ),
    [],
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
      text('a release of the AMI, such as 1.35.4-20260311, or tracked', AMI_RELEASE),
      'Release of the AMI, or tracked: the newest whenever Terraform plans. Left out: the newest at each change of the group.',
    ),
  ),
});

const quota = mapping({
  cpu: z._default(
    described(
      quantity('an amount of CPU in quotes, such as "4" or "500m"', /^[1-9]\d*m?$/, canonicalCpu),
      'CPU that all Pods together may request.',
    ),
    '4',
  ),
  memory: z._default(
    described(
      quantity(
        'an amount of memory, such as 8Gi or 512Mi',
        /^[1-9]\d*([KMGTPE]i|[kMGTPE])?$/,
        canonicalMemory,
      ),
      'Memory that all Pods together may request.',
    ),
    '8Gi',
  ),
  pods: z._default(
    described(
      wholeNumber('a whole number, 1 or more', 1, 1_000_000),
      'Number of Pods that are not finished.',
    ),
    50,
  ),
});

const storefront = mapping({
  version: described(
    text(
      'an image tag that does not move, such as 1.4.0',
      /^(?!latest$)[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
    ),
    "Tag of the storefront's images.",
  ),
  replicas: z._default(
    described(wholeNumber('a whole number, 1 or more', 1, 1_000), 'Number of web Pods.'),
    2,
  ),
  host: z.exactOptional(
    described(
      text(
        'a DNS name in lower case, such as shop.example.com',
        /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/,
        (got) => {
          const bare = got
            .replace(/^https?:\/\//, '')
            .replace(/\/.*$/, '')
            .toLowerCase();
          return bare === got || bare === '' ? undefined : `write ${bare}`;
        },
      ),
      "Host name of the shop. Left out: shop.<namespace>.<the platform's name>.internal.",
    ),
  ),
  debug: z.exactOptional(
    described(
      z.boolean('expected true or false'),
      'Whether a Pod to debug from runs beside it. Left out: in the namespace dev only.',
    ),
  ),
  loginRevision: z._default(
    described(
      wholeNumber('a whole number, 1 or more', 1, 1_000_000),
      "Counts the rotations of the database's password: raise it, and a new one is made.",
    ),
    1,
  ),
});

const namespace = mapping({
  nodes: described(
    listOf(
      z.string('expected the name of a node'),
      1,
      'a list of at least one name of a node, such as [node-1]',
    ),
    'The row: names under nodes that the Pods may run on.',
  ),
  podSecurity: z._default(
    described(oneOf(['restricted', 'baseline']), 'Pod Security Standard that the namespace enforces.'),
    'restricted',
  ),
  quota: z.prefault(described(quota, 'The most that all Pods may request together.'), {}),
  teams: z._default(
    described(
      z
        .record(
          z.string(),
          oneOf(['view', 'edit', 'admin']),
          'expected a mapping from ARNs of IAM roles or users to view, edit or admin',
        )
        .register(z.globalRegistry, { propertyNames: { pattern: PRINCIPAL_ARN.source } }),
      'What IAM roles and users may do in the namespace, by their ARN: view, edit, or admin.',
    ),
    {},
  ),
  workloads: z._default(
    described(
      mapping({ storefront: z.exactOptional(described(storefront, 'The storefront example.')) }),
      'What runs in the namespace.',
    ),
    {},
  ),
});

const exception = mapping({
  address: described(
    text(
      'a stack and an address in it, such as cluster/aws_eks_node_group.node_1, or a stack alone',
      /^[a-z0-9][a-z0-9-]*(\/[^\s/].*)?$/,
    ),
    'Stack and Terraform address of what may change, as the guard prints it.',
  ),
  change: described(
    text('the 12 characters that the guard prints for the change, in quotes', /^[0-9a-f]{12}$/),
    'Which change of it: the one that the guard has stopped, and no other.',
  ),
  reason: described(
    text('a sentence that says why', /\S.*\S/),
    'Why it is right, for those who review it and those who read it later.',
  ),
  until: described(
    text('a day, such as 2026-12-31', /^\d{4}-\d{2}-\d{2}$/),
    'Last day on which the change may be planned and applied, at most 31 days from now.',
  ),
});

const pipeline = mapping({
  repository: z.exactOptional(
    described(
      text('a repository of GitHub, owner/name', /^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}\/[\w.-]{1,100}$/, (got) =>
        /github\.com[/:]([^/]+\/[^/]+?)(\.git)?\/?$/.exec(got)?.[1]?.replace(/^/, 'write '),
      ),
      'Repository of GitHub whose workflows plan and apply: it gets an IAM role for each. Left out: none.',
    ),
  ),
  maxChanges: z._default(
    described(
      wholeNumber('a whole number, 1 or more', 1, 1_000_000),
      'The most objects that one plan of all stacks may change, replace or destroy without being stopped.',
    ),
    50,
  ),
  exceptions: z._default(
    described(
      listOf(exception, 0, 'a list of exceptions, each as the guard prints it'),
      'Changes that the guard would stop and that are meant.',
    ),
    [],
  ),
});

/** The form of `platform.yaml`. What two values must be to each other is the rules' concern. */
export const platformSchema = described(
  mapping({
    name: described(
      text(
        'a name of up to 32 of a-z, 0-9 and "-", first a letter, last no "-"',
        /^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/,
      ),
      'Name of the EKS cluster and prefix of every AWS name.',
    ),
    region: described(region(), 'AWS region.'),
    state: z.exactOptional(described(state, 'Where Terraform keeps its state. Left out: local files.')),
    imageRegistry: z.exactOptional(
      described(
        text(
          'a registry with its path, such as registry.example.com/shop',
          /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
          (got) => {
            const bare = got.replace(/^https?:\/\//, '').replace(/\/+$/, '');
            return bare === got || bare === '' ? undefined : `write ${bare}`;
          },
        ),
        'Registry, with its path, that images are pulled from. Left out: the ECR registry of the first admin’s account.',
      ),
    ),
    protect: z._default(
      described(
        z.boolean('expected true or false'),
        'Whether Terraform refuses every plan that would destroy or replace the VPC, the cluster, a KMS key, a file system or a database.',
      ),
      true,
    ),
    pipeline: z.prefault(
      described(pipeline, 'Who plans and applies from the repository, and what their guard lets pass.'),
      {},
    ),
    iam: z.prefault(described(iam, 'What all IAM roles of the platform have in common.'), {}),
    network: z.prefault(described(network, 'The VPC.'), {}),
    cluster: described(cluster, 'The EKS control plane.'),
    nodes: described(
      byName(node, 'nodes', NODE_NAME),
      'The managed node groups by name, at least one: each in one zone.',
    ),
    namespaces: described(
      byName(namespace, 'namespaces', NAMESPACE_NAME),
      'The namespaces by name: one stack and one row of the topology each.',
    ),
  }),
  'The platform: one VPC, one EKS cluster, its node groups, and what runs in each namespace.',
);

/** What the schema makes of a file without mistakes. */
export type PlatformFile = z.output<typeof platformSchema>;
