/**
 * The result of a benchmark: a ratio against a baseline that was measured in the same process, in
 * alternating turns.
 */
export interface BenchResult {
  /** The measured quantity, as a sentence. */
  name: string;
  /** `median` divided by `baselineMedian`. */
  ratio: number;
  /** The ratio that must be reached. */
  target: number;
  /** The baseline, in words. */
  baseline: string;
  /** Unit of both medians, for example `ops/s`. */
  unit: string;
  /** Medians over the rounds. */
  median: number;
  baselineMedian: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[(sorted.length >> 1) - 1] ?? Number.NaN)) / 2;
}

/** One readable line. */
export function describeResult(result: BenchResult): string {
  const { name, ratio, target, baseline, unit } = result;
  const verdict = ratio >= target ? 'ok' : 'BELOW TARGET';
  const numbers = `${Math.round(result.median)} against ${Math.round(result.baselineMedian)} ${unit}`;
  return `${name}: ${ratio.toFixed(2)} x ${baseline} (${numbers}; target ${target}) ${verdict}`;
}
