/**
 * Holds every event that the API of a test has written against the schema of its type in the part
 * `webhooks` of /openapi.json.
 */
import assert from 'node:assert/strict';
import { withClient } from '../../src/config/database.js';
import type { ContractCheck, Json } from './contract.js';

/** Of one type, where a test has written very many. */
const MOST_OF_A_TYPE = 2_000;

/** No server, no such database, or one that is shut down. */
const GONE = new Set(['ECONNREFUSED', 'ECONNRESET', '3D000', '57P01', '57P03']);

const EVENTS = `
  select type, event from (
    select type, row_number() over (partition by type) as place, jsonb_build_object('position', position, 'id', id, 'type', type,
      'subject', subject, 'subjectId', subject_id, 'data', data, 'createdAt', to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as event
    from (
      select 1::bigint as position, id, type, subject, subject_id, data, created_at from events
      union all
      select position, event_id, type, subject, subject_id, data, created_at from event_feed
    ) written
  ) numbered
  where place <= $1`;

/** @param ownTypes types whose events the test itself has made up. */
export async function checkEvents(
  contract: ContractCheck,
  ownerUrl: string,
  ownTypes: readonly string[],
): Promise<void> {
  const rows = await readEvents(ownerUrl);
  const faults = new Set<string>();
  for (const { type, event } of rows) {
    if (ownTypes.includes(type)) continue;
    const fault = contract.faultOfEvent(type, event);
    if (fault !== undefined) faults.add(fault);
  }
  assert.deepEqual([...faults].slice(0, 10), [], 'events that /openapi.json does not describe');
}

/** None when the test has taken its database down. */
async function readEvents(ownerUrl: string): Promise<{ type: string; event: Json }[]> {
  try {
    const read = withClient(
      ownerUrl,
      (owner) => owner.query<{ type: string; event: Json }>(EVENTS, [MOST_OF_A_TYPE]),
      30_000,
    );
    return (await read).rows;
  } catch (error) {
    if (error instanceof Error && 'code' in error && GONE.has(String(error.code))) return [];
    throw error;
  }
}
