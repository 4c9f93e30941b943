import { readFileSync, writeFileSync } from 'node:fs';
import { LivingPlatform } from '../e2e/living-platform';
import { goUp } from '../e2e/newer-version';
import { succeeded } from '../e2e/project';
import { CALL_FILE, CALL_LOG, CallRecord } from '../iam/calls/call-record';
import { deniedTo } from '../iam/calls/needs';
import { CHANGES, EVERY_OPTION } from '../iam/every-option';
import { pipelineRole } from '../iam/pipeline-roles';
import { installSimulator } from '../iam/simulator';
import { synthesized } from '../stacks/synthesized-platform';

const MINUTE = 60_000;
jest.setTimeout(30 * MINUTE);
const STACK = `import type { App } from 'cdktf';
import { Stack, type Platform } from 'kubernetes-on-aws';
import { Bucket, Database } from 'kubernetes-on-aws/aws';

export class DataStack extends Stack {
  constructor(app: App, platform: Platform) {
    super(app, 'data', platform);
    new Bucket(this, 'media');
    new Database(this, 'orders');
  }
}
`;
const MAIN = `import { after, definePlatform } from 'kubernetes-on-aws';
import { DataStack } from './stacks/data-stack';
import { workloads } from './workloads';

export default definePlatform({ workloads, stacks: [after('cluster', DataStack)] });
`;

let platform: LivingPlatform;
let calls: CallRecord;

beforeAll(async () => {
  platform = await LivingPlatform.copy({ [CALL_LOG]: CALL_FILE });
  const { project } = platform;
  calls = new CallRecord(project.path(CALL_FILE));
  writeFileSync(project.path('platform.yaml'), EVERY_OPTION);
  writeFileSync(project.path('stacks', 'data-stack.ts'), STACK);
  writeFileSync(project.path('main.ts'), MAIN);
  platform.edit((file) => {
    // The emulated AWS has no scrapers: what they take is in __tests__/iam/calls-of-options.ts.
    file.deleteIn(['cluster', 'metrics']);
  });
  await installSimulator();
}, MINUTE);

afterAll(() => platform.remove(), MINUTE);

describe('a platform with every option', () => {
  it(
    'is deployed',
    async () => {
      const { changed } = await calls.of('apply', () => platform.project.up());
      expect(changed).toEqual(
        expect.arrayContaining(['pipeline', 'network', 'cluster', 'data', 'platform', 'dev', 'prod']),
      );
    },
    // The programs of both versions may have to be built first.
    90 * MINUTE,
  );

  it('then has an empty plan', async () => {
    expect((await calls.of('plan', () => platform.project.up())).changed).toEqual([]);
  });

  it('is changed in place', async () => {
    platform.edit((file) => {
      for (const [key, value] of CHANGES) file.setIn(key.split('.'), value);
    });
    expect((await calls.of('apply', () => platform.project.up())).changed).toEqual(
      expect.arrayContaining(['network', 'cluster']),
    );
  });

  it('is upgraded one minor version', async () => {
    platform.edit(goUp);
    expect((await calls.of('apply', () => platform.project.up())).changed).toContain('cluster');
  });

  it('is destroyed', async () => {
    const stdout = succeeded(await calls.of('apply', () => platform.project.npm('sandbox:destroy')));
    expect(stdout).toContain('Every stack is destroyed and nothing is left');
  });

  it.each(['apply', 'plan'] as const)(
    'needed nothing that its pipeline role is denied: the one that may %s',
    async (role) => {
      const documents = synthesized(readFileSync(platform.project.path('platform.yaml'), 'utf8'));
      expect(await deniedTo(pipelineRole(role, documents), await calls.askedBy(role))).toEqual([]);
    },
  );
});
