import { isObject } from '../manifests/field';
import { STAND_IN } from '../manifests/scalar';
import { listAt, objectAt, shown } from './workload-pods';

/**
 * Whether a label selector selects an object. An empty one selects all, and none selects nothing.
 *
 * @param unknown the answer where a part of the selector, or of the labels, is known to a deployment only
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function selects(selector: unknown, labels: object, unknown = false): boolean {
  const has = (key: string, values: readonly unknown[]): boolean => {
    const value = (labels as Readonly<Record<string, unknown>>)[key];
    if (value === undefined) return false;
    return value === STAND_IN || values.includes(STAND_IN) ? unknown : values.includes(value);
  };
  return (
    isObject(selector) &&
    Object.entries(objectAt(selector, 'matchLabels')).every(([key, value]) => has(key, [value])) &&
    listAt(selector, 'matchExpressions').every(({ key, operator, values }) => {
      const name = shown(key);
      const among = Array.isArray(values) ? (values as readonly unknown[]) : [];
      if (operator === 'Exists' || operator === 'DoesNotExist')
        return name in labels === (operator === 'Exists');
      if (operator === 'In') return has(name, among);
      const isOpen = among.includes(STAND_IN) || (labels as Record<string, unknown>)[name] === STAND_IN;
      return isOpen ? unknown : !has(name, among);
    })
  );
}

/** Whether a selector selects every object. */
export const selectsAll = (selector: unknown): boolean =>
  Object.keys(objectAt(selector, 'matchLabels')).length === 0 &&
  listAt(selector, 'matchExpressions').length === 0;
