/** Readiness and health of this process. */
import os from 'node:os';
import type { PoolStats } from '../config/database.js';
import type { CacheStats } from './cache/cacheTypes.js';

export type Phase = 'starting' | 'serving' | 'draining';

export interface Readiness {
  ready: boolean;
  status: 'ok' | 'degraded' | 'starting' | 'draining' | 'unavailable';
}

/** Sources of the detailed answer. Each is read when the answer is requested. */
export interface HealthSources {
  database: { ping(): Promise<number>; stats(): PoolStats };
  cache: { stats(): Pick<CacheStats, 'l2'> };
  overload?: { stats(): object } | undefined;
  outside?: (() => object) | undefined;
  numbering?: (() => object) | undefined;
  requests?: (() => object) | undefined;
  jobs?: (() => Promise<object>) | undefined;
}

export class HealthService {
  readonly #sources: HealthSources;
  readonly #startedAt = Date.now();
  #phase: Phase = 'serving';
  #cpu = { at: performance.now(), usage: process.cpuUsage() };

  constructor(sources: HealthSources) {
    this.#sources = sources;
  }

  /** From now on `ready` is false, so that no new traffic is sent here. */
  drain(): void {
    this.#phase = 'draining';
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** Not ready without the database. Without Redis the server is only slower. */
  async ready(): Promise<Readiness> {
    if (this.#phase === 'draining') return { ready: false, status: 'draining' };
    try {
      await this.#sources.database.ping();
    } catch {
      return { ready: false, status: 'unavailable' };
    }
    const { state } = this.#sources.cache.stats().l2;
    // `absent` is not a failure: no Redis is configured.
    return { ready: true, status: state === 'up' || state === 'absent' ? 'ok' : 'degraded' };
  }

  async detailed(): Promise<object> {
    const { database, cache, overload, outside, numbering, requests, jobs } = this.#sources;
    const [pingMs, { status }, queues] = await Promise.all([
      database.ping().catch(() => null),
      this.ready(),
      // Never waits for a connection: nobody needs these figures then.
      database.stats().level === 'saturated' ? null : jobs?.().catch(() => null),
    ]);
    const memory = process.memoryUsage();
    return {
      status,
      phase: this.#phase,
      uptimeSeconds: Math.round((Date.now() - this.#startedAt) / 1000),
      database: { latencyMs: pingMs === null ? null : Math.round(pingMs * 10) / 10, pool: database.stats() },
      cache: cache.stats(),
      process: {
        // Of several processes each answers for itself.
        id: `${os.hostname()}:${process.pid}`,
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
      // Null: the database is away, or has no connection free.
      jobs: queues ?? null,
    };
  }

  /** Percent of one core since the previous call. */
  #cpuPercent(): number {
    const usage = process.cpuUsage(this.#cpu.usage);
    const elapsedMs = performance.now() - this.#cpu.at;
    this.#cpu = { at: performance.now(), usage: process.cpuUsage() };
    return elapsedMs < 1 ? 0 : Math.round((usage.user + usage.system) / 10 / elapsedMs);
  }
}
