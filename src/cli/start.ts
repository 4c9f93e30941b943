import { useDownloadedPrograms } from '@kubernetes-on-aws/eks-facts/tool-builder/tool-cache';
import { program } from './program';
import { reportFailure } from './terminal/exit';
import { showControlCharacters } from './terminal/visible-streams';

useDownloadedPrograms();

for (const stream of [process.stdout, process.stderr]) {
  showControlCharacters(stream);
  // A pager or head that has read enough is no failure.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

program.parseAsync().catch(reportFailure);
