import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ownOutdir } from '../facts/selected-platform';
import { chartReleases } from '../manifests/chart-releases';
import { PLATFORM_RECORD, readPlatformRecord } from '../manifests/platform-record';
import { readStacks, type Stack } from '../manifests/stacks';
import type { TerraformDocument } from '../manifests/terraform-document';

/** A stack as it was deployed. */
export type DeployedStack = Pick<Stack, 'name' | 'dependencies' | 'document'>;

/**
 * Where Terraform runs for the sandbox: a copy of the synthesized folder, so that local state is in the sandbox's own. In the
 * sandbox's shell, stacks are synthesized there.
 */
export function workspace(directory: string): string {
  // As deep as in the project, so that the path to a local state leads to the same folder.
  return join(directory, 'project', ownOutdir());
}

/** Where Terraform runs for a stack. */
export function workingDirectory(directory: string, stack: string): string {
  return join(workspace(directory), 'stacks', stack);
}

/** Where Terraform runs for what of a stack is for other providers than Kubernetes', where that one cannot be had. */
export function partDirectory(directory: string, stack: string): string {
  const folder = join(workspace(directory), 'parts', stack);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * Copies the synthesized bytes, as they are, to where the sandbox deploys them; those of stacks that it leaves out are not.
 *
 * @returns the stacks in the order in which they are deployed
 */
export function copySynthesized(directory: string, outdir: string): CopiedStacks {
  const target = workspace(directory);
  mkdirSync(target, { recursive: true });
  const all = readStacks(outdir);
  const leftOut = all.filter(isLeftOut);
  const stacks = all.filter((stack) => !leftOut.includes(stack));
  for (const { workingDirectory: folder } of stacks) {
    cpSync(join(outdir, folder, 'cdk.tf.json'), join(target, folder, 'cdk.tf.json'));
  }
  cpSync(join(outdir, PLATFORM_RECORD), join(target, PLATFORM_RECORD));
  const place = new Map(readPlatformRecord(outdir).stacks.map(({ name }, index) => [name, index]));
  stacks.sort((a, b) => (place.get(a.name) ?? 0) - (place.get(b.name) ?? 0));
  return { stacks, leftOut: leftOut.map(({ name }) => name) };
}

/** What of the synthesized stacks is for the sandbox. */
export interface CopiedStacks {
  readonly stacks: Stack[];
  /** Names of the stacks with charts. */
  readonly leftOut: readonly string[];
}

/** Whether a stack is for real clusters only. */
export function isLeftOut({ document }: Pick<Stack, 'document'>): boolean {
  return chartReleases(document).length > 0;
}

/** Why a stack with a chart is left out. */
export const WHY_LEFT_OUT =
  "left out, because its chart's webhooks would refuse every Ingress: no container that could answer them runs on simulated nodes";

/** The stacks that an earlier program had and this one has not, as they were deployed; they are to be destroyed. */
export function orphanedStacks(
  directory: string,
  stacks: readonly Stack[],
): Pick<Stack, 'name' | 'document'>[] {
  const folder = join(workspace(directory), 'stacks');
  const present = existsSync(folder) ? readdirSync(folder) : [];
  return present
    .filter((name) => !stacks.some((stack) => stack.name === name))
    .map((name) => readStack(folder, name))
    .filter((stack) => !isLeftOut(stack));
}

/** Forgets a stack that was destroyed. */
export function forgetStack(directory: string, stack: string): void {
  rmSync(workingDirectory(directory, stack), { recursive: true, force: true });
  rmSync(partDirectory(directory, stack), { recursive: true, force: true });
}

/** The stacks that are deployed, in the order in which they were. */
export function deployedStacks(directory: string): DeployedStack[] {
  const folder = join(workspace(directory), 'stacks');
  if (!existsSync(folder)) return [];
  return readPlatformRecord(workspace(directory))
    .stacks.filter(({ name }) => existsSync(join(folder, name)))
    .map(({ name, after }) => ({ dependencies: after, ...readStack(folder, name) }))
    .filter((stack) => !isLeftOut(stack));
}

function readStack(folder: string, name: string): Pick<Stack, 'name' | 'document'> {
  return {
    name,
    document: JSON.parse(readFileSync(join(folder, name, 'cdk.tf.json'), 'utf8')) as TerraformDocument,
  };
}
