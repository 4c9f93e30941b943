/** One piece of work under each key at a time; what happens meanwhile has the work done again afterward. */
export class Turns {
  private readonly running = new Map<string, 'once' | 'again'>();

  /** @param work looks for itself at how things stand, and does not fail */
  take(key: string, work: () => Promise<void>): void {
    if (this.running.has(key)) {
      this.running.set(key, 'again');
      return;
    }
    this.running.set(key, 'once');
    void work().finally(() => {
      const asked = this.running.get(key);
      this.running.delete(key);
      if (asked === 'again') this.take(key, work);
    });
  }
}
