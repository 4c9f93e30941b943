import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  findOracle,
  verdictsFile,
  type OracleProgram,
} from '../../packages/kubernetes-oracle/oracle-program';
import { UserError } from '../facts/user-error';
import type { KubernetesObject } from '../manifests/objects';

/** An object, with what the API server knows besides when it judges it. */
export interface JudgedObject {
  readonly object: KubernetesObject;
  /** The object that it replaces. @default - the object is created */
  readonly old?: KubernetesObject;
  /** Labels of its namespace. @default - no Pod Security Standard */
  readonly namespaceLabels?: Readonly<Record<string, string>> | undefined;
  /** The CustomResourceDefinition of its kind. @default - the kind is built in, or not known */
  readonly definition?: KubernetesObject | undefined;
}

/** One reason for which the API server would refuse an object, in its words. */
export interface Refusal {
  /** Field of the object: `spec.template.spec.containers[0].image`. Empty for the object as a whole. */
  readonly field: string;
  readonly message: string;
}

/** What the API server would say. */
export interface Judgement {
  /** The minor version of Kubernetes whose rules were applied. */
  readonly kubernetes: string;
  /** For each object in turn. */
  readonly refusals: readonly (readonly Refusal[])[];
}

/** The oracle did not run to its end. */
export class OracleError extends UserError {
  readonly code = 'oracle-failed';
  readonly exitStatus = 2;
}

/** So many objects are kept as found right; with more, all are judged again. */
const KEPT = 200_000;
const MAX_ANSWER_BYTES = 2 ** 30;

/** The version of the rules by which everything that a text describes was found right before; undefined where it was not. */
export function validatedBefore(text: string, kubernetes: string): string | undefined {
  const program = findOracle(kubernetes);
  return program && foundRight(program).has(hashOf(text)) ? program.kubernetes : undefined;
}

/** Keeps that everything that a text describes is right. */
export function keepRight(text: string, kubernetes: string): void {
  const program = findOracle(kubernetes);
  if (program) keep(program, [hashOf(text)]);
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/**
 * What the API server would refuse of objects. An object that was found right before is not judged again.
 *
 * @param kubernetes the minor version: `1.36`
 * @returns undefined when no build of the oracle is there
 * @throws OracleError
 */
export function judge(objects: readonly JudgedObject[], kubernetes: string): Judgement | undefined {
  const program = findOracle(kubernetes);
  if (program === undefined) return undefined;
  const right = foundRight(program);
  const asked = objects.map((each) => {
    const line = JSON.stringify(each);
    return { line, hash: hashOf(line) };
  });
  const open = [
    ...new Map(asked.filter(({ hash }) => !right.has(hash)).map((each) => [each.hash, each])).values(),
  ];
  const answers =
    open.length === 0
      ? []
      : ask(
          program,
          open.map(({ line }) => line),
        );
  const refused = new Map<string, readonly Refusal[]>();
  open.forEach(({ hash }, i) => {
    const findings = answers[i] ?? [];
    if (findings.length > 0) refused.set(hash, findings);
  });
  if (open.length > refused.size) {
    keep(
      program,
      open.map(({ hash }) => hash).filter((hash) => !refused.has(hash)),
    );
  }
  return { kubernetes: program.kubernetes, refusals: asked.map(({ hash }) => refused.get(hash) ?? []) };
}

function ask({ command, args }: OracleProgram, lines: readonly string[]): (readonly Refusal[])[] {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: MAX_ANSWER_BYTES,
  });
  const answers = (stdout as string | null)?.trimEnd().split('\n') ?? [];
  if (status !== 0 || answers.length !== lines.length) {
    throw new OracleError([`${command} ${error?.message ?? `ended with status ${status}`}: ${stderr}`]);
  }
  return answers.map((answer) => (JSON.parse(answer) as { readonly findings: readonly Refusal[] }).findings);
}

/** What each build has found right, by its file: a process reads it once. */
const verdicts = new Map<string, Set<string>>();

function foundRight(program: OracleProgram): Set<string> {
  const file = verdictsFile(program);
  const known =
    verdicts.get(file) ?? new Set(existsSync(file) ? readFileSync(file, 'latin1').split('\n') : []);
  verdicts.set(file, known);
  return known;
}

function keep(program: OracleProgram, hashes: readonly string[]): void {
  const [file, right] = [verdictsFile(program), foundRight(program)];
  if (right.size > KEPT) right.clear();
  for (const hash of hashes) right.add(hash);
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, [...right].join('\n'));
  renameSync(draft, file); // Another process may be reading.
}
