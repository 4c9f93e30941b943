import { closest, distance } from 'fastest-levenshtein';

/** The keys of a ConfigMap or Secret, and those of them that others ask for. */
export class DataKeys {
  private readonly asked = new Set<string>();

  constructor(readonly names: readonly string[]) {}

  /** Notes that a key is used, so that one that is not there is an error. */
  ask(key: string): string {
    this.asked.add(key);
    return key;
  }

  /** What is wrong with the keys, and with what is asked of them. */
  validate(): string[] {
    const errors: string[] = [];
    const known = this.names.join(', ') || 'none';
    for (const key of this.asked) {
      if (this.names.includes(key)) continue;
      const near = this.names.length > 0 ? closest(key, [...this.names]) : undefined;
      const slip = near !== undefined && distance(key, near) <= 3;
      errors.push(
        `unknown key "${key}", which a Pod uses; ${slip ? `did you mean "${near}"? ` : ''}known: ${known}`,
      );
    }
    return errors;
  }
}
