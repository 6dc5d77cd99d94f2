/** Wakes a loop that waits for work: by a nudge at once, else when its time has come. */
export class Nudge {
  #isGiven = false;
  #wake: (() => void) | undefined;

  /** Costs next to nothing when nobody waits. */
  give(): void {
    this.#isGiven = true;
    this.#wake?.();
  }

  /** Resolves after the next nudge, also one given before; after `timeoutMs` without one. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.#isGiven) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        timer.unref();
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = undefined;
    }
    this.#isGiven = false;
  }
}
