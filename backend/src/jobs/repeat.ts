/** Work that repeats in the background of every serving process. */

export interface Timing {
  everyMs: number;
  /** 0 to 1, for the jitter. */
  random?: () => number;
}

/**
 * Runs work about as often as asked, at random times, so that processes that start together do not
 * run it together. Keeps no process alive.
 * @param work asks between two steps whether to stop. Must not throw.
 * @returns a function that stops the repetition and resolves when the work in progress has ended.
 */
export function repeat(work: (isStopping: () => boolean) => Promise<void>, timing: Timing): () => Promise<void> {
  const { everyMs, random = Math.random } = timing;
  let isStopping = false;
  let underWay = Promise.resolve();
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    if (isStopping) return;
    timer = setTimeout(
      () => {
        underWay = work(() => isStopping).then(wait);
      },
      everyMs * (0.5 + random()),
    );
    timer.unref();
  };
  wait();
  return () => {
    isStopping = true;
    clearTimeout(timer);
    return underWay;
  };
}
