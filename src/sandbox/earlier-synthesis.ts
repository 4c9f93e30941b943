import { execa, type Options } from 'execa';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { UserError } from '../facts/user-error';

/** An earlier commit cannot be synthesized. */
export class EarlierSynthesisError extends UserError {
  readonly code = 'earlier-synthesis';
  readonly exitStatus = 1;
}

/** The project as it was at a commit, with its stacks synthesized by its own code. */
export interface EarlierSynthesis {
  /** The text of the platform's file. */
  readonly text: string;
  readonly outdir: string;
  readonly remove: () => Promise<void>;
}

/**
 * Checks a commit out into a folder of its own, and synthesizes it there. Packages are those of this folder where the commit has the
 * same lock file, otherwise npm installs them.
 *
 * @param ref a commit, branch or tag of Git
 * @param places the platform's file and the folder of its stacks, below the project's folder
 * @throws EarlierSynthesisError
 */
export async function synthesizeEarlier(
  ref: string,
  places: { readonly file: string; readonly outdir: string },
  { report, signal }: { readonly report: (text: string) => void; readonly signal: AbortSignal },
): Promise<EarlierSynthesis> {
  const run = async (what: string, command: string, args: readonly string[], options: Options = {}) => {
    const { exitCode, stdout, stderr, shortMessage } = await execa(command, args, {
      ...{ reject: false, stdin: 'ignore', cancelSignal: signal, ...options },
    });
    signal.throwIfAborted();
    if (exitCode !== 0)
      throw new EarlierSynthesisError([
        `--from ${ref}: ${what}: ${String(stderr || stdout || shortMessage)}`,
      ]);
    return String(stdout);
  };
  if (places.file.startsWith('..'))
    throw new EarlierSynthesisError([`--from ${ref}: ${places.file} is outside the project's folder`]);
  const given = await run('Git does not know this commit', 'git', [
    ...['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`],
  ]);
  const top = await run('the folder is not in a repository of Git', 'git', ['rev-parse', '--show-toplevel']);
  const prefix = relative(realpathSync(top), realpathSync(process.cwd()));
  const folder = mkdtempSync(join(tmpdir(), 'platform-from-'));
  const remove = async (): Promise<void> => {
    await execa('git', ['worktree', 'remove', '--force', folder], { reject: false });
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    report(`checking out ${given.slice(0, 12)}`);
    await run('Git cannot check it out', 'git', ['worktree', 'add', '--detach', '--force', folder, given]);
    const project = join(folder, prefix);
    if (!existsSync(join(project, places.file)))
      throw new EarlierSynthesisError([`--from ${ref}: it has no ${places.file}`]);
    // The packages of a project may be in a folder above it.
    const above = prefix.split(sep).map((_, i, parts) => parts.slice(0, i + 1).join(sep));
    const folders = [...new Set(['', ...above])].reverse();
    const home = folders.find((each) => existsSync(join(top, each, 'package-lock.json'))) ?? prefix;
    const needed = ['package-lock.json', 'packages'].map((name) => join(top, home, name));
    const { exitCode } = await execa('git', ['diff', '--quiet', given, '--', ...needed], { reject: false });
    if (exitCode === 0) {
      for (const each of folders.filter((one) => existsSync(join(top, one, 'node_modules'))))
        symlinkSync(join(top, each, 'node_modules'), join(folder, each, 'node_modules'));
    } else {
      report('installing its packages');
      const cwd = join(folder, home);
      await run('npm cannot install its packages', 'npm', ['ci', '--no-audit', '--no-fund'], { cwd });
    }
    report('synthesizing it');
    await run('its synthesis failed', process.execPath, [programIn(top, folder), 'synth', '--quiet'], {
      cwd: project,
      env: { CDKTF_OUTDIR: undefined },
    });
    const text = readFileSync(join(project, places.file), 'utf8');
    return { text, outdir: join(project, places.outdir), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** This program, as the commit has it: its own source, or a package of it. */
function programIn(top: string, folder: string): string {
  const program = realpathSync(process.argv[1] ?? '');
  const own = relative(realpathSync(top), program);
  return own.startsWith('..') ? program : join(folder, own);
}
