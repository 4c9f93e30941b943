import { execa } from 'execa';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
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

/** What decides which packages a commit needs. */
const PACKAGES = ['package-lock.json', 'packages'];

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
  const run = async (what: string, command: string, args: readonly string[], cwd = process.cwd()) => {
    const { exitCode, stdout, stderr } = await execa(command, args, {
      ...{ cwd, reject: false, stdin: 'ignore', cancelSignal: signal },
    });
    if (exitCode !== 0) throw new EarlierSynthesisError([`--from ${ref}: ${what}: ${stderr || stdout}`]);
    return stdout;
  };
  const given = await run('Git does not know this commit', 'git', [
    ...['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`],
  ]);
  const prefix = await run('the folder is not in a repository of Git', 'git', ['rev-parse', '--show-prefix']);
  const folder = mkdtempSync(join(tmpdir(), 'platform-from-'));
  const remove = async (): Promise<void> => {
    rmSync(folder, { recursive: true, force: true });
    await run('Git keeps its folder', 'git', ['worktree', 'prune']);
  };
  try {
    report(`checking out ${given.slice(0, 12)}`);
    await run('Git cannot check it out', 'git', ['worktree', 'add', '--detach', '--force', folder, given]);
    const project = join(folder, prefix);
    if (!existsSync(join(project, places.file)))
      throw new EarlierSynthesisError([`--from ${ref}: it has no ${places.file}`]);
    const { exitCode } = await execa('git', ['diff', '--quiet', given, '--', ...PACKAGES], { reject: false });
    if (exitCode === 0) symlinkSync(join(process.cwd(), 'node_modules'), join(project, 'node_modules'));
    else {
      report('installing its packages');
      await run('npm cannot install its packages', 'npm', ['ci', '--no-audit', '--no-fund'], project);
    }
    report('synthesizing it');
    await run('its synthesis failed', process.execPath, [programIn(project), 'synth', '--quiet'], project);
    const text = readFileSync(join(project, places.file), 'utf8');
    return { text, outdir: join(project, places.outdir), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** This program, as the project has it: its own source, or an installed package. */
function programIn(project: string): string {
  const program = realpathSync(process.argv[1] ?? '');
  const own = relative(realpathSync(process.cwd()), program);
  if (own.startsWith('..') || own.split(sep).includes('node_modules')) return program;
  return join(project, dirname(own), 'run.mjs');
}
