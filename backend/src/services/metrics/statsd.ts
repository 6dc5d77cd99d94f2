/** The connection to StatsD or DogStatsD, by UDP. */
import { createRequire } from 'node:module';
import type * as hotShots from 'hot-shots';
import type { StatsD } from 'hot-shots';

export type { StatsD };

export const STATSD_FLUSH_MS = 1_000;
/** Size of one datagram in an Ethernet frame. */
const MAX_BYTES = 1_432;
const COMPLAINT_MS = 60_000;

export interface StatsdLog {
  warn(fields: object, message: string): void;
}

/**
 * @param log is told at most once a minute that StatsD cannot be reached: each datagram to it
 *   fails.
 */
export function connectStatsd({ host, port }: { host: string; port: number }, log: StatsdLog | undefined): StatsD {
  let complainedAt = -Infinity;
  const complain = (error: Error): void => {
    const now = performance.now();
    if (now - complainedAt < COMPLAINT_MS) return;
    complainedAt = now;
    log?.warn({ err: error }, 'StatsD cannot be reached; only Prometheus gets metrics');
  };
  // Loaded only when it is used, so that other processes start without it.
  const { StatsD } = createRequire(import.meta.url)('hot-shots') as typeof hotShots;
  return new StatsD({
    host,
    port,
    protocol: 'udp',
    cacheDns: true,
    prefix: 'servio.',
    maxBufferSize: MAX_BYTES,
    bufferFlushInterval: STATSD_FLUSH_MS,
    errorHandler: complain,
  });
}
