import { AppError } from '../domain/shared/errors.js';

/** What became of one of several pieces of work that were done together. */
export type Outcome<T> = { value: T } | { error: unknown };

interface Entry<M, T> {
  member: M;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
}

interface Options<M, T> {
  maxSize: number;
  /** Members that may wait under one key; further ones are refused. */
  maxWaiting: number;
  /** Does the work of all. @throws when none of it was done. */
  run: (key: string, members: readonly M[]) => Promise<Map<M, Outcome<T>>>;
  /** What only one member of a batch may have. */
  identities: (member: M) => readonly string[];
}

/**
 * Does together what comes in while the batch before is under way. The first one goes alone and at once: no timer makes anybody
 * wait for company.
 */
export class Batcher<M, T> {
  readonly #options: Options<M, T>;
  readonly #waiting = new Map<string, Entry<M, T>[]>();

  constructor(options: Options<M, T>) {
    this.#options = options;
  }

  /** @throws AppError overloaded; whatever became of the member. */
  add(key: string, member: M): Promise<T> {
    return new Promise((resolve, reject) => {
      const entry = { member, resolve, reject };
      const waiting = this.#waiting.get(key);
      if (!waiting) {
        this.#waiting.set(key, [entry]);
        void this.#work(key);
      } else if (waiting.length < this.#options.maxWaiting) waiting.push(entry);
      else
        reject(
          new AppError('overloaded', 'Too many of these are waiting. Try again shortly.', { retryAfterSeconds: 1 }),
        );
    });
  }

  async #work(key: string): Promise<void> {
    for (;;) {
      const batch = this.#take(key);
      if (batch.length === 0) {
        this.#waiting.delete(key);
        return;
      }
      const members = batch.map(({ member }) => member);
      const outcomes = await this.#options
        .run(key, members)
        .catch((error: unknown) => new Map(members.map((one) => [one, { error }])));
      for (const { member, resolve, reject } of batch) {
        const outcome = outcomes.get(member);
        if (outcome && 'value' in outcome) resolve(outcome.value);
        else reject(outcome?.error ?? new Error('a batch left one of its members without an outcome'));
      }
    }
  }

  /** The first ones that share no identity. Who is like one of them waits for the next batch, and then finds it done. */
  #take(key: string): Entry<M, T>[] {
    const taken: Entry<M, T>[] = [];
    const left: Entry<M, T>[] = [];
    const seen = new Set<string>();
    for (const entry of this.#waiting.get(key) ?? []) {
      const identities = this.#options.identities(entry.member);
      const fits = taken.length < this.#options.maxSize && !identities.some((identity) => seen.has(identity));
      for (const identity of identities) seen.add(identity);
      (fits ? taken : left).push(entry);
    }
    if (taken.length > 0) this.#waiting.set(key, left);
    return taken;
  }
}
