import { ACCOUNT } from '../simulator';

export type Tags = Readonly<Record<string, string>>;

/** What IAM knows at a moment of what is in the account: the tags of things, and the boundaries of roles. */
export class AccountView {
  private readonly tags = new Map<string, Tags>();
  private readonly boundaries = new Map<string, string>();
  /** What EC2 names by an id that no policy names: an association of a route table, of an address. */
  private readonly parts = new Map<string, readonly string[]>();

  tagsOf(resource: string): Tags {
    return this.tags.get(canonical(resource)) ?? {};
  }

  tag(resource: string, tags: Tags): void {
    this.tags.set(canonical(resource), { ...this.tagsOf(resource), ...tags });
  }

  untag(resource: string, keys: readonly string[]): void {
    const left = Object.entries(this.tagsOf(resource)).filter(([key]) => !keys.includes(key));
    this.tags.set(canonical(resource), Object.fromEntries(left));
  }

  boundaryOf(role: string): string | undefined {
    return this.boundaries.get(role);
  }

  bound(role: string, boundary: string | undefined): void {
    if (boundary === undefined) this.boundaries.delete(role);
    else this.boundaries.set(role, boundary);
  }

  joins(id: string, parts: readonly string[]): void {
    this.parts.set(id, parts);
  }

  partsOf(id: string): readonly string[] {
    return this.parts.get(id) ?? [];
  }
}

/** A thing has one entry, whatever its ARN ends in: what AWS appends is not known to everything that names it. */
function canonical(resource: string): string {
  return resource
    .replace(/(:log-group:[^:]+):.*$/, '$1')
    .replace(/(:(?:nodegroup|addon|access-entry)\/.+)\/[0-9a-f-]{36}$/, '$1')
    .replace(/(:secretsmanager:.*:secret:.+)-\w{6}$/, '$1');
}

/** An ARN in the account. */
export const arn = (service: string, region: string, resource: string): string =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;
