import { readFileSync } from 'node:fs';
import { synthesized } from '../stacks/synthesized-platform';
import { boundedWorkload, pipelineRole } from './pipeline-roles';
import type { Row } from './named-resources';
import { FORBIDDEN_TO_APPLY, FORBIDDEN_TO_PLAN } from './prohibitions';
import { FORBIDDEN_WITHIN_BOUNDARY, POSSIBLE_WITHIN_BOUNDARY } from './within-boundary';
import { decide, installSimulator, type Principal } from './simulator';

const documents = synthesized(
  `${readFileSync('platform.yaml', 'utf8')}\nstate: { bucket: seed-state }\npipeline: { repository: acme/platform }\n`,
);

// A minute on a machine that does other work too.
jest.setTimeout(120_000);
beforeAll(installSimulator);

/** Which of them AWS would allow. */
async function allowed(principal: Principal, requests: readonly Row[]): Promise<string[]> {
  const decisions = await Promise.all(
    requests.map(async ([what, action, resource, context = {}]) => {
      const region = action.startsWith('iam:') ? 'us-east-1' : 'eu-west-1';
      const decision = await decide(principal, {
        action,
        resource,
        context: { 'aws:RequestedRegion': region, ...context },
      });
      return decision === 'Allowed' ? [what] : [];
    }),
  );
  return decisions.flat();
}

const names = (requests: readonly Row[]): string[] => requests.map(([what]) => what);

describe('the role that applies', () => {
  it('is forbidden at least 40 things', async () => {
    expect(new Set(names(FORBIDDEN_TO_APPLY)).size).toBeGreaterThan(40);
    expect(await allowed(pipelineRole('apply', documents), FORBIDDEN_TO_APPLY)).toEqual([]);
  });
});

describe('the role that plans', () => {
  it('is forbidden all of them, and every change', async () => {
    expect(await allowed(pipelineRole('plan', documents), FORBIDDEN_TO_PLAN)).toEqual([]);
  });
});

describe('a role of the platform with every right, within its boundary', () => {
  it('cannot do what the pipeline cannot', async () => {
    expect(await allowed(boundedWorkload(documents), FORBIDDEN_WITHIN_BOUNDARY)).toEqual([]);
  });

  it('can do what nodes, controllers and workloads need', async () => {
    expect(await allowed(boundedWorkload(documents), POSSIBLE_WITHIN_BOUNDARY)).toEqual(
      names(POSSIBLE_WITHIN_BOUNDARY),
    );
  });
});
