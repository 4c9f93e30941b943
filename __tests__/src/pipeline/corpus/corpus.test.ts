import { creating, stoppedOf } from './base-plans';
import { DANGEROUS_CREATIONS } from './dangerous-creations';

describe('a plan is stopped for', () => {
  it.each(DANGEROUS_CREATIONS)('%s', (_, resources, found) => {
    expect(stoppedOf(creating(resources)).join(', ')).toBe(found);
  });
});
