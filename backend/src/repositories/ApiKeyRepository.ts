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
  /** To the minute; null for a key that was never used. */
  lastSeenAt: string | null;
  version: number;
}

/** A key whose row is locked. */
export interface LockedKey {
  name: string;
  kind: ApiKeyKind;
  scopes: Scope[];
  expiresAt: string | null;
  version: number;
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

const BASE = `k.id, k.name, k.kind, k.scopes, k.hint, k.created_at as "createdAt",
     k.last_seen_at as "lastSeenAt", k.version`;
const COLUMNS = `${BASE}, k.expires_at as "expiresAt"`;

const insertApiKey = query(
  'apiKey.insert',
  `insert into api_keys (restaurant_id, id, name, key_hash, hint, scopes, created_by, created_at, expires_at, kind)
   values ($1, $2, $3, $4, $5, $6::text[], $7, $8, $9, $10)`,
);

const listApiKeys = query<ApiKey>(
  'apiKey.list',
  `select ${COLUMNS} from api_keys k
   where k.restaurant_id = $1 and k.revoked_at is null and k.id > $2 and ($4::text[] is null or k.kind = any ($4))
   order by k.id
   limit $3`,
);

const revokeApiKey = query<{ name: string }>(
  'apiKey.revoke',
  `update api_keys set revoked_at = $3
   where restaurant_id = $1 and id = $2 and revoked_at is null and ($4::text[] is null or kind = any ($4))
   returning name`,
);

const findLiveByHash = query<ApiKey & { planFactor: number }>(
  'apiKey.findLiveByHash',
  `select ${BASE}, r.limit_factor as "planFactor",
     case when k.key_hash = $2 then k.expires_at else least(k.expires_at, k.previous_until) end as "expiresAt"
   from api_keys k
   join restaurants r on r.id = k.restaurant_id
   where k.restaurant_id = $1 and (k.key_hash = $2 or (k.previous_hash = $2 and k.previous_until > $3))
     and k.revoked_at is null and (k.expires_at is null or k.expires_at > $3)`,
);

const findLiveById = query<ApiKey & { planFactor: number }>(
  'apiKey.findLiveById',
  `select ${COLUMNS}, r.limit_factor as "planFactor"
   from api_keys k
   join restaurants r on r.id = k.restaurant_id
   where k.restaurant_id = $1 and k.id = $2 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $3)`,
);

const lockLive = query<LockedKey>(
  'apiKey.lockLive',
  `select name, kind, scopes, expires_at as "expiresAt", version from api_keys
   where restaurant_id = $1 and id = $2 and revoked_at is null and (expires_at is null or expires_at > $3)
   for update`,
);

const rename = query(
  'apiKey.rename',
  'update api_keys set name = $3, version = version + 1 where restaurant_id = $1 and id = $2',
);

const rotate = query(
  'apiKey.rotate',
  `update api_keys
   set previous_hash = case when $5::timestamptz is not null then key_hash end, previous_until = $5,
     key_hash = $3, hint = $4, version = version + 1
   where restaurant_id = $1 and id = $2`,
);

// Two instances note the same keys. Without `skip locked`, they could wait for each other.
const markSeen = query(
  'apiKey.markSeen',
  `update api_keys set last_seen_at = $3
   where restaurant_id = $1 and id in (
     select id from api_keys
     where restaurant_id = $1 and id = any ($2::uuid[]) and (last_seen_at is null or last_seen_at < $4)
     for no key update skip locked)`,
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

  /** @param kinds of keys; absent: all. */
  list(
    restaurantId: string,
    tx: Tx,
    page: { after: string; limit: number },
    kinds?: readonly ApiKeyKind[],
  ): Promise<ApiKey[]> {
    return tx.many(listApiKeys, [restaurantId, page.after, page.limit, kinds ?? null]);
  }

  /** @returns the key's name; undefined when the key does not exist or is revoked already. */
  async revoke(
    restaurantId: string,
    tx: Tx,
    keyId: string,
    at: Date,
    kinds?: readonly ApiKeyKind[],
  ): Promise<string | undefined> {
    const row = await tx.maybeOne(revokeApiKey, [restaurantId, keyId, at, kinds ?? null]);
    return row?.name;
  }

  /** @returns undefined for a key that is unknown, revoked or expired. */
  lockLive(restaurantId: string, tx: Tx, keyId: string, at: Date): Promise<LockedKey | undefined> {
    return tx.maybeOne(lockLive, [restaurantId, keyId, at]);
  }

  async rename(restaurantId: string, tx: Tx, keyId: string, name: string): Promise<void> {
    await tx.run(rename, [restaurantId, keyId, name]);
  }

  /**
   * Gives a key another secret. @param oldUntil the old one works until then; null: it ends now.
   */
  async rotate(
    restaurantId: string,
    tx: Tx,
    keyId: string,
    secret: { hash: string; hint: string; oldUntil: Date | null },
  ): Promise<void> {
    await tx.run(rotate, [restaurantId, keyId, secret.hash, secret.hint, secret.oldUntil]);
  }

  /** Notes the last use of keys, except where a use after `unlessAfter` is noted. */
  async markSeen(restaurantId: string, tx: Tx, keyIds: readonly string[], at: Date, unlessAfter: Date): Promise<void> {
    await tx.run(markSeen, [restaurantId, keyIds, at, unlessAfter]);
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
    return withPlan(await tx.maybeOne(findLiveByHash, [restaurantId, hash, at]));
  }

  /** Same as `findLive`, by id. */
  async findLiveById(
    restaurantId: string,
    tx: Tx,
    keyId: string,
    at: Date,
  ): Promise<{ key: ApiKey; planFactor: number } | undefined> {
    return withPlan(await tx.maybeOne(findLiveById, [restaurantId, keyId, at]));
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

function withPlan(row: (ApiKey & { planFactor: number }) | undefined): { key: ApiKey; planFactor: number } | undefined {
  if (!row) return undefined;
  const { planFactor, ...key } = row;
  return { key, planFactor };
}
