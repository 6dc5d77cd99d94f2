import type { EventLoopReading } from './processWatch.js';
import type { TimerName } from './registry.js';

export interface TimingSnapshot {
  name: TimerName;
  tags: Record<string, string>;
  count: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
}

export interface MetricsSnapshot {
  /** Values of the last half minute to minute. */
  timings: TimingSnapshot[];
  eventLoop: EventLoopReading;
}
