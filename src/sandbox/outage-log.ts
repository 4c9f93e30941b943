/** A time in which something that worked before did not work. */
export interface Outage {
  /** `Service dev/web` */
  readonly what: string;
  readonly seconds: number;
  /** `it has no Pods` */
  readonly cause: string;
  /** Stacks that were applied when it began. */
  readonly during: readonly string[];
  /** Whether it lasted until the end of the run. */
  readonly lasts: boolean;
}

interface Down {
  readonly since: number;
  readonly cause: string;
  readonly during: readonly string[];
  readonly isGone: boolean;
}

/** Collects outages from what is observed. What never worked has none. */
export class OutageLog {
  private readonly seen = new Map<string, Down | undefined>();
  private readonly ended: Outage[] = [];

  constructor(
    private readonly during: () => readonly string[],
    private readonly now: () => number = Date.now,
  ) {}

  /** Notes whether something works. @param cause why it does not */
  note(what: string, works: boolean, cause: string): void {
    if (works) this.up(what);
    else this.down(what, cause, false);
  }

  /** Notes that something was deleted. If it is not created again, the edit removed it, and that is no outage. */
  gone(what: string): void {
    this.down(what, 'it was deleted and created again', true);
  }

  /** The outages in the order in which they began or ended; those that last come last. */
  end(): Outage[] {
    const open = [...this.seen].flatMap(([what, down]) =>
      down === undefined || down.isGone ? [] : this.outage(what, down, true),
    );
    return [...this.ended, ...open];
  }

  private up(what: string): void {
    const down = this.seen.get(what);
    if (down) this.ended.push(this.outage(what, down, false));
    this.seen.set(what, undefined);
  }

  private down(what: string, cause: string, isGone: boolean): void {
    if (!this.seen.has(what)) return;
    const before = this.seen.get(what);
    const { since = this.now(), during = this.during() } = before ?? {};
    this.seen.set(what, { since, during, cause: isGone ? cause : (before?.cause ?? cause), isGone });
  }

  private outage(what: string, { since, cause, during }: Down, lasts: boolean): Outage {
    return { what, seconds: Math.ceil((this.now() - since) / 1000), cause, during, lasts };
  }
}
