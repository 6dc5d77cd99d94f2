/**
 * The work of a statement, counted in rows: no clock is used, so a busy machine changes nothing.
 */
import assert from 'node:assert/strict';
import type { SetupClient } from '../../src/config/database.js';

/** A node of `explain (analyze, format json)`. Rows are averages of its loops. */
interface RunNode {
  'Node Type': string;
  'Actual Loops': number;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Join Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: RunNode[];
}

/**
 * Runs a prepared statement and undoes it.
 * @returns the rows that its nodes passed on or discarded, counted at each visit; undefined if it
 * failed.
 */
export async function workOf(client: SetupClient, execute: string): Promise<number | undefined> {
  await client.query('begin');
  try {
    return await workWithin(client, execute);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    // A sample that breaks a constraint. What takes too long is no such thing.
    if (!/^2[23]/.test(code)) throw error;
    return undefined;
  } finally {
    await client.query('rollback');
  }
}

/** As `workOf`, in a transaction that the caller undoes. */
export async function workWithin(client: SetupClient, execute: string): Promise<number> {
  const { rows } = await client.query<{ 'QUERY PLAN': { Plan: RunNode }[] }>(
    `explain (analyze, timing off, format json) ${execute}`,
  );
  const plan = rows[0]?.['QUERY PLAN'][0]?.Plan;
  assert.ok(plan);
  return workOfNode(plan);
}

function workOfNode(node: RunNode): number {
  const rows =
    node['Actual Rows'] +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Join Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0);
  return (node.Plans ?? []).reduce((sum, child) => sum + workOfNode(child), rows * node['Actual Loops']);
}
