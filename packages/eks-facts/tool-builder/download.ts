import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { open } from 'node:fs/promises';
import { execa } from 'execa';
import { unzipSync } from 'fflate';
import { UserError } from '../user-error';
import type { Release } from './releases';

/** What was downloaded is not what its project published: nothing is put in its place. */
export class ChecksumError extends UserError {
  readonly code = 'wrong-checksum';
  readonly exitStatus = 2;
}

/** A release, and the checksum that its project states. */
export interface VerifiableRelease extends Release {
  /** SHA-256, in hexadecimal. */
  readonly sha256: string;
}

/** Releases that were asked for. */
export interface FoundReleases {
  readonly found: readonly VerifiableRelease[];
  /** Why others cannot be had, one reason for each host: `dl.k8s.io (ENOTFOUND)`. */
  readonly unavailable: readonly string[];
}

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called with the size of the file, once, and with the size of each part that arrives. */
  readonly onBytes?:
    ((bytes: { readonly expected: number } | { readonly received: number }) => void) | undefined;
}

/** A host that does not answer may cost this much. */
const ANSWERS_WITHIN_MS = 5000;
/** A download that has begun is given up when nothing arrives for so long. */
const STALLS_AFTER_MS = 20_000;

/** A release that cannot be had for now, or at all: it is built instead. */
class Unavailable extends Error {}

/** Asks all hosts at once for the checksums of releases. */
export async function findReleases(
  releases: readonly Release[],
  signal?: AbortSignal,
): Promise<FoundReleases> {
  const texts = new Map<string, Promise<string>>();
  const textOf = (url: string): Promise<string> => {
    const text = texts.get(url) ?? answer(url, signal).then((response) => response.text().catch(lost));
    texts.set(url, text);
    return text;
  };
  const found: VerifiableRelease[] = [];
  const unavailable = new Set<string>();
  await Promise.all(
    releases.map(async (release) => {
      try {
        const sha256 = checksumIn(await textOf(release.checksums), basename(release.url));
        if (sha256 === undefined) throw new Unavailable('states no checksum');
        found.push({ ...release, sha256 });
      } catch (error) {
        signal?.throwIfAborted();
        if (!(error instanceof Unavailable)) throw error;
        unavailable.add(`${new URL(release.checksums).host} (${error.message})`);
      }
    }),
  );
  return { found, unavailable: [...unavailable].sort() };
}

/**
 * Downloads a release into a folder, where the program appears whole, at once, after its checksum was verified.
 *
 * @returns why it cannot be had; undefined when it is there
 * @throws ChecksumError; the signal's reason
 */
export async function downloadRelease(
  release: VerifiableRelease,
  folder: string,
  options: DownloadOptions = {},
): Promise<string | undefined> {
  const { binary, url, member, sha256 } = release;
  const { signal, onBytes } = options;
  mkdirSync(folder, { recursive: true });
  const draft = mkdtempSync(join(folder, '.draft-'));
  try {
    const file = join(draft, 'download');
    const received = await receive(url, file, { signal, onBytes });
    if (received !== sha256) {
      throw new ChecksumError(
        `${url} has the SHA-256 checksum ${received}; ${release.checksums} states ${sha256}. ` +
          'The file was deleted. Find out who changed it; try again if it was damaged on its way.',
      );
    }
    const program = member === undefined ? file : await extract(file, url, member, draft);
    chmodSync(program, 0o755);
    renameSync(program, join(folder, binary));
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof Unavailable)) throw error;
    return `${new URL(url).host} (${error.message})`;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Downloads into a file. @returns the SHA-256 checksum of what arrived */
async function receive(url: string, file: string, { signal, onBytes }: DownloadOptions): Promise<string> {
  const { body, headers } = await answer(url, signal);
  if (body === null) throw new Unavailable('sent nothing');
  onBytes?.({ expected: Number(headers.get('content-length') ?? 0) });
  const hash = createHash('sha256');
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  let end: (reason: unknown) => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = reject;
  });
  ended.catch(() => undefined);
  const stalls = setTimeout(() => {
    end(new Unavailable(`sent nothing for ${STALLS_AFTER_MS / 1000} s`));
  }, STALLS_AFTER_MS);
  // Node.js 20 does not always end a read when its request is aborted.
  const abort = (): void => {
    end(signal?.reason);
  };
  signal?.addEventListener('abort', abort);
  const target = await open(file, 'w');
  try {
    for (;;) {
      const { done, value } = await Promise.race([reader.read().catch(lost), ended]);
      if (done) return hash.digest('hex');
      stalls.refresh();
      hash.update(value);
      onBytes?.({ received: value.length });
      await target.write(value);
    }
  } finally {
    clearTimeout(stalls);
    signal?.removeEventListener('abort', abort);
    await target.close();
    // Closes the connection of a download that was given up; what broke off is closed.
    await reader.cancel().catch(() => undefined);
  }
}

/** The answer to a request, with status 200. @throws Unavailable or what `fetch` throws when there is none in time */
async function answer(url: string, signal?: AbortSignal): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(new Unavailable(`no answer within ${ANSWERS_WITHIN_MS / 1000} s`));
  }, ANSWERS_WITHIN_MS);
  try {
    const any = AbortSignal.any([late.signal, ...(signal ? [signal] : [])]);
    const response = await fetch(url, { signal: any }).catch(lost);
    if (!response.ok) throw new Unavailable(`status ${response.status} for ${new URL(url).pathname}`);
    if (url.startsWith('https:') && !response.url.startsWith('https:')) {
      throw new Unavailable(`leads to ${response.url}, which is not https`);
    }
    return response;
  } finally {
    clearTimeout(timer);
  }
}

/** What GitHub's API says of a release. Source: GitHub REST API, "Get a release by tag name". */
interface GitHubRelease {
  readonly assets?: readonly { readonly name: string; readonly digest?: string | null }[];
}

/** The checksum of a file in a list such as SHA256SUMS, in a file of one checksum, or in what GitHub says of a release. */
function checksumIn(text: string, file: string): string | undefined {
  if (text.startsWith('{')) {
    const { assets = [] } = JSON.parse(text) as GitHubRelease;
    const digest = assets.find(({ name }) => name === file)?.digest ?? '';
    return /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  }
  const lines = text.trim().split('\n');
  const rows = lines.map((line) => /^([0-9a-f]{64})(?:\s+\*?(\S+))?$/.exec(line.trim()));
  return rows.find((row) => row && (row[2] === file || (row[2] === undefined && rows.length === 1)))?.[1];
}

/** @returns the file that a member of an archive was extracted to */
async function extract(archive: string, url: string, member: string, folder: string): Promise<string> {
  const program = join(folder, member);
  if (url.endsWith('.zip')) {
    const { [member]: content } = unzipSync(readFileSync(archive), { filter: ({ name }) => name === member });
    if (content === undefined) throw new Unavailable(`${basename(url)} has no ${member}`);
    writeFileSync(program, content);
  } else {
    await execa('tar', ['-xzf', archive, '-C', folder, member], { stdin: 'ignore' });
  }
  return program;
}

/** What `fetch` throws, with its reason in a word: `ENOTFOUND`. */
function lost(error: unknown): never {
  if (error instanceof Unavailable) throw error;
  const { message, cause } = error as Error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
  throw new Unavailable(code.startsWith('UND_ERR') ? 'the connection broke off' : code);
}
