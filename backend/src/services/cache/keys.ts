/**
 * Every key of the cache, and how long what stands under it lives. The restaurant comes first in each key, so that no mistake
 * in the rest can show one restaurant what belongs to another.
 *
 * Never cached, and therefore without a kind: active orders and stock quantities. They change with every sale, and money and
 * goods are decided from them.
 */
import { createHash } from 'node:crypto';

/** `<restaurantId>:<kind>:<parts>`. Made by `CacheKeys` alone. */
export type CacheKey = string & { readonly cacheKey: true };
/** `<restaurantId>:tag:<name>`: the name of everything that one write makes old. Made by `CacheTags` alone. */
export type CacheTag = string & { readonly cacheTag: true };

/** Times of one kind of value, in milliseconds. They are upper limits; up to 10 % is taken off at random. */
export interface TtlPolicy {
  /** In the memory of one instance. */
  l1Ms: number;
  /** In Redis, for all instances. 0: never goes there. */
  l2Ms: number;
  /** After its time a value is still answered this long while it is loaded anew in the background. */
  staleMs: number;
  /** After its time a value is still answered this long when loading it fails. */
  graceMs: number;
  /** How long "there is none" (undefined or null) is remembered. 0: not at all. */
  negativeMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const DEFAULT: TtlPolicy = { l1Ms: MINUTE, l2Ms: 5 * MINUTE, staleMs: 10 * SECOND, graceMs: 0, negativeMs: 5 * SECOND };

/** The kinds of values. Raise CACHE_FORMAT when the shape of one changes. */
export const CacheTTL = {
  /** Menus are read most and their loss is felt most: an old one is better than none while the database is away. */
  menu: { ...DEFAULT, graceMs: 60 * MINUTE },
  /** Settings of a restaurant. */
  restaurant: { ...DEFAULT, graceMs: 60 * MINUTE },
  /** Who a session belongs to. No grace: whoever cannot be looked up stays outside. */
  session: { ...DEFAULT, l1Ms: 10 * SECOND, l2Ms: MINUTE, staleMs: 0, negativeMs: 0 },
  /** Who an API key belongs to. That there is no such key is remembered nowhere: anybody can invent one. */
  apiKey: { ...DEFAULT, l1Ms: 10 * SECOND, l2Ms: MINUTE, staleMs: 0, negativeMs: 0 },
  /** Figures of closed business days. */
  report: { ...DEFAULT, l1Ms: 15 * SECOND, l2Ms: MINUTE, staleMs: 0, negativeMs: 0 },
} as const satisfies Record<string, TtlPolicy>;

export type CacheKind = keyof typeof CacheTTL;

/** Of the room in memory, what each kind has for itself whatever the others want. Menus cost most to make. */
export const CACHE_SHARES: Readonly<Record<CacheKind, number>> = {
  menu: 0.5,
  restaurant: 0.05,
  session: 0.2,
  apiKey: 0.2,
  report: 0.05,
};

/** Values written under another number are not read. */
export const CACHE_FORMAT = 2;

const RESTAURANT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ANY_RESTAURANT = [8, 4, 4, 4, 12].map((chars) => '?'.repeat(chars)).join('-');
/**
 * Patterns for the whole cache, whatever else lies in the same Redis. Versions go first: from then on no value that was being
 * loaded is stored any more.
 */
export const EVERYTHING = [`${ANY_RESTAURANT}:fence`, `${ANY_RESTAURANT}:tag:*`, `${ANY_RESTAURANT}:*`];
const ID_CHARS = 36;
const TAG_NAME = /^[a-zA-Z0-9_.-]{1,64}$/;
const PLAIN_PART = /^[a-zA-Z0-9_.-]{1,64}$/;
/** A pattern knows `*` and `?`, after a restaurant of its own. */
const PATTERN = /^[a-zA-Z0-9_.:*?-]*$/;

export const CacheKeys = {
  /** @param parts what tells one menu of the restaurant from another, e.g. the order type. */
  menu: (restaurantId: string, ...parts: readonly string[]) => keyOf(restaurantId, 'menu', parts),
  restaurant: (restaurantId: string) => keyOf(restaurantId, 'restaurant', []),
  session: (restaurantId: string, sessionId: string, userId: string) =>
    keyOf(restaurantId, 'session', [sessionId, userId]),
  apiKey: (restaurantId: string, keyId: string) => keyOf(restaurantId, 'apiKey', [keyId]),
  report: (restaurantId: string, ...parts: readonly string[]) => keyOf(restaurantId, 'report', parts),
};

export const CacheTags = {
  /** Whatever is made from the menu. */
  menu: (restaurantId: string) => tagOf(restaurantId, 'menu'),
  /** Whatever is made from the restaurant's settings. */
  restaurant: (restaurantId: string) => tagOf(restaurantId, 'restaurant'),
  /** Whatever is made from members, sessions and API keys. */
  access: (restaurantId: string) => tagOf(restaurantId, 'access'),
  report: (restaurantId: string) => tagOf(restaurantId, 'report'),
};

function keyOf(restaurantId: string, kind: CacheKind, parts: readonly string[]): CacheKey {
  const id = assertRestaurant(restaurantId);
  // The brand's only maker: the id is a UUID, and no part holds a colon or a character of a pattern.
  return `${id}:${kind}${parts.map((part) => `:${plain(part)}`).join('')}` as CacheKey;
}

/** The tag of a name. @throws Error for a name that could be taken for something else in a stored entry. */
export function tagOf(restaurantId: string, name: string): CacheTag {
  if (!isTagName(name)) throw new Error(`a cache tag is 1 to 64 letters and digits, not "${name}"`);
  // The brand's only maker, after the check of both parts.
  return `${assertRestaurant(restaurantId)}:tag:${name}` as CacheTag;
}

/** Version of whatever a restaurant has deleted by key or pattern; a value loaded before a deletion is not stored after it. */
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

/** The usual times of what stands under a key. */
export function policyOf(key: CacheKey): TtlPolicy {
  // Keys are made here, with a kind of the table.
  return CacheTTL[kindOf(key) as CacheKind];
}

export function nameOf(tag: CacheTag): string {
  return tag.slice(ID_CHARS + ':tag:'.length);
}

export function isTagName(name: string): boolean {
  return TAG_NAME.test(name);
}

/** True for what the cache itself has put into Redis. */
export function isCacheKey(key: string): boolean {
  return key[ID_CHARS] === ':' && RESTAURANT_ID.test(restaurantOf(key));
}

/** Whether a pattern begins with one restaurant and holds no more than `*` and `?`. */
export function isPattern(pattern: string): boolean {
  return isCacheKey(pattern) && PATTERN.test(pattern);
}

/** @throws Error when it is no such pattern. */
export function assertPattern(pattern: string): string {
  if (!isPattern(pattern))
    throw new Error('a cache pattern begins with a restaurant and a colon, and knows only * and ?');
  return pattern;
}

/** Tells which keys a pattern means, as Redis would. */
export function matcherOf(pattern: string): (key: string) => boolean {
  const source = pattern.replace(/[.]/g, '\\.').replace(/\*+/g, '.*').replace(/\?/g, '.');
  const expression = new RegExp(`^${source}$`, 's');
  return (key) => expression.test(key);
}

/** @returns the restaurant. @throws Error for a key or tag of another one, which would be an invalidation that never comes. */
export function assertSameRestaurant(keys: readonly CacheKey[], tags: readonly CacheTag[]): string {
  const restaurantId = restaurantOf(keys[0] ?? '');
  for (const list of [keys, tags]) {
    for (const name of list) {
      if (!name.startsWith(restaurantId)) throw new Error('keys and tags of one call belong to one restaurant');
    }
  }
  return restaurantId;
}

/** One spelling for one restaurant: under two, an invalidation of one would leave the other. */
function assertRestaurant(restaurantId: string): string {
  if (RESTAURANT_ID.test(restaurantId)) return restaurantId;
  const lower = restaurantId.toLowerCase();
  if (!RESTAURANT_ID.test(lower)) throw new Error('a cache key begins with the UUID of a restaurant');
  return lower;
}

/** Ids stay readable; what a caller wrote may hold anything of any length and is digested. */
function plain(part: string): string {
  if (PLAIN_PART.test(part)) return part;
  return `~${createHash('sha256').update(part).digest('base64url')}`;
}
