/** What a policy is told and what it tells. */
import type { Time } from './time.js';

export interface PolicyOptions {
  /** Of the outside party; fixed, for metrics and `/health/detailed`. */
  name: string;
  /** Calls at the same time. Default 10. */
  atOnce?: number;
  /** Calls that may wait for their turn; further ones are refused. Default 50. */
  maxWaiting?: number;
  /** Calls within a sliding window, repeated ones included. Per process: n instances make n times as many. */
  rate?: { maxCalls: number; windowMs: number };
  /** The first one included. Default 3. */
  maxAttempts?: number;
  /** Longest wait before the second attempt; doubles, with full jitter. Default 1 s. */
  baseMs?: number;
  /** Longest wait before any attempt. A Retry-After beyond it is handed to the caller instead. Default 10 s. */
  capMs?: number;
  /** For one attempt. Default 30 s. */
  timeoutMs?: number;
  /** For everything, waiting included. Default 90 s. */
  deadlineMs?: number;
  /** False when a repeated call has effects twice: then only calls that surely did nothing are repeated. Default true. */
  idempotent?: boolean;
  breaker?: {
    /** Opens above this share of failed attempts. Default 50. */
    errorPercentage?: number;
    /** Never opens on fewer attempts in the window. Default 10. */
    volumeThreshold?: number;
    /** Lets one attempt through to try, this long after it opened. Default 60 s. */
    resetMs?: number;
  };
  time?: Time;
  /** From 0 to below 1. */
  random?: () => number;
}

export interface RunOptions {
  /** Of the caller. Default: that of the time limit around the running work. */
  signal?: AbortSignal | undefined;
  deadlineMs?: number | undefined;
  idempotent?: boolean | undefined;
}

export type BreakerState = 'closed' | 'open' | 'half_open';

export interface PolicyState {
  name: string;
  breaker: BreakerState;
  /** Until the breaker lets an attempt through; 0 unless it is open. */
  retryAfterSeconds: number;
  running: number;
  waiting: number;
  /** Calls within the last window of the rate; 0 without one. */
  recentCalls: number;
  /** Attempts within the breaker's window. */
  recentAttempts: { succeeded: number; failed: number };
}

export interface Policy {
  readonly name: string;
  /**
   * Runs `work` under every rule of the policy. The work must hand its signal to whatever it waits for.
   * @throws AppError overloaded or dependency_unavailable with `retryAfterSeconds`; the reason of the caller's signal when
   * that aborts; a failure that is no overload, breakdown or lost connection as it came.
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>, options?: RunOptions): Promise<T>;
  state(): PolicyState;
  /** Sends away who waits. Calls under way end by themselves. */
  close(): void;
}

/** Told about every attempt, the state of every breaker when it is made, and its changes. Must not throw. */
export interface PolicyObserver {
  onAttempt?(attempt: { policy: string; outcome: 'ok' | 'answered' | 'failed'; durationMs: number }): void;
  onBreaker?(policy: string, state: BreakerState): void;
}
