import { npmRun } from '../../facts/selected-platform';

/** The status of a program that was ended by Ctrl-C, as shells have it. */
export const INTERRUPTED = 130;

/** Signals within this time come from one key. */
const SAME_KEY_MS = 1_000;

/**
 * Lets the first Ctrl-C stop an action in an orderly way: Terraform ends what it began and saves its state. The second one
 * stops at once.
 *
 * @param stopped what is said when it has stopped: how to continue
 */
export async function interruptible<T>(
  action: (signal: AbortSignal) => Promise<T>,
  stopped = `${npmRun('sandbox')} continues; ${npmRun('sandbox:down')} deletes the sandbox.`,
): Promise<T> {
  const controller = new AbortController();
  let firstAt = 0;
  let first: NodeJS.Signals | undefined;
  const interrupt = (received: NodeJS.Signals): void => {
    // A terminal sends Ctrl-C to npm and to this program, and npm passes its own one on.
    if (Date.now() - firstAt < SAME_KEY_MS) return;
    // A pipeline that is canceled sends both before it kills the program: the state may still be saved (GitHub: Workflow cancellation).
    if (first === 'SIGINT' && received === 'SIGTERM') return;
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    firstAt = Date.now();
    first = received;
    process.stderr.write(
      '\nStopping: Terraform saves its state, which takes 10 seconds or a little more. Press Ctrl-C again to stop at once.\n',
    );
    controller.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    return await action(controller.signal);
  } catch (error) {
    if (!controller.signal.aborted) throw error;
    process.stderr.write(`Stopped. ${stopped}\n`);
    process.exitCode = INTERRUPTED;
    throw new Interrupted();
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

/** Nothing more is to be said: the user stopped the program. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
