/** Looks behind the API as the owner of the database: what stands in which table. */
import { withClient } from '../../src/config/database.js';

export type Digests = Record<string, { rows: number; digest: string }>;

/** Written some seconds after a call, for whichever call it was. */
const BACKGROUND = '{last_seen_at}';

/**
 * Counts and hashes the rows of every table, to check that a request stored nothing.
 * @param restaurantId reads the rows of one restaurant, and skips tables without restaurants.
 */
export function digestRows(ownerUrl: string, restaurantId?: string): Promise<Digests> {
  return withClient(ownerUrl, async (client) => {
    const tables = await client.query<{ name: string; tenant: string | null }>(`
      select c.relname as name,
        case when c.relname = 'restaurants' then 'id' else a.attname end as tenant
      from pg_class c
      left join pg_attribute a on a.attrelid = c.oid and a.attname = 'restaurant_id' and not a.attisdropped
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      order by 1`);
    const digests: Digests = {};
    for (const { name, tenant } of tables.rows) {
      if (restaurantId !== undefined && tenant === null) continue;
      const found = await client.query<{ rows: number; digest: string }>(
        `select count(*)::int as rows, md5(coalesce(string_agg(r.line, chr(10) order by r.line), '')) as digest
         from ${client.escapeIdentifier(name)} t
         cross join lateral (select (to_jsonb(t) - '${BACKGROUND}'::text[])::text as line) r ${restaurantId === undefined ? '' : `where t.${tenant} = $1`}`,
        restaurantId === undefined ? [] : [restaurantId],
      );
      digests[name] = found.rows[0] ?? { rows: 0, digest: '' };
    }
    return digests;
  });
}
