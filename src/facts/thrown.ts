import { relative } from 'node:path';
import { inspect, types } from 'node:util';

/** The runner of TypeScript names the sources in a stack of its bundle with it. */
const SOURCE_STACK = Symbol.for('kubernetes-on-aws.source-stack');
const global = globalThis as { readonly [SOURCE_STACK]?: (stack: string) => string };

/** Frames that are not in the user's files. Installed, this package is below node_modules. */
const FOREIGN = __dirname.includes('node_modules')
  ? /^\.\.|^node:|node_modules/
  : /^\.\.|^node:|node_modules|^(constructs|packages|src|stacks)\//;

/** The stack of an error, with the files and lines of the sources. */
export function sourceStack({ stack = '' }: Error): string {
  return global[SOURCE_STACK]?.(stack) ?? stack;
}

/** Where in the user's files an error was thrown: `workloads/orders/index.ts:12:5`. */
export function thrownAt(error: Error): string | undefined {
  const frames = sourceStack(error).matchAll(/^ +at (?:.*\()?(?:file:\/\/)?([^()]+:\d+:\d+)\)?$/gm);
  return [...frames]
    .map(([, place = '']) => relative(process.cwd(), place))
    .find((place) => !FOREIGN.test(place));
}

/** A value that was thrown: `TypeError: no zone (stacks/dns-stack.ts:7:11)`. */
export function describeThrown(error: unknown): string {
  if (!types.isNativeError(error)) return inspect(error);
  const at = thrownAt(error);
  return `${error.name}: ${error.message}${at === undefined ? '' : ` (${at})`}`;
}
