import { AppError } from '../domain/shared/errors.js';
import { systemTime, type Time } from './resilience/time.js';

/** Result of one member of a batch. */
export type Outcome<T> = { value: T } | { error: unknown };

interface Entry<M, T> {
  member: M;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
  /** Ends the wait's time limit. */
  begin?: () => void;
}

interface Options<M, T> {
  maxSize: number;
  /** Sum of the weights in a batch; a member that weighs more runs alone. Absent: no limit. */
  maxWeight?: number;
  weigh?: (member: M) => number;
  /** Members that may wait under one key; more are refused. */
  maxWaiting: number;
  /** How long a member may wait for its batch to begin. Absent: no limit. */
  maxWaitMs?: number;
  time?: Time;
  /** The message of a refusal: the reason, and what to do. */
  refusal?: string;
  /** Does the work of all members. @throws when none of it was done. */
  run: (key: string, members: readonly M[]) => Promise<Map<M, Outcome<T>>>;
  /** Identities of a member; only one member of a batch may have each of them. */
  identities: (member: M) => readonly string[];
}

/**
 * Combines the members that arrive while the batch before runs. No timer makes a member wait for
 * others: the first one starts with those that are added in the same turn.
 */
export class Batcher<M, T> {
  readonly #options: Options<M, T>;
  readonly #waiting = new Map<string, Entry<M, T>[]>();

  constructor(options: Options<M, T>) {
    this.#options = options;
  }

  /**
   * @throws AppError overloaded, when the member has not begun; the error of the member.
   */
  add(key: string, member: M): Promise<T> {
    return new Promise((resolve, reject) => {
      const entry: Entry<M, T> = { member, resolve, reject };
      const waiting = this.#waiting.get(key);
      if (!waiting) {
        this.#waiting.set(key, [entry]);
        void this.#work(key);
      } else if (waiting.length < this.#options.maxWaiting) this.#wait(waiting, entry);
      else reject(this.#refusal());
    });
  }

  #wait(waiting: Entry<M, T>[], entry: Entry<M, T>): void {
    const { maxWaitMs, time = systemTime } = this.#options;
    waiting.push(entry);
    if (maxWaitMs === undefined) return;
    entry.begin = time.after(maxWaitMs, () => {
      waiting.splice(waiting.indexOf(entry), 1);
      entry.reject(this.#refusal());
    });
  }

  #refusal(): AppError {
    const { refusal = 'Too many requests of this kind are waiting. Try again shortly.' } = this.#options;
    return new AppError('overloaded', refusal, { retryAfterSeconds: 1 });
  }

  async #work(key: string): Promise<void> {
    // Another batch hands its members on in one turn. Without this, the first one had a batch of
    // its own.
    await Promise.resolve();
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
    const { maxSize, maxWeight = Infinity, weigh = () => 1, identities } = this.#options;
    const waiting = this.#waiting.get(key) ?? [];
    const taken: Entry<M, T>[] = [];
    const seen = new Set<string>();
    let weight = 0;
    const left = waiting.filter((entry) => {
      const own = identities(entry.member);
      const isNew = !own.some((identity) => seen.has(identity));
      for (const identity of own) seen.add(identity);
      weight += weigh(entry.member);
      if (taken.length > 0 && (!isNew || taken.length >= maxSize || weight > maxWeight)) return true;
      entry.begin?.();
      taken.push(entry);
      return false;
    });
    // The same array: the timers of waiting members remove themselves from it.
    waiting.splice(0, waiting.length, ...left);
    return taken;
  }
}
