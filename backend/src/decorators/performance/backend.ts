/**
 * Metrics and clock of the decorators. The context sets them later, because decorators run
 * before it exists.
 */

export interface PerformanceMetrics {
  /**
   * Must not throw.
   * @param method the name given to `@Track`.
   */
  methodFinished(method: string, durationMs: number, outcome: 'ok' | 'failed'): void;
}

interface Backend {
  metrics: PerformanceMetrics;
  /** Monotonic milliseconds. */
  now: () => number;
}

/** Default without effect, so that scripts and tests run without a context. */
const NONE: Backend = {
  metrics: { methodFinished: () => undefined },
  now: () => performance.now(),
};

export let backend: Backend = NONE;

/**
 * Connects the decorators of this process to the metrics; absent parts do nothing. The last
 * call counts.
 * @returns a function that disconnects them, unless a later call has replaced this connection.
 */
export function configurePerformance(parts: Partial<Backend>): () => void {
  const mine = { ...NONE, ...parts };
  backend = mine;
  return () => {
    if (backend === mine) backend = NONE;
  };
}
