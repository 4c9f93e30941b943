import { relative } from 'node:path';

/** The mark that the runner of TypeScript puts on a definition, which a bundle has no line numbers for. */
const MARK = Symbol.for('kubernetes-on-aws.source');

/**
 * Where a definition is written: `workloads/orders/index.ts:5`, against the working directory.
 *
 * @param definition the object literal that the function got
 * @param callee the function that the user called
 */
export function callSite(definition: object, callee: (...args: never[]) => unknown): string {
  const marked = (definition as { readonly [MARK]?: string })[MARK];
  if (marked !== undefined) return marked;
  const trace: { stack?: string } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(trace, callee);
  Error.stackTraceLimit = limit;
  const [, file, line] = /\(?(?:file:\/\/)?([^()\s]+?):(\d+):\d+\)?$/.exec(trace.stack?.trim() ?? '') ?? [];
  return file === undefined ? 'an unknown place' : `${relative(process.cwd(), file)}:${line ?? ''}`;
}
