import { zoneLetters, zonesOf, zonesWithoutEks } from '../zones';

const zones = (account: string, region: string): string =>
  [...zonesOf(account, region)].map(([name, id]) => `${name.replace(region, '')}=${id}`).join(' ');

it.each([
  ['eu-central-1', 'a=euc1-az1 b=euc1-az2 c=euc1-az3'],
  ['us-gov-west-1', 'a=usgw1-az1 b=usgw1-az2 c=usgw1-az3'],
  ['cn-northwest-1', 'a=cnnw1-az1 b=cnnw1-az2 c=cnnw1-az3'],
  ['ap-southeast-5', 'a=apse5-az1 b=apse5-az2 c=apse5-az3'],
  ['ca-central-1', 'a=cac1-az1 b=cac1-az2 d=cac1-az4'],
])('every account has in %s the zones %s', (region, expected) => {
  expect(zones('111122223333', region)).toBe(expected);
  expect(zones('111122223334', region)).toBe(expected);
});

it('in an old region two accounts have different letters for a zone', () => {
  expect(zones('111122223334', 'us-west-1')).toBe('a=usw1-az3 b=usw1-az1');
  expect(zones('111122223333', 'us-west-1')).toBe('a=usw1-az1 b=usw1-az3');
  expect(zones('111122223334', 'us-east-1')).toContain('e=use1-az3');
  expect(zones('111122223333', 'us-east-1')).toContain('f=use1-az3');
});

it.each(['us-east-1', 'us-west-1', 'ap-northeast-1', 'eu-west-1'])(
  'letters of an account in %s are among those that an account can have',
  (region) => {
    for (const account of ['1', '2']) {
      for (const name of zonesOf(account, region).keys()) {
        expect(zoneLetters(region)).toContain(name.slice(region.length));
      }
    }
  },
);

it('a zone without EKS is known by its ID', () => {
  expect(zonesWithoutEks('us-east-1')).toEqual(['use1-az3']);
  expect(zonesWithoutEks('eu-west-1')).toEqual([]);
});
