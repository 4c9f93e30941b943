import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { satisfies, valid } from 'semver';
import { parse } from 'yaml';
import { scalarText } from '../manifests/attributes';
import { isObject } from '../manifests/field';
import {
  type ChartRequest,
  digestOf,
  type LockedChart,
  type RenderLock,
  type RepositoryChart,
  SAFE_REPOSITORY,
} from '../manifests/rendered';
import { ChartUnavailableError, RenderError } from './render-error';
import type { Renderer } from './renderers';

/** A port on which no server listens: a chart that asks the cluster gets no answer, and so an error. */
const NO_CLUSTER = 'http://127.0.0.1:1';

/** A chart that another one needs. */
interface Dependency {
  readonly name: string;
  readonly repository: string;
  /** A version or a range. */
  readonly version: string;
}

/** What a chart renders, and the charts that were downloaded for it. */
export interface RenderedChart {
  readonly objects: string;
  readonly charts: readonly LockedChart[];
}

/**
 * Renders a chart for a version of Kubernetes, without a cluster.
 *
 * @param lock what the chart was rendered from before: the same version of a chart has to have the same bytes
 * @param work an empty folder
 * @throws RenderError, ChartUnavailableError
 */
export async function renderChart(
  helm: Renderer,
  source: ChartRequest,
  lock: RenderLock | undefined,
  work: string,
): Promise<RenderedChart> {
  const locked = lock?.charts ?? [];
  const run = helmIn(helm, work);
  const { chart, values, release, namespace, kubernetes, apiVersions } = source;
  const charts: LockedChart[] = [];
  let path = join(work, 'chart');
  if (typeof chart === 'string') {
    if (!existsSync(join(chart, 'Chart.yaml'))) {
      throw new RenderError(`${chart} has no Chart.yaml; name the folder of a chart`);
    }
    cpSync(chart, path, { recursive: true });
    for (const missing of missingDependencies(chart, locked)) {
      charts.push((await pull(run, missing, join(path, 'charts'), locked)).chart);
    }
  } else {
    const pulled = await pull(run, chart, path, locked);
    charts.push(pulled.chart);
    path = pulled.file;
  }
  const valuesFile = join(work, 'values.json');
  writeFileSync(valuesFile, JSON.stringify(values));
  const args = [
    ...['template', release, path, '--namespace', namespace, '--values', valuesFile],
    // Of the cluster nothing but what lookup asks is read with this: nothing answers, where it would get an empty value otherwise.
    ...['--kube-version', `${kubernetes}.0`, '--dry-run=server', '--include-crds', '--skip-tests'],
    ...apiVersions.flatMap((each) => ['--api-versions', each]),
  ];
  const [first, second] = [await run(args), await run(args)];
  for (const { failed, stderr } of [first, second]) {
    if (failed) throw new RenderError(helmError(stderr));
  }
  if (first.stdout !== second.stdout) throw new RenderError(changing(first.stdout, second.stdout));
  return { objects: `${first.stdout}\n`, charts };
}

type Run = (args: readonly string[]) => Promise<{ failed: boolean; stdout: string; stderr: string }>;

/** Helm without the repositories, plug-ins and clusters of the user. What it has of registries stays: these may ask for a sign-in. */
function helmIn({ program }: Renderer, work: string): Run {
  const env = {
    HELM_REPOSITORY_CONFIG: join(work, 'repositories.yaml'),
    HELM_REPOSITORY_CACHE: join(work, 'cache'),
    HELM_PLUGINS: join(work, 'plugins'),
    HELM_KUBEAPISERVER: NO_CLUSTER,
    KUBECONFIG: join(work, 'kubeconfig'),
    ...{ HELM_KUBECONTEXT: undefined, HELM_KUBETOKEN: undefined, HELM_KUBECAFILE: undefined },
    ...{ HELM_DEBUG: undefined, HELM_NAMESPACE: undefined },
  };
  return async (args) => {
    const { failed, stdout, stderr, shortMessage } = await execa(program, args, {
      ...{ env, reject: false, stdin: 'ignore', timeout: 300_000 },
    });
    return { failed, stdout, stderr: stderr || (shortMessage ?? '') };
  };
}

/** Downloads a chart into a folder. @throws ChartUnavailableError; RenderError where it is not the chart of the lock */
async function pull(
  run: Run,
  { repository, name, version }: RepositoryChart,
  into: string,
  locked: readonly LockedChart[],
): Promise<{ readonly chart: LockedChart; readonly file: string }> {
  mkdirSync(into, { recursive: true });
  const folder = mkdtempSync(join(into, '.pull-'));
  const where = repository.startsWith('oci:')
    ? [`${repository.replace(/\/$/, '')}/${name}`]
    : [name, '--repo', repository];
  const { failed, stderr } = await run(['pull', ...where, '--version', version, '--destination', folder]);
  const [archive] = readdirSync(folder);
  if (failed || archive === undefined) {
    throw new ChartUnavailableError(`${name} ${version} of ${repository}: ${lastLine(stderr)}`);
  }
  const file = join(into, archive);
  const content = readFileSync(join(folder, archive));
  writeFileSync(file, content);
  const chart = {
    ...{ repository, name, digest: digestOf(content) },
    version: valid(version) === null ? await versionOf(run, file) : version,
  };
  const before = locked.find((each) => isSame(each, chart) && each.version === chart.version);
  if (before && before.digest !== chart.digest) {
    throw new RenderError(
      `${name} ${chart.version} of ${repository} has ${chart.digest}, and had ${before.digest} when it was locked. Find out who changed it, then remove the lock, or use another version`,
    );
  }
  return { chart, file };
}

/** The version that an archive says it has: the name of the file is the server's choice. */
async function versionOf(run: Run, file: string): Promise<string> {
  const { failed, stdout, stderr } = await run(['show', 'chart', file]);
  const content: unknown = failed ? undefined : parse(stdout);
  if (isObject(content)) return scalarText(content['version'] ?? '');
  throw new RenderError(`${basename(file)} has no Chart.yaml that Helm reads: ${lastLine(stderr)}`);
}

const isSame = (one: Dependency, other: Dependency): boolean =>
  one.name === other.name && one.repository === other.repository;

/** What a chart in a folder needs and does not have in its folder `charts`, each in the version of its lock. @throws RenderError */
function missingDependencies(chart: string, locked: readonly LockedChart[]): RepositoryChart[] {
  const folder = join(chart, 'charts');
  const present = existsSync(folder) ? readdirSync(folder) : [];
  const own = dependenciesIn(join(chart, 'Chart.lock'));
  return dependenciesIn(join(chart, 'Chart.yaml'))
    .filter(({ name }) => !present.some((entry) => entry === name || packageOf(entry) === name))
    .map((dependency) => {
      const { name, repository, version } = dependency;
      if (!SAFE_REPOSITORY.test(repository)) {
        throw new RenderError(
          `${join(chart, 'Chart.yaml')}: the dependency ${name} is of "${repository}", where it is not looked for; name https://… or oci://…, or copy it into ${folder}`,
        );
      }
      // Helm separates conditions by commas too.
      const range = version.replaceAll(',', ' ');
      const before = [...own, ...locked.filter((each) => satisfies(each.version, range))];
      return {
        repository,
        name,
        version: before.find((each) => isSame(each, dependency))?.version ?? version,
      };
    });
}

/** The name of a packaged chart, without its version. */
const packageOf = (entry: string): string | undefined => /^(.+?)-v?\d[^/]*\.tgz$/.exec(entry)?.[1];

function dependenciesIn(file: string): Dependency[] {
  const content: unknown = existsSync(file) ? parse(readFileSync(file, 'utf8')) : {};
  const { dependencies } = isObject(content) ? content : {};
  return (Array.isArray(dependencies) ? dependencies : []).map((each: unknown) => {
    const { name = '', repository = '', version = '*' } = isObject(each) ? each : {};
    return { name: scalarText(name), repository: scalarText(repository), version: scalarText(version) };
  });
}

/** What Helm says, and what to do about it where it does not say that. */
function helmError(stderr: string): string {
  const [, place, what] =
    /template: ([^:]+:\d+)[\s\S]*<(lookup [^>]*)>: error calling lookup/.exec(stderr) ?? [];
  return place === undefined
    ? (/^Error: ([^]*)/m.exec(stderr)?.[1] ?? stderr).trim()
    : `${place} asks the cluster by ${what}, and there is none when it is rendered. Set the values with which it does not ask, such as the name of an existing Secret`;
}

const lastLine = (text: string): string =>
  (/^Error: .*/m.exec(text)?.[0] ?? text.trim().split('\n').at(-1) ?? '').replace(/^Error: /, '');

/** Which template renders something else each time. */
function changing(first: string, second: string): string {
  const [before, after] = [first, second].map((text) => text.split(/^---$/m));
  const part = before?.find((each, i) => each !== after?.[i]) ?? first;
  const place = /^# Source: (.+)$/m.exec(part)?.[1] ?? 'a template';
  return `${place} renders something else each time, such as a password or a certificate; set the value that it makes up, or turn it off`;
}
