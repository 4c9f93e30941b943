import { execa } from 'execa';

/** Ends what a Terraform has started, which is in its process group. */
export async function endProviders(terraform: number | undefined): Promise<void> {
  const { stdout } = await execa('ps', ['-A', '-o', 'pid=,pgid=']);
  const processes = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  for (const [pid, group] of processes) {
    if (pid === undefined || group !== terraform || pid === terraform) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // It has ended meanwhile.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
