import { Cidr, PRIVATE_RANGES, SHARED_RANGE } from '@kubernetes-on-aws/eks-facts/cidr';
import type { Path } from '../facts/document-path';
import { reportDuplicates } from './config-rule';
import type { Draft, Rule } from './config-rule';

const VPC: Path = ['network', 'cidr'];
const PODS: Path = ['network', 'secondaryCidr'];
const SERVICES: Path = ['cluster', 'serviceCidr'];

const noHostBits: Rule = (draft, { report }) => {
  for (const [path, range] of rangesOf(draft)) {
    if (!range.hasHostBits) continue;
    const single = path[1] === 'publicAccess' ? ` or, for the one address, ${range.address}/32` : '';
    report(path, `"${range.text}" has bits set after its prefix; write ${range.canonical}${single}`);
  }
};

/** Each zone has a private subnet of 1/8 of the VPC and a public one of 1/64: a /26 in a /20 is the least of use to EKS. */
const vpcHoldsTheSubnets: Rule = ({ network }, { report }) => {
  const vpc = parse(network?.cidr);
  if (!vpc || (vpc.prefix >= 16 && vpc.prefix <= 20)) return;
  const why =
    vpc.prefix < 16 ? 'AWS allows no VPC larger than a /16' : 'the subnets of each zone would be too small';
  const near = `${vpc.network}/${vpc.prefix < 16 ? 16 : 20}`;
  report(VPC, `"${vpc.text}" is a /${vpc.prefix}; allowed: /16 to /20, ${why}; write for example ${near}`);
};

const vpcIsPrivate: Rule = ({ network }, { report }) => {
  const vpc = parse(network?.cidr);
  const allowed = [...PRIVATE_RANGES, SHARED_RANGE];
  if (!vpc || allowed.some((range) => vpc.isWithin(range))) return;
  report(VPC, `"${vpc.text}" is not in a private range; allowed: within ${allowed.join(', ')}`);
};

const servicesFitEks: Rule = ({ cluster }, { report }) => {
  const services = parse(cluster?.serviceCidr);
  if (!services) return;
  if (services.prefix < 12 || services.prefix > 24) {
    report(SERVICES, `"${services.text}" is a /${services.prefix}; allowed: /12 to /24`);
  }
  if (!PRIVATE_RANGES.some((range) => services.isWithin(range))) {
    const allowed = PRIVATE_RANGES.join(', ');
    report(SERVICES, `"${services.text}" is not in a private range; allowed: within ${allowed}`);
  }
};

/** Where the file leaves one of them out, it is apart from the other. */
const servicesApartFromVpc: Rule = ({ network, cluster }, { report }) => {
  const vpc = parse(network?.cidr);
  const services = parse(cluster?.serviceCidr);
  if (!vpc || !services?.overlaps(vpc)) return;
  const other = `network.cidr, which is ${vpc.canonical}`;
  report(SERVICES, `"${services.text}" overlaps ${other}; the two must share no address`);
};

/** Each zone has a Pod subnet of 1/8 of the range: a /27 in a /24. */
const podsFitTheVpc: Rule = ({ network }, { report }) => {
  const pods = parse(network?.secondaryCidr);
  if (!pods || (pods.prefix >= 16 && pods.prefix <= 24)) return;
  const why =
    pods.prefix < 16
      ? 'AWS allows no range larger than a /16'
      : 'the Pod subnets of each zone would be too small';
  const near = `${pods.network}/${pods.prefix < 16 ? 16 : 24}`;
  report(PODS, `"${pods.text}" is a /${pods.prefix}; allowed: /16 to /24, ${why}; write for example ${near}`);
};

/**
 * Which ranges a VPC may have besides its first one: the shared range always, a private one of the same kind only.
 * Source: VPC User Guide, IPv4 CIDR block association restrictions.
 */
const podsMayJoinTheVpc: Rule = ({ network }, { report }) => {
  const vpc = parse(network?.cidr);
  const pods = parse(network?.secondaryCidr);
  // Ranges that overlap are told of by another rule.
  if (!vpc || !pods || pods.isWithin(SHARED_RANGE) || pods.overlaps(vpc)) return;
  const kin = PRIVATE_RANGES.find((range) => vpc.isWithin(range));
  const [, kept] = KEPT_BY_AWS.find(([first]) => vpc.isWithin(first)) ?? [];
  if (kin && pods.isWithin(kin) && !(kept && pods.overlaps(kept))) return;
  const allowed = [SHARED_RANGE, ...(kin ? [kin] : [])].join(' or ');
  const but = kept ? ` but for ${kept.text}` : '';
  report(
    PODS,
    `AWS does not let "${pods.text}" into a VPC whose network.cidr is ${vpc.canonical}; allowed: within ` +
      `${allowed}${but}; write for example 100.64.0.0/16`,
  );
};

/** Beside a first range that lies in the one, no range may be in the other, which services of AWS use. */
const KEPT_BY_AWS: readonly (readonly [Cidr, Cidr])[] = [
  [new Cidr('10.0.0.0/15'), new Cidr('10.0.0.0/16')],
  [new Cidr('172.16.0.0/12'), new Cidr('172.31.0.0/16')],
];

const podsAreApart: Rule = ({ network, cluster }, { isGiven, report }) => {
  const pods = parse(network?.secondaryCidr);
  if (!pods) return;
  const others: [string, Cidr | undefined, string][] = [
    ['network.cidr', parse(network?.cidr), isGiven(VPC) ? '' : ' unless given'],
    ['cluster.serviceCidr', parse(cluster?.serviceCidr), isGiven(SERVICES) ? '' : ' unless given'],
  ];
  for (const [name, other, unless] of others) {
    if (!other?.overlaps(pods)) continue;
    report(
      PODS,
      `"${pods.text}" overlaps ${name}, which is ${other.canonical}${unless}; the two must share no address` +
        (unless && `: write another range, or, before the cluster is made, ${name} too`),
    );
  }
};

const publicAccessIsPublic: Rule = ({ cluster }, { report }) => {
  cluster?.publicAccess?.forEach((text, i) => {
    const range = parse(text);
    const within = [...PRIVATE_RANGES, SHARED_RANGE].find((reserved) => range?.isWithin(reserved));
    if (!range || !within) return;
    const remedy = 'the public endpoint sees public addresses only: name the one that you go out by';
    report(
      ['cluster', 'publicAccess', i],
      `"${range.text}" is in the private range ${within.text}; ${remedy}`,
    );
  });
};

const publicAccessOverlapsNowhere: Rule = ({ cluster }, { report }) => {
  const ranges = (cluster?.publicAccess ?? []).map(parse);
  ranges.forEach((range, i) => {
    const first = ranges.findIndex((earlier, j) => j < i && earlier && range?.overlaps(earlier));
    const earlier = ranges[first];
    if (!range || !earlier) return;
    const relation =
      range.canonical === earlier.canonical ? 'equals' : range.isWithin(earlier) ? 'lies within' : 'holds';
    const message = `"${range.text}" ${relation} ${earlier.text}, given at [${first}]; keep one`;
    report(['cluster', 'publicAccess', i], message);
  });
};

const endpointsAreUnique: Rule = ({ network }, context) => {
  reportDuplicates(network?.endpoints, ['network', 'endpoints'], context);
};

/** What the address ranges must be to each other. */
export const NETWORK_RULES: readonly Rule[] = [
  noHostBits,
  vpcHoldsTheSubnets,
  vpcIsPrivate,
  servicesFitEks,
  servicesApartFromVpc,
  podsFitTheVpc,
  podsMayJoinTheVpc,
  podsAreApart,
  publicAccessIsPublic,
  publicAccessOverlapsNowhere,
  endpointsAreUnique,
];

function rangesOf({ network, cluster }: Draft): [Path, Cidr][] {
  const texts: [Path, string | undefined][] = [
    [VPC, network?.cidr],
    [PODS, network?.secondaryCidr],
    [SERVICES, cluster?.serviceCidr],
    ...(cluster?.publicAccess ?? []).map((text, i): [Path, string | undefined] => [
      ['cluster', 'publicAccess', i],
      text,
    ]),
  ];
  return texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, new Cidr(text)]]));
}

function parse(text: string | undefined): Cidr | undefined {
  return text === undefined ? undefined : new Cidr(text);
}
