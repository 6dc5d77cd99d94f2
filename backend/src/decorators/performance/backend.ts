/** Where the decorators report to and store: given once by the context, because decorators run before anything exists. */

export interface PerformanceMetrics {
  /** Must not throw. @param method the name given to `@Track`. */
  methodFinished(method: string, durationMs: number, outcome: 'ok' | 'failed'): void;
}

export interface PerformanceCache {
  /** Callers of one key who come while it loads share one load, failures included. */
  getOrSet<T>(key: string, ttlSeconds: number, load: () => Promise<T>): Promise<T>;
}

interface Backend {
  metrics: PerformanceMetrics;
  cache: PerformanceCache;
  /** Milliseconds that never go back. */
  now: () => number;
}

/** Records nothing and stores nothing, so that scripts and tests run without a context. */
const NONE: Backend = {
  metrics: { methodFinished: () => undefined },
  cache: { getOrSet: (_key, _ttlSeconds, load) => load() },
  now: () => performance.now(),
};

export let backend: Backend = NONE;

/**
 * Connects the decorators of this process with metrics and cache; what is left out does nothing. The last call counts.
 * @returns takes the connection down again, unless another has replaced it.
 */
export function configurePerformance(parts: Partial<Backend>): () => void {
  const mine = { ...NONE, ...parts };
  backend = mine;
  return () => {
    if (backend === mine) backend = NONE;
  };
}
