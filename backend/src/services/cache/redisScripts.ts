/**
 * What Redis does in one piece. A version is a random id, never a counter: after a flush a counter would begin again at 1 and
 * make old entries right. An id is written once, before the load that it stands for, and never comes back.
 *
 * Sent as text each time: some 300 bytes, and no second attempt with other timing when a restarted Redis has lost a script.
 */
import type { RedisClient } from '../../config/redis.js';

/** Far above the life of an entry; when a version is forgotten, its entries are loaded once more. */
const VERSION_MS = 24 * 3_600_000;

/** KEYS: versions. Answers their values, made where they are missing. */
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

/** KEYS: versions, entry. Stores the entry when no version has changed. */
const STORE = `
local count = #KEYS - 1
for i = 1, count do
  if redis.call('GET', KEYS[i]) ~= ARGV[i] then return 0 end
end
redis.call('SET', KEYS[count + 1], ARGV[count + 1], 'PX', ARGV[count + 2])
return 1`;

/** KEYS: versions to change, entries to delete. Then tells the other instances. */
const INVALIDATE = `
local versions = tonumber(ARGV[1])
for i, key in ipairs(KEYS) do
  if i <= versions then redis.call('SET', key, ARGV[2], 'PX', ARGV[3]) else redis.call('UNLINK', key) end
end
redis.call('PUBLISH', ARGV[4], ARGV[5])
return 1`;

/** @param id a new random one. */
export async function openVersions(client: RedisClient, keys: readonly string[], id: string): Promise<string[]> {
  const reply = await client.call('EVAL', OPEN, keys.length, ...keys, id, VERSION_MS);
  // The script answers a list of strings.
  return reply as string[];
}

/** @returns false when a version has changed: something was invalidated since. */
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

/** @param change.id the new version, a new random one. */
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
