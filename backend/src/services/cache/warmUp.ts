/** Two at a time: requests come first. */
const AT_ONCE = 2;

/** Runs reads for their effect until there are no more, or the time is up. @returns how many succeeded. */
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
        // Left to the request that will need it, which is told what is wrong.
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return succeeded;
}
