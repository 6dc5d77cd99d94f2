/** What every benchmark answers: a ratio against a baseline that was measured in the same process, turn by turn. */
export interface BenchResult {
  /** What was measured, as a sentence. */
  name: string;
  /** `median` divided by `baselineMedian`. */
  ratio: number;
  /** The ratio that must be reached. */
  target: number;
  /** What it is compared with. */
  baseline: string;
  /** Of both medians, e.g. `ops/s`. */
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

/** One line for people. */
export function describeResult(result: BenchResult): string {
  const { name, ratio, target, baseline, unit } = result;
  const verdict = ratio >= target ? 'ok' : 'BELOW TARGET';
  const numbers = `${Math.round(result.median)} against ${Math.round(result.baselineMedian)} ${unit}`;
  return `${name}: ${ratio.toFixed(2)} x ${baseline} (${numbers}; target ${target}) ${verdict}`;
}
