import type { App } from 'cdktf';

/** What is wrong with a tree of constructs: every finding, each with the path of its construct. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';

  constructor(readonly findings: readonly string[]) {
    super(findings.join('\n'));
  }
}

/**
 * Writes the Terraform JSON of every stack of an app, in the layout that `cdktf synth` writes. The whole tree is validated
 * first, so that a mistake in the last stack leaves nothing half-written.
 *
 * @throws SynthesisError with the findings of the whole tree
 */
export function synthesise(app: App): void {
  const findings = app.node
    .findAll()
    .flatMap((construct) => construct.node.validate().map((message) => `${construct.node.path}: ${message}`));
  if (findings.length > 0) throw new SynthesisError(findings);
  app.synth();
}
