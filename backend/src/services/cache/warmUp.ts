/** Two at a time, because requests come first. */
const AT_ONCE = 2;

/** Runs the reads until none is left or the time is over. @returns how many succeeded. */
export async function runFew(reads: Iterable<() => Promise<unknown>>, timeoutMs: number): Promise<number> {
  const until = performance.now() + timeoutMs;
  const queue = reads[Symbol.iterator]();
  let succeeded = 0;
  const work = async () => {
    for (let next = queue.next(); !next.done && performance.now() < until; next = queue.next()) {
      try {
        await next.value();
        succeeded += 1;
      } catch {
        // The request that needs the value runs it again and gets the error.
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return succeeded;
}
