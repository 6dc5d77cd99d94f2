/** Releases of resources: registered where a resource is made, run in reverse order at the end. */

/**
 * Time limit of one release. Longer than any normal one; one that hangs must not block the others.
 */
const BOUND_MS = 10_000;

interface Entry {
  name: string;
  release: () => unknown;
  boundMs: number;
}

export class Releases {
  readonly #entries: Entry[] = [];
  readonly #tell: (name: string, error: unknown) => void;
  #closing: Promise<void> | undefined;
  #isClosed = false;
  #first: { error: unknown } | undefined;

  /** @param tell called at once for each release that fails or exceeds its time. */
  constructor(tell: (name: string, error: unknown) => void = () => undefined) {
    this.#tell = tell;
  }

  /** Registers the release of a resource. @param boundMs its time limit. @returns the resource. */
  own<T>(name: string, resource: T, release: (resource: T) => unknown, boundMs?: number): T {
    this.add(name, () => release(resource), boundMs);
    return resource;
  }

  /**
   * Registers a release. After `close` has ended, the release runs at once, because nothing else
   * would run it.
   */
  add(name: string, release: () => unknown, boundMs: number = BOUND_MS): void {
    if (this.#isClosed) void this.#release({ name, release, boundMs });
    else this.#entries.push({ name, release, boundMs });
  }

  /**
   * Runs all releases one after the other, last in, first out, even if earlier ones fail. A second
   * call returns the same promise.
   * @throws the first error, after all have run.
   */
  close(): Promise<void> {
    return (this.#closing ??= this.#closeAll());
  }

  async #closeAll(): Promise<void> {
    // Taken one by one, so that releases registered meanwhile run too.
    for (let entry = this.#entries.pop(); entry; entry = this.#entries.pop()) await this.#release(entry);
    this.#isClosed = true;
    if (this.#first) throw this.#first.error;
  }

  async #release({ name, release, boundMs }: Entry): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    try {
      const tooLate = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${name}: not closed after ${boundMs} ms`)), boundMs);
      });
      await Promise.race([release(), tooLate]);
    } catch (error) {
      this.#first ??= { error };
      this.#tell(name, error);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Waits until all have ended. @throws the first error in their order, after all have ended. */
export async function settleAll(works: readonly Promise<unknown>[]): Promise<void> {
  for (const end of await Promise.allSettled(works)) if (end.status === 'rejected') throw end.reason;
}
