import { query, type Tx } from '../config/database.js';

export interface Preference {
  key: string;
  value: Record<string, unknown>;
  version: number;
  createdAt: string;
  updatedAt: string;
}

/** A person or device in a restaurant: `user:<id>` or `api_key:<id>`. */
export interface PreferenceOwner {
  restaurantId: string;
  owner: string;
}

const COLUMNS = 'key, value, version, created_at as "createdAt", updated_at as "updatedAt"';

const listPreferences = query<Preference>(
  'preference.list',
  `select ${COLUMNS} from preferences
   where restaurant_id = $1 and owner = $2 and key > $3
   order by key
   limit $4`,
);

const findPreference = query<Preference>(
  'preference.find',
  `select ${COLUMNS} from preferences
   where restaurant_id = $1 and owner = $2 and key = $3`,
);

const lockPreference = query<{ version: number }>(
  'preference.lock',
  `select version from preferences
   where restaurant_id = $1 and owner = $2 and key = $3
   for update`,
);

// One owner makes preferences one after the other: when one place is left, only one call gets it.
const lockOwner = query(
  'preference.lockOwner',
  `select pg_advisory_xact_lock(hashtextextended('preferences ' || $1::text || ' ' || $2::text, 0))`,
);

const countPreferences = query<{ count: number }>(
  'preference.count',
  'select count(*)::int as count from preferences where restaurant_id = $1 and owner = $2',
);

const insertPreference = query<Preference>(
  'preference.insert',
  `insert into preferences (restaurant_id, owner, key, value, created_at, updated_at)
   values ($1, $2, $3, $4::jsonb, $5, $5)
   on conflict (restaurant_id, owner, key) do nothing
   returning ${COLUMNS}`,
);

const updatePreference = query<Preference>(
  'preference.update',
  `update preferences set value = $4::jsonb, version = version + 1, updated_at = $5
   where restaurant_id = $1 and owner = $2 and key = $3
   returning ${COLUMNS}`,
);

const deletePreference = query(
  'preference.delete',
  'delete from preferences where restaurant_id = $1 and owner = $2 and key = $3',
);

export class PreferenceRepository {
  /** In the order of their keys. */
  list({ restaurantId, owner }: PreferenceOwner, tx: Tx, after: string, limit: number): Promise<Preference[]> {
    return tx.many(listPreferences, [restaurantId, owner, after, limit]);
  }

  find({ restaurantId, owner }: PreferenceOwner, tx: Tx, key: string): Promise<Preference | undefined> {
    return tx.maybeOne(findPreference, [restaurantId, owner, key]);
  }

  lock({ restaurantId, owner }: PreferenceOwner, tx: Tx, key: string): Promise<{ version: number } | undefined> {
    return tx.maybeOne(lockPreference, [restaurantId, owner, key]);
  }

  /** Keeps other calls from adding a preference of the owner until the transaction ends. */
  async lockOwner({ restaurantId, owner }: PreferenceOwner, tx: Tx): Promise<void> {
    await tx.run(lockOwner, [restaurantId, owner]);
  }

  async count({ restaurantId, owner }: PreferenceOwner, tx: Tx): Promise<number> {
    return (await tx.one(countPreferences, [restaurantId, owner])).count;
  }

  /** @returns undefined when the owner has a preference of this key. */
  insert(
    { restaurantId, owner }: PreferenceOwner,
    tx: Tx,
    { key, value }: Pick<Preference, 'key' | 'value'>,
    at: Date,
  ): Promise<Preference | undefined> {
    return tx.maybeOne(insertPreference, [restaurantId, owner, key, JSON.stringify(value), at]);
  }

  update(
    { restaurantId, owner }: PreferenceOwner,
    tx: Tx,
    { key, value }: Pick<Preference, 'key' | 'value'>,
    at: Date,
  ): Promise<Preference> {
    return tx.one(updatePreference, [restaurantId, owner, key, JSON.stringify(value), at]);
  }

  async delete({ restaurantId, owner }: PreferenceOwner, tx: Tx, key: string): Promise<void> {
    await tx.run(deletePreference, [restaurantId, owner, key]);
  }
}
