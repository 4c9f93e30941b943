import { execa } from 'execa';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { code, codeBlock } from '../../../src/cli/reports/markdown';
import { table, terminalWidth } from '../../../src/cli/terminal/table';
import { showControlCharacters } from '../../../src/cli/terminal/visible-streams';
import { toYaml } from '../../../src/manifests/yaml';
import { parse } from 'yaml';

// The first run builds the program.
jest.setTimeout(60_000);

/** An escape that colors, the way back of C1, from right to left, the end of a line of Unicode, and a bell. */
const OBEYED = '\u001b[31m\u009b2J\u202eevil\u2028line\u0007';
const SHOWN = '\\u001b[31m\\u009b2J\\u202eevil\\u2028line\\u0007';

const folder = mkdtempSync(join(tmpdir(), 'terminal-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const whole = readFileSync('platform.yaml', 'utf8');

function fileWith(name: string, text: string): string {
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, text);
  return file;
}

async function run(args: readonly string[], outdir = join(folder, 'out')) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['src/cli/run.mjs', ...args], {
    env: { FORCE_COLOR: undefined, CDKTF_OUTDIR: outdir },
    reject: false,
    stdin: 'ignore',
    timeout: 30_000,
  });
  return { status: exitCode, stdout, stderr };
}

describe('the output off a terminal', () => {
  it('carries an error of hundreds of kilobytes to the end of a pipe', async () => {
    const keys = Array.from({ length: 5_000 }, (_, i) => `key${i}: 1\n`);
    const { status, stderr, stdout } = await run([
      ...['synth', '--json', '--platform'],
      fileWith('many', whole + keys.join('')),
    ]);
    expect(status).toBe(1);
    expect(stderr.split('\n')).toHaveLength(5_000);
    expect(stderr).toMatch(/ key4999: unknown key; known: .*, namespaces$/);
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'invalid-platform-file', message: stderr } });
  });

  it('wraps no line of a table, and cuts no name', async () => {
    const role = `arn:aws:iam::111122223333:role/${'team/'.repeat(20)}platform-admin-of-the-whole-company`;
    const file = fileWith('long', whole.replace('arn:aws:iam::111122223333:role/platform-admin', role));
    const { stdout } = await run(['access', '--platform', file]);
    expect(stdout).toMatch(new RegExp(`^${role}  AmazonEKSClusterAdminPolicy  whole cluster$`, 'm'));
  });

  it('obeys no control character of a file or an argument', async () => {
    const file = fileWith('obeyed', whole.replace('zone: a,', `zone: ${JSON.stringify(OBEYED)},`));
    const { status, stderr } = await run(['synth', '--platform', file]);
    expect(status).toBe(1);
    expect(stderr).toContain(`nodes.node-1.zone: got "${SHOWN}"; expected the letter`);
    const { stderr: ofArgument } = await run(['why', `stack${OBEYED}`]);
    expect(ofArgument).toContain('unknown stack "stack');
    expect(stderr + ofArgument).not.toMatch(/[^\n\t\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}]/u);
  });
});

describe('a platform file', () => {
  const refused = 'a directory, a pipe or a device; name a regular file, such as the one in the directory';

  it('that is a pipe is refused at once', async () => {
    const pipe = join(folder, 'pipe.yaml');
    execFileSync('mkfifo', [pipe]);
    expect(await run(['synth', '--platform', pipe])).toEqual({
      status: 1,
      stdout: '',
      stderr: `${pipe}: ${refused}`,
    });
  });

  it('that is a device is refused at once, also if another file extends it', async () => {
    const device = join(folder, 'device.yaml');
    symlinkSync('/dev/zero', device);
    const { stderr } = await run(['synth', '--platform', fileWith('extending', 'extends: device.yaml\n')]);
    expect(stderr).toBe(`${device}: ${refused}`);
  });
});

it('synth keeps the stacks of the platform, and no other', async () => {
  const outdir = join(folder, 'stale');
  for (const name of ['gone', 'foreign/inner']) mkdirSync(join(outdir, 'stacks', name), { recursive: true });
  writeFileSync(join(outdir, 'stacks/gone/cdk.tf.json'), '{}');
  expect((await run(['synth', '--quiet'], outdir)).status).toBe(0);
  expect(readdirSync(join(outdir, 'stacks')).sort()).toEqual([
    'cluster',
    'dev',
    'network',
    'platform',
    'prod',
    'qa',
    'stage',
  ]);
  const file = fileWith('smaller', whole.replace(/^ {2}stage:.*\n/m, ''));
  expect((await run(['synth', '--quiet', '--platform', file], outdir)).status).toBe(0);
  expect(readdirSync(join(outdir, 'stacks'))).not.toContain('stage');
});

describe('a table', () => {
  const rows = [
    ['VOLUME', 'OF', 'WHAT'],
    ['vol-0b774e5f284b36fe3', 'shop', 'a disk that a claim has left behind and that is still paid for'],
  ];

  it('is as wide as a terminal, and breaks lines between words only', () => {
    const lines = table(rows, 50).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(50);
    expect(lines[1]).toMatch(/^vol-0b774e5f284b36fe3 /);
  });

  it('is wider than a terminal that is narrower than a name', () => {
    expect(table(rows, 20).split('\n')[1]).toMatch(/^vol-0b774e5f284b36fe3 /);
  });

  it('is not wrapped off a terminal', () => {
    expect(
      terminalWidth(Object.create(process.stdout, { isTTY: { value: false } }) as NodeJS.WriteStream),
    ).toBe(Infinity);
    expect(table(rows, Infinity).split('\n')).toHaveLength(2);
  });

  it('shows control characters', () => {
    expect(table([[OBEYED]], 80)).toBe(SHOWN);
  });
});

it('characters that draw on a terminal pass, and characters that change the reading direction do not', () => {
  const written: string[] = [];
  const stream = Object.assign(Object.create(process.stdout) as NodeJS.WriteStream, {
    isTTY: true,
    write: (text: string) => written.push(text) > 0,
  });
  showControlCharacters(stream);
  stream.write('\u001b[2K\u001b[1mbold\u001b[22m\r\n\u202edlob');
  expect(written).toEqual(['\u001b[2K\u001b[1mbold\u001b[22m\r\n\\u202edlob']);
});

it('Markdown shows control characters', () => {
  expect(code(OBEYED)).toBe(`\`${SHOWN.replace('\\u2028', ' ')}\``);
  expect(codeBlock(OBEYED)).toBe(`\`\`\`text\n${SHOWN}\n\`\`\``);
});

it('YAML has control characters as escapes, and reads them back as the same characters', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'shop', annotations: { [`a${OBEYED}`]: OBEYED } },
    data: { script: `echo ${OBEYED}\nexit 0\n` },
  };
  const yaml = toYaml([{ address: 'kubernetes_config_map_v1.shop', object }]);
  expect(yaml).not.toMatch(/[^\n\t\P{Cc}]|[\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(parse(yaml)).toEqual(object);
});
