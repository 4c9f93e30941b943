import type { RuleName } from './guard-rule';

/** A change that is not done unless somebody has looked at it and said so. */
export interface Finding {
  readonly rule: RuleName;
  readonly stack: string;
  /** As an exception names it: stack and Terraform address, `cluster/aws_eks_node_group.node_1`, or the stack alone. */
  readonly address: string;
  /** What would happen and why it is stopped. */
  readonly message: string;
  /** Digest of this very change: 12 hexadecimal digits. */
  readonly change: string;
  /** The line below `pipeline.exceptions` of platform.yaml that lets it pass once. */
  readonly exception: string;
}

/** A change that somebody has looked at: `pipeline.exceptions` in platform.yaml. */
export interface Exception {
  readonly address: string;
  readonly change: string;
  readonly reason: string;
  /** Last day on which it counts: `2026-12-31`. */
  readonly until: string;
}

/** What the guard says of the plans of some stacks. */
export interface GuardReport {
  /** What must not be applied. */
  readonly stopped: readonly Finding[];
  /** What an exception lets pass. */
  readonly passed: readonly (Finding & { readonly allowedBy: Exception })[];
  /** Exceptions for the planned stacks that let nothing pass, because what they were for is done: they can be removed. */
  readonly spent: readonly Exception[];
}

/** How long the line that the guard prints lets a change pass. */
const DAYS = 7;
const DAY_MS = 86_400_000;

/** The line for platform.yaml, whose reason is still to be written. */
export function exceptionLine(address: string, change: string, today: Date): string {
  const until = new Date(today.getTime() + DAYS * DAY_MS).toISOString().slice(0, 10);
  const plain = /^[\w./-]+$/.test(address) ? address : `'${address.replaceAll("'", "''")}'`;
  return `- { address: ${plain}, change: '${change}', reason: <why>, until: ${until} }`;
}
