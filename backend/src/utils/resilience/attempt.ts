import { onAnyAbort, runInScope, SignalScope, timeLimitPassed } from './signalScope.js';
import type { Time } from './time.js';

/** Work that continues although nobody waits for it any more, because it ignored its signal. */
export type Stragglers = Set<Promise<unknown>>;

/**
 * Runs `work` once with its own signal, which aborts after `timeoutMs` or with `outer`. Does not
 * wait for work that continues after its signal: its result is ignored, and it stays in
 * `stragglers` until it ends.
 * @throws the error of the work; the reason of the abort.
 */
export function attemptOnce<T>(
  work: (signal: AbortSignal) => Promise<T>,
  limits: { name: string; timeoutMs: number; outer: AbortSignal; stragglers: Stragglers; time: Time },
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const scope = new SignalScope();
    const stop = (reason: unknown): void => {
      // Rejects first, so that this reason takes precedence over the error that the aborted work
      // throws.
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

/** Calls `then` when all stragglers have ended, or after `graceMs`. */
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
