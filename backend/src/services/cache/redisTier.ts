/**
 * L2: values in Redis, for all instances. Each entry contains the versions of its tags from before
 * it was loaded, and is valid only while Redis has the same versions. So an old value that is
 * written late is never read, whichever instance writes it.
 */
import { randomBytes } from 'node:crypto';
import type { RedisClient } from '../../config/redis.js';
import { decode, encode, type Envelope, readNames, writeVersions } from './envelope.js';
import { type CacheKey, type CacheTag, fenceOf, isCacheKey, isTagName, nameOf, restaurantOf, tagOf } from './keys.js';
import type { Mark, Marks } from './marks.js';
import { type Invalidation, merge, PendingInvalidations } from './pending.js';
import type { RedisLink } from './redisLink.js';
import { invalidateEntries, openVersions, storeEntry } from './redisScripts.js';

/** 1 MB: sending and parsing a larger value blocks both sides for longer than most loads take. */
const VALUE_MAX_CHARS = 1_000_000;
const SCAN_COUNT = 500;
const BATCH = 500;

/** A valid entry of Redis, and the marks of this instance taken before it was checked. */
export interface Found {
  envelope: Envelope;
  marks: readonly Mark[];
}

/** Versions of the restaurant's fence and of the tags, from before a load. */
export type Opened = readonly string[];

interface Options {
  marks: Marks;
  /** Writes an invalidation in the format that other instances read. */
  toMessage: (invalidation: Invalidation) => string;
  channel: string;
  /** True when an invalidation by another instance would have been received by now. */
  isHearing: () => boolean;
}

export class RedisTier {
  readonly pending = new PendingInvalidations();
  readonly #options: Options;
  #link: RedisLink | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** Without a link there is no Redis, and every method does nothing. */
  connect(link: RedisLink): void {
    this.#link = link;
  }

  /** True when a read would ask Redis. */
  get isReadable(): boolean {
    return this.#link?.isReadable ?? false;
  }

  /**
   * One exchange for the entry and its versions, or for the entry alone when its versions are known
   * and a change would have been received.
   * @param tags the tags that the entry was stored with.
   * @param marks of everything and of the tags, taken before.
   */
  async read(key: CacheKey, tags: readonly CacheTag[], marks: readonly Mark[]): Promise<Found | undefined> {
    const link = this.#link;
    if (!link?.isReadable) return undefined;
    const known = this.#options.isHearing() ? knownVersions(tags, marks) : undefined;
    if (known !== undefined) {
      const envelope = decode((await link.get(key)) ?? '');
      if (!envelope) return undefined;
      if (envelope.versions === known) return { envelope, marks };
      // Redis may have newer versions.
    }
    const replies = await link.mget([key, ...tags]);
    const text = replies?.[0];
    const envelope = typeof text === 'string' ? decode(text) : undefined;
    if (!replies || !envelope) return undefined;
    const versions = replies.slice(1);
    if (envelope.versions === writeVersions(tags, versions)) {
      learn(marks, versions);
      return { envelope, marks };
    }
    // It was invalidated, unless it was stored with other tags than these.
    const hasSameTags = readNames(envelope.versions).join() === tags.map(nameOf).join();
    return hasSameTags ? undefined : (await this.#verify([key], [envelope]))[0];
  }

  /** Two exchanges, because only the entries tell which versions to compare. */
  async readMany(keys: readonly CacheKey[]): Promise<(Found | undefined)[]> {
    if (!this.#link?.isReadable) return keys.map(() => undefined);
    const replies = await this.#link.mget(keys);
    return this.#verify(
      keys,
      keys.map((_key, index) => {
        const text = replies?.[index];
        return typeof text === 'string' ? decode(text) : undefined;
      }),
    );
  }

  /**
   * Takes the versions before a load.
   * @returns undefined when Redis is not available: then the loaded value is not stored in it.
   */
  async open(restaurantId: string, tags: readonly CacheTag[]): Promise<Opened | undefined> {
    return this.#link?.attempt((client) => openVersions(client, [fenceOf(restaurantId), ...tags], newVersion()));
  }

  /** @returns `refused` when the value was invalidated since `open`. */
  async store(
    key: CacheKey,
    value: { json: string; tags: readonly CacheTag[]; freshUntil: number; graceUntil: number; opened: Opened },
    ttlMs: number,
  ): Promise<'stored' | 'refused' | 'skipped'> {
    const { tags, opened, ...rest } = value;
    if (rest.json.length > VALUE_MAX_CHARS) return 'skipped';
    const text = encode({ ...rest, versions: writeVersions(tags, opened.slice(1)) });
    const versionKeys = [fenceOf(restaurantOf(key)), ...tags];
    const stored = await this.#link?.attempt((client) =>
      storeEntry(client, { key, text, ttlMs, versionKeys, versions: opened }),
    );
    if (stored === undefined) return 'skipped';
    return stored ? 'stored' : 'refused';
  }

  /**
   * Resolves when Redis has it and has notified the other instances, or when it is kept for later.
   * Never rejects.
   */
  async invalidate(invalidation: Invalidation): Promise<void> {
    const link = this.#link;
    if (!link) return;
    // Checked and kept without an await in between: the link must not come up with an unsent
    // invalidation.
    if (!link.isUp) {
      this.pending.add(invalidation);
      return;
    }
    const sent = await link.attempt(async (client) => {
      await this.#send(client, invalidation);
      return true;
    });
    if (!sent) this.pending.add(invalidation);
  }

  /** Sends the kept invalidations. @throws when Redis does not accept them. */
  async flushPending(client: RedisClient): Promise<void> {
    while (this.pending.size > 0) {
      const unsent = this.pending.all();
      await this.#send(client, merge(unsent));
      for (const invalidation of unsent) this.pending.remove(invalidation);
    }
  }

  /** Compares the versions in entries with the current ones. */
  async #verify(
    keys: readonly CacheKey[],
    envelopes: readonly (Envelope | undefined)[],
  ): Promise<(Found | undefined)[]> {
    const { marks } = this.#options;
    const found = envelopes.map((envelope, index) => {
      const key = keys[index];
      const names = readNames(envelope?.versions ?? '');
      if (!envelope || key === undefined || !names.every(isTagName)) return undefined;
      const tags = names.map((name) => tagOf(restaurantOf(key), name));
      return { envelope, tags, marks: marks.take(tags) };
    });
    const tags = [...new Set(found.flatMap((one) => one?.tags ?? []))];
    const versions = tags.length === 0 ? [] : await this.#link?.mget(tags);
    if (!versions) return envelopes.map(() => undefined);
    const current = new Map(tags.map((tag, index) => [tag, versions[index]]));
    return found.map((one) => {
      if (!one) return undefined;
      const { tags, envelope } = one;
      const now = tags.map((tag) => current.get(tag));
      return writeVersions(tags, now) === envelope.versions ? one : undefined;
    });
  }

  async #send(client: RedisClient, { tags, keys, patterns }: Invalidation): Promise<void> {
    const { channel, toMessage } = this.#options;
    for (let from = 0; from === 0 || from < Math.max(tags.length, keys.length); from += BATCH) {
      const part = {
        tags: tags.slice(from, from + BATCH),
        keys: keys.slice(from, from + BATCH),
        patterns: from === 0 ? patterns : [],
      };
      const fences = [...new Set([...part.keys, ...part.patterns].filter(isCacheKey).map(restaurantOf))].map(fenceOf);
      const message = toMessage(part);
      const versionKeys = [...part.tags, ...fences];
      await invalidateEntries(client, { versionKeys, keys: part.keys, id: newVersion(), channel, message });
    }
    if (patterns.length === 0) return;
    for (const pattern of patterns) await unlinkMatching(client, pattern);
    // Published again: until now, other instances could still read the old entries from Redis
    // again.
    await client.call('PUBLISH', channel, toMessage({ tags: [], keys: [], patterns }));
  }
}

/** @returns the versions in the format of an entry, if all are known. */
function knownVersions(tags: readonly CacheTag[], marks: readonly Mark[]): string | undefined {
  const versions: string[] = [];
  for (let index = 0; index < tags.length; index += 1) {
    // The first mark is the one of everything.
    const mark = marks[index + 1];
    if (!mark?.alive || mark.version === undefined) return undefined;
    versions.push(mark.version);
  }
  return writeVersions(tags, versions);
}

function learn(marks: readonly Mark[], versions: readonly unknown[]): void {
  for (const [index, version] of versions.entries()) {
    const mark = marks[index + 1];
    if (mark && typeof version === 'string') mark.version = version;
  }
}

/**
 * SCAN, never KEYS: Redis serves other clients between the pages. A page is deleted while the next
 * one is searched.
 */
async function unlinkMatching(client: RedisClient, pattern: string): Promise<void> {
  let cursor = '0';
  let page: string[] = [];
  do {
    const [reply] = await Promise.all([
      client.call('SCAN', cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT),
      page.length > 0 ? client.call('UNLINK', ...page) : undefined,
    ]);
    // SCAN returns the next cursor and a page of keys.
    const [next, keys] = reply as [string, string[]];
    cursor = next;
    page = keys.filter(isCacheKey);
  } while (cursor !== '0');
  if (page.length > 0) await client.call('UNLINK', ...page);
}

function newVersion(): string {
  return randomBytes(9).toString('base64url');
}
