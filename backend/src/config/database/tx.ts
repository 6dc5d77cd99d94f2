/** The interface of a transaction for repositories and services. */
import type { Query } from './queries.js';

/**
 * A result that has not arrived yet when `work` returns it. The commit is sent right behind the
 * statement that produces it, so that no lock waits for this process. Nobody sees the result unless
 * the commit succeeds.
 */
export class Sent<T> {
  readonly result: Promise<T>;

  constructor(result: Promise<T>) {
    // Checked together with the commit.
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
  /** @returns the number of rows touched. */
  run(statement: Query<unknown>, values: readonly unknown[]): Promise<number>;
  /**
   * Registers a write that was sent, without waiting for it. Later statements follow at once, and
   * the commit counts only if the write succeeds too. For writes whose answer nobody needs.
   */
  defer(write: Promise<unknown>): void;
  /** Waits for all writes deferred so far. @throws the first failure. */
  settled(): Promise<void>;
  /**
   * Checks now what PostgreSQL would check at the commit, such as business days that are closed.
   * For work that is rolled back. @throws the failure that the commit would have.
   */
  checked(): Promise<void>;
  /**
   * Runs after the commit and before the caller is answered; never after a rollback. A failure is
   * only logged, because the data is already stored.
   */
  afterCommit(follow: () => void | Promise<void>): void;
  /** Plans what follows without scans of whole tables: for writes after a read of many rows. */
  forbidScans(): Promise<void>;
  /** Switches row-level security to another tenant: for registration, which starts without one. */
  enterTenant(restaurantId: string): Promise<void>;
  /** Lets a login see the memberships of one user across tenants. */
  enterUser(userId: string): Promise<void>;
}
