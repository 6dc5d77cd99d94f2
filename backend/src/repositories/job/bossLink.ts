/** Lets pg-boss run its statements inside a transaction of Servio. */
import { createHash } from 'node:crypto';
import type { Db } from 'pg-boss';
import type { Query, Tx } from '../../config/database.js';

interface Row {
  [column: string]: unknown;
}

/** pg-boss has few texts: some per queue. Each keeps its name, so that it is prepared once. */
const statements = new Map<string, Query<Row>>();

/**
 * @param verb names the statement in metrics and logs, such as `send`. pg-boss writes the name of
 *   the queue into the text, so the name also contains a digest of the text.
 */
export function bossLink(tx: Tx, verb: string): Db {
  return {
    executeSql: async (text: string, values: unknown[] = []) => ({ rows: await tx.many(named(verb, text), values) }),
  };
}

/** What pg-boss answers to a change of jobs; its types leave this out. */
interface Changed {
  affected: number;
  settled?: string[];
}

/** @returns how many jobs were changed. */
export function affectedBy(response: object): number {
  return (response as Changed).affected;
}

/** @returns ids of the jobs that were changed. */
export function settledBy(response: object): ReadonlySet<string> {
  return new Set((response as Changed).settled ?? []);
}

function named(verb: string, text: string): Query<Row> {
  const known = statements.get(text);
  if (known) return known;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const statement = { name: `job.${verb}.${digest}`, text };
  statements.set(text, statement);
  return statement;
}
