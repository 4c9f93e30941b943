import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { isObject } from '../manifests/field';
import type { KustomizationRequest } from '../manifests/rendered';
import { RenderError } from './render-error';
import type { Renderer } from './renderers';

const FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Fields that may name something of another place. */
const LISTS = [
  'resources',
  'bases',
  'components',
  'crds',
  'configurations',
  'generators',
  'transformers',
  'validators',
];

/** What kustomize would download: a URL, or a repository. */
const REMOTE = /^\w[\w+.-]*:\/\/|^git@|^(?:www\.)?github\.com[:/]|\?ref=|\.git(?:\/|\?|$)/;

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
    { reject: false, stdin: 'ignore', timeout: 300_000 },
  );
  if (!failed) return `${stdout}\n`;
  const message =
    stderr
      .replaceAll(copy, folder)
      .replace(/^Error: /, '')
      .trim() || shortMessage;
  throw new RenderError(
    `${message ?? ''}; kustomize sees the files of ${folder} alone: name a folder that has the bases too`,
  );
}

function remoteEntries(file: string): string[] {
  const content: unknown = parse(readFileSync(file, 'utf8'));
  return LISTS.flatMap((field) => {
    const entries: unknown = isObject(content) ? content[field] : undefined;
    return (Array.isArray(entries) ? entries : [])
      .filter((entry) => typeof entry === 'string' && REMOTE.test(entry))
      .map(
        (entry) =>
          `${relative('', file)}: ${field}: ${entry} is not in the folder, and may be another one tomorrow; copy it with kustomize localize`,
      );
  });
}
