/**
 * The passing of time, so that tests can stop it. For durations only; `utils/clock` gives dates.
 */
export interface Time {
  /** Milliseconds since some fixed moment; never decreases. */
  now(): number;
  /** Runs `work` once after `ms`. @returns a function that cancels it. */
  after(ms: number, work: () => void): () => void;
}

export const systemTime: Time = {
  now: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `ms`; rejects with the signal's reason when it aborts first. */
export function sleep(ms: number, signal: AbortSignal | undefined, time: Time = systemTime): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = time.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
