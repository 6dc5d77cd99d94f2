import { query, type Tx } from '../config/database.js';
import type { ApiKeyKind } from '../domain/people/rateLimits.js';
import type { Scope } from '../domain/people/roles.js';

export interface ApiKey {
  id: string;
  name: string;
  kind: ApiKeyKind;
  scopes: Scope[];
  /** The last four characters, to tell keys apart. */
  hint: string;
  createdAt: string;
  expiresAt: string | null;
}

export interface NewApiKey {
  id: string;
  name: string;
  kind: ApiKeyKind;
  scopes: readonly Scope[];
  hash: string;
  hint: string;
  /** `<kind>:<id>` of whoever made it. */
  createdBy: string;
  createdAt: Date;
  expiresAt: Date | null;
}

interface ApiKeyRow {
  id: string;
  name: string;
  kind: ApiKeyKind;
  scopes: Scope[];
  hint: string;
  created_at: string;
  expires_at: string | null;
}

const insertApiKey = query(
  'apiKey.insert',
  `insert into api_keys (restaurant_id, id, name, key_hash, hint, scopes, created_by, created_at, expires_at, kind)
   values ($1, $2, $3, $4, $5, $6::text[], $7, $8, $9, $10)`,
);

const listApiKeys = query<ApiKeyRow>(
  'apiKey.list',
  `select id, name, kind, scopes, hint, created_at, expires_at from api_keys
   where restaurant_id = $1 and revoked_at is null and id > $2
   order by id
   limit $3`,
);

const revokeApiKey = query<{ name: string }>(
  'apiKey.revoke',
  `update api_keys set revoked_at = $3
   where restaurant_id = $1 and id = $2 and revoked_at is null
   returning name`,
);

const findLiveByHash = query<ApiKeyRow & { limit_factor: number }>(
  'apiKey.findLiveByHash',
  `select k.id, k.name, k.kind, k.scopes, k.hint, k.created_at, k.expires_at, r.limit_factor
   from api_keys k
   join restaurants r on r.id = k.restaurant_id
   where k.restaurant_id = $1 and k.key_hash = $2 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $3)`,
);

// Shared, so that no key is revoked between what it may give and what it gives.
const shareLiveById = query<{ scopes: Scope[]; expires_at: string | null }>(
  'apiKey.shareLive',
  `select scopes, expires_at from api_keys
   where restaurant_id = $1 and id = $2 and revoked_at is null and (expires_at is null or expires_at > $3)
   for share`,
);

// One after the other: of those who meet the last place free, one gets it. Until the end of the transaction.
const lockKeys = query('apiKey.lockAll', `select pg_advisory_xact_lock(hashtextextended('api_keys ' || $1::text, 0))`);

const countLive = query<{ live: number }>(
  'apiKey.countLive',
  `select count(*)::int as live from api_keys
   where restaurant_id = $1 and revoked_at is null and (expires_at is null or expires_at > $2)`,
);

const findById = query<ApiKeyRow>(
  'apiKey.find',
  `select id, name, kind, scopes, hint, created_at, expires_at from api_keys
   where restaurant_id = $1 and id = $2`,
);

/** Revoked keys stay in the table and out of every answer. */
export class ApiKeyRepository {
  async insert(restaurantId: string, tx: Tx, key: NewApiKey): Promise<void> {
    const { id, name, kind, hash, hint, scopes, createdBy, createdAt, expiresAt } = key;
    await tx.run(insertApiKey, [restaurantId, id, name, hash, hint, scopes, createdBy, createdAt, expiresAt, kind]);
  }

  async list(restaurantId: string, tx: Tx, afterId: string, limit: number): Promise<ApiKey[]> {
    const rows = await tx.many(listApiKeys, [restaurantId, afterId, limit]);
    return rows.map(toApiKey);
  }

  /** @returns the key's name; undefined when there is no such key, or no longer. */
  async revoke(restaurantId: string, tx: Tx, keyId: string, at: Date): Promise<string | undefined> {
    const row = await tx.maybeOne(revokeApiKey, [restaurantId, keyId, at]);
    return row?.name;
  }

  /** Nobody else makes a key of the restaurant until the transaction ends. */
  async lockAll(restaurantId: string, tx: Tx): Promise<void> {
    await tx.run(lockKeys, [restaurantId]);
  }

  /** How many keys are neither revoked nor expired. */
  async countLive(restaurantId: string, tx: Tx, at: Date): Promise<number> {
    return (await tx.one(countLive, [restaurantId, at])).live;
  }

  /** The key with this digest, while it is neither revoked nor expired. */
  async findLive(
    restaurantId: string,
    tx: Tx,
    hash: string,
    at: Date,
  ): Promise<{ key: ApiKey; planFactor: number } | undefined> {
    const row = await tx.maybeOne(findLiveByHash, [restaurantId, hash, at]);
    return row && { key: toApiKey(row), planFactor: row.limit_factor };
  }

  /** What a key may do and for how long, while it is neither revoked nor expired. It stays so until the transaction ends. */
  async shareLiveById(
    restaurantId: string,
    tx: Tx,
    keyId: string,
    at: Date,
  ): Promise<{ scopes: Scope[]; expiresAt: string | null } | undefined> {
    const row = await tx.maybeOne(shareLiveById, [restaurantId, keyId, at]);
    return row && { scopes: row.scopes, expiresAt: row.expires_at };
  }

  async find(restaurantId: string, tx: Tx, keyId: string): Promise<ApiKey | undefined> {
    const row = await tx.maybeOne(findById, [restaurantId, keyId]);
    return row && toApiKey(row);
  }
}

function toApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    scopes: row.scopes,
    hint: row.hint,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
}
