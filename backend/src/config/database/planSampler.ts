/**
 * Looks at the plans of slow statements, so that the log says not only that a statement was slow but how it is carried out.
 *
 * Only planned, never run: `explain` without `analyze`, of the text without its values (`generic_plan`, PostgreSQL 16 and newer),
 * for the restaurant that met the slowness, since row-level security takes part in the plan. In a read-only transaction that is
 * rolled back, with bounds on locks and time, on a connection that nobody waits for. `auto_explain` would show the plan that was
 * really used, with its times; it needs a library loaded in the server and is the operator's to switch on.
 */
import type pg from 'pg';
import type { Logger } from '../logger.js';
import { sqlState } from './failures.js';
import { type PlanNode, summarizePlan } from './planSummary.js';
import type { SentStatement } from './statementWatch.js';
import { setTenant } from './transaction.js';

/** Lets whoever was slowed down finish first. */
const PAUSE_MS = 1_000;
/** Between two looks at one statement. */
const AGAIN_AFTER_MS = 3_600_000;
const PLANNING_MS = 2_000;
const LOCK_MS = 100;
/** What `explain` takes; the rest, such as `analyze`, has no plan. */
const HAS_PLAN = /^\s*(?:with|select|insert|update|delete)\b/i;
const SYNTAX_ERROR = '42601';

interface Options {
  pool: pg.Pool;
  /** Whether a connection is free and nobody wants it. */
  isCalm: () => boolean;
  log: Logger;
}

export class PlanSampler {
  readonly #options: Options;
  /** By name, of which the program has a fixed number. */
  readonly #lookedAt = new Map<string, number>();
  #isBusy = false;
  #isUnable = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Looks at a statement in a moment, unless it did within the hour, looks at another one, or has no connection to spare. */
  consider(statement: SentStatement): void {
    const lookedAt = this.#lookedAt.get(statement.name) ?? Number.NEGATIVE_INFINITY;
    if (this.#isBusy || this.#isUnable || !HAS_PLAN.test(statement.text)) return;
    if (performance.now() - lookedAt < AGAIN_AFTER_MS) return;
    this.#isBusy = true;
    this.#timer = setTimeout(() => void this.#look(statement), PAUSE_MS);
    this.#timer.unref();
  }

  /** What is looked at ends by itself, within its bounds. */
  close(): void {
    this.#isUnable = true;
    clearTimeout(this.#timer);
  }

  async #look(statement: SentStatement): Promise<void> {
    const { isCalm, log } = this.#options;
    const { name } = statement;
    try {
      if (this.#isUnable) return;
      // Not counted as looked at: the next time it is slow, the pool may be calm.
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
    // Without a listener a connection that dies here ends the process; the statement on it fails by itself.
    const ignore = (): void => undefined;
    client.on('error', ignore);
    try {
      const bounds = `set local statement_timeout = ${PLANNING_MS}; set local lock_timeout = ${LOCK_MS}`;
      await this.#ask(client, `begin read only; ${setTenant(restaurantId)}; ${bounds}`);
      const { rows } = await this.#ask(client, `explain (generic_plan, format json) ${text}`);
      await this.#ask(client, 'rollback');
      broken = false;
      // What `explain (format json)` answers: one row of one column, a list of one plan.
      return (rows as { 'QUERY PLAN': [{ Plan: PlanNode }] }[])[0]?.['QUERY PLAN'][0].Plan ?? { 'Node Type': 'none' };
    } finally {
      // What failed takes its connection along, and with it the transaction.
      client.off('error', ignore);
      client.release(broken);
    }
  }

  #ask(client: pg.PoolClient, text: string): Promise<pg.QueryResult> {
    // The time limit of one query is pg's own, and not in its types.
    return client.query({ text, query_timeout: PLANNING_MS } as pg.QueryConfig);
  }
}
