import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '@kubernetes-on-aws/eks-facts/user-error';
import definition from '../../../main';
import { npmRun, selectedPlatform } from '../../facts/selected-platform';
import {
  digestOf,
  inputsOf,
  isChart,
  readLock,
  readRendered,
  RENDERED,
  type RenderLock,
  type RenderRequest,
} from '../../manifests/rendered';
import { ChartUnavailableError, RenderError } from '../../rendering/render-error';
import { renderChart } from '../../rendering/render-chart';
import { renderKustomization } from '../../rendering/render-kustomization';
import { getRenderer, type Renderer } from '../../rendering/renderers';
import { replaceFile } from '../replace-file';
import { packageFile } from '../scaffold/example';
import { printWarning } from '../terminal/print-warning';

interface RenderOptions {
  readonly all?: boolean;
  readonly json?: boolean;
}

/** `render`: renders the charts and kustomizations of the platform whose inputs have changed, for its commit. */
export async function render({ all = false, json = false }: RenderOptions): Promise<void> {
  const requests = definition.renderRequests({ onWarning: printWarning });
  const stale = requests.filter((request) => all || !isRendered(request));
  const renderers = new Map<string, Renderer>();
  const errors: string[] = [];
  const unavailable: string[] = [];
  for (const request of stale) {
    const name = isChart(request.source) ? 'helm' : 'kustomize';
    const renderer =
      renderers.get(name) ??
      (await getRenderer(name, packageFile('src/rendering/tools'), (message) => {
        process.stderr.write(`${name}: ${message}\n`);
      }));
    renderers.set(name, renderer);
    try {
      await renderOne(renderer, request);
    } catch (error) {
      const lines = messageOf(error).split('\n');
      const list = error instanceof ChartUnavailableError ? unavailable : errors;
      list.push(...lines.map((line) => `${request.construct}: ${line}`));
    }
  }
  if (unavailable.length > 0) throw new ChartUnavailableError([...errors, ...unavailable]);
  if (errors.length > 0) throw new RenderError(errors);
  const removed = removeOthers(requests);
  const rendered = stale.map(({ into }) => into);
  if (json) {
    process.stdout.write(`${JSON.stringify({ rendered, requests: requests.length, removed })}\n`);
    return;
  }
  const lines = [
    ...rendered.map((into) => `${into}: rendered with ${readLock(into)?.renderer ?? ''}\n`),
    ...removed.map((into) => `${into}: removed, no construct uses it\n`),
  ];
  const none =
    requests.length === 0
      ? 'No construct uses Manifests.fromChart or Manifests.fromKustomization.\n'
      : `Nothing has changed; ${npmRun('render', '--all')} renders all again.\n`;
  process.stdout.write(lines.length > 0 ? `${lines.join('')}Review and commit the differences.\n` : none);
}

function isRendered(request: RenderRequest): boolean {
  try {
    const { text } = readRendered(request);
    return request.committed(text) === text;
  } catch {
    // What is missing or wrong is written again; what cannot be read is reported then.
    return false;
  }
}

async function renderOne(renderer: Renderer, { into, source, ...request }: RenderRequest): Promise<void> {
  const inputs = inputsOf(source);
  const work = mkdtempSync(join(tmpdir(), 'render-'));
  try {
    const { charts, ...rendered } = isChart(source)
      ? await renderChart(renderer, source, readLock(into), work)
      : { objects: await renderKustomization(renderer, source, work), charts: [] };
    const objects = request.committed(rendered.objects);
    const lock: RenderLock = {
      renderer: `${renderer.name} ${renderer.version}`,
      ...{ inputs, charts, objects: digestOf(objects) },
    };
    replaceFile(join(into, RENDERED.objects), objects);
    replaceFile(join(into, RENDERED.lock), `${JSON.stringify(lock, null, 2)}\n`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Removes the results that no construct uses any more. */
function removeOthers(requests: readonly RenderRequest[]): string[] {
  const folder = selectedPlatform().rendered;
  if (!existsSync(folder)) return [];
  const others = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => basename(file) === RENDERED.lock)
    .map((file) => dirname(join(folder, file)))
    .filter((each) => !requests.some(({ into }) => into === each));
  for (const each of others)
    for (const file of Object.values(RENDERED)) rmSync(join(each, file), { force: true });
  return others.sort();
}
