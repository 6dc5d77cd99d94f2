/** Plans that are made at one moment and carried out at a later one, and what they read. */
import type { Query, SetupClient } from '../../src/config/database.js';
import { executionOf, prepareAs } from './planSurvey.js';
import type { YearOfTrade } from './yearOfTrade.js';

/** PostgreSQL decides with the sixth execution whether one plan will do for all. */
const EXECUTIONS = 6;

/**
 * PostgreSQL's own queries for each foreign key: on the parent table when a row is added, and on
 * the child table when a row is deleted, where the application may delete one.
 */
const REFERENCES = `
  with pair as (
    select k.oid, string_agg(format('%I operator(pg_catalog.=) $%s', theirs.attname, place), ' and ' order by place) as there,
      string_agg(format('$%s operator(pg_catalog.=) %I', place, ours.attname), ' and ' order by place) as here
    from pg_constraint k
    cross join lateral unnest(k.conkey, k.confkey) with ordinality as u(our, their, place)
    join pg_attribute ours on ours.attrelid = k.conrelid and ours.attnum = u.our
    join pg_attribute theirs on theirs.attrelid = k.confrelid and theirs.attnum = u.their
    where k.contype = 'f'
    group by k.oid
  )
  select format('%s of %s, looked for', k.conname, k.conrelid::regclass) as name,
    format('select 1 from only %s x where %s for key share of x', k.confrelid::regclass, there) as text
  from pair join pg_constraint k using (oid)
  union all
  select format('%s of %s, looked back', k.conname, k.conrelid::regclass),
    format('select 1 from only %s x where %s for key share of x', k.conrelid::regclass, here)
  from pair join pg_constraint k using (oid)
  where has_table_privilege('servio_app', k.confrelid, 'delete')`;

const COUNTERS = `
  select c.oid::regclass::text as name, pg_stat_get_xact_numscans(c.oid) as scans, pg_stat_get_xact_tuples_returned(c.oid) as rows
  from pg_class c
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'i')`;

/** A statement that a connection has a plan for. */
export interface KeptPlan {
  client: SetupClient;
  name: string;
  statement: Query<unknown>;
}

/** `scans`: table or index, its scans and the rows that they read. */
export interface Reading {
  scans: { name: string; scans: number; rows: number }[];
  /** SQLSTATE with which it ended; empty when it succeeded. */
  state: string;
}

/** The questions behind foreign keys, as statements. */
export async function referenceStatements(owner: SetupClient): Promise<Query<unknown>[]> {
  return (await owner.query<Query<unknown>>(REFERENCES)).rows;
}

/** Lets PostgreSQL settle on a plan for each statement, over the tables as they are now. */
export async function settlePlans(
  client: SetupClient,
  statements: readonly Query<unknown>[],
  year: YearOfTrade,
): Promise<KeptPlan[]> {
  const kept: KeptPlan[] = [];
  for (const statement of statements) {
    const name = `kept_${kept.length}`;
    const execute = await prepareAs(client, name, statement, year.largest, year);
    await client.query(`explain ${execute};`.repeat(EXECUTIONS));
    kept.push({ client, name, statement });
  }
  return kept;
}

/** Carries out a plan and undoes what it did. */
export async function read({ client, name, statement }: KeptPlan, year: YearOfTrade): Promise<Reading> {
  const execute = await executionOf(client, name, statement, year.largest, year);
  await client.query('begin');
  const before = await counters(client);
  await client.query('savepoint reading');
  const state = await client.query(execute).then(
    () => '',
    (error: { code?: string }) => error.code ?? 'none',
  );
  await client.query('rollback to reading');
  const after = await counters(client);
  await client.query('rollback');
  const scans = [...after].map(([index, now]) => {
    const then = before.get(index) ?? { scans: 0, rows: 0 };
    return { name: index, scans: now.scans - then.scans, rows: now.rows - then.rows };
  });
  return { scans: scans.filter((one) => one.scans > 0), state };
}

export function rowsOf({ scans }: Reading): number {
  return scans.reduce((sum, { rows }) => sum + rows, 0);
}

async function counters(client: SetupClient): Promise<Map<string, { scans: number; rows: number }>> {
  const { rows } = await client.query<{ name: string; scans: number; rows: number }>(COUNTERS);
  return new Map(rows.map((row) => [row.name, row]));
}
