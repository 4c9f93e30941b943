/**
 * The zones of regions where they are not three: for each letter from a on the number of a zone as an account may have it, and 0
 * where new accounts have none. Source: Global Infrastructure, AWS Availability Zones (four numbers, one of them closed, in
 * ap-northeast-1, ca-central-1 and cn-north-1; three, one of them closed, in us-west-1).
 */
const ZONES: Readonly<Record<string, readonly number[]>> = {
  'ap-northeast-1': [4, 0, 1, 2],
  'ap-northeast-2': [1, 2, 3, 4],
  'ca-central-1': [1, 2, 0, 4],
  'cn-north-1': [1, 2, 0, 4],
  'us-east-1': [6, 1, 2, 4, 3, 5],
  'us-west-1': [3, 1, 0],
  'us-west-2': [2, 1, 3, 4],
};
const THREE = [1, 2, 3];
const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Zones that EKS has no control planes in. Source: EKS User Guide, View Amazon EKS networking requirements. */
const WITHOUT_EKS: Readonly<Record<string, readonly string[]>> = {
  'ca-central-1': ['cac1-az3'],
  'us-east-1': ['use1-az3'],
  'us-west-1': ['usw1-az2'],
};

/** Regions that opened before November 2012: each account has letters of its own there. Source: Global Infrastructure, AZ IDs. */
const LETTERS_BY_ACCOUNT =
  'ap-northeast-1 ap-southeast-1 ap-southeast-2 eu-west-1 sa-east-1 us-east-1 us-west-1 us-west-2';

/** The letters that zones of a region have in some account. */
export function zoneLetters(region: string): string[] {
  return LETTERS.slice(0, (ZONES[region] ?? THREE).length);
}

/** IDs of a region's zones that EKS has no control planes in, such as `use1-az3`. */
export function zonesWithoutEks(region: string): readonly string[] {
  return WITHOUT_EKS[region] ?? [];
}

/**
 * The zones of one account, IDs by name: `us-east-1a` is `use1-az6`. In the old regions, the account's number determines the letter
 * of each zone here. The real account may have others.
 */
export function zonesOf(accountId: string, region: string): ReadonlyMap<string, string> {
  const numbers = ZONES[region] ?? THREE;
  const open = numbers.filter((number) => number !== 0);
  const isOdd = Number(accountId.slice(-1)) % 2 === 1;
  if (isOdd && LETTERS_BY_ACCOUNT.includes(region)) open.unshift(open.pop() ?? 0);
  const [area = '', ...rest] = region.split('-');
  const prefix = area + (rest.join('-').match(/north|south|east|west|\w+/g) ?? []).map(([c]) => c).join('');
  const names = LETTERS.filter((_, i) => numbers[i]).map((letter) => `${region}${letter}`);
  return new Map(names.map((name, i) => [name, `${prefix}-az${open[i] ?? ''}`]));
}
