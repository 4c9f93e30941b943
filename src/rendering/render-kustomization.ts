import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { isObject } from '../manifests/field';
import type { KustomizationRequest } from '../manifests/rendered';
import { RenderError } from './render-error';
import type { Renderer } from './renderers';

const FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Fields that hold text of objects, or charts, which kustomize refuses itself: none names a file. */
const TEXTS = [
  'literals',
  'commonAnnotations',
  'commonLabels',
  'annotations',
  'labels',
  'patch',
  'helmCharts',
];

/** What kustomize would download: a URL, or a repository. A file of a ConfigMap may have its key before it. */
const REMOTE =
  /^(?:[^=/]*=)?(?:git::|gh:|\w[\w+.-]*:\/\/|[\w.-]+@[\w.-]+[:/]|(?:www\.)?github\.com[:/])|\?ref=|\.git(?:\/|\?|$)/i;

/** A port on which no server listens. */
const NOWHERE = 'http://127.0.0.1:1';

/** kustomize and Git reach no server, also where a reference is not seen as remote before. */
const OFFLINE = {
  ...{ HTTP_PROXY: NOWHERE, HTTPS_PROXY: NOWHERE, http_proxy: NOWHERE, https_proxy: NOWHERE },
  ...{ NO_PROXY: '', no_proxy: '', GIT_ALLOW_PROTOCOL: 'file' },
};

/**
 * Renders a kustomization from the files of its folder alone.
 *
 * @param work an empty folder
 * @throws RenderError
 */
export async function renderKustomization(
  kustomize: Renderer,
  { folder, overlay }: KustomizationRequest,
  work: string,
): Promise<string> {
  const remote = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => FILES.includes(basename(file)))
    .flatMap((file) => remoteEntries(join(folder, file)));
  if (remote.length > 0) throw new RenderError(remote);
  // A base beside the folder is not in the copy, so that the digest has all that is rendered.
  const copy = join(work, 'kustomization');
  cpSync(folder, copy, { recursive: true });
  const { failed, stdout, stderr, shortMessage } = await execa(
    kustomize.program,
    ['build', join(copy, overlay)],
    { env: OFFLINE, reject: false, stdin: 'ignore', timeout: 300_000 },
  );
  if (!failed) return `${stdout}\n`;
  const message =
    stderr
      .replaceAll(copy, folder)
      .replace(/^Error: /, '')
      .trim() || shortMessage;
  // What it does not find lies beside the folder, or nowhere.
  const outside = /not found|no such file|is not in or below/.test(message ?? '')
    ? `; kustomize sees the files of ${folder} alone: name a folder that has the bases too`
    : '';
  throw new RenderError(`${message ?? ''}${outside}`);
}

function remoteEntries(file: string): string[] {
  const content: unknown = parse(readFileSync(file, 'utf8'));
  return Object.entries(isObject(content) ? content : {}).flatMap(([field, value]) =>
    textsIn(value, field)
      .filter((text) => REMOTE.test(text))
      .map(
        (entry) =>
          `${relative('', file)}: ${field}: ${entry} is not in the folder, and may be another one tomorrow; copy it with kustomize localize`,
      ),
  );
}

/** The texts of one line in a field that may name files: one of more lines is an object. */
function textsIn(value: unknown, field: string): string[] {
  if (TEXTS.includes(field)) return [];
  if (typeof value === 'string') return value.trim().includes('\n') ? [] : [value.trim()];
  if (Array.isArray(value)) return value.flatMap((each) => textsIn(each, field));
  return isObject(value) ? Object.entries(value).flatMap(([key, each]) => textsIn(each, key)) : [];
}
