/** The list of AWS that a price is of. */
export interface Source {
  readonly url: string;
  /** The day of the list: `2026-09-25`. */
  readonly date: string;
}

/** What a price is for. */
export type Unit = 'hour' | 'GB' | 'GB-month' | 'key-month';

/** A list price in US dollars, without tax. */
export interface Price {
  readonly usd: number;
  readonly unit: Unit;
  readonly source: Source;
}

/** What things cost in a region. */
export interface RegionPrices {
  /** A control plane whose Kubernetes version is in standard support. */
  readonly controlPlane: Price;
  /** What a control plane costs besides once its version has left standard support. */
  readonly extendedSupport: Price;
  readonly natGateway: Price;
  /** A public IPv4 address, in use or not. */
  readonly publicAddress: Price;
  /** An interface endpoint in one zone. */
  readonly interfaceEndpoint: Price;
  /** The first 10 TB in a month. */
  readonly logIngestion: Price;
  readonly logStorage: Price;
  readonly gp3: Price;
  /** A key, and each of the first two rotations of its material. */
  readonly kmsKey: Price;
  /** Instances on demand, with Linux, by type. */
  readonly instances: Readonly<Record<string, Price>>;
}

/** AWS's price list of a service in a region. */
function priceList(service: string, region: string, date: string): Source {
  const url = `https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/${service}/current/${region}/index.json`;
  return { url, date };
}

// The page says one price for every region.
const EKS: Source = { url: 'https://aws.amazon.com/eks/pricing/', date: '2026-09-28' };

function hourly(usd: number, source: Source): Price {
  return { usd, unit: 'hour', source };
}

function instances(source: Source, prices: Readonly<Record<string, number>>): RegionPrices['instances'] {
  return Object.fromEntries(Object.entries(prices).map(([type, usd]) => [type, hourly(usd, source)]));
}

/**
 * List prices by region. They were taken from published copies of AWS's lists and not from AWS's own pages, most of the
 * instances from one copy only: hold them against the source before a decision rests on them. What no copy had is not here.
 */
export const PRICES: Readonly<Record<string, RegionPrices>> = {
  'eu-west-1': {
    controlPlane: hourly(0.1, EKS),
    extendedSupport: hourly(0.5, EKS),
    natGateway: hourly(0.048, priceList('AmazonEC2', 'eu-west-1', '2026-09-25')),
    publicAddress: hourly(0.005, priceList('AmazonVPC', 'eu-west-1', '2026-09-14')),
    interfaceEndpoint: hourly(0.011, priceList('AmazonVPC', 'eu-west-1', '2026-09-14')),
    logIngestion: {
      usd: 0.57,
      unit: 'GB',
      source: priceList('AmazonCloudWatch', 'eu-west-1', '2026-09-30'),
    },
    logStorage: {
      usd: 0.03,
      unit: 'GB-month',
      source: priceList('AmazonCloudWatch', 'eu-west-1', '2026-09-30'),
    },
    gp3: { usd: 0.088, unit: 'GB-month', source: priceList('AmazonEC2', 'eu-west-1', '2026-10-08') },
    kmsKey: { usd: 1, unit: 'key-month', source: priceList('awskms', 'eu-west-1', '2026-09-11') },
    instances: instances(priceList('AmazonEC2', 'eu-west-1', '2026-10-08'), {
      'c7g.large': 0.0775,
      'c7g.xlarge': 0.155,
      'c7g.2xlarge': 0.3101,
      'c7g.4xlarge': 0.6202,
      'm7g.large': 0.091,
      'm7g.xlarge': 0.1819,
      'm7g.2xlarge': 0.3638,
      'm7g.4xlarge': 0.7276,
      'm7i.large': 0.11235,
      'm7i.xlarge': 0.2247,
      'm7i.2xlarge': 0.4494,
      'm7i.4xlarge': 0.8988,
      'r7g.large': 0.1199,
      'r7g.xlarge': 0.2397,
      'r7g.2xlarge': 0.4794,
      'r7g.4xlarge': 0.9588,
      't4g.medium': 0.0368,
      't4g.large': 0.0736,
      't4g.xlarge': 0.1472,
      't4g.2xlarge': 0.2944,
    }),
  },
  'us-east-1': {
    controlPlane: hourly(0.1, EKS),
    extendedSupport: hourly(0.5, EKS),
    natGateway: hourly(0.045, priceList('AmazonEC2', 'us-east-1', '2026-09-25')),
    publicAddress: hourly(0.005, priceList('AmazonVPC', 'us-east-1', '2026-09-17')),
    interfaceEndpoint: hourly(0.01, priceList('AmazonVPC', 'us-east-1', '2026-09-17')),
    logIngestion: {
      usd: 0.5,
      unit: 'GB',
      source: { url: 'https://aws.amazon.com/cloudwatch/pricing/', date: '2026-07-31' },
    },
    logStorage: {
      usd: 0.03,
      unit: 'GB-month',
      source: { url: 'https://aws.amazon.com/cloudwatch/pricing/', date: '2026-07-31' },
    },
    gp3: { usd: 0.08, unit: 'GB-month', source: priceList('AmazonEC2', 'us-east-1', '2026-10-08') },
    kmsKey: { usd: 1, unit: 'key-month', source: priceList('awskms', 'us-east-1', '2026-09-11') },
    instances: instances(priceList('AmazonEC2', 'us-east-1', '2026-10-08'), {
      'c7g.large': 0.0725,
      'c7g.xlarge': 0.145,
      'c7g.2xlarge': 0.29,
      'c7g.4xlarge': 0.58,
      'm7g.large': 0.0816,
      'm7g.xlarge': 0.1632,
      'm7g.2xlarge': 0.3264,
      'm7g.4xlarge': 0.6528,
      'm7i.large': 0.1008,
      'm7i.xlarge': 0.2016,
      'm7i.2xlarge': 0.4032,
      'm7i.4xlarge': 0.8064,
      'r7g.large': 0.1071,
      'r7g.xlarge': 0.2142,
      'r7g.2xlarge': 0.4284,
      'r7g.4xlarge': 0.8568,
      't4g.medium': 0.0336,
      't4g.large': 0.0672,
      't4g.xlarge': 0.1344,
      't4g.2xlarge': 0.2688,
    }),
  },
};
