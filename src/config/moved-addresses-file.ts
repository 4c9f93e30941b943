import { changesForm, MANIFEST } from '../facts/attribute-table';
import { STACK_NAMES } from '../facts/stack-names';
import { existsSync } from 'node:fs';
import { isMap, parseDocument } from 'yaml';
import * as z from 'zod/mini';
import { stopAt, type Finding } from './config-error';
import { entriesOf } from './config-rule';
import { salvage, type Salvaged } from './accepted-parts';
import { described, listOf, mapping, text } from './schema/form';
import { NAMESPACE_NAME } from './schema/namespace-schema';
import { readPlatform } from './read-platform';
import { schemaFindings } from './schema-findings';
import { YamlDocument } from '../facts/yaml-document';

/** Where the moves are kept: beside the lists of addresses, in the project's folder. */
export const MOVED_FILE = 'addresses/moved.yaml';

/** Stands for the stack of each namespace, whatever namespaces a platform has; within an address, for its part of the name. */
export const EACH_NAMESPACE = '<namespace>';

/** An object that has another Terraform address than before. */
export interface MovedAddress {
  readonly from: string;
  readonly to: string;
  /**
   * Whether there are platforms without the object, so that its new address need not be there.
   * @default false
   */
  readonly optional: boolean;
  /**
   * The stack that has the object now, or EACH_NAMESPACE: that stack takes it over, with all that is in it.
   * @default - the same stack
   */
  readonly stack?: string;
  /** Where it is said: `addresses/moved.yaml:3:5`. */
  readonly place: string;
}

/** The moves of each stack, by its name or EACH_NAMESPACE. */
export type MovedAddresses = Readonly<Record<string, readonly MovedAddress[]>>;

const address = () =>
  text(
    'the address of a resource, such as kubernetes_deployment_v1.shop_web',
    /^[a-z][a-z0-9_]*\.[A-Za-z_](\w|<namespace>)*$/,
  );

const schema = z.record(
  z.string(),
  listOf(
    mapping({
      from: described(address(), 'Address that the object had.'),
      to: described(address(), 'Address that it has.'),
      stack: z.exactOptional(
        described(
          text('the name of a stack, or <namespace>', /^(<namespace>|[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)$/),
          'The stack that has the object now. Left out: the same stack.',
        ),
      ),
      optional: z._default(z.boolean('expected true or false'), false),
    }),
    0,
    'a list of moves, such as [{ from: aws_iam_role.a, to: aws_iam_role.b }]',
  ),
  `expected a mapping from names of stacks, or ${EACH_NAMESPACE}, to lists of moves`,
);

/**
 * Reads and checks the moves. They come with the code, so that every platform that is made of it gets them.
 *
 * @param file against the working directory; where there is none, nothing has moved
 * @throws ConfigError with every mistake at once
 */
export function loadMovedAddresses(file: string = MOVED_FILE): MovedAddresses {
  return parseMovedAddresses(readMovedAddresses(file), file);
}

/** The file's text; empty where there is none. */
export function readMovedAddresses(file: string = MOVED_FILE): string {
  return existsSync(file) ? readPlatform(file) : '';
}

/**
 * Checks the text of a file of moves.
 *
 * @throws ConfigError with every mistake at once
 */
export function parseMovedAddresses(yaml: string, file: string = MOVED_FILE): MovedAddresses {
  const document = new YamlDocument(file, yaml.replace(/^\uFEFF/, ''));
  stopAt(document.syntaxFindings());
  if (document.isEmpty) return {};
  const value = document.toValue();
  const moves = entriesOf(salvage(schema, value)).flatMap(([stack, list]) =>
    // What another stack takes over has its place in that stack's order of moves.
    list.flatMap((move, i) =>
      move && move.stack === undefined ? [{ stack, i, from: move.from, to: move.to }] : [],
    ),
  );
  stopAt([
    ...document.duplicateKeys(),
    ...schemaFindings(schema, document, value),
    ...wrongStacks(document, Object.keys(salvage(schema, value) ?? {})),
    ...wrongHandOvers(document, entriesOf(salvage(schema, value))),
    ...wrongMoves(document, moves),
  ]);
  return Object.fromEntries(
    Object.entries(z.parse(schema, value)).map(([stack, list]) => [
      stack,
      list.map((move, i) => {
        const { line = 1, column = 1 } = document.finding([stack, i], '');
        return { ...move, place: `${file}:${line}:${column}` };
      }),
    ]),
  );
}

function wrongStacks(document: YamlDocument, stacks: readonly string[]): Finding[] {
  const wrong = stacks.filter((stack) => stack !== EACH_NAMESPACE && !NAMESPACE_NAME.test(stack));
  return wrong.map((stack) =>
    document.finding(
      [stack],
      `no name of a stack; expected ${STACK_NAMES.join(', ')}, the name of a namespace, or ${EACH_NAMESPACE}`,
      'key',
    ),
  );
}

/** Only a move to the stack of each namespace has an address for each of them. */
function wrongHandOvers(
  document: YamlDocument,
  entries: readonly [
    string,
    readonly (Salvaged<{ from: string; to: string; stack: string }> | undefined)[],
  ][],
): Finding[] {
  return entries.flatMap(([name, list]) =>
    list.flatMap((move, i) => {
      const findings: Finding[] = [];
      if (move?.stack !== EACH_NAMESPACE && move?.from?.includes(EACH_NAMESPACE) === true) {
        const message = `got ${move.from}; ${EACH_NAMESPACE} stands in an address only beside stack: ${EACH_NAMESPACE}; write the address in full`;
        findings.push(document.finding([name, i, 'from'], message));
      }
      if (move?.to?.includes(EACH_NAMESPACE) === true) {
        const message = `got ${move.to}; the address is the same in each namespace; leave out ${EACH_NAMESPACE}`;
        findings.push(document.finding([name, i, 'to'], message));
      }
      if (move?.stack === EACH_NAMESPACE && move.from?.includes(EACH_NAMESPACE) === false) {
        const message = `got ${move.from ?? ''}; expected ${EACH_NAMESPACE} in it, since each namespace takes over an object of its own`;
        findings.push(document.finding([name, i, 'from'], message));
      }
      if (move?.stack !== undefined && (move.stack === name || name === EACH_NAMESPACE)) {
        const message = `got ${move.stack}; expected another stack than the one that the entry is under; leave out stack`;
        findings.push(document.finding([name, i, 'stack'], message));
      }
      return findings;
    }),
  );
}

/** A move whose wrong parts are taken away. */
interface Draft {
  readonly stack: string;
  readonly i: number;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** What moves must be in themselves and to each other. Terraform would refuse them too, but one platform at a time. */
function wrongMoves(document: YamlDocument, moves: readonly Draft[]): Finding[] {
  return moves.flatMap((move) => {
    const { stack, i, from, to } = move;
    const path = [stack, i];
    if (from !== undefined && from === to) {
      return [document.finding(path, `moves ${from} to itself; remove the entry`)];
    }
    const findings: Finding[] = [];
    if (from !== undefined && to !== undefined && typeOf(from) !== typeOf(to) && !changesForm(from, to)) {
      const message = `got ${to}; expected an address of the type of ${from}, or ${MANIFEST} for a Kubernetes object. Terraform moves an object to no other type`;
      findings.push(document.finding([...path, 'to'], message));
    }
    // Of two that don't go together the later one is told, or the one that is of a single namespace.
    const earlier = moves.filter((other) =>
      other.stack === stack ? other.i < i : other.stack === EACH_NAMESPACE && !STACK_NAMES.includes(stack),
    );
    const sameFrom = from === undefined ? undefined : earlier.find((other) => other.from === from);
    if (sameFrom) {
      const message = `${from ?? ''} moves to ${sameFrom.to ?? 'another address'} already, at ${at(document, sameFrom)}; keep one`;
      findings.push(document.finding([...path, 'from'], message));
    }
    const sameTo = to === undefined ? undefined : earlier.find((other) => other.to === to);
    if (sameTo && !sameFrom) {
      const message = `${sameTo.from ?? 'another object'} moves to ${to ?? ''} already, at ${at(document, sameTo)}; keep one`;
      findings.push(document.finding([...path, 'to'], message));
    }
    const loop = (sameFrom ?? sameTo) ? undefined : loopFrom(move, earlier);
    if (loop) {
      findings.push(
        document.finding(
          path,
          `goes in a circle: ${loop.join(' to ')}; keep only the moves that lead to the address of today`,
        ),
      );
    }
    return findings;
  });
}

function typeOf(resource: string): string {
  return resource.split('.')[0] ?? '';
}

function at(document: YamlDocument, { stack, i }: Draft): string {
  const { file, line, column } = document.finding([stack, i], '');
  return `${file}:${line ?? 1}:${column ?? 1}`;
}

/** The addresses that a move goes on to by earlier ones, when it comes back to where it began. */
function loopFrom({ from, to }: Draft, earlier: readonly Draft[]): string[] | undefined {
  const way = [from, to];
  for (let next = earlier.find((move) => move.from === to); next;) {
    if (way.includes(next.to)) return next.to === from ? [...way, from].map(String) : undefined;
    way.push(next.to);
    const last = next.to;
    next = earlier.find((move) => move.from === last);
  }
  return undefined;
}

/** A move to be added. */
export interface NewMove {
  /** Name of the stack, or EACH_NAMESPACE. */
  readonly stack: string;
  readonly from: string;
  readonly to: string;
}

/** The text of a file of moves with some more at the ends of their stacks' lists. What it says already stays, comments too. */
export function withMoves(yaml: string, moves: readonly NewMove[]): string {
  const document = parseDocument(yaml);
  if (!isMap(document.contents)) document.contents = null;
  for (const { stack, from, to } of moves) {
    if (document.has(stack)) document.addIn([stack], document.createNode({ from, to }));
    else document.set(stack, document.createNode([{ from, to }]));
  }
  return document.toString({ lineWidth: 0 });
}
