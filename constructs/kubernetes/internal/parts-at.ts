import { isObject } from '../../../src/manifests/field';

/** A part of an object that may be changed. */
export type Mutable = Record<string, unknown>;

/** A part of an object, and where it is. */
export interface Part {
  readonly spec: Mutable;
  /** As the API server writes it: `spec.template.spec`. */
  readonly field: string;
}

/** The objects at a path with names of fields, and `[]` for each element of a list. */
export function partsAt(object: unknown, path: string, field = ''): Part[] {
  if (path === '') return isObject(object) ? [{ spec: object, field }] : [];
  const [step = '', ...rest] = path.split('.');
  const name = step.replace('[]', '');
  const value: unknown = isObject(object) ? object[name] : undefined;
  const below = field === '' ? name : `${field}.${name}`;
  if (!step.endsWith('[]')) return partsAt(value, rest.join('.'), below);
  return Array.isArray(value)
    ? value.flatMap((each: unknown, i) => partsAt(each, rest.join('.'), `${below}[${i}]`))
    : [];
}
