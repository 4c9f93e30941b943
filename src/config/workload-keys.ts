import { inspect } from 'node:util';
import * as z from 'zod/mini';
import { keysOf, schemaOf } from './accepted-parts';
import { ConfigError } from './config-error';
import { describeThrown } from '../facts/thrown';

/** Where a workload runs: what the defaults of its keys may depend on. */
export interface WorkloadPlace {
  /** Name of the namespace. */
  readonly namespace: string;
  readonly platform: { readonly name: string; readonly region: string };
}

/** The keys of a workload in `platform.yaml`, below `namespaces.<name>.workloads.<workload>`. */
export interface WorkloadKeys {
  /** Where it is defined, for messages. */
  readonly source?: string;
  /** The workload's key. */
  readonly name: string;
  /** What it is, in a sentence: editors and the reference page show it. */
  readonly description: string;
  /** Its keys, each with its schema. */
  readonly options: z.core.$ZodShape;
  /** Names of the workloads that each namespace with this one must have. */
  readonly needs: readonly string[];
}

/** A schema whose default depends on where the workload runs; its value is always there. Checks belong to the schema within. */
export type Derived<T extends z.core.$ZodType> = z.core.$ZodType<z.output<T>, z.input<T> | undefined>;

const derivations = new WeakMap<z.core.$ZodType, (place: WorkloadPlace) => unknown>();

/**
 * A key whose default depends on the namespace or the platform.
 *
 * @param schema what the key may be
 * @param value its default for a place, such as `({ namespace }) => namespace === 'dev'`
 */
export function derived<T extends z.core.$ZodType>(
  schema: T,
  value: (place: WorkloadPlace) => z.output<T>,
): Derived<T> {
  const optional = z.optional(schema);
  const metadata = z.globalRegistry.get(schema);
  if (metadata) z.globalRegistry.add(optional, metadata);
  derivations.set(optional, value);
  return optional as unknown as Derived<T>;
}

/** Whether a part of the schema is `derived`: only a whole key is, because its default is set before the file is checked. */
export function hasDerivedPart(schema: z.core.$ZodType): boolean {
  // Where a list or a mapping has parts of one schema, the step 0 leads to it.
  return [...keysOf(schema), 0].some((step) => {
    const part = schemaOf(schema, step);
    return part !== undefined && (derivations.has(part) || hasDerivedPart(part));
  });
}

/** A default that its own schema refuses is an error of the workload, not of the file. */
function derivedValue(
  keys: WorkloadKeys,
  key: string,
  schema: z.core.$ZodType,
  value: () => unknown,
): unknown {
  const stop = (reason: string): never => {
    throw new ConfigError([
      {
        file: keys.source ?? keys.name,
        path: `options.${key}`,
        message: `its derived default ${reason}; correct the function that gives it`,
      },
    ]);
  };
  let made: unknown;
  try {
    made = value();
  } catch (error) {
    return stop(`failed with ${describeThrown(error)}`);
  }
  const result = z.safeParse(schema, made);
  if (made === undefined || !result.success) {
    return stop(
      `is ${inspect(made)}, which its schema refuses: ${result.error?.issues[0]?.message ?? 'a value is required'}`,
    );
  }
  return result.data;
}

/** The options of a workload with the defaults that depend on its place. */
export function optionsAt(
  keys: WorkloadKeys,
  options: Readonly<Record<string, unknown>>,
  place: WorkloadPlace,
): Record<string, unknown> {
  const entries = Object.entries(keys.options).map(([key, schema]) => {
    const given = options[key];
    const derivation = derivations.get(schema);
    return [
      key,
      given === undefined && derivation ? derivedValue(keys, key, schema, () => derivation(place)) : given,
    ] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
