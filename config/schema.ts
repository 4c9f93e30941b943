import * as z from 'zod/mini';
import { didYouMean } from './near-name';
import { canonicalCpu, canonicalMemory } from './quantity';

/** A remedy for one wrong text, such as `write 10.0.0.0/16`; nothing when none is known. */
type Remedy = (got: string) => string | undefined;

type Text = z.ZodMiniString<string>;

/** Text of one form. The same sentence tells what is allowed, whether the type or the form is wrong. */
function text(expects: string, pattern: RegExp, remedy: Remedy = () => undefined): Text {
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

function listOf<T extends z.core.SomeType>(element: T, minimum: number, expects: string): z.ZodMiniArray<T> {
  const error = `expected ${expects}`;
  return z.array(element, error).check(z.minLength(minimum, error));
}

/** A mapping with these keys and no others. */
function mapping<T extends z.core.$ZodShape>(shape: T): z.ZodMiniObject<T, z.core.$strict> {
  return z.strictObject(shape, `expected a mapping with the keys ${Object.keys(shape).join(', ')}`);
}

/** A mapping whose keys are names; what a name may be is a rule, so that a wrong name does not hide its entry. */
function byName<T extends z.core.SomeType>(entry: T, of: string, name: RegExp) {
  return z
    .record(z.string(), entry, `expected a mapping from names of ${of} to their settings`)
    .register(z.globalRegistry, { propertyNames: { pattern: name.source } });
}

/** Adds the sentence that editors show. */
function described<T extends z.core.$ZodType>(schema: T, description: string): T {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), description });
  return schema;
}

/** DNS label of up to 30 characters: with the platform's 32 before it, an AWS name stays within 64. */
export const NODE_NAME = /^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/;

/** DNS-1123 label. */
export const NAMESPACE_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

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

const principal = () =>
  text(
    'the ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/platform-admin',
    PRINCIPAL_ARN,
    (got) => {
      const session = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\//.exec(got);
      if (session) {
        const [, partition = '', account = '', role = ''] = session;
        return `this is a session: write its role, arn:${partition}:iam::${account}:role/${role}, with the role's path if it has one`;
      }
      if (/^arn:[\w-]+:iam::\d{12}:root$/.test(got)) return 'EKS admits no root user: name a role';
      if (/^arn:[\w-]+:iam::\d{12}:group\//.test(got)) return 'EKS admits no groups: name a role';
      return undefined;
    },
  );

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
  min: described(wholeNumber('a whole number, 0 or more', 0, 1_000_000), 'Smallest number of EC2 instances.'),
  max: described(wholeNumber('a whole number, 1 or more', 1, 1_000_000), 'Largest number of EC2 instances.'),
  desired: z.exactOptional(
    described(
      wholeNumber('a whole number, from min to max', 0, 1_000_000),
      'Number of EC2 instances to start with. Left out: min.',
    ),
  ),
  diskGiB: z._default(
    described(
      wholeNumber('a whole number of GiB, from 20 to 16384', 20, 16_384),
      "Size of each instance's root volume in GiB.",
    ),
    50,
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
  workloads: z._default(
    described(
      mapping({ storefront: z.exactOptional(described(storefront, 'The storefront example.')) }),
      'What runs in the namespace.',
    ),
    {},
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
