import { execa } from 'execa';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
let outdir: string;

async function run(args: readonly string[], env: Record<string, string> = {}) {
  // What the tests themselves run with is not to color the answer.
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['src/cli/run.mjs', ...args], {
    env: { CDKTF_OUTDIR: outdir, FORCE_COLOR: undefined, NO_COLOR: undefined, ...env },
    reject: false,
    stdin: 'ignore',
  });
  return { status: exitCode, stdout, stderr };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reports-'));
  outdir = join(folder, 'cdktf.out');
  const { status, stderr } = await run(['synth']);
  if (status !== 0) throw new Error(stderr);
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The character that every color begins with. */
const ESCAPE = '\u001b';

describe.each([['access', 'IAM principals with access to the cluster', 'principals']])(
  'the report npm run %s',
  (command, title, key) => {
    it('prints a table off a terminal, without colors', async () => {
      const { status, stdout, stderr } = await run([command]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toContain(title);
      expect(stdout).not.toContain(ESCAPE);
    });

    it('prints colors if asked, unless NO_COLOR is set', async () => {
      const colored = await run([command], { FORCE_COLOR: '1' });
      expect(colored.stdout).toContain(`${ESCAPE}[1m`);
      const plain = await run([command], { NO_COLOR: '1' });
      expect(plain.stdout).not.toContain(ESCAPE);
    });

    it('prints JSON if asked', async () => {
      const { status, stdout } = await run([command, '--json']);
      expect(status).toBe(0);
      expect((JSON.parse(stdout) as Record<string, unknown[]>)[key]?.length).toBeGreaterThan(0);
    });

    it('synthesizes the platform first', async () => {
      const { status, stdout } = await run([command], { CDKTF_OUTDIR: join(folder, 'nowhere') });
      expect(status).toBe(0);
      expect(stdout).toContain(title);
    });

    it('exits with 1 for an unknown option', async () => {
      const { status, stderr } = await run([command, '--jsn']);
      expect(status).toBe(1);
      expect(stderr).toContain("unknown option '--jsn'");
      expect(stderr).toContain('--json');
      const { stdout } = await run([command, '--json', '--none']);
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage' } });
    });
  },
);
