import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartReleases, type ChartRelease } from './chart-releases';
import { isObject } from './field';
import { ManifestError, type ManifestFinding } from './manifest-error';
import { kubernetesObjects, type AddressedObject } from './objects';
import type { TerraformDocument } from './terraform-document';
import { toYaml } from './yaml';
import { UserError } from '../facts/user-error';
import { npmRun } from '../facts/selected-platform';

/** What was synthesized is not there, or not whole. */
export class OutputError extends UserError {
  readonly code = 'not-synthesized';
  readonly exitStatus = 1;
}

/** A synthesized stack. */
export interface Stack {
  readonly name: string;
  /** Where Terraform runs, relative to the output folder: `stacks/network`. */
  readonly workingDirectory: string;
  /** Names of the stacks that are deployed before this one. */
  readonly dependencies: readonly string[];
  readonly document: TerraformDocument;
}

/** What CDKTF says of a stack in `manifest.json`; it names dependencies by their construct paths. */
interface Listed {
  readonly name: string;
  readonly constructPath: string;
  readonly synthesizedStackPath: string;
  readonly workingDirectory: string;
  readonly dependencies: readonly string[];
}

/**
 * The synthesized stacks in an order in which they can be deployed.
 *
 * @param outdir the folder that synthesis wrote, `cdktf.out`
 * @throws OutputError when nothing was synthesized there, or what is there is not whole
 */
export function readStacks(outdir: string): Stack[] {
  const listed = Object.values(readManifest(outdir));
  const names = new Map(listed.map(({ constructPath, name }) => [constructPath, name]));
  const stacks = listed.map(({ name, workingDirectory, synthesizedStackPath, dependencies }) => ({
    name,
    workingDirectory,
    dependencies: dependencies.map((path) => names.get(path) ?? path),
    document: readJson(outdir, synthesizedStackPath) as TerraformDocument,
  }));
  return inDeployOrder(stacks, join(outdir, 'manifest.json'));
}

function readManifest(outdir: string): Record<string, Listed> {
  const manifest = readJson(outdir, 'manifest.json');
  const stacks = isObject(manifest) ? manifest['stacks'] : undefined;
  if (!isObject(stacks)) {
    throw new OutputError(`${join(outdir, 'manifest.json')} lists no stacks: run ${npmRun('synth')} again`);
  }
  return stacks as unknown as Record<string, Listed>;
}

function readJson(outdir: string, path: string): unknown {
  const file = join(outdir, path);
  if (!existsSync(file)) throw new OutputError(`${file} does not exist: run ${npmRun('synth')} first`);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new OutputError(`${file} is not whole: run ${npmRun('synth')} again`, { cause: error });
  }
}

/**
 * Takes, again and again, the first stack whose dependencies are all taken.
 *
 * @param place where the dependencies are said
 * @throws OutputError for a circle
 */
export function inDeployOrder(stacks: readonly Stack[], place: string): Stack[] {
  const ordered: Stack[] = [];
  const taken = new Set<string>();
  while (ordered.length < stacks.length) {
    const next = stacks.find(
      ({ name, dependencies }) =>
        !taken.has(name) && dependencies.every((dependency) => taken.has(dependency)),
    );
    if (next === undefined) {
      const left = stacks.filter(({ name }) => !taken.has(name));
      const waiting = left.map(({ name, dependencies }) => `${name} needs ${dependencies.join(', ')}`);
      throw new OutputError(`${place} has no order to deploy in: ${waiting.join('; ')}`);
    }
    ordered.push(next);
    taken.add(next.name);
  }
  return ordered;
}

/** A release of a chart, and its stack. */
export interface StackRelease extends ChartRelease {
  readonly stack: string;
}

/** The releases of charts of every synthesized stack: objects that are in no file of manifests. */
export function releasesWithoutManifests(outdir: string): StackRelease[] {
  return readStacks(outdir).flatMap(({ name, document }) =>
    chartReleases(document).map((release) => ({ stack: name, ...release })),
  );
}

/** A file of manifests. */
export interface WrittenManifests {
  readonly stack: string;
  readonly file: string;
  /** How many objects it holds. */
  readonly objects: number;
  /**
   * Expressions that only a deployment can evaluate: data sources, and ephemeral values such as those of Secrets. Each
   * stands in the file as it stands in the Terraform JSON, between `${` and `}`.
   */
  readonly unknown: readonly string[];
}

/**
 * Writes `manifests/<stack>.yaml` below the output folder for each stack with Kubernetes objects, and removes what an
 * earlier run wrote there.
 *
 * @returns what was written, in the stacks' order
 * @throws ManifestError with the findings of all stacks; nothing is written then
 */
export function writeManifests(outdir: string): WrittenManifests[] {
  const findings: ManifestFinding[] = [];
  const folder = join(outdir, 'manifests');
  const files = readStacks(outdir).flatMap(({ name, document }) => {
    const unknown = new Set<string>();
    const resolve = (expression: string): string => {
      unknown.add(expression);
      return `\${${expression}}`;
    };
    try {
      const objects = kubernetesObjects(document, { resolve }).map((object) => legible(object, unknown));
      return objects.length === 0 ? [] : [{ stack: name, objects, unknown: [...unknown] }];
    } catch (error) {
      if (!(error instanceof ManifestError)) throw error;
      findings.push(...error.findings.map((finding) => ({ stack: name, ...finding })));
      return [];
    }
  });
  if (findings.length > 0) throw new ManifestError(findings);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return files.map(({ stack, objects, unknown }) => {
    const file = join(folder, `${stack}.yaml`);
    writeFileSync(file, toYaml(objects));
    return { stack, file, objects: objects.length, unknown };
  });
}

/** A Secret's unknown values out of their base64: a person can read them, and the API server refuses them. */
function legible({ address, object }: AddressedObject, unknown: ReadonlySet<string>): AddressedObject {
  if (object.kind !== 'Secret' || !isObject(object['data'])) return { address, object };
  const data = Object.entries(object['data']).map(([key, value]) => {
    const text = typeof value === 'string' ? Buffer.from(value, 'base64').toString() : '';
    return [key, [...unknown].some((expression) => text.includes(`\${${expression}}`)) ? text : value];
  });
  return { address, object: { ...object, data: Object.fromEntries(data) as unknown } };
}
