import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { npmRun } from '../../facts/selected-platform';
import { AwsCli } from '../../pipeline/aws-cli';
import { requireAccount } from '../../pipeline/signed-in-account';
import definition from '../../../main';
import { readStacks, type Stack } from '../../manifests/stacks';
import { lookForDrift } from '../../pipeline/drift/stack-drift';
import { TerraformError } from '../../terraform/terraform-error';
import { besidesTerraform } from '../../sandbox/besides-terraform';
import { chosenStacks } from '../chosen-stacks';
import {
  drawDrift,
  driftMarkdown,
  hasDrifted,
  isKnown,
  verdict,
  type LookedAt,
} from '../reports/drift-report';
import { eachStack, type EachStackOptions } from '../terminal/each-stack';
import { EXIT } from '../terminal/exit';
import { interruptible } from '../terminal/interrupt';
import { printWarning } from '../terminal/print-warning';
import { codeBlock } from '../reports/markdown';
import { healthOf, healthStatus, healthText } from '../workload-health';
import { terminalWidth } from '../terminal/table';

interface DriftCommandOptions {
  readonly json?: boolean;
  /** A file that gets the report for an issue. */
  readonly markdown?: string;
  readonly lock: boolean;
}

/** `drift`: what has changed outside Terraform that the next apply would undo. */
export async function drift(names: readonly string[], options: DriftCommandOptions): Promise<void> {
  const { platform, outdir } = definition.synthesize({ onWarning: printWarning });
  const chosen = chosenStacks(readStacks(outdir), names);
  const elsewhere = await besidesTerraform(chosen);
  for (const [stack, reason] of elsewhere) process.stderr.write(`${stack}: ${reason}\n`);
  const stacks = chosen.filter(({ name }) => !elsewhere.has(name));
  await requireAccount(new AwsCli({ region: platform.region }), platform.account);
  const found = await withPrivateFolder(outdir, (plans) =>
    interruptible(
      (signal) => lookAt(stacks, { outdir, plans, signal, lock: options.lock, json: options.json ?? false }),
      `Nothing was changed; ${npmRun('drift')} checks again.`,
    ),
  );
  const applied = new Set(found.filter((each) => isKnown(each) && each.applied).map(({ stack }) => stack));
  const health = await healthOf(
    stacks.filter(({ name }) => applied.has(name)),
    platform,
  );
  const unready = healthText(health);
  if (options.markdown !== undefined) {
    mkdirSync(dirname(resolve(options.markdown)), { recursive: true });
    const readiness = unready === '' ? '' : `\n## Not ready\n\n${codeBlock(unready.trimEnd())}\n`;
    writeFileSync(options.markdown, `${driftMarkdown(found, [...elsewhere.keys()])}${readiness}`);
  }
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ stacks: found, leftOut: [...elsewhere.keys()], health })}\n`
      : `\n${drawDrift(found, terminalWidth(), [...elsewhere.keys()])}${unready}`,
  );
  process.exitCode = Math.max(statusOf(found), healthStatus(health));
}

interface Look extends EachStackOptions {
  /** The folder for plans. */
  readonly plans: string;
  readonly lock: boolean;
}

/** Looks at every stack, whatever becomes of the others. */
async function lookAt(stacks: readonly Stack[], { plans, lock, ...options }: Look): Promise<LookedAt[]> {
  // Thrown once the others have ended too: they still write to the folder of plans.
  const unforeseen: unknown[] = [];
  const found = await eachStack(
    stacks,
    options,
    async (stack, terraform): Promise<LookedAt> => {
      try {
        return { stack: stack.name, ...(await lookForDrift(stack, terraform, { plans, lock })) };
      } catch (error) {
        if (!(error instanceof TerraformError) || options.signal.aborted) unforeseen.push(error);
        return { stack: stack.name, reason: error instanceof Error ? error.message : String(error) };
      }
    },
    verdict,
  );
  if (unforeseen.length > 0) throw unforeseen[0];
  return found;
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
