import { readFileSync } from 'node:fs';
import { synthesized } from '../stacks/synthesized-platform';
import { CALLS_OF_OPTIONS } from './calls-of-options';
import { askedOf, deniedTo } from './calls/needs';
import { pipelineRole } from './pipeline-roles';
import { installSimulator } from './simulator';

const documents = synthesized(
  `${readFileSync('platform.yaml', 'utf8')}\nstate: { bucket: seed-state }\npipeline: { repository: acme/platform }\n`,
);

// A minute on a machine that does other work too.
jest.setTimeout(120_000);
beforeAll(installSimulator);

it('the apply role may do all that the options need', async () => {
  const asked = await askedOf(CALLS_OF_OPTIONS);
  expect(asked).toHaveLength(CALLS_OF_OPTIONS.length);
  expect(await deniedTo(pipelineRole('apply', documents), asked)).toEqual([]);
});

it('the plan role may read all that the options create', async () => {
  const reads = (await askedOf(CALLS_OF_OPTIONS)).filter(({ call }) => / (Get|List|Describe)/.test(call));
  expect(reads.length).toBeGreaterThan(20);
  expect(await deniedTo(pipelineRole('plan', documents), reads)).toEqual([]);
});

it('a call without a rule is an error', async () => {
  const call = {
    service: 'iam',
    region: 'eu-west-1',
    operation: 'CreateUser',
    parameters: {},
    status: 200,
    answered: [],
    agent: '',
  };
  await expect(askedOf([call])).rejects.toThrow('iam CreateUser: no rule says which rights it takes');
  await expect(askedOf([{ ...call, service: 'eks', operation: 'POST /nothing' }])).rejects.toThrow(
    'no operation is known',
  );
  await expect(askedOf([{ ...call, service: 'ec2', operation: 'MakeCoffee' }])).rejects.toThrow();
});
