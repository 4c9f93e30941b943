import { isObject } from './field';
import type { JsonObject } from './terraform-document';

/** Text of an attribute; empty when it is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A text, or a number as a text; empty for anything else. */
export function scalarText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? `${value}` : '';
}

/** The blocks of a nested attribute, however they are written: one alone may stand without a list. */
export function blocksOf(value: unknown): JsonObject[] {
  const blocks: readonly unknown[] = Array.isArray(value) ? value : [value];
  return blocks.filter(isObject);
}

/** The texts of a list, or the one text that stands for a list of one. */
export function textsOf(value: unknown): string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return texts.filter((text) => typeof text === 'string');
}
