import { execa } from 'execa';

/** Which commit the program is at. */
export interface Commit {
  readonly id: string;
  /** Files differ from it, or are not known to it. */
  readonly dirty: boolean;
}

/** The commit of the working directory; undefined outside a repository, or before its first commit. */
export async function currentCommit(): Promise<Commit | undefined> {
  const head = await execa('git', ['rev-parse', '--verify', 'HEAD'], { reject: false });
  if (head.exitCode !== 0) return undefined;
  const { stdout } = await execa('git', ['status', '--porcelain']);
  return { id: head.stdout.trim(), dirty: stdout.trim() !== '' };
}
