import { AppError } from '../domain/shared/errors.js';

/** Result of one member of a batch. */
export type Outcome<T> = { value: T } | { error: unknown };

interface Entry<M, T> {
  member: M;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
}

interface Options<M, T> {
  maxSize: number;
  /** Members that may wait under one key; more are refused. */
  maxWaiting: number;
  /** Does the work of all members. @throws when none of it was done. */
  run: (key: string, members: readonly M[]) => Promise<Map<M, Outcome<T>>>;
  /** Identities of a member; only one member of a batch may have each of them. */
  identities: (member: M) => readonly string[];
}

/**
 * Combines the members that arrive while the batch before runs. The first member runs alone and at
 * once: no timer makes a member wait for others.
 */
export class Batcher<M, T> {
  readonly #options: Options<M, T>;
  readonly #waiting = new Map<string, Entry<M, T>[]>();

  constructor(options: Options<M, T>) {
    this.#options = options;
  }

  /** @throws AppError overloaded; the error of the member. */
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
          new AppError('overloaded', 'Too many requests of this kind are waiting. Try again shortly.', {
            retryAfterSeconds: 1,
          }),
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
        else reject(outcome?.error ?? new Error('a batch returned no outcome for one of its members'));
      }
    }
  }

  /**
   * Takes the first members that share no identity. A member with a taken identity waits for the
   * next batch and then finds the work done.
   */
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
