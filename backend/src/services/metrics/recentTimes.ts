const SMALLEST_MS = 0.1;
/** Neighbouring buckets differ by a tenth, so a percentile read back is at most 5 % off. */
const LOG_GROWTH = Math.log(1.1);
/** From 0.1 ms to beyond two minutes. */
const BUCKETS = 150;

/**
 * Percentiles of the times of the last one to two windows, in a fixed 1.2 kB: counts in buckets
 * whose bounds grow by a tenth each. The Prometheus histogram cannot be used: it counts since the
 * start, and its buckets are coarse.
 */
export class RecentTimes {
  #now = new Uint32Array(BUCKETS);
  #before = new Uint32Array(BUCKETS);

  record(ms: number): void {
    const index = ms <= SMALLEST_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / SMALLEST_MS) / LOG_GROWTH));
    // The index is within the array.
    (this.#now[index] as number) += 1;
  }

  /** Ends a window and forgets the one before it. */
  rotate(): void {
    [this.#now, this.#before] = [this.#before.fill(0), this.#now];
  }

  /** The number of times and their percentiles in milliseconds. Zeros when there are none. */
  read(): { count: number; p50Ms: number; p95Ms: number; p99Ms: number } {
    let count = 0;
    for (let index = 0; index < BUCKETS; index += 1) count += this.#at(index);
    return { count, p50Ms: this.#below(0.5, count), p95Ms: this.#below(0.95, count), p99Ms: this.#below(0.99, count) };
  }

  #below(share: number, count: number): number {
    if (count === 0) return 0;
    let left = Math.ceil(share * count);
    let index = 0;
    while (index < BUCKETS - 1 && (left -= this.#at(index)) > 0) index += 1;
    // The geometric middle of the bucket.
    const ms = index === 0 ? SMALLEST_MS : SMALLEST_MS * Math.exp((index - 0.5) * LOG_GROWTH);
    return Number(ms.toPrecision(3));
  }

  #at(index: number): number {
    return (this.#now[index] ?? 0) + (this.#before[index] ?? 0);
  }
}
