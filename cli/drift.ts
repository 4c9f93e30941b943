import { Listr, type ListrTask } from 'listr2';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { synthesisePlatform } from '../main';
import { readStacks, type Stack } from '../manifests/stacks';
import { lookForDrift } from '../pipeline/drift';
import { stackTerraform } from '../pipeline/stack-terraform';
import { TerraformError } from '../terraform/terraform-error';
import { describeProgress } from '../terraform/terraform-messages';
import { findProviderSource } from '../terraform/terraform-providers';
import { chosenStacks } from './chosen-stacks';
import { drawDrift, driftMarkdown, hasDrifted, isKnown, verdict, type LookedAt } from './drift-report';
import { EXIT } from './exit';
import { interruptible } from './interrupt';
import { printWarning } from './print-warning';
import { terminalWidth } from './table';

/** Terraforms at once: each takes a core while its providers start. */
const AT_ONCE = 2;

export interface DriftCommandOptions {
  readonly json?: boolean;
  /** A file that gets the report for an issue. */
  readonly markdown?: string;
  readonly lock: boolean;
}

/** `drift`: what has changed outside of Terraform that the next apply would undo. */
export async function drift(names: readonly string[], options: DriftCommandOptions): Promise<void> {
  const { outdir } = synthesisePlatform({ onWarning: printWarning });
  const stacks = chosenStacks(readStacks(outdir), names);
  const found = await withPrivateFolder(outdir, (plans) =>
    interruptible(
      (signal) =>
        lookAt(stacks, { outdir, plans, signal, lock: options.lock, silent: options.json ?? false }),
      'Nothing was changed; npm run drift looks again.',
    ),
  );
  if (options.markdown !== undefined) {
    mkdirSync(dirname(resolve(options.markdown)), { recursive: true });
    writeFileSync(options.markdown, driftMarkdown(found));
  }
  process.stdout.write(
    options.json ? `${JSON.stringify({ stacks: found })}\n` : `\n${drawDrift(found, terminalWidth())}`,
  );
  process.exitCode = statusOf(found);
}

interface Look {
  readonly outdir: string;
  /** The folder for plans. */
  readonly plans: string;
  readonly signal: AbortSignal;
  readonly lock: boolean;
  readonly silent: boolean;
}

/** Looks at every stack, whatever becomes of the others. */
async function lookAt(
  stacks: readonly Stack[],
  { outdir, plans, signal, lock, silent }: Look,
): Promise<LookedAt[]> {
  const providers = await findProviderSource();
  const found = new Map<string, LookedAt>();
  const unforeseen: unknown[] = [];
  const look = (stack: Stack): ListrTask => ({
    title: stack.name,
    task: async (_, task) => {
      const terraform = stackTerraform(stack, {
        outdir,
        providers,
        signal,
        report: (progress) => {
          // Elsewhere than on a terminal, each object that is read would be a line that stays.
          if (process.stdout.isTTY) task.output = describeProgress(progress);
        },
      });
      try {
        const result = { stack: stack.name, ...(await lookForDrift(stack, terraform, { plans, lock })) };
        found.set(stack.name, result);
        task.title = `${stack.name}: ${verdict(result)}`;
      } catch (error) {
        // Thrown once the others have ended too: they still write to the folder of plans.
        if (!(error instanceof TerraformError) || signal.aborted) {
          unforeseen.push(error);
          return;
        }
        const result = { stack: stack.name, reason: error.message };
        found.set(stack.name, result);
        task.title = `${stack.name}: ${verdict(result)}`;
      }
    },
  });
  await new Listr(stacks.map(look), {
    concurrent: AT_ONCE,
    registerSignalListeners: false,
    fallbackRenderer: 'simple',
    silentRendererCondition: () => silent,
  }).run();
  if (unforeseen.length > 0) throw unforeseen[0];
  return stacks.flatMap(({ name }) => found.get(name) ?? []);
}

function statusOf(found: readonly LookedAt[]): number {
  if (!found.every(isKnown)) return EXIT.broken;
  return found.some(hasDrifted) ? EXIT.wrong : EXIT.done;
}

/** A folder for what holds values of the state. It goes with the command, however that ends. */
async function withPrivateFolder<T>(outdir: string, action: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(resolve(outdir), 'drift-'));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', remove);
  try {
    return await action(folder);
  } finally {
    process.off('exit', remove);
    remove();
  }
}
