/**
 * All keys of the cache, and the lifetimes of their values. The restaurant comes first in each key,
 * so that no mistake in the rest can show one restaurant the data of another.
 *
 * Active orders and stock quantities are never cached and therefore have no kind. They change with
 * every sale, and they decide about money and goods.
 */
import { createHash } from 'node:crypto';

/** `<restaurantId>:<kind>:<parts>`. Only `CacheKeys` makes it. */
export type CacheKey = string & { readonly cacheKey: true };
/**
 * `<restaurantId>:tag:<name>`: the common name of all values that one write makes old. Only
 * `CacheTags` makes it.
 */
export type CacheTag = string & { readonly cacheTag: true };

/**
 * Times of one kind of value, in milliseconds. They are upper limits; up to 10 % is subtracted at
 * random.
 */
export interface TtlPolicy {
  /** Lifetime in the memory of one instance. */
  l1Ms: number;
  /** Lifetime in Redis, for all instances. 0: never stored there. */
  l2Ms: number;
  /** How long an expired value is still returned while it is reloaded in the background. */
  staleMs: number;
  /** How long an expired value is still returned when reloading fails. */
  graceMs: number;
  /** How long "there is none" (undefined or null) is remembered. 0: not at all. */
  negativeMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const DEFAULT: TtlPolicy = { l1Ms: MINUTE, l2Ms: 5 * MINUTE, staleMs: 10 * SECOND, graceMs: 0, negativeMs: 5 * SECOND };

/** The kinds of values. Raise CACHE_FORMAT when the structure of one changes. */
export const CacheTTL = {
  /**
   * Menus are read most, and restaurants need them most: an old menu is better than none while the
   * database is down.
   */
  menu: { ...DEFAULT, graceMs: 60 * MINUTE },
  /** Settings of a restaurant. */
  restaurant: { ...DEFAULT, graceMs: 60 * MINUTE },
  /** The owner of a session. No grace: a caller that cannot be looked up is refused. */
  session: { ...DEFAULT, l1Ms: 10 * SECOND, l2Ms: MINUTE, staleMs: 0, negativeMs: 0 },
  /** The owner of an API key. A missing key is never remembered: anybody can invent one. */
  apiKey: { ...DEFAULT, l1Ms: 10 * SECOND, l2Ms: MINUTE, staleMs: 0, negativeMs: 0 },
  /** Figures of closed business days. */
  report: { ...DEFAULT, l1Ms: 15 * SECOND, l2Ms: MINUTE, staleMs: 0, negativeMs: 0 },
  /** Answers of the assistant, with the versions of the data that they read. */
  answer: { ...DEFAULT, l1Ms: 30 * MINUTE, l2Ms: 6 * 60 * MINUTE, staleMs: 0, negativeMs: 0 },
} as const satisfies Record<string, TtlPolicy>;

export type CacheKind = keyof typeof CacheTTL;

/** Shares of the entries in memory that are reserved for each kind. Menus cost most to make. */
export const CACHE_SHARES: Readonly<Record<CacheKind, number>> = {
  menu: 0.45,
  restaurant: 0.05,
  session: 0.2,
  apiKey: 0.2,
  report: 0.05,
  answer: 0.05,
};

/** Values written under another number are not read. */
export const CACHE_FORMAT = 4;

const RESTAURANT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ANY_RESTAURANT = [8, 4, 4, 4, 12].map((chars) => '?'.repeat(chars)).join('-');
/**
 * Patterns for the whole cache. Other programs' keys in the same Redis are not deleted. Versions
 * are deleted first: from then on, no value that is being loaded is stored.
 */
export const EVERYTHING = [`${ANY_RESTAURANT}:fence`, `${ANY_RESTAURANT}:tag:*`, `${ANY_RESTAURANT}:*`];
const ID_CHARS = 36;
const TAG_NAME = /^[a-zA-Z0-9_.-]{1,64}$/;
const PLAIN_PART = /^[a-zA-Z0-9_.-]{1,64}$/;
/** A pattern may contain `*` and `?` after the id of a restaurant. */
const PATTERN = /^[a-zA-Z0-9_.:*?-]*$/;

export const CacheKeys = {
  /** @param parts distinguish the menus of one restaurant, e.g. the order type. */
  menu: (restaurantId: string, ...parts: readonly string[]) => keyOf(restaurantId, 'menu', parts),
  restaurant: (restaurantId: string) => keyOf(restaurantId, 'restaurant', []),
  session: (restaurantId: string, sessionId: string, userId: string) =>
    keyOf(restaurantId, 'session', [sessionId, userId]),
  apiKey: (restaurantId: string, keyId: string) => keyOf(restaurantId, 'apiKey', [keyId]),
  report: (restaurantId: string, ...parts: readonly string[]) => keyOf(restaurantId, 'report', parts),
  /** @param parts the rights of the caller, the business date and the question. */
  answer: (restaurantId: string, ...parts: readonly string[]) => keyOf(restaurantId, 'answer', parts),
};

export const CacheTags = {
  /** Everything made from the menu. */
  menu: (restaurantId: string) => tagOf(restaurantId, 'menu'),
  /** Everything made from the restaurant's settings. */
  restaurant: (restaurantId: string) => tagOf(restaurantId, 'restaurant'),
  /** Everything made from members, sessions and API keys. */
  access: (restaurantId: string) => tagOf(restaurantId, 'access'),
  report: (restaurantId: string) => tagOf(restaurantId, 'report'),
};

function keyOf(restaurantId: string, kind: CacheKind, parts: readonly string[]): CacheKey {
  const id = assertRestaurant(restaurantId);
  // Only this line makes the branded type: the id is a UUID, and no part contains a colon or a
  // pattern character.
  return `${id}:${kind}${parts.map((part) => `:${plain(part)}`).join('')}` as CacheKey;
}

/**
 * Makes the tag of a name.
 * @throws Error for a name with characters that have a meaning in a stored entry.
 */
export function tagOf(restaurantId: string, name: string): CacheTag {
  if (!isTagName(name)) throw new Error(`a cache tag has 1 to 64 letters, digits and _ . -, unlike "${name}"`);
  // Only this line makes the branded type, after both parts were checked.
  return `${assertRestaurant(restaurantId)}:tag:${name}` as CacheTag;
}

/**
 * The version that changes with every deletion by key or pattern in a restaurant. A value loaded
 * before a deletion is not stored after it.
 */
export function fenceOf(restaurantId: string): string {
  return `${restaurantId}:fence`;
}

export function restaurantOf(key: string): string {
  return key.slice(0, ID_CHARS);
}

export function kindOf(key: CacheKey): string {
  const end = key.indexOf(':', ID_CHARS + 1);
  return key.slice(ID_CHARS + 1, end < 0 ? undefined : end);
}

/** The default times of a key's value. */
export function policyOf(key: CacheKey): TtlPolicy {
  // Keys are made only here, with a kind of CacheTTL.
  return CacheTTL[kindOf(key) as CacheKind];
}

export function nameOf(tag: CacheTag): string {
  return tag.slice(ID_CHARS + ':tag:'.length);
}

export function isTagName(name: string): boolean {
  return TAG_NAME.test(name);
}

/** True for keys that the cache itself stores in Redis. */
export function isCacheKey(key: string): boolean {
  return key[ID_CHARS] === ':' && RESTAURANT_ID.test(restaurantOf(key));
}

/** True for a pattern that begins with one restaurant and has no wildcards except `*` and `?`. */
export function isPattern(pattern: string): boolean {
  return isCacheKey(pattern) && PATTERN.test(pattern);
}

/** @throws Error when `isPattern` is false. */
export function assertPattern(pattern: string): string {
  if (!isPattern(pattern))
    throw new Error('a cache pattern begins with a restaurant id and a colon; its only wildcards are * and ?');
  return pattern;
}

/** Makes a function that matches keys in the same way as Redis. */
export function matcherOf(pattern: string): (key: string) => boolean {
  const source = pattern.replace(/[.]/g, '\\.').replace(/\*+/g, '.*').replace(/\?/g, '.');
  const expression = new RegExp(`^${source}$`, 's');
  return (key) => expression.test(key);
}

/**
 * @returns the restaurant.
 * @throws Error for a key or tag of another one, which would never be invalidated.
 */
export function assertSameRestaurant(keys: readonly CacheKey[], tags: readonly CacheTag[]): string {
  const restaurantId = restaurantOf(keys[0] ?? '');
  for (const list of [keys, tags]) {
    for (const name of list) {
      if (!name.startsWith(restaurantId)) throw new Error('keys and tags of one call must belong to one restaurant');
    }
  }
  return restaurantId;
}

/** One spelling per restaurant: with two, an invalidation of one would miss the other. */
function assertRestaurant(restaurantId: string): string {
  if (RESTAURANT_ID.test(restaurantId)) return restaurantId;
  const lower = restaurantId.toLowerCase();
  if (!RESTAURANT_ID.test(lower)) throw new Error('a cache key must begin with the UUID of a restaurant');
  return lower;
}

/** Ids stay readable. A caller's text may have any characters and length, so it is hashed. */
function plain(part: string): string {
  if (PLAIN_PART.test(part)) return part;
  return `~${createHash('sha256').update(part).digest('base64url')}`;
}
