import { readFileSync, writeFileSync } from 'node:fs';
import { Terraform } from '../../src/terraform/terraform';
import { findProviderSource } from '../../src/terraform/terraform-providers';
import { Project, succeeded } from '../e2e/project';
import { LEAST, lives, nameOf, OPTIONS, platformWith } from './option-pairs';
import { pairsIn, pairsOf, type Combination } from './pairwise';

const MINUTE = 60_000;
jest.setTimeout(30 * MINUTE);
const AWS_STACKS = ['network', 'cluster'];
/** One life alone: `npm run test:long pairs -- --testNamePattern='platform 3'`. As many combinations are deployed whole, with all that is in the cluster. */
const WHOLE = 5;

const platform = readFileSync('platform.yaml', 'utf8');
const all = lives();

it('every pair of values is in one of the combinations', () => {
  const found = all.flat();
  expect(found.length).toBeGreaterThanOrEqual(LEAST);
  expect(new Set(found.flatMap(pairsIn))).toEqual(pairsOf(OPTIONS));
});

/** Writes platform.yaml, and synthesizes it. */
async function become(project: Project, combination: Combination, isWhole = false): Promise<void> {
  writeFileSync(project.path('platform.yaml'), platformWith(combination, platform, isWhole));
  succeeded(await project.npm('synth'));
}

describe.each(all.map((combinations, index) => [index + 1, combinations] as const))(
  'the AWS stacks of platform %d',
  (_, combinations) => {
    let project: Project;

    beforeAll(async () => {
      project = await Project.copy();
      const [first = {}] = combinations;
      writeFileSync(project.path('platform.yaml'), platformWith(first, platform));
      succeeded(await project.npm('sandbox', ['--empty', '--json']));
    }, 60 * MINUTE);

    afterAll(async () => {
      await project.npm('sandbox:down');
      project.remove();
    }, MINUTE);

    async function terraform(stack: string): Promise<Terraform> {
      const providers = await findProviderSource();
      return new Terraform({
        stack,
        workingDirectory: project.path('cdktf.out', 'stacks', stack),
        environment: {
          PATH: process.env['PATH'] ?? '',
          HOME: process.env['HOME'] ?? '',
          ...(await project.sandboxEnvironment()),
          ...providers.environment(project.path('cdktf.out')),
        },
        logFile: project.path('cdktf.out', 'test.log'),
      });
    }

    it.each(combinations.map((combination) => [nameOf(combination), combination] as const))(
      'change to %s, and a second plan is empty',
      async (__, combination) => {
        await become(project, combination);
        // Makes the people of this combination known to the account.
        succeeded(await project.npm('sandbox', ['--empty', '--json']));
        for (const name of AWS_STACKS) {
          const stack = await terraform(name);
          await stack.init();
          await stack.apply();
          const { empty, changes } = await stack.plan();
          expect({ stack: name, empty, changes }).toEqual({ stack: name, empty: true, changes: [] });
        }
      },
    );

    it('are destroyed', async () => {
      for (const name of [...AWS_STACKS].reverse()) {
        const stack = await terraform(name);
        await stack.destroy();
        expect((await stack.pullState())?.resources ?? []).toEqual([]);
      }
    });
  },
);

describe('the whole platforms', () => {
  let project: Project;
  // Those of the largest group follow each other.
  const [longest = []] = [...all].sort((a, b) => b.length - a.length);
  const combinations = longest.slice(0, WHOLE);

  beforeAll(async () => {
    project = await Project.copy();
  });

  afterAll(async () => {
    await project.npm('sandbox:down');
    project.remove();
  }, MINUTE);

  it(`are ${WHOLE}`, () => {
    expect(combinations).toHaveLength(WHOLE);
  });

  it.each(combinations.map((combination) => [nameOf(combination), combination] as const))(
    'change to %s, and the sandbox verifies it',
    async (_, combination) => {
      await become(project, combination, true);
      expect((await project.up()).changed).toContain('cluster');
      expect((await project.up()).changed).toEqual([]);
    },
    60 * MINUTE,
  );

  it('are destroyed', async () => {
    expect(succeeded(await project.npm('sandbox:destroy'))).toContain(
      'Every stack is destroyed and nothing is left',
    );
  });
});
