/**
 * Logs the plans of slow statements, so that the log also says how a slow statement is carried out.
 *
 * A statement is only planned, never run: `explain` without `analyze`, of the text without its
 * values (`generic_plan`, PostgreSQL 16 and newer). It is planned for the restaurant whose
 * statement was slow, since row-level security takes part in the plan. This runs in a read-only
 * transaction that is rolled back, with limits on locks and time, on a connection that nobody waits
 * for. `auto_explain` would show the plan that was really used, with its times, but it needs a
 * library in the server, which only the operator can load.
 */
import type pg from 'pg';
import type { Logger } from '../logger.js';
import { sqlState } from './failures.js';
import { type PlanNode, summarizePlan } from './planSummary.js';
import type { SentStatement } from './statementWatch.js';
import { assertUuid } from './transaction.js';

/** Lets the slow request finish first. */
const PAUSE_MS = 1_000;
/** Minimum time between two plans of one statement. */
const AGAIN_AFTER_MS = 3_600_000;
const PLANNING_MS = 2_000;
const LOCK_MS = 100;
/** Statements that `explain` accepts. The rest, such as `analyze`, has no plan. */
const HAS_PLAN = /^\s*(?:with|select|insert|update|delete)\b/i;
const SYNTAX_ERROR = '42601';

interface Options {
  pool: pg.Pool;
  /** Whether a connection is free and nobody waits for one. */
  isCalm: () => boolean;
  log: Logger;
}

export class PlanSampler {
  readonly #options: Options;
  /** Time of the last plan, by statement name. The program has a fixed number of names. */
  readonly #lookedAt = new Map<string, number>();
  #isBusy = false;
  #isUnable = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /**
   * Plans a statement after a pause, unless it was planned within the hour, another plan is due, or
   * no connection is free.
   */
  consider(statement: SentStatement): void {
    const lookedAt = this.#lookedAt.get(statement.name) ?? Number.NEGATIVE_INFINITY;
    if (this.#isBusy || this.#isUnable || !HAS_PLAN.test(statement.text)) return;
    if (performance.now() - lookedAt < AGAIN_AFTER_MS) return;
    this.#isBusy = true;
    this.#timer = setTimeout(() => void this.#look(statement), PAUSE_MS);
    this.#timer.unref();
  }

  /** A plan in progress ends by itself, within its limits. */
  close(): void {
    this.#isUnable = true;
    clearTimeout(this.#timer);
  }

  async #look(statement: SentStatement): Promise<void> {
    const { isCalm, log } = this.#options;
    const { name } = statement;
    try {
      if (this.#isUnable) return;
      // Does not count as planned: the pool may be calm the next time the statement is slow.
      if (!isCalm()) return log.debug({ query: name }, 'no plan of a slow query: no connection to spare');
      this.#lookedAt.set(name, performance.now());
      log.warn({ query: name, plan: summarizePlan(await this.#explain(statement)) }, 'plan of a slow query');
    } catch (error) {
      this.#isUnable ||= sqlState(error) === SYNTAX_ERROR;
      log.debug({ err: error, query: name }, 'no plan of a slow query');
    } finally {
      this.#isBusy = false;
    }
  }

  async #explain({ text, restaurantId }: SentStatement): Promise<PlanNode> {
    const client = await this.#options.pool.connect();
    let broken = true;
    // Without a listener, a connection that dies here ends the process. Its statement fails by
    // itself.
    const ignore = (): void => undefined;
    client.on('error', ignore);
    try {
      const bounds = `set local statement_timeout = ${PLANNING_MS}; set local lock_timeout = ${LOCK_MS}`;
      await this.#ask(
        client,
        `begin read only; set local app.restaurant_id = '${assertUuid(restaurantId)}'; ${bounds}`,
      );
      const { rows } = await this.#ask(client, `explain (generic_plan, format json) ${text}`);
      await this.#ask(client, 'rollback');
      broken = false;
      // `explain (format json)` answers one row of one column, a list of one plan.
      return (rows as { 'QUERY PLAN': [{ Plan: PlanNode }] }[])[0]?.['QUERY PLAN'][0].Plan ?? { 'Node Type': 'none' };
    } finally {
      // After a failure the connection is closed, and its transaction with it.
      client.off('error', ignore);
      client.release(broken);
    }
  }

  #ask(client: pg.PoolClient, text: string): Promise<pg.QueryResult> {
    // The time limit of one query is pg's own and missing in its types.
    return client.query({ text, query_timeout: PLANNING_MS } as pg.QueryConfig);
  }
}
