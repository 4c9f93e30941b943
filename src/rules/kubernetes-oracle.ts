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

function ask(program: OracleProgram, lines: readonly string[]): (readonly Refusal[])[] {
  return askLines(program, lines).map((answer) => (answer as { findings: readonly Refusal[] }).findings);
}

function askLines({ command, args }: OracleProgram, lines: readonly string[]): unknown[] {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    input: `${lines.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: MAX_ANSWER_BYTES,
  });
  const answers = (stdout as string | null)?.trimEnd().split('\n') ?? [];
  if (status !== 0 || answers.length !== lines.length) {
    throw new OracleError([`${command} ${error?.message ?? `ended with status ${status}`}: ${stderr}`]);
  }
  return answers.map((answer) => JSON.parse(answer) as unknown);
}

/** One node of a cluster, or what the scheduler looks up beside it, as the API has it. */
type ApiObject = Readonly<Record<string, unknown>>;

/** Where Pods may run, and whether nodes have room for them. */
export interface ScheduleQuestion {
  /** Nodes, claims, volumes, StorageClasses, Namespaces. */
  readonly objects: readonly ApiObject[];
  /** A Pod for each template. */
  readonly pods: readonly ApiObject[];
  readonly runs: readonly {
    /** Names of the nodes that there are. */
    readonly nodes: readonly string[];
    /** How many Pods there are of each template; -1: one on each node that takes it, as of a DaemonSet. */
    readonly counts: readonly number[];
  }[];
  /** States of the nodes that the search may look at in each run, before it gives up. */
  readonly states: number;
}

/** Whether all Pods find a node: in each order of creation, in some, in none. */
export type Verdict = 'always' | 'can' | 'never' | 'undecided';

/** What the scheduler's own code says. */
export interface ScheduleAnswer {
  /** For each template, by the name of each empty node that does not take its Pod, why. */
  readonly placements: readonly Readonly<Record<string, string>>[];
  readonly runs: readonly {
    readonly verdict: Verdict;
    /** The template whose Pod finds no node. */
    readonly pod: number;
    /** In the scheduler's words; of what is undecided, what is not proved. */
    readonly why: string;
    /** Templates of the Pods that were created before it. */
    readonly order?: readonly number[];
    /** Whether the Pod finds no node only where the scheduler chooses other nodes than its scores for the Pods give. @default false */
    readonly byChoice?: boolean;
  }[];
}

/** Who may do what, by roles and bindings. */
export interface RightsQuestion {
  readonly objects: readonly ApiObject[];
  /** As bindings name them. */
  readonly subjects: readonly ApiObject[];
  /** Requests to the API server. Without a namespace, for all of them. */
  readonly asked: readonly Readonly<Partial<Record<RightField, string>>>[];
  /** Namespaces whose rules are listed. */
  readonly namespaces: readonly string[];
}

type RightField = 'verb' | 'apiGroup' | 'resource' | 'subresource' | 'namespace' | 'name' | 'path';

/** What one subject may do. */
export interface RightsAnswer {
  /** For each request, the binding that allows it in the API server's words; empty where none does. */
  readonly allowed: readonly string[];
  /** For each namespace. */
  readonly rules: readonly (readonly ApiObject[])[];
}

/**
 * Asks the scheduler's filters and scores.
 *
 * @returns undefined when no build is there that links them: the WebAssembly does not
 * @throws OracleError
 */
export function askScheduler(schedule: ScheduleQuestion, kubernetes: string): ScheduleAnswer | undefined {
  const program = nativeOracle(kubernetes);
  if (program === undefined) return undefined;
  return askLines(program, [JSON.stringify({ cluster: 'schedule', about: schedule })])[0] as ScheduleAnswer;
}

/**
 * Asks the API server's own resolver of roles.
 *
 * @returns undefined when no build is there that links it: the WebAssembly does not
 * @throws OracleError
 */
export function askRights(
  questions: readonly RightsQuestion[],
  kubernetes: string,
): readonly (readonly RightsAnswer[])[] | undefined {
  const program = nativeOracle(kubernetes);
  if (program === undefined) return undefined;
  if (questions.length === 0) return [];
  const lines = questions.map((about) => JSON.stringify({ cluster: 'rights', about }));
  return askLines(program, lines) as (readonly RightsAnswer[])[];
}

/** Whether a build of just this version is there. */
export const hasOracle = (kubernetes: string): boolean => findOracle(kubernetes)?.kubernetes === kubernetes;

/** A build that links what is asked of a whole cluster. */
function nativeOracle(kubernetes: string): OracleProgram | undefined {
  const program = findOracle(kubernetes);
  return program?.args.length === 0 ? program : undefined;
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
