import { coerce, satisfies } from 'semver';

/**
 * Whether a provider's version meets a version constraint in Terraform's notation (Terraform language: Version
 * Constraints): `5.100.0`, `~> 2.38`, `>= 2.0, < 3.0, != 2.5.0`.
 *
 * Differs from npm's notation in `~>`, which lets only the last number given grow, and in the comma.
 */
export function satisfiesConstraint(version: string, constraint: string): boolean {
  return constraint
    .split(',')
    .map((part) => part.trim())
    .every((part) => {
      const [, operator = '', wanted = ''] = /^(=|!=|>=?|<=?|~>)?\s*(.*)$/.exec(part) ?? [];
      if (operator === '!=') return coerce(version)?.compare(complete(wanted)) !== 0;
      return satisfies(version, operator === '~>' ? pessimistic(wanted) : `${operator}${complete(wanted)}`);
    });
}

/** Terraform reads `2.38` as 2.38.0, npm as any 2.38. */
function complete(version: string): string {
  return /^\d+(\.\d+)?$/.test(version) ? (coerce(version)?.version ?? version) : version;
}

function pessimistic(version: string): string {
  const numbers = version.split('-')[0]?.split('.').map(Number) ?? [];
  const [major = 0, minor = 0] = numbers;
  const below = numbers.length > 2 ? `${major}.${minor + 1}.0` : `${major + 1}.0.0`;
  return `>=${complete(version)} <${below}`;
}
