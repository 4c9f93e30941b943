import type { KubernetesObject } from '../manifests/objects';
import type { SynthesizedStack } from './synthesize-workload';

/** What `expect` of a synthesized stack can say, once this module is imported in a test of Jest. */
export interface StackMatchers<R> {
  /** It has an object of this kind and name, with at least these fields. */
  toHaveObject(kind: string, name: string, fields?: object): R;
  /** It has a resource of this type or with this Terraform address, with at least these arguments. */
  toHaveResource(typeOrAddress: string, fields?: object): R;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- so @types/jest has it
  namespace jest {
    // eslint-disable-next-line @typescript-eslint/no-empty-object-type, @typescript-eslint/no-unused-vars -- so @types/jest has it
    interface Matchers<R, T = {}> extends StackMatchers<R> {}
  }
}

/** What Jest gives a matcher, as far as it is used. */
interface MatcherContext {
  equals(a: unknown, b: unknown, testers?: unknown[]): boolean;
  readonly utils: {
    readonly subsetEquality: unknown;
    readonly iterableEquality: unknown;
    stringify(value: unknown): string;
  };
}

interface Result {
  readonly pass: boolean;
  message(): string;
}

/** One of these has at least these fields. */
function hasOne(
  context: MatcherContext,
  what: string,
  [found, fields, others]: readonly [readonly object[], object, readonly string[]],
): Result {
  const { utils } = context;
  const pass = found.some((each) =>
    context.equals(each, fields, [utils.iterableEquality, utils.subsetEquality]),
  );
  const there = found.length > 0 ? found.map((each) => utils.stringify(each)) : others;
  return {
    pass,
    message: () =>
      pass
        ? `expected no ${what} with ${utils.stringify(fields)}`
        : `expected ${what} with ${utils.stringify(fields)}; there is: ${there.join('\n') || 'none of its kind'}`,
  };
}

const nameOf = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata.name ?? ''}`;

const matchers = {
  toHaveObject(
    this: MatcherContext,
    made: SynthesizedStack,
    kind: string,
    name: string,
    fields: object = {},
  ) {
    const found = made.objects.filter((each) => each.kind === kind && each.metadata.name === name);
    return hasOne(this, `${kind} ${name}`, [found, fields, made.objects.map(nameOf)]);
  },
  toHaveResource(this: MatcherContext, made: SynthesizedStack, typeOrAddress: string, fields: object = {}) {
    const [type = '', name] = typeOrAddress.split('.');
    const ofType = Object.entries(made.document.resource?.[type] ?? {});
    const found = ofType.filter(([each]) => name === undefined || each === name).map(([, each]) => each);
    const all = Object.entries(made.document.resource ?? {}).flatMap(([each, resources]) =>
      Object.keys(resources).map((key) => `${each}.${key}`),
    );
    return hasOne(this, typeOrAddress, [found, fields, all]);
  },
};

// Elsewhere than in a test there is no expect.
(globalThis as { expect?: { extend?(added: object): void } }).expect?.extend?.(matchers);
