import { CODE_KINDS } from '../../domain/codePool/codePool.js';
import type { CodeMetrics } from '../codePool/codeMetrics.js';
import type { MetricsService } from '../MetricsService.js';

/** Connects the code pools with the metrics. */
export function codeObserver(metrics: MetricsService): CodeMetrics {
  // Shown from the start: Prometheus sees no increase of a counter that appears with its first
  // event.
  for (const kind of CODE_KINDS) metrics.count('code_pool_empty_total', { kind }, 0);
  return {
    claimed: (kind, how, count) => metrics.count('code_claims_total', { kind, how }, count),
    generated: (kind, count) => metrics.count('codes_generated_total', { kind }, count),
    empty: (kind) => metrics.count('code_pool_empty_total', { kind }),
    redeemed: (kind) => metrics.count('code_redemptions_total', { kind }),
    wrong: () => metrics.count('code_refusals_total', {}),
    rescued: (kind) => metrics.count('code_leases_rescued_total', { kind }),
    observe: (read) =>
      metrics.onCollect(() => {
        const { held, toGenerate } = read();
        metrics.gauge('codes_held', {}, held);
        metrics.gauge('codes_to_generate', {}, toGenerate);
      }),
  };
}
