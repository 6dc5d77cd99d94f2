/** What has to be undone when benchmarks end, however they end: servers, the database, folders. */

const works: (() => Promise<unknown>)[] = [];
let underWay: Promise<void> = Promise.resolve();

/** @param work may run twice, and after what it undoes has gone by itself. */
export function onCleanUp(work: () => Promise<unknown>): void {
  works.push(work);
}

/**
 * Undoes all that was begun so far, the newest first. A failure is told and keeps nothing else from being undone. Who calls it
 * while it runs waits for the end.
 */
export function cleanUp(): Promise<void> {
  underWay = underWay.then(async () => {
    for (const work of works.splice(0).reverse()) await work().catch((error: unknown) => console.error(error));
  });
  return underWay;
}
