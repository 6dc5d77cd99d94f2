/** Goes on when everybody waits, from one appointment to the next. */
export class TestTime {
  ms = 0;
  readonly waits: number[] = [];
  #due: { at: number; work: () => void }[] = [];

  now(): number {
    return this.ms;
  }

  after(ms: number, work: () => void): () => void {
    const one = { at: this.ms + ms, work };
    if (ms < 3_000) this.waits.push(ms);
    this.#due.push(one);
    return () => {
      this.#due = this.#due.filter((other) => other !== one);
    };
  }

  async advance(ms: number): Promise<void> {
    const until = this.ms + ms;
    for (;;) {
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      const [next] = this.#due.sort((a, b) => a.at - b.at);
      if (!next || next.at > until) break;
      this.#due.shift();
      this.ms = next.at;
      next.work();
    }
    this.ms = until;
  }
}
