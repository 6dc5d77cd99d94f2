import { query, type Tx } from '../config/database.js';
import type { ApiKeyKind } from '../domain/people/rateLimits.js';
import type { Scope } from '../domain/people/roles.js';

export interface ApiKey {
  id: string;
  name: string;
  kind: ApiKeyKind;
  scopes: Scope[];
  /** The last four characters of the key, to tell keys apart. */
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
  /** The caller that made the key, as `<kind>:<id>`. */
  createdBy: string;
  createdAt: Date;
  expiresAt: Date | null;
}

const COLUMNS = `k.id, k.name, k.kind, k.scopes, k.hint, k.created_at as "createdAt", k.expires_at as "expiresAt"`;

const insertApiKey = query(
  'apiKey.insert',
  `insert into api_keys (restaurant_id, id, name, key_hash, hint, scopes, created_by, created_at, expires_at, kind)
   values ($1, $2, $3, $4, $5, $6::text[], $7, $8, $9, $10)`,
);

const listApiKeys = query<ApiKey>(
  'apiKey.list',
  `select ${COLUMNS} from api_keys k
   where k.restaurant_id = $1 and k.revoked_at is null and k.id > $2
   order by k.id
   limit $3`,
);

const revokeApiKey = query<{ name: string }>(
  'apiKey.revoke',
  `update api_keys set revoked_at = $3
   where restaurant_id = $1 and id = $2 and revoked_at is null
   returning name`,
);

const findLiveByHash = query<ApiKey & { planFactor: number }>(
  'apiKey.findLiveByHash',
  `select ${COLUMNS}, r.limit_factor as "planFactor"
   from api_keys k
   join restaurants r on r.id = k.restaurant_id
   where k.restaurant_id = $1 and k.key_hash = $2 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $3)`,
);

// The shared lock keeps a key from being revoked after its rights are checked and before they are
// passed on.
const shareLiveById = query<{ scopes: Scope[]; expiresAt: string | null }>(
  'apiKey.shareLive',
  `select scopes, expires_at as "expiresAt" from api_keys
   where restaurant_id = $1 and id = $2 and revoked_at is null and (expires_at is null or expires_at > $3)
   for share`,
);

// Callers make keys one after the other: when one place is left, only one caller gets it. The lock
// is kept until the end of the transaction.
const lockKeys = query('apiKey.lockAll', `select pg_advisory_xact_lock(hashtextextended('api_keys ' || $1::text, 0))`);

const countLive = query<{ live: number }>(
  'apiKey.countLive',
  `select count(*)::int as live from api_keys
   where restaurant_id = $1 and revoked_at is null and (expires_at is null or expires_at > $2)`,
);

const findById = query<ApiKey>(
  'apiKey.find',
  `select ${COLUMNS} from api_keys k
   where k.restaurant_id = $1 and k.id = $2`,
);

/** Revoked keys stay in the table. No method returns them, except `find`. */
export class ApiKeyRepository {
  async insert(restaurantId: string, tx: Tx, key: NewApiKey): Promise<void> {
    const { id, name, kind, hash, hint, scopes, createdBy, createdAt, expiresAt } = key;
    await tx.run(insertApiKey, [restaurantId, id, name, hash, hint, scopes, createdBy, createdAt, expiresAt, kind]);
  }

  list(restaurantId: string, tx: Tx, afterId: string, limit: number): Promise<ApiKey[]> {
    return tx.many(listApiKeys, [restaurantId, afterId, limit]);
  }

  /** @returns the key's name; undefined when the key does not exist or is revoked already. */
  async revoke(restaurantId: string, tx: Tx, keyId: string, at: Date): Promise<string | undefined> {
    const row = await tx.maybeOne(revokeApiKey, [restaurantId, keyId, at]);
    return row?.name;
  }

  /** Keeps other callers from making a key of the restaurant until the transaction ends. */
  async lockAll(restaurantId: string, tx: Tx): Promise<void> {
    await tx.run(lockKeys, [restaurantId]);
  }

  /** Number of keys that are neither revoked nor expired. */
  async countLive(restaurantId: string, tx: Tx, at: Date): Promise<number> {
    return (await tx.one(countLive, [restaurantId, at])).live;
  }

  /** The key with this digest; undefined when it is revoked or expired. */
  async findLive(
    restaurantId: string,
    tx: Tx,
    hash: string,
    at: Date,
  ): Promise<{ key: ApiKey; planFactor: number } | undefined> {
    const row = await tx.maybeOne(findLiveByHash, [restaurantId, hash, at]);
    if (!row) return undefined;
    const { planFactor, ...key } = row;
    return { key, planFactor };
  }

  /**
   * Scopes and expiry of a key that is neither revoked nor expired. They stay the same until the
   * transaction ends.
   */
  shareLiveById(
    restaurantId: string,
    tx: Tx,
    keyId: string,
    at: Date,
  ): Promise<{ scopes: Scope[]; expiresAt: string | null } | undefined> {
    return tx.maybeOne(shareLiveById, [restaurantId, keyId, at]);
  }

  /** The key, revoked or not. */
  find(restaurantId: string, tx: Tx, keyId: string): Promise<ApiKey | undefined> {
    return tx.maybeOne(findById, [restaurantId, keyId]);
  }
}
