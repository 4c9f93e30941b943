import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { schema } from '../../../src/cli/commands/schema';

const ROOT = process.cwd();
const FILES = ['platform.schema.json', 'docs/reference/platform-yaml.md'];

describe('the command schema', () => {
  let folder: string;
  const told: string[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'schema-'));
    mkdirSync(join(folder, 'docs/reference'), { recursive: true });
    for (const file of FILES) copyFileSync(file, join(folder, file));
    process.chdir(folder);
    told.length = 0;
    for (const stream of [process.stdout, process.stderr]) {
      jest.spyOn(stream, 'write').mockImplementation((text) => told.push(String(text)) > 0);
    }
  });

  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = undefined;
    process.chdir(ROOT);
    rmSync(folder, { recursive: true });
  });

  it('prints nothing with --check if the files agree with the schema', () => {
    schema({ check: true });
    expect([told, process.exitCode]).toEqual([[], undefined]);
  });

  it.each(FILES)('exits with 1 with --check if %s differs, which a run without it corrects', (file) => {
    const right = readFileSync(file, 'utf8');
    writeFileSync(file, right.replaceAll('AWS region', 'AWS continent'));
    schema({ check: true });
    expect([told.join(''), process.exitCode]).toEqual([
      `${file}: out of date; run npm run schema, and commit what it writes\n`,
      1,
    ]);
    schema({});
    expect(readFileSync(file, 'utf8')).toBe(right);
    expect(told.join('')).toContain(`${file}: written\n`);
  });

  it('writes only the JSON Schema if there is no reference page', () => {
    rmSync('docs', { recursive: true });
    schema({});
    expect(told.join('')).toBe('platform.schema.json: unchanged\n');
  });
});
