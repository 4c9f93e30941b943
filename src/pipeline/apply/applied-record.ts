import type { State } from '../../terraform/terraform';

/** Tells one state of a stack from another. */
export type StateVersion = Pick<State, 'lineage' | 'serial'>;

/** Which platform a state is of. No edit changes it. */
export interface PlatformIdentity {
  readonly name: string;
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** What was applied of a stack last, kept beside its state. */
export interface AppliedRecord {
  readonly stack: string;
  /** @default - an earlier version has applied it */
  readonly platform?: PlatformIdentity;
  /** Of the stack's Terraform JSON; empty where a later apply could not save what it created. */
  readonly document: string;
  /** Digest of the configuration of its providers. @default - an earlier version has applied it */
  readonly providers?: string;
  /** The commit that it was synthesized from; none outside a repository. */
  readonly commit?: string;
  /** Digest of the saved plan that was applied. @default - none: `state bootstrap` applied it */
  readonly plan?: string;
  /** When, as an ISO date. */
  readonly at: string;
  /** The state that came of it: another one has been changed since, by hand or by a run that failed. */
  readonly state: StateVersion;
  /** The states of the stacks that it depends on, by name: what they had made was read. */
  readonly dependencies: Readonly<Record<string, StateVersion>>;
  /** Addresses that Terraform refuses to destroy. */
  readonly protected: readonly string[];
  /** Classes of the platform's own types and kinds, each as `type path class`. @default [] */
  readonly classes?: readonly string[];
  /** Digests of the changes that an exception let pass, of all applies: none passes by it again. @default [] */
  readonly passed?: readonly string[];
  /** The IDs of objects that other stacks take over from it, by the addresses that they had here. @default {} */
  readonly handedOver?: Readonly<Record<string, string>>;
  /** Addresses of the objects that it has taken over. @default [] */
  readonly takenOver?: readonly string[];
  /** Addresses of what a later apply began to create, and could not save in the state. Some of it may exist. @default [] */
  readonly begun?: readonly string[];
}

/** The record of a stack that no apply has brought to its end. */
export const UNAPPLIED: Omit<AppliedRecord, 'stack'> = {
  ...{ document: '', at: '', dependencies: {}, protected: [] },
  state: { lineage: '', serial: 0 },
};

export function versionOf({ lineage, serial }: StateVersion): StateVersion {
  return { lineage, serial };
}

/** Whether what is there now is what a record tells of. */
export function isSameState(a: StateVersion | undefined, b: StateVersion | undefined): boolean {
  return a?.lineage === b?.lineage && a?.serial === b?.serial;
}
