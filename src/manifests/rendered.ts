import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { npmRun } from '../facts/selected-platform';
import { inOrder } from './in-order';

/** Where a chart repository or a registry may be: elsewhere somebody on the way could exchange the chart. */
export const SAFE_REPOSITORY = /^(https|oci):\/\/|^http:\/\/(127\.0\.0\.1|localhost)[:/]/;

/** A chart of a repository: `https://…` of a chart repository, or `oci://…` of a registry without the name of the chart. */
export interface RepositoryChart {
  readonly repository: string;
  readonly name: string;
  /** Its version, exactly: `18.1.0`. */
  readonly version: string;
}

/** What `helm template` is told. */
export interface ChartRequest {
  /** A folder of the project, or a chart of a repository. */
  readonly chart: string | RepositoryChart;
  readonly values: Readonly<Record<string, unknown>>;
  readonly release: string;
  readonly namespace: string;
  /** Minor version of Kubernetes. */
  readonly kubernetes: string;
  /** What the cluster has beyond the APIs of Kubernetes: `monitoring.coreos.com/v1`. */
  readonly apiVersions: readonly string[];
}

/** What `kustomize build` is told. */
export interface KustomizationRequest {
  /** A folder of the project with all that is built. */
  readonly folder: string;
  /** The folder below that is built. */
  readonly overlay: string;
}

/** What a program wants to have rendered, and where. */
export interface RenderRequest {
  /** The path of the construct that wants it. */
  readonly construct: string;
  /** The folder that gets the result. */
  readonly into: string;
  readonly source: ChartRequest | KustomizationRequest;
  /**
   * What is committed of what was rendered: no value of a Secret.
   *
   * @throws Error with each Secret with values that the program takes, and what is no object
   */
  committed(objects: string): string;
}

/** A chart that was downloaded, by its SHA-256. */
export interface LockedChart extends RepositoryChart {
  readonly digest: string;
}

/** What objects were rendered from. */
export interface RenderLock {
  /** The program that rendered: `helm v3.22.0`. */
  readonly renderer: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** The charts that were downloaded: of a chart in a folder, those that it depends on. */
  readonly charts: readonly LockedChart[];
  /** SHA-256 of the objects. */
  readonly objects: string;
}

/** The names of the two files of a result. */
export const RENDERED = { objects: 'objects.yaml', lock: 'lock.json' };

/** Whether a request is of a chart. */
export const isChart = (source: RenderRequest['source']): source is ChartRequest => 'chart' in source;

/** The SHA-256 of a text or of bytes. */
export const digestOf = (content: string | Buffer): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** The SHA-256 of the files of a folder. @throws Error where it cannot be read, or has what is no file */
function folderDigest(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile())
        throw new Error(`${path} is no file, such as a symbolic link; copy what it leads to`);
      return [relative(folder, path), digestOf(readFileSync(path))];
    });
  return digestOf(JSON.stringify(files.sort()));
}

/** Everything that a result depends on, by name. @throws Error where a folder cannot be read */
export function inputsOf(source: RenderRequest['source']): Record<string, string> {
  if (!isChart(source)) {
    const { folder, overlay } = source;
    return { overlay, folder, files: folderDigest(folder) };
  }
  const { chart, values, release, namespace, kubernetes, apiVersions } = source;
  return {
    ...(typeof chart === 'string' ? { chart, files: folderDigest(chart) } : { ...chart }),
    values: digestOf(JSON.stringify(inOrder(values))),
    ...{ release, namespace, kubernetes },
    ...(apiVersions.length > 0 && { apiVersions: apiVersions.join(', ') }),
  };
}

/** The lock of a result; undefined where nothing was rendered. @throws Error where it is not JSON */
export function readLock(into: string): RenderLock | undefined {
  const file = join(into, RENDERED.lock);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RenderLock;
  } catch (error) {
    throw new Error(`${file} is not JSON; remove it, and run ${npmRun('render')}`, { cause: error });
  }
}

/**
 * What was rendered for a request, as it was committed.
 *
 * @throws Error where it was not, or for something else, or was changed since
 */
export function readRendered({ into, source }: Pick<RenderRequest, 'into' | 'source'>): {
  readonly file: string;
  readonly text: string;
} {
  const lock = readLock(into);
  const remedy = `run ${npmRun('render')}, and commit ${into}`;
  const file = join(into, RENDERED.objects);
  if (!lock || !existsSync(file)) throw new Error(`is not rendered; ${remedy}`);
  const wanted = inputsOf(source);
  for (const name of new Set([...Object.keys(wanted), ...Object.keys(lock.inputs)])) {
    const [was = 'nothing', is = 'nothing'] = [lock.inputs[name], wanted[name]];
    if (was !== is)
      throw new Error(`${into} was rendered with ${name} ${was}, which is now ${is}; ${remedy}`);
  }
  const text = readFileSync(file, 'utf8');
  if (digestOf(text) === lock.objects) return { file, text };
  throw new Error(`${file} was changed after it was rendered; change the objects by edit, or ${remedy}`);
}
