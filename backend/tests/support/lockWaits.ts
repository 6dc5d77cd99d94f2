/**
 * Finds connections that wait for a database lock, for tests that let one write overtake another.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '../../src/config/database.js';
import type { TestDatabase } from './database.js';

const WAIT_STEPS = 2_000;
const WAIT_STEP_MS = 5;

/** Statements of Servio that wait for a lock. */
export function countWaiting(database: TestDatabase): Promise<number> {
  return withClient(database.ownerUrl, async (client) => {
    const found = await client.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and application_name = 'servio' and wait_event_type = 'Lock'`,
    );
    return found.rows[0]?.count ?? 0;
  });
}

/** Waits until more than `waiting` statements wait, or nobody needs to any more. */
export async function untilWaiting(database: TestDatabase, waiting: number, isOver: () => boolean): Promise<void> {
  for (let step = 0; step < WAIT_STEPS; step += 1) {
    if (isOver() || (await countWaiting(database)) > waiting) return;
    await sleep(WAIT_STEP_MS);
  }
  assert.fail('the request neither waits for a lock nor is answered');
}
