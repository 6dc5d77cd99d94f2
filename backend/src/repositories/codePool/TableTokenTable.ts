import { query, type Tx } from '../../config/database.js';

/** The token of one table. */
export interface TableToken {
  id: string;
  poolId: string;
  tableName: string;
  /** The public part of the token. */
  tokenId: string;
  tokenVersion: number;
  isRevoked: boolean;
  uses: number;
  lastUsedAt: string | null;
}

const COLUMNS = `id, pool_id as "poolId", table_name as "tableName", token_id as "tokenId", token_version as "tokenVersion",
  is_revoked as "isRevoked", uses, last_used_at as "lastUsedAt"`;

// A revoked token gets its next version when the table is claimed again.
const provide = query<TableToken & { isNew: boolean }>(
  'tableToken.provide',
  `insert into code_table_tokens (restaurant_id, id, pool_id, table_name, token_id, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $6)
   on conflict (restaurant_id, pool_id, table_name) do update
   set token_version = code_table_tokens.token_version + code_table_tokens.is_revoked::int, is_revoked = false, updated_at = $6
   returning ${COLUMNS}, id = $2 as "isNew"`,
);
const list = query<TableToken>(
  'tableToken.listOfPool',
  `select ${COLUMNS} from code_table_tokens
   where restaurant_id = $1 and pool_id = $2 and not is_revoked
   order by table_name
   limit $3`,
);
const revoke = query<TableToken>(
  'tableToken.revoke',
  `update code_table_tokens set is_revoked = true, updated_at = $3
   where restaurant_id = $1 and id = $2
   returning ${COLUMNS}`,
);
const find = query<TableToken>(
  'tableToken.find',
  `select ${COLUMNS} from code_table_tokens where restaurant_id = $1 and token_id = $2`,
);
// Checks version and cool-down in the statement that uses the token: of many scans at once, one
// counts.
const use = query<TableToken>(
  'tableToken.use',
  `update code_table_tokens t
   set uses = t.uses + 1, last_used_at = $4
   from code_pools p
   where t.restaurant_id = $1 and t.token_id = $2 and t.token_version = $3 and not t.is_revoked
     and p.restaurant_id = $1 and p.id = t.pool_id and p.deleted_at is null
     and (t.last_used_at is null or t.last_used_at <= $4::timestamptz - make_interval(secs => coalesce(p.cool_down_seconds, 0)))
   returning t.id, t.pool_id as "poolId", t.table_name as "tableName", t.token_id as "tokenId", t.token_version as "tokenVersion",
     t.is_revoked as "isRevoked", t.uses, t.last_used_at as "lastUsedAt"`,
);

export class TableTokenTable {
  /** The token of a table, made if it has none. */
  provide(
    restaurantId: string,
    tx: Tx,
    token: Pick<TableToken, 'id' | 'poolId' | 'tableName' | 'tokenId'>,
    at: Date,
  ): Promise<TableToken & { isNew: boolean }> {
    return tx.one(provide, [restaurantId, token.id, token.poolId, token.tableName, token.tokenId, at]);
  }

  /** Tokens that are not revoked, by the name of the table. */
  ofPool(restaurantId: string, tx: Tx, poolId: string, limit: number): Promise<TableToken[]> {
    return tx.many(list, [restaurantId, poolId, limit]);
  }

  revoke(restaurantId: string, tx: Tx, id: string, at: Date): Promise<TableToken | undefined> {
    return tx.maybeOne(revoke, [restaurantId, id, at]);
  }

  find(restaurantId: string, tx: Tx, tokenId: string): Promise<TableToken | undefined> {
    return tx.maybeOne(find, [restaurantId, tokenId]);
  }

  /** Uses a token. Undefined: unknown, revoked, of an older version, or still cooling down. */
  use(restaurantId: string, tx: Tx, tokenId: string, version: number, at: Date): Promise<TableToken | undefined> {
    return tx.maybeOne(use, [restaurantId, tokenId, version, at]);
  }
}
