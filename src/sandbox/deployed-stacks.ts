import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Platform } from '../config/platform';
import { chartReleases } from '../manifests/chart-releases';
import { readStacks, type Stack } from '../manifests/stacks';
import type { TerraformDocument } from '../manifests/terraform-document';

/** Where Terraform runs for the sandbox: a copy of the synthesized folder, so that local state lies in the sandbox's own. */
export function workspace(directory: string): string {
  return join(directory, 'project', 'cdktf.out');
}

/** Where Terraform runs for a stack. */
export function workingDirectory(directory: string, stack: string): string {
  return join(workspace(directory), 'stacks', stack);
}

/**
 * Copies the synthesized bytes, as they are, to where the sandbox deploys them; those of stacks that it leaves out are not.
 *
 * @returns the stacks in the order in which they are deployed: namespaces as `platform.yaml` lists them
 */
export function copySynthesized(directory: string, outdir: string, platform: Platform): CopiedStacks {
  const target = workspace(directory);
  mkdirSync(target, { recursive: true });
  const all = readStacks(outdir);
  const leftOut = all.filter(({ document }) => chartReleases(document).length > 0);
  const stacks = all.filter((stack) => !leftOut.includes(stack));
  for (const { workingDirectory: folder } of stacks) {
    cpSync(join(outdir, folder, 'cdk.tf.json'), join(target, folder, 'cdk.tf.json'));
  }
  const place = new Map(Object.keys(platform.namespaces).map((name, index) => [name, index]));
  // Stable: what is no namespace stays before those, where its dependencies put it.
  stacks.sort((a, b) => (place.get(a.name) ?? -1) - (place.get(b.name) ?? -1));
  writeFileSync(join(target, 'order.json'), JSON.stringify(stacks.map(({ name }) => name)));
  return { stacks, leftOut: leftOut.map(({ name }) => name) };
}

/** What of the synthesized stacks is for the sandbox. */
export interface CopiedStacks {
  readonly stacks: Stack[];
  /** Names of the stacks with charts. */
  readonly leftOut: readonly string[];
}

/** Why a stack with a chart is left out, in one line. */
export function whyLeftOut(stack: string): string {
  return (
    `${stack}: left out, because its chart's webhooks would refuse every Ingress: no container that could answer them runs on ` +
    'simulated nodes'
  );
}

/** The stacks that an earlier program had and this one has not, as they were deployed; they are to be destroyed. */
export function orphanedStacks(
  directory: string,
  stacks: readonly Stack[],
): Pick<Stack, 'name' | 'document'>[] {
  const folder = join(workspace(directory), 'stacks');
  const present = existsSync(folder) ? readdirSync(folder) : [];
  return present
    .filter((name) => !stacks.some((stack) => stack.name === name))
    .map((name) => readStack(folder, name));
}

/** Forgets a stack that was destroyed. */
export function forgetStack(directory: string, stack: string): void {
  rmSync(workingDirectory(directory, stack), { recursive: true, force: true });
}

/** The stacks that are deployed, in the order in which they were. */
export function deployedStacks(directory: string): Pick<Stack, 'name' | 'document'>[] {
  const folder = join(workspace(directory), 'stacks');
  if (!existsSync(folder)) return [];
  const order = JSON.parse(readFileSync(join(workspace(directory), 'order.json'), 'utf8')) as string[];
  return order.filter((name) => existsSync(join(folder, name))).map((name) => readStack(folder, name));
}

function readStack(folder: string, name: string): Pick<Stack, 'name' | 'document'> {
  return {
    name,
    document: JSON.parse(readFileSync(join(folder, name, 'cdk.tf.json'), 'utf8')) as TerraformDocument,
  };
}
