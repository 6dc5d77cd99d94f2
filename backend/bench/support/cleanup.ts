/**
 * Clean-up work for the end of the benchmarks, however they end: servers, the database, folders.
 */

const works: (() => Promise<unknown>)[] = [];
let underWay: Promise<void> = Promise.resolve();

/** @param work may run twice, and after the resource has ended by itself. */
export function onCleanUp(work: () => Promise<unknown>): void {
  works.push(work);
}

/**
 * Runs all registered work, the newest first. A failure is printed and does not stop the rest. A
 * call while it runs waits for its end.
 */
export function cleanUp(): Promise<void> {
  underWay = underWay.then(async () => {
    for (const work of works.splice(0).reverse()) await work().catch((error: unknown) => console.error(error));
  });
  return underWay;
}
