import type { App } from 'cdktf';
import type { IConstruct } from 'constructs';
import { BaseStack } from './base-stack';
import { UserError } from '../../src/facts/user-error';

/** What is wrong with a tree of constructs: every finding, with the path of its construct unless it is of the whole app. */
export class SynthesisError extends UserError {
  readonly code = 'invalid-constructs';
  readonly exitStatus = 1;
}

/**
 * Writes the Terraform JSON of every stack of an app, in the layout that `cdktf synth` writes. The whole tree is validated
 * first, so that a mistake in the last stack leaves nothing half-written.
 *
 * @throws SynthesisError with the findings of the whole tree
 */
export function synthesize(app: App): void {
  const constructs = app.node.findAll();
  const at = (construct: IConstruct) => (message: string) =>
    construct === app ? message : `${construct.node.path}: ${message}`;
  stopAt(constructs.flatMap((construct) => construct.node.validate().map(at(construct))));
  // Only what is whole can be put into words of Terraform.
  const stacks = constructs.filter((construct) => construct instanceof BaseStack);
  stopAt(stacks.flatMap((stack) => stack.foreignReferences().map(at(stack))));
  app.synth();
}

function stopAt(findings: readonly string[]): void {
  if (findings.length > 0) throw new SynthesisError(findings);
}
