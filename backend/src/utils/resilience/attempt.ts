import { onAnyAbort, runInScope, SignalScope, timeLimitPassed } from './signalScope.js';
import type { Time } from './time.js';

/** Work that goes on although nobody waits for it any more: it did not heed its signal. */
export type Stragglers = Set<Promise<unknown>>;

/**
 * Runs `work` once with a signal of its own that aborts after `timeoutMs` or with `outer`. Does not wait for work that
 * goes on after its signal: its result is ignored, and it stays in `stragglers` until it ends.
 * @throws what the work throws; the reason of the abort.
 */
export function attemptOnce<T>(
  work: (signal: AbortSignal) => Promise<T>,
  limits: { name: string; timeoutMs: number; outer: AbortSignal; stragglers: Stragglers; time: Time },
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const scope = new SignalScope();
    const stop = (reason: unknown): void => {
      // First, so that the reason wins over what the work makes of its abort.
      reject(reason);
      scope.abort(reason);
    };
    const forget = onAnyAbort([limits.outer], stop);
    if (limits.outer.aborted) return;
    const cancelTimer = limits.time.after(limits.timeoutMs, () =>
      stop(
        timeLimitPassed(
          'dependency_unavailable',
          `${limits.name} did not answer within ${limits.timeoutMs} ms. Try again shortly.`,
        ),
      ),
    );
    const running = runInScope(scope, async () => work(scope.signal));
    limits.stragglers.add(running);
    const ended = (): void => {
      limits.stragglers.delete(running);
      cancelTimer();
      forget();
    };
    running.then(
      (result) => {
        ended();
        resolve(result);
      },
      (error: unknown) => {
        ended();
        reject(error);
      },
    );
  });
}

/** Calls `then` when all stragglers have ended, after `graceMs` at the latest. */
export function whenEnded(stragglers: Stragglers, graceMs: number, time: Time, then: () => void): void {
  if (stragglers.size === 0) {
    then();
    return;
  }
  let finished = false;
  const finish = (): void => {
    if (finished) return;
    finished = true;
    cancel();
    then();
  };
  const cancel = time.after(graceMs, finish);
  void Promise.allSettled(stragglers).then(finish);
}
