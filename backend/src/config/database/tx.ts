/** What repositories and services see of a transaction. */
import type { Query } from './queries.js';

/**
 * A result that is still on its way when `work` returns it: the commit is sent right behind the statement that answers it, so
 * that no lock waits for this process to have a look. Nobody sees the result unless the commit succeeds.
 */
export class Sent<T> {
  readonly result: Promise<T>;

  constructor(result: Promise<T>) {
    // Looked at together with the commit.
    result.catch(() => undefined);
    this.result = result;
  }
}

/** A running transaction of one tenant. */
export interface Tx {
  many<Row>(statement: Query<Row>, values: readonly unknown[]): Promise<Row[]>;
  maybeOne<Row>(statement: Query<Row>, values: readonly unknown[]): Promise<Row | undefined>;
  /** @throws Error when there is not exactly one row: a bug, not an expected failure. */
  one<Row>(statement: Query<Row>, values: readonly unknown[]): Promise<Row>;
  /** Number of rows touched. */
  run(statement: Query<unknown>, values: readonly unknown[]): Promise<number>;
  /**
   * Does not wait for a write that was sent: the statements after it follow on its heels, and the commit is believed only
   * once it has succeeded too. For writes whose answer nobody needs.
   */
  defer(write: Promise<unknown>): void;
  /** Waits for all that was deferred so far. @throws its first failure. */
  settled(): Promise<void>;
  /**
   * Runs once the transaction has committed, before whoever asked for it is answered; never when it rolls back. A failure is
   * logged, no more: what is stored is stored.
   */
  afterCommit(follow: () => void | Promise<void>): void;
  /** Points row-level security at another tenant: registration, which has none before it makes one. */
  enterTenant(restaurantId: string): Promise<void>;
  /** Lets a login see the memberships of one user across tenants. */
  enterUser(userId: string): Promise<void>;
}
