import { REGIONS } from '@kubernetes-on-aws/eks-facts/partitions';
import { zoneLetters, zonesWithoutEks } from '@kubernetes-on-aws/eks-facts/zones';
import { unknownName } from '../facts/near-name';
import { reportDuplicates } from './config-rule';
import type { Path } from '../facts/document-path';
import type { Rule } from './config-rule';

const regionsAreKnown: Rule = ({ region, state }, { report }) => {
  const named: [Path, string | undefined][] = [
    [['region'], region],
    [['state', 'region'], state?.region],
  ];
  for (const [path, name] of named) {
    if (name === undefined || REGIONS.includes(name)) continue;
    report(
      path,
      `${unknownName('region', name, REGIONS)}; a newer one has its place in packages/eks-facts/partitions.ts`,
    );
  }
};

const zonesAreUnique: Rule = ({ network, cluster }, context) => {
  reportDuplicates(network?.zones, ['network', 'zones'], context);
  reportDuplicates(cluster?.zones, ['cluster', 'zones'], context);
};

/** What no account has. Which of these letters an account has, and which of them EKS has no place in, is asked of AWS at plan. */
const zonesExist: Rule = ({ region, network }, { isGiven, report }) => {
  if (region === undefined || !REGIONS.includes(region)) return;
  const zones = network?.zones ?? [];
  const path: Path = ['network', 'zones'];
  const letters = zoneLetters(region);
  const without = zonesWithoutEks(region);
  const most = letters.length - without.length;
  const look = `aws ec2 describe-availability-zones --region ${region} prints the letters of an account`;
  zones.forEach((zone, i) => {
    if (zone === undefined || letters.includes(zone)) return;
    report(
      [...path, i],
      `no account has a zone "${zone}" in ${region}; allowed: ${letters.join(', ')}; ${look}`,
    );
  });
  if (new Set(zones).size <= most || zones.some((zone) => !letters.includes(zone ?? ''))) return;
  const why = without.length === 0 ? '' : `, since it is not in ${without.join(', ')}`;
  const got = isGiven(path) ? `got ${zones.length}` : `network.zones is [${zones.join(', ')}] unless given`;
  report(
    isGiven(path) ? path : ['region'],
    `EKS has at most ${most} zones of an account in ${region}${why}; ${got}; write ${most} letters under network.zones: ${look}`,
  );
};

const controlPlaneIsInTheNetwork: Rule = ({ network, cluster }, { report }) => {
  const zones = network?.zones;
  // A zone that could not be read may be the one that the cluster names.
  if (!zones || zones.includes(undefined)) return;
  cluster?.zones?.forEach((zone, i) => {
    if (zone === undefined || zones.includes(zone)) return;
    const message = `the network has no zone "${zone}"; known: ${zones.join(', ')}; use one, or add ${zone} to network.zones`;
    report(['cluster', 'zones', i], message);
  });
};

/** What regions there are, and which zones each may have. */
export const REGION_RULES: readonly Rule[] = [
  regionsAreKnown,
  zonesAreUnique,
  zonesExist,
  controlPlaneIsInTheNetwork,
];
