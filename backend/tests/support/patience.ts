/**
 * Time limits that work on a machine shared with other processes and still fail when the product is
 * slow.
 */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisServer } from './redisServer.js';

const STEP_MS = 10;
const SAMPLE_MS = 10;
/**
 * The cache waits 150 ms for Redis. On a machine where a separate client waits this long, the cache
 * often gives up.
 */
const PROMPT_MS = 30;
const NEVER_MS = 60_000;

/**
 * Waits until a condition is true. Only time in which Redis answers a separate client promptly
 * counts. On a machine too slow for that, the cache rightly leaves Redis out.
 * @param limitMs the promised limit.
 * @returns how long it took in all, in milliseconds.
 */
export async function untilWithRedis(
  redis: RedisServer,
  what: string,
  limitMs: number,
  isSo: () => boolean | Promise<boolean>,
): Promise<number> {
  const startedAt = performance.now();
  let countedMs = 0;
  while (!(await isSo())) {
    const turnAt = performance.now();
    await redis.command('PING').catch(() => undefined);
    const isPrompt = performance.now() - turnAt < PROMPT_MS;
    await sleep(STEP_MS);
    const endedAt = performance.now();
    if (isPrompt && endedAt - turnAt < STEP_MS + PROMPT_MS) countedMs += endedAt - turnAt;
    assert.ok(countedMs < limitMs, `${what}: not within ${limitMs} ms`);
    assert.ok(endedAt - startedAt < NEVER_MS, `${what}: not within ${NEVER_MS} ms on a busy machine`);
  }
  return performance.now() - startedAt;
}

/**
 * Measures how late this process was because others used its processor. Tests subtract this from
 * the waits they measure. A product that only waits for an answer delays no process, so its
 * slowness still counts.
 */
export class Lateness {
  #sumMs = 0;
  #expectedAt = performance.now() + SAMPLE_MS;
  readonly #timer = setInterval(() => this.#sample(), SAMPLE_MS);

  constructor() {
    this.#timer.unref();
  }

  /** Milliseconds so far, all delays together. */
  get ms(): number {
    this.#sample();
    return this.#sumMs;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    const now = performance.now();
    this.#sumMs += Math.max(0, now - this.#expectedAt);
    this.#expectedAt = now + SAMPLE_MS;
  }
}
