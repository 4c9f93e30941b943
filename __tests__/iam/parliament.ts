import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toolCache } from '@kubernetes-on-aws/eks-facts/tool-builder/tool-cache';
import { execa } from 'execa';
import {
  buildPythonEnvironment,
  requirementsKey,
} from '@kubernetes-on-aws/eks-facts/tool-builder/python-environment';

const CACHE = toolCache();
const REQUIREMENTS = join(__dirname, 'tools', 'parliament', 'requirements.txt');
const FOLDER = join(CACHE, 'tools', `parliament-${requirementsKey(REQUIREMENTS)}`);

/** Installs parliament, once for every state of its pins, into the user's cache folder. */
export async function installParliament(): Promise<void> {
  await buildPythonEnvironment(REQUIREMENTS, {
    tool: 'parliament',
    into: FOLDER,
    logFile: join(CACHE, 'logs', 'parliament.log'),
    report: () => undefined,
  });
}

export interface Finding {
  /** Which document. */
  readonly place: string;
  /** `RESOURCE_MISMATCH` */
  readonly issue: string;
  /** What it is about, as text. */
  readonly detail: string;
}

/** What parliament says of IAM documents, by their places. */
export async function lint(documents: ReadonlyMap<string, unknown>): Promise<Finding[]> {
  const folder = mkdtempSync(join(tmpdir(), 'iam-documents-'));
  try {
    const places = [...documents.keys()];
    places.forEach((place, index) => {
      writeFileSync(join(folder, `${index}.json`), JSON.stringify(documents.get(place)));
    });
    const program = join(FOLDER, 'bin', 'parliament');
    // It ends with 1 when it has findings.
    const { exitCode, stdout, stderr } = await execa(program, ['--directory', folder, '--json'], {
      reject: false,
    });
    if (exitCode !== 0 && stdout === '') throw new Error(`parliament: status ${String(exitCode)}\n${stderr}`);
    return stdout.split('\n').flatMap((line) => {
      if (line === '') return [];
      const { issue, detail, location } = JSON.parse(line) as {
        issue: string;
        detail: unknown;
        location: { filepath: string; string?: unknown };
      };
      const place = places[Number(/(\d+)\.json$/.exec(location.filepath)?.[1])] ?? location.filepath;
      const about = [detail, location.string].filter((one) => one !== undefined && one !== null);
      return [{ place, issue, detail: about.map(text).join('; ') }];
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Of actions that want other resources, their names. */
function text(about: unknown): string {
  if (typeof about === 'string') return about;
  if (!Array.isArray(about)) return JSON.stringify(about);
  const names = about.map((one: unknown) =>
    typeof one === 'object' && one !== null && 'action' in one ? String(one.action) : String(one),
  );
  return [...new Set(names)].join(' ');
}
