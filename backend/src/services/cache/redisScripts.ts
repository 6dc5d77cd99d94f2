/**
 * Scripts that Redis runs atomically. A version is a random id and not a counter: after a flush, a
 * counter would start again at 1 and make old entries valid. An id is written once, before its
 * load, and never used again.
 *
 * The script text is sent each time, about 300 bytes. This avoids a second attempt with another
 * timing when a restarted Redis has lost a script.
 */
import type { RedisClient } from '../../config/redis.js';

/**
 * Far longer than the lifetime of an entry. When a version is deleted, its entries are loaded once
 * more.
 */
const VERSION_MS = 24 * 3_600_000;

/** KEYS: versions. Returns their values and creates the missing ones. */
const OPEN = `
local found = {}
for i, key in ipairs(KEYS) do
  found[i] = redis.call('GET', key)
  if not found[i] then
    redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
    found[i] = ARGV[1]
  end
end
return found`;

/** KEYS: versions, entry. Stores the entry if no version has changed. */
const STORE = `
local count = #KEYS - 1
for i = 1, count do
  if redis.call('GET', KEYS[i]) ~= ARGV[i] then return 0 end
end
redis.call('SET', KEYS[count + 1], ARGV[count + 1], 'PX', ARGV[count + 2])
return 1`;

/** KEYS: versions to change, entries to delete. Then notifies the other instances. */
const INVALIDATE = `
local versions = tonumber(ARGV[1])
for i, key in ipairs(KEYS) do
  if i <= versions then redis.call('SET', key, ARGV[2], 'PX', ARGV[3]) else redis.call('UNLINK', key) end
end
redis.call('PUBLISH', ARGV[4], ARGV[5])
return 1`;

/** @param id a new random id. */
export async function openVersions(client: RedisClient, keys: readonly string[], id: string): Promise<string[]> {
  const reply = await client.call('EVAL', OPEN, keys.length, ...keys, id, VERSION_MS);
  // The script returns a list of strings.
  return reply as string[];
}

/** @returns false when a version has changed, because of an invalidation since. */
export async function storeEntry(
  client: RedisClient,
  entry: { key: string; text: string; ttlMs: number; versionKeys: readonly string[]; versions: readonly string[] },
): Promise<boolean> {
  const { key, text, ttlMs, versionKeys, versions } = entry;
  const reply = await client.call(
    'EVAL',
    STORE,
    versionKeys.length + 1,
    ...versionKeys,
    key,
    ...versions,
    text,
    Math.max(1, Math.ceil(ttlMs)),
  );
  return reply === 1;
}

/** @param change.id the new version, a new random id. */
export async function invalidateEntries(
  client: RedisClient,
  change: { versionKeys: readonly string[]; keys: readonly string[]; id: string; channel: string; message: string },
): Promise<void> {
  const { versionKeys, keys, id, channel, message } = change;
  await client.call(
    'EVAL',
    INVALIDATE,
    versionKeys.length + keys.length,
    ...versionKeys,
    ...keys,
    versionKeys.length,
    id,
    VERSION_MS,
    channel,
    message,
  );
}
