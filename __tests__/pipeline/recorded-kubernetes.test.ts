import { recordedPlan, stopped } from './recorded-plan';

describe('data that would be lost', () => {
  it('is told of for what keeps it, and for a Namespace, which takes its protections along', () => {
    expect(stopped('stack-destroyed')).toEqual({});
  });

  it('is told of for a StatefulSet that would be replaced', () => {
    expect(stopped('database-replaced')).toEqual({});
  });
});

describe('a network that would be opened', () => {
  it('is told of: load balancers, isolation, sources', () => {
    expect(stopped('workload-opened')).toEqual({});
  });

  it('is not, when an exception to a denial goes', () => {
    const { plan, document } = recordedPlan('exception-to-denial-destroyed');
    expect(plan.resource_changes?.map(({ change }) => change.actions)).toEqual([['delete']]);
    const denial = recordedPlan('stack-created').document;
    const documents = [{ name: 'dev', document: denial }];
    expect(stopped('exception-to-denial-destroyed', undefined, { documents })).toEqual({});
    // Without the denial, the very same deletion opens.
    expect(
      stopped('exception-to-denial-destroyed', undefined, { documents: [{ name: 'dev', document }] }),
    ).toEqual({});
  });
});

describe('rights in the cluster', () => {
  it('that grow are told of, each with who gets what', () => {
    expect(stopped('cluster-rights-widened')).toEqual({});
  });

  it('of a new workload pass when they are named, and not when they are all', () => {
    expect(stopped('workload-added')).toEqual({});
  });
});

describe('a protection that would be taken away', () => {
  it('is told of: budgets, quotas, limits, retention', () => {
    expect(stopped('protections-removed')).toEqual({});
  });

  it('is told of: policies of admission, and the default class', () => {
    expect(stopped('admission-weakened')).toEqual({});
  });

  it('is none that looks at one namespace more', () => {
    expect(recordedPlan('namespace-admitted').plan.resource_changes).toHaveLength(2);
    expect(stopped('namespace-admitted')).toEqual({});
  });
});

describe('a secret that would be shown', () => {
  it('is told of by its place, and not by its value', () => {
    expect(stopped('secrets-shown')).toEqual({});
    expect(JSON.stringify(stopped('secrets-shown'))).not.toContain('fixture-only');
  });
});

describe('a stack that does not exist yet', () => {
  it('opens and widens nothing', () => {
    const created = recordedPlan('stack-created');
    expect(created.plan.resource_changes?.length).toBeGreaterThan(10);
    expect(stopped('stack-created')).toEqual({});
  });

  it('would be stopped for the same, did anything of it exist', () => {
    const existing = recordedPlan('workload-opened').plan.prior_state;
    const created = recordedPlan('stack-created');
    const stacks = [{ ...created, plan: { ...created.plan, ...(existing && { prior_state: existing }) } }];
    expect(stopped('stack-created', undefined, { stacks })).toEqual({});
  });
});
