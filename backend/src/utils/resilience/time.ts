/** The running of time, so that tests can hold it. Durations only: for dates there is `utils/clock`. */
export interface Time {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number;
  /** Runs `work` once after `ms`. The answer cancels it. */
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
