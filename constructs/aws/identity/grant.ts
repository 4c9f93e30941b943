import type { PolicyCondition, PolicyStatement } from './policy-document';

/** Actions of one service, from a text with their names: `actions('eks', 'CreateAddon DeleteAddon')`. */
export function actions(service: string, names: string): string[] {
  return words(names).map((name) => `${service}:${name}`);
}

/** `eks:*`, for boundaries: what they let pass, other policies allow by name. */
export function everyActionOf(services: string): string[] {
  return words(services).map((service) => `${service}:*`);
}

export function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

/** One statement that allows, as a row of a table. */
export function grant(
  sid: string,
  action: readonly string[],
  resource: readonly string[],
  ...conditions: readonly PolicyCondition[]
): PolicyStatement {
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(conditions.length > 0 && { Condition: all(...conditions) }),
  };
}

/** Conditions that must hold together: operator by operator, key by key. */
export function all(...conditions: readonly PolicyCondition[]): PolicyCondition {
  const merged: Record<string, Record<string, string | readonly string[]>> = {};
  for (const condition of conditions) {
    for (const [operator, keys] of Object.entries(condition)) {
      merged[operator] = { ...merged[operator], ...keys };
    }
  }
  return merged;
}
