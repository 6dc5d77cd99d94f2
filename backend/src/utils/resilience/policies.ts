/** The options, results and observers of a policy. */
import type { Time } from './time.js';

export interface PolicyOptions {
  /** Name of the outside party; fixed, for metrics and `/health/detailed`. */
  name: string;
  /** Most calls at the same time. Default 10. */
  atOnce?: number;
  /** Calls that may wait for their turn; more are refused. Default 50. */
  maxWaiting?: number;
  /**
   * Calls within a sliding window, including repeated ones. Per process: n instances make n times
   * as many.
   */
  rate?: { maxCalls: number; windowMs: number };
  /** Attempts, including the first one. Default 3. */
  maxAttempts?: number;
  /** Longest wait before the second attempt; doubles each time, with full jitter. Default 1 s. */
  baseMs?: number;
  /**
   * Longest wait before any attempt. A longer Retry-After is passed to the caller instead. Default
   * 10 s.
   */
  capMs?: number;
  /** Time limit of one attempt. Default 30 s. */
  timeoutMs?: number;
  /** Time limit of the whole call, including waits. Default 90 s. */
  deadlineMs?: number;
  /**
   * False if a repeated call has its effect twice: then only calls that surely did nothing are
   * repeated. Default true.
   */
  idempotent?: boolean;
  breaker?: {
    /** Opens above this percentage of failed attempts. Default 50. */
    errorPercentage?: number;
    /** Never opens with fewer attempts in the window. Default 10. */
    volumeThreshold?: number;
    /** Time after opening until one attempt is let through as a test. Default 60 s. */
    resetMs?: number;
  };
  time?: Time;
  /** Returns a number from 0 to below 1. */
  random?: () => number;
}

export interface RunOptions {
  /** The caller's signal. Default: the signal of the time limit around the running work. */
  signal?: AbortSignal | undefined;
  deadlineMs?: number | undefined;
  /** Attempts of this call, including the first one. */
  maxAttempts?: number | undefined;
  /** Time limit of one attempt of this call: a stream may take longer than an answer. */
  timeoutMs?: number | undefined;
  idempotent?: boolean | undefined;
  /** Asked before each repetition; false once a part of the answer has been handed on. */
  mayRepeat?: (() => boolean) | undefined;
}

export type BreakerState = 'closed' | 'open' | 'half_open';

export interface PolicyState {
  name: string;
  breaker: BreakerState;
  /** Seconds until the breaker lets an attempt through; 0 unless it is open. */
  retryAfterSeconds: number;
  running: number;
  waiting: number;
  /** Calls within the last window of the rate; 0 without a rate. */
  recentCalls: number;
  /** Attempts within the breaker's window. */
  recentAttempts: { succeeded: number; failed: number };
}

export interface Policy {
  readonly name: string;
  /**
   * Runs `work` under every rule of the policy. The work must pass its signal to everything that it
   * waits for.
   * @throws AppError overloaded or dependency_unavailable with `retryAfterSeconds`; the reason of
   *   the caller's signal when it aborts; any other failure unchanged, if it is no overload,
   *   breakdown or lost connection.
   */
  run<T>(work: (signal: AbortSignal) => Promise<T>, options?: RunOptions): Promise<T>;
  state(): PolicyState;
  /** Rejects waiting calls. Calls in progress end by themselves. */
  close(): void;
}

/** Receives every attempt, the first state of every breaker, and its changes. Must not throw. */
export interface PolicyObserver {
  onAttempt?(attempt: { policy: string; outcome: 'ok' | 'answered' | 'failed'; durationMs: number }): void;
  onBreaker?(policy: string, state: BreakerState): void;
}
