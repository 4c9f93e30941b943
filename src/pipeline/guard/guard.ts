import { ArgumentClasses, type OwnClass } from '../../facts/argument-classes';
import { changesOf, existingResources, type PlannedStack } from '../plan/planned-stack';
import type { PlatformRecord } from '../../manifests/platform-record';
import type { Stack } from '../../manifests/stacks';
import { kubernetesObjects } from '../../manifests/objects';
import { asWritten } from '../../manifests/references';
import { changeDigest } from './change/change-digest';
import { classedChanges } from './classed/classed-changes';
import { DATA_LOSS } from './loss/data-loss';
import { EXPOSURE } from './exposure/exposure';
import { exceptionLine, type Exception, type Finding, type GuardReport } from './guard-finding';
import { guardedObject, guardedStack } from './change/guarded-change';
import { byGroup } from './change/kubernetes-change';
import { MISSING } from './missing-objects';
import { PROTECTION } from './protection/protection-rule';
import { RENAME } from './loss/rename';
import { RIGHTS } from './rights/rights';
import type { GuardedPlans, Observation, Rule, RuleName, Unready } from './guard-rule';
import { SECRET } from './exposure/exposed-secrets';
import { UNFINISHED_ROLLOUT } from './loss/unfinished-rollout';
import { TOO_MANY_CHANGES } from './too-many-changes';

export type { Exception, Finding, GuardReport } from './guard-finding';

/** What the guard looks at. */
export interface GuardOptions {
  readonly stacks: readonly PlannedStack[];
  /** What was synthesized of all stacks, planned or not. */
  readonly documents: readonly Pick<Stack, 'name' | 'document'>[];
  /** The objects that each stack takes over from others, by the stack's name. @default {} */
  readonly handedOver?: PlatformRecord['handedOver'];
  readonly exceptions: readonly Exception[];
  /** Classes of the types and kinds that only this platform declares. @default [] */
  readonly classes?: readonly OwnClass[];
  /** The most objects that the plans may change, replace or destroy together. */
  readonly maxChanges: number;
  /** What is not ready of the stacks in which a failed apply has left objects. @default - everything is */
  readonly unready?: ReadonlyMap<string, readonly Unready[]>;
  readonly today: Date;
}

const NONE: Rule = () => [];

/** In the order in which a reviewer wants to know. The table of classes adds to them. */
const RULES: Readonly<Record<RuleName, Rule>> = {
  'data-loss': DATA_LOSS,
  exposure: EXPOSURE,
  rights: RIGHTS,
  identity: NONE,
  code: NONE,
  protection: PROTECTION,
  secret: SECRET,
  rename: RENAME,
  rollout: UNFINISHED_ROLLOUT,
  unknown: NONE,
  missing: MISSING,
  'too-many-changes': TOO_MANY_CHANGES,
};

/**
 * Stops what a plan must not do without a second look. It reads the plans and the synthesized documents, and nothing else.
 *
 * An exception allows one change, once. Its digest covers the change and the identity of the existing object. The record beside the
 * state keeps the digests that have passed.
 *
 * @throws ManifestError when a Kubernetes object of a document cannot be read
 */
export function guard({
  stacks,
  documents,
  handedOver = {},
  exceptions,
  classes = [],
  maxChanges,
  unready = new Map(),
  today,
}: GuardOptions): GuardReport {
  const plans: GuardedPlans = {
    stacks: stacks.map((stack) => guardedStack(stack, takenOver(stacks, handedOver))),
    declared: documents.flatMap(({ name, document }) =>
      kubernetesObjects(document, { resolve: asWritten }).map((one) => ({
        ...one,
        object: byGroup(one.object),
        stack: name,
      })),
    ),
    existing: stacks.flatMap(existingResources).flatMap(({ address, type, values }) => {
      const object = guardedObject(type, values);
      return object === undefined ? [] : [{ address, object }];
    }),
    maxChanges,
    unready,
    classes: new ArgumentClasses(classes),
  };
  const classed = classedChanges(plans);
  const passedBefore = new Map(stacks.map(({ name, passedBefore: digests = [] }) => [name, digests]));
  const findings = (Object.keys(RULES) as RuleName[]).flatMap((rule) =>
    inOne([...RULES[rule](plans), ...classed.filter((one) => one.rule === rule)]).map((observations) =>
      finding(rule, observations, passedBefore, today),
    ),
  );

  const day = today.toISOString().slice(0, 10);
  const current = exceptions.filter(({ until }) => until >= day);
  const allowing = ({ address, change }: Finding): Exception | undefined =>
    current.find((exception) => exception.address === address && exception.change === change);
  const known = new Set(documents.map(({ name }) => name));
  const planned = new Set(stacks.map(({ name }) => name));
  return {
    stopped: findings.filter((found) => allowing(found) === undefined),
    passed: findings.flatMap((found) => {
      const allowedBy = allowing(found);
      return allowedBy === undefined ? [] : [{ ...found, allowedBy }];
    }),
    spent: current.filter((exception) => {
      const [stack = ''] = exception.address.split('/');
      // What an exception for a stack that was not planned is worth is not known.
      return (
        (planned.has(stack) || !known.has(stack)) && !findings.some((found) => allowing(found) === exception)
      );
    }),
  };
}

/**
 * The objects that one stack forgets while another one has them, or gets them by the same plans: `<stack>/<address>`. An object that no
 * stack takes over is lost like any other.
 */
function takenOver(
  stacks: readonly PlannedStack[],
  handedOver: PlatformRecord['handedOver'],
): ReadonlySet<string> {
  const found = new Set<string>();
  for (const stack of stacks) {
    const existing = new Set(existingResources(stack).map(({ address }) => address));
    const changed = new Set(changesOf(stack).map(({ address }) => address));
    for (const { to, fromStack, from } of handedOver[stack.name] ?? []) {
      if (existing.has(to) || changed.has(to)) found.add(`${fromStack}/${from}`);
    }
  }
  return found;
}

/** What a rule says of one address is one finding. */
function inOne(observations: readonly Observation[]): [Observation, ...Observation[]][] {
  const byAddress = new Map<string, [Observation, ...Observation[]]>();
  for (const observation of observations) {
    const key = addressOf(observation);
    const known = byAddress.get(key);
    if (known === undefined) byAddress.set(key, [observation]);
    else known.push(observation);
  }
  return [...byAddress.values()];
}

function finding(
  rule: RuleName,
  observations: [Observation, ...Observation[]],
  passedBefore: ReadonlyMap<string, readonly string[]>,
  today: Date,
): Finding {
  const [first] = observations;
  const address = addressOf(first);
  const of = observations.map(({ identity }) => identity);
  // What is created again, or is known by a name only, is the same change again. It needs an exception of its own.
  const used = passedBefore.get(first.stack) ?? [];
  let change = changeDigest({ rule, address, of });
  for (let again = 1; used.includes(change); again += 1) change = changeDigest({ rule, address, of, again });
  return {
    rule,
    stack: first.stack,
    address,
    message: observations.map(({ message }) => message).join('; '),
    change,
    exception: exceptionLine(address, change, today),
  };
}

function addressOf({ stack, address }: Observation): string {
  return address === undefined ? stack : `${stack}/${address}`;
}
