import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { actionlint, buildActionlint, buildZizmor, HAS, zizmor } from './linters';
import { GITHUB, WORKFLOW_FILES } from './workflow';

const BUILD_TIMEOUT = 300_000;

for (const [program, isHere] of Object.entries(HAS)) {
  if (!isHere && process.env.CI === 'true') throw new Error(`${program} is missing, and CI may skip nothing`);
}

/** With one mistake for each thing that is looked for below. */
const BAD = `on: pull_request_target
jobs:
  bad:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v7
      - run: echo "\${{ github.event.pull_request.title }}" $UNQUOTED
      - run: echo "\${{ steps.nowhere.outputs.value }}"
`;
const BAD_FILE = join('.github', 'workflows', 'bad.yml');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'workflows-'));
  mkdirSync(join(folder, dirname(BAD_FILE)), { recursive: true });
  writeFileSync(join(folder, BAD_FILE), BAD);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

(HAS.python3 ? describe : describe.skip)('zizmor (skipped where python3 is missing)', () => {
  beforeAll(buildZizmor, BUILD_TIMEOUT);

  it('finds nothing in the GitHub files of the project', async () => {
    expect(await zizmor(dirname(GITHUB))).toEqual({ status: 0, output: 'No findings to report. Good job!' });
  });

  it('finds what is wrong with a bad workflow', async () => {
    const { status, output } = await zizmor(folder);
    expect(status).toBe(14); // the highest severity found is high
    for (const rule of ['dangerous-triggers', 'unpinned-uses', 'artipacked', 'template-injection']) {
      expect(output).toContain(`[${rule}]`);
    }
  });
});

const hasBoth = HAS.go && HAS.python3;
(hasBoth ? describe : describe.skip)('actionlint (skipped where go or python3 is missing)', () => {
  // Shellcheck comes with zizmor.
  beforeAll(() => Promise.all([buildActionlint(), buildZizmor()]), BUILD_TIMEOUT);

  it('finds nothing in the workflows of the project', async () => {
    const files = WORKFLOW_FILES.map((file) => join('.github', 'workflows', file));
    expect(await actionlint(files, dirname(GITHUB))).toEqual({ status: 0, output: '' });
  });

  it('finds what is wrong with a bad workflow and its scripts', async () => {
    const { status, output } = await actionlint([BAD_FILE], folder);
    expect(status).toBe(1);
    for (const error of ['is potentially untrusted', 'SC2086', 'property "nowhere" is not defined']) {
      expect(output).toContain(error);
    }
  });
});
