import * as z from 'zod/mini';

/** A value of which any part may be missing: what is left of a file when its wrong parts are taken away. */
export type Salvaged<T> = T extends readonly (infer E)[]
  ? readonly (Salvaged<E> | undefined)[]
  : T extends object
    ? { readonly [K in keyof T]?: Salvaged<T[K]> | undefined }
    : T;

/**
 * Every part of a value that its schema accepts, defaults included, so that one mistake does not hide the next.
 * A list keeps the places of its wrong elements; a mapping keeps every key.
 */
export function salvage<T extends z.core.$ZodType>(
  schema: T,
  value: unknown,
): Salvaged<z.output<T>> | undefined {
  return part(schema, value) as Salvaged<z.output<T>> | undefined;
}

/** The schema of the value at a key or an index, when there is one. */
export function schemaOf(schema: z.core.$ZodType, step: string | number): z.core.$ZodType | undefined {
  const { def } = (unwrap(schema) as z.core.$ZodTypes)._zod;
  if (def.type === 'object') return Object.hasOwn(def.shape, step) ? def.shape[step] : undefined;
  if (def.type === 'record') return def.valueType;
  return def.type === 'array' ? def.element : undefined;
}

/** The keys that a mapping's schema knows. */
export function keysOf(schema: z.core.$ZodType | undefined): string[] {
  const def = schema && (unwrap(schema) as z.core.$ZodTypes)._zod.def;
  return def?.type === 'object' ? Object.keys(def.shape) : [];
}

/** Whether a mapping's schema drops the keys that it does not know. */
export function isStripping(schema: z.core.$ZodType): boolean {
  const { def } = (unwrap(schema) as z.core.$ZodTypes)._zod;
  return def.type === 'object' && def.catchall === undefined;
}

function part(schema: z.core.$ZodType, value: unknown): unknown {
  const bare = unwrap(schema) as z.core.$ZodTypes;
  const given = value === undefined ? defaultOf(schema) : value;
  const { def } = bare._zod;
  if (def.type === 'array') {
    return Array.isArray(given) ? given.map((element) => part(def.element, element)) : undefined;
  }
  if (def.type === 'object' || def.type === 'record') {
    if (!isMapping(given)) return undefined;
    const keys = def.type === 'object' ? Object.keys(def.shape) : Object.keys(given);
    return Object.fromEntries(
      keys.map((key) => {
        const inner = schemaOf(bare, key);
        return [key, inner && part(inner, Object.hasOwn(given, key) ? given[key] : undefined)];
      }),
    );
  }
  return accepted(bare, given);
}

function accepted(schema: z.core.$ZodType, value: unknown): unknown {
  try {
    return z.safeParse(schema, value).data;
  } catch {
    // A workload's own schema may throw, which schemaFindings reports.
    return undefined;
  }
}

/** The schema within defaults and optionality. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === 'default' || def.type === 'prefault' || def.type === 'optional'
    ? unwrap(def.innerType)
    : schema;
}

function defaultOf(schema: z.core.$ZodType): unknown {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === 'default' || def.type === 'prefault' ? def.defaultValue : undefined;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
