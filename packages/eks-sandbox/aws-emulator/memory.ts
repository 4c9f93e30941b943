/** What the sandbox itself remembers of an account, beside moto and the clusters: maps that a snapshot copies. */
export class Memory {
  private readonly maps: Map<unknown, unknown>[] = [];

  /** A map of plain values that is part of it, empty at first. */
  map<Key, Value>(): Map<Key, Value> {
    const made = new Map<Key, Value>();
    this.maps.push(made);
    return made;
  }

  /** A copy that later changes do not reach. */
  copy(): readonly Map<unknown, unknown>[] {
    return structuredClone(this.maps);
  }

  /** @param copied by this very memory */
  restore(copied: readonly Map<unknown, unknown>[]): void {
    structuredClone(copied).forEach((content, index) => {
      this.maps[index]?.clear();
      for (const [key, value] of content) this.maps[index]?.set(key, value);
    });
  }
}
