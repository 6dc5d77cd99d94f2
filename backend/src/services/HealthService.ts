/** Whether this process serves, and how it feels. */
import os from 'node:os';
import type { PoolStats } from '../config/database.js';
import type { CacheStats } from './cache/cacheTypes.js';

export type Phase = 'starting' | 'serving' | 'draining';

export interface Readiness {
  ready: boolean;
  status: 'ok' | 'degraded' | 'starting' | 'draining' | 'unavailable';
}

/** What the detailed answer is made of; each part is asked for when the answer is. */
export interface HealthSources {
  database: { ping(): Promise<number>; stats(): PoolStats };
  cache: { stats(): Pick<CacheStats, 'l2'> };
  overload?: { stats(): object } | undefined;
  outside?: (() => object) | undefined;
  numbering?: (() => object) | undefined;
  requests?: (() => object) | undefined;
}

export class HealthService {
  readonly #sources: HealthSources;
  readonly #startedAt = Date.now();
  #phase: Phase = 'serving';
  #cpu = { at: performance.now(), usage: process.cpuUsage() };

  constructor(sources: HealthSources) {
    this.#sources = sources;
  }

  /** From now on `ready` says no, so that no new traffic is sent here. */
  drain(): void {
    this.#phase = 'draining';
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Without its database a server serves nothing; without Redis it is slower, no more. */
  async ready(): Promise<Readiness> {
    if (this.#phase === 'draining') return { ready: false, status: 'draining' };
    try {
      await this.#sources.database.ping();
    } catch {
      return { ready: false, status: 'unavailable' };
    }
    const { state } = this.#sources.cache.stats().l2;
    // Absent is no failure: nobody has configured a Redis.
    return { ready: true, status: state === 'up' || state === 'absent' ? 'ok' : 'degraded' };
  }

  async detailed(): Promise<object> {
    const { database, cache, overload, outside, numbering, requests } = this.#sources;
    const [pingMs, { status }] = await Promise.all([database.ping().catch(() => null), this.ready()]);
    const memory = process.memoryUsage();
    return {
      status,
      phase: this.#phase,
      uptimeSeconds: Math.round((Date.now() - this.#startedAt) / 1000),
      database: { latencyMs: pingMs === null ? null : Math.round(pingMs * 10) / 10, pool: database.stats() },
      cache: cache.stats(),
      process: {
        rssBytes: memory.rss,
        heapUsedBytes: memory.heapUsed,
        heapTotalBytes: memory.heapTotal,
        cpuPercent: this.#cpuPercent(),
        loadAverage: os.loadavg(),
      },
      eventLoop: overload?.stats() ?? {},
      requests: requests?.() ?? {},
      outside: outside?.() ?? {},
      documentNumbers: numbering?.() ?? {},
    };
  }

  /** Of one core, since the last time somebody asked. */
  #cpuPercent(): number {
    const usage = process.cpuUsage(this.#cpu.usage);
    const elapsedMs = performance.now() - this.#cpu.at;
    this.#cpu = { at: performance.now(), usage: process.cpuUsage() };
    return elapsedMs < 1 ? 0 : Math.round((usage.user + usage.system) / 10 / elapsedMs);
  }
}
