import { changing, creating, losing, stoppedOf } from './base-plans';
import { DANGEROUS_CHANGES, LOSSES } from './dangerous-changes';
import { DANGEROUS_CREATIONS } from './dangerous-creations';
import { ORDINARY_CHANGES, ORDINARY_CREATIONS, ORDINARY_LOSSES } from './ordinary';

const found = (rules: string, address: string): string =>
  rules
    .split(', ')
    .map((rule) => `${rule} ${address}`)
    .join(', ');

describe('a plan is stopped for', () => {
  it.each(DANGEROUS_CREATIONS)('%s', (_, resources, expected) => {
    expect(stoppedOf(creating(resources)).join(', ')).toBe(expected);
    expect(stoppedOf(creating(resources, true)).join(', ')).toBe(expected);
  });

  it.each(DANGEROUS_CHANGES)('%s: %s', (_, address, patch, rules) => {
    expect(stoppedOf(changing(address, patch)).join(', ')).toBe(found(rules, address));
  });

  it.each(LOSSES)('the loss of %s, as %s', (address, rules, action = 'delete') => {
    expect(stoppedOf(losing(address, action)).join(', ')).toBe(found(rules, address));
  });
});

describe('a plan is not stopped for', () => {
  it.each(ORDINARY_CREATIONS)('%s', (_, resources) => {
    expect(stoppedOf(creating(resources))).toEqual([]);
  });

  it.each(ORDINARY_CHANGES)('%s: %s', (_, address, patch) => {
    expect(stoppedOf(changing(address, patch))).toEqual([]);
  });

  it.each(ORDINARY_LOSSES)('the loss of %s', (address) => {
    expect(stoppedOf(losing(address, 'delete'))).toEqual([]);
  });
});
