import type { Json } from './terraform-document';

/**
 * Stands for what only a deployment can tell, where objects are judged before it. It is a name, a quantity and a number at once, and
 * long enough never to be one that a user means.
 */
export const STAND_IN = '1987654321';

/** A value that its attribute cannot hold; the message says what was expected and what was found. */
export class UnreadableValue extends Error {}

/** Reads one value of a Terraform attribute into what the API takes; `undefined` is as good as left out. */
export type Read = (value: Json) => Json | undefined;

const expected = (what: string, value: Json) =>
  new UnreadableValue(`expected ${what}, got ${JSON.stringify(value)}`);

/** A string. Terraform turns numbers and booleans into strings where it expects one. */
export function readText(value: Json): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw expected('a string', value);
}

/** A number; Terraform also takes its digits. */
export function readNumber(value: Json): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw expected('a number', value);
}

/** A boolean; Terraform also takes its name. */
export function readFlag(value: Json): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  if (value === STAND_IN) return false;
  throw expected('true or false', value);
}

/** An integer that the provider keeps as a string, so that `""` can mean that it is left out. */
export function readInteger(value: Json): number | undefined {
  const text = readText(value);
  if (text === '') return undefined;
  if (!/^[+-]?\d+$/.test(text)) throw expected('an integer', value);
  return Number(text);
}

/** A file mode: octal digits in Terraform, a plain number in the API (`"0440"` is 288). */
export function readOctal(value: Json): number | undefined {
  const text = readText(value);
  if (text === '') return undefined;
  if (text === STAND_IN) return undefined;
  if (!/^[0-7]+$/.test(text)) throw expected('an octal file mode such as "0440"', value);
  return Number.parseInt(text, 8);
}

/** A port name or number, a count or a percentage: digits are a number for the API, all else is a string. */
export function readIntOrString(value: Json): number | string | undefined {
  const text = readText(value);
  if (text === '') return undefined;
  return /^[+-]?\d+$/.test(text) ? Number(text) : text;
}

/** Plain text that the API takes in base64. */
export function readBase64(value: Json): string {
  return Buffer.from(readText(value), 'utf8').toString('base64');
}
