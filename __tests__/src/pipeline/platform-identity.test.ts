import { requireSamePlatform } from '../../../src/pipeline/plan/platform-identity';
import { guard } from '../../../src/pipeline/guard/guard';
import type { Stored } from '../../../src/pipeline/state/state-store';
import type { JsonObject } from '../../../src/manifests/terraform-document';
import type { PlatformIdentity } from '../../../src/pipeline/apply/applied-record';
import { writtenPlan } from './written-plan';

const SEED = { name: 'seed', account: '111122223333', region: 'eu-west-1' };

function stored(attributes: readonly JsonObject[], platform?: PlatformIdentity): Stored {
  const resources = attributes.map((each) => ({
    ...{ mode: 'managed' as const, type: 'aws_vpc', name: 'vpc', provider: '' },
    instances: [{ attributes: each }],
  }));
  return {
    state: { lineage: 'l', serial: 1, isEmpty: resources.length === 0, ids: new Map(), resources },
    ...(platform && {
      applied: {
        ...{ stack: 'network', document: '', at: '', protected: [], dependencies: {}, platform },
        state: { lineage: 'l', serial: 1 },
      },
    }),
  };
}

/** What is said of a change of the platform's name, account or region; nothing where it goes on. */
function said(wanted: Partial<PlatformIdentity>, states: Readonly<Record<string, Stored>>): string[] {
  try {
    requireSamePlatform({ ...SEED, ...wanted }, new Map(Object.entries(states)));
    return [];
  } catch (error) {
    return (error as Error).message.split('\n');
  }
}

const VPC = {
  arn: 'arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1',
  tags_all: { Platform: 'seed' },
};
const ROLE = { arn: 'arn:aws:iam::111122223333:role/seed', tags_all: { Platform: 'seed' } };

describe('the platform of the states', () => {
  it('is known from the record of the last apply', () => {
    const states = { dev: stored([{}], SEED) };
    expect(said({}, states)).toEqual([]);
    expect(said({ name: 'shop', region: 'eu-central-1' }, states)).toEqual([
      'platform.yaml name: the platform has seed since its first apply, and would get shop',
      'platform.yaml region: the platform has eu-west-1 since its first apply, and would get eu-central-1',
      expect.stringMatching(
        /^Terraform would not find what exists, forget it, .*Change it back\. .*several-platforms\.md.*npm run teardown$/,
      ),
    ]);
  });

  it('is known from its objects if there is no record', () => {
    const states = { network: stored([ROLE, VPC]) };
    expect(said({}, states)).toEqual([]);
    expect(said({ account: '444455556666' }, states)[0]).toBe(
      'platform.yaml account: the platform has 111122223333 since its first apply, and would get 444455556666',
    );
    expect(said({ name: 'shop' }, states)[0]).toMatch(/^platform\.yaml name: .* seed since .* shop$/);
  });

  it('is known from the first object with its tag, and from no data source', () => {
    const other = { arn: 'arn:aws:ec2:us-east-1:444455556666:vpc/vpc-9', tags_all: { Platform: 'shop' } };
    expect(said({}, { network: stored([VPC, other]) })).toEqual([]);
    expect(said({}, { cluster: stored([{ arn: 7, tags_all: 'x' }, { arn: 'x' }, VPC, other]) })).toEqual([]);
    const ofRole = { arn: 'arn:aws:iam::444455556666:role/x' };
    expect(said({}, { network: stored([ofRole]) })).toEqual([]);
    expect(said({}, { network: stored([{ arn: `x ${other.arn}` }]) })).toEqual([]);
    const { state } = stored([other]);
    const resources = (state?.resources ?? []).map((each) => ({ ...each, mode: 'data' as const }));
    expect(said({}, { network: { state: { ...state, resources } } as Stored })).toEqual([]);
  });

  it('stays known if a later stack says nothing about it', () => {
    const states = { network: stored([VPC]), cluster: stored([{}]) };
    for (const key of ['name', 'account', 'region'] as const) {
      expect(said({ [key]: 'other' }, states)[0]).toContain(
        `platform.yaml ${key}: the platform has ${SEED[key]} `,
      );
    }
  });

  it('is refused with exit status 1 if it is another one, and with another way', () => {
    const states = new Map([['dev', stored([{}], SEED)]]);
    const instead = (way?: string) => () => {
      requireSamePlatform({ ...SEED, name: 'shop' }, states, way);
    };
    expect(instead('or take --adopt')).toThrow(/npm run teardown\nor take --adopt$/);
    expect(instead()).toThrow(/npm run teardown$/);
    expect(() => {
      requireSamePlatform({ ...SEED, name: 'shop' }, states);
    }).toThrow(expect.objectContaining({ code: 'another-platform', exitStatus: 1 }) as Error);
  });

  it('is not known from stacks of the user, which may be in another region, nor from what is destroyed', () => {
    expect(said({ region: 'us-east-1' }, { certificates: stored([VPC]) })).toEqual([]);
    expect(said({ region: 'us-east-1' }, { network: stored([], SEED) })).toEqual([]);
  });
});

describe('objects of a state that are not found', () => {
  const withMissing = (count: number): string[] => {
    const stack = writtenPlan('network', {});
    const resource_drift = Array.from({ length: count }, (_, i) => ({
      ...{ address: `aws_subnet.s${i}`, mode: 'managed' as const, type: 'aws_subnet', name: `s${i}` },
      change: { actions: ['delete' as const], before: { id: `subnet-${i}` }, after: null },
    }));
    return guard({
      stacks: [{ ...stack, plan: { ...stack.plan, resource_drift } }],
      ...{ documents: [], exceptions: [], maxChanges: 10, today: new Date('2026-11-25') },
    }).stopped.map(({ rule, address, message }) => `${rule} ${address}: ${message}`);
  };

  it('stop the plan if they are more than a few', () => {
    expect(withMissing(3)).toEqual([]);
    expect(withMissing(4)).toEqual([
      'missing network: does not find 4 objects of its state, such as aws_subnet.s0: they were deleted by hand, or the plan looks in the wrong place',
    ]);
  });
});
