import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { PlainGaugeName } from './registry.js';

const RESOLUTION_MS = 20;
const NANOSECONDS = 1e9;

export interface EventLoopReading {
  meanSeconds: number;
  p99Seconds: number;
  maxSeconds: number;
  /** 0 to 1. */
  utilization: number;
}

/**
 * Watches the event loop. The default metrics of prom-client are not used: they cannot be closed,
 * so every service made in a test would leave a monitor and an observer behind.
 */
export class ProcessWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #utilization: EventLoopUtilization = performance.eventLoopUtilization();
  #last: EventLoopReading | undefined;

  constructor() {
    this.#delay.enable();
  }

  /** Ends a window. */
  rotate(): void {
    this.#last = this.#measure();
    this.#delay.reset();
    this.#utilization = performance.eventLoopUtilization();
  }

  /** Values of the last complete window; of the running one while it is the first. */
  eventLoop(): EventLoopReading {
    return this.#last ?? this.#measure();
  }

  /** Resources that this process uses. */
  process(): { gauges: [PlainGaugeName, number][]; cpuSeconds: number } {
    const { meanSeconds, p99Seconds, maxSeconds, utilization } = this.eventLoop();
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    return {
      gauges: [
        ['event_loop_lag_mean_seconds', meanSeconds],
        ['event_loop_lag_p99_seconds', p99Seconds],
        ['event_loop_lag_max_seconds', maxSeconds],
        ['event_loop_utilization_ratio', utilization],
        ['process_resident_memory_bytes', rss],
        ['process_heap_used_bytes', heapUsed],
        ['process_heap_total_bytes', heapTotal],
        ['process_external_memory_bytes', external],
        ['process_uptime_seconds', process.uptime()],
      ],
      cpuSeconds: (user + system) / 1e6,
    };
  }

  close(): void {
    this.#delay.disable();
  }

  #measure(): EventLoopReading {
    // The monitor measures the time between two ticks; the part above the interval is the lag.
    // Before the first tick it is NaN.
    const late = (ns: number): number => Math.max(0, ns / NANOSECONDS - RESOLUTION_MS / 1000) || 0;
    return {
      meanSeconds: late(this.#delay.mean),
      p99Seconds: late(this.#delay.percentile(99)),
      maxSeconds: late(this.#delay.max),
      utilization: performance.eventLoopUtilization(this.#utilization).utilization,
    };
  }
}
