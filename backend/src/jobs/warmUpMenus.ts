/** At the start of a process: loads the menus that will probably be needed first into the cache. */
import { systemCall } from '../domain/shared/call.js';
import type { CacheService } from '../services/CacheService.js';
import type { MenuService } from '../services/MenuService.js';

/** A large menu, of 255 items, is half a megabyte of objects. */
const MOST_RESTAURANTS = 200;
/** Longest delay of a start. */
const TIME_LIMIT_MS = 2_000;
/**
 * Time to wait for Redis, which already has most menus. Its connection is made in parallel with the
 * start.
 */
const REDIS_MS = 500;

interface WarmUp {
  /** Ids of active restaurants, the busiest first. */
  recentRestaurants: (limit: number) => Promise<readonly string[]>;
  menu: Pick<MenuService, 'resolved'>;
  cache: Pick<CacheService, 'ready' | 'warmUp'>;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  timeLimitMs?: number;
}

/**
 * Reads menus as GET /v1/menu does. Resolves when all are read or the time is up; reads in progress
 * then end by themselves. Never rejects: the request that needs a missing menu reads it. Writes one
 * line to the log.
 */
export async function warmUpMenus(options: WarmUp): Promise<void> {
  const { timeLimitMs = TIME_LIMIT_MS } = options;
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeLimitMs);
  });
  await Promise.race([readMenus(options, performance.now() + timeLimitMs), timeIsUp]);
  clearTimeout(timer);
}

async function readMenus({ recentRestaurants, menu, cache, log }: WarmUp, until: number): Promise<void> {
  const startedAt = performance.now();
  const left = (): number => Math.max(0, until - performance.now());
  try {
    const ids = await recentRestaurants(MOST_RESTAURANTS);
    await cache.ready(Math.min(REDIS_MS, left()));
    const reads = ids.map((id) => () => menu.resolved(systemCall(id, 'warm-up'), undefined, {}));
    const menus = await cache.warmUp(reads, left());
    const durationMs = Math.round(performance.now() - startedAt);
    log.info({ restaurants: ids.length, menus, durationMs }, 'menus warmed up');
  } catch (error) {
    log.warn({ err: error }, 'menus not warmed up');
  }
}
