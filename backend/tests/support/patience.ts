/** Bounds on time that hold on a machine that others use too, and still fail when the product is slow. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisServer } from './redisServer.js';

const STEP_MS = 10;
const SAMPLE_MS = 10;
/** The cache waits 150 ms for Redis: on a machine where it takes a bystander this long, it is often given up. */
const PROMPT_MS = 30;
const NEVER_MS = 60_000;

/**
 * Waits until something is so. Only the time counts in which Redis answers a bystander promptly: a machine that cannot do
 * that keeps the cache from Redis, rightly.
 * @param limitMs what is promised. @returns how long it took in all, in milliseconds.
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
 * Measures how late this process was while others took its processor: what a wait that was measured meanwhile is forgiven.
 * What waits for an answer delays nobody, so a product that waits too long is not forgiven.
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
