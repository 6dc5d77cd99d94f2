/**
 * Decorators for async methods of services. They are standard decorators (TC39): method types stay
 * exactly the same, and wrong uses do not compile (a method that is not async).
 *
 * Order, from the outside in: `@Track @RateLimit @Retry @Timeout`. Then the time limit applies to
 * each attempt, and the measured time is the caller's wait. The context connects them once with
 * `configurePerformance`.
 *
 * Cost per call, in µs of CPU (bench/decorators.ts): Track with its metric 0.7 to 1.3; Retry,
 * RateLimit and Memoize 0.1 each; Timeout 1.7.
 */
import { AppError } from '../domain/shared/errors.js';
import { CallWindow } from '../utils/resilience/callWindow.js';
import { codesOf, isCallersFault, isTransient } from '../utils/resilience/classify.js';
import { retrying } from '../utils/resilience/retry.js';
import {
  currentSignal,
  isTimeLimit,
  onAnyAbort,
  runInScope,
  SignalScope,
  timeLimitPassed,
} from '../utils/resilience/signalScope.js';
import { backend } from './performance/backend.js';
import { keyOf, Memory } from './performance/memory.js';
import { type AsyncMethod, type AsyncMethodDecorator, decorator, type Primitive } from './performance/methodTypes.js';

export { configurePerformance, type PerformanceMetrics } from './performance/backend.js';
export { currentSignal };

const MEMOIZED_RESULTS = 100;
const RETRY_BASE_MS = 100;
const RETRY_CAP_MS = 5_000;

/**
 * Reports the duration of each call and whether it failed.
 * @param name fixed, e.g. `orders.create`: it becomes a metric's tag.
 */
export function Track(name: string): AsyncMethodDecorator {
  return decorator(
    <This, A extends unknown[], R>(method: AsyncMethod<This, A, R>): AsyncMethod<This, A, R> =>
      function tracked(this: This, ...args: A): Promise<R> {
        return timed(name, () => method.apply(this, args));
      },
  );
}

/** As `Track`, for a class that serves several nouns: the name is `<noun>.<verb>`. */
export function TrackOf(verb: string) {
  return <This extends { readonly noun: string }, A extends unknown[], R>(
    method: AsyncMethod<This, A, R>,
    _context: ClassMethodDecoratorContext<This, AsyncMethod<This, A, R>>,
  ): AsyncMethod<This, A, R> =>
    function tracked(this: This, ...args: A): Promise<R> {
      return timed(`${this.noun}.${verb}`, () => method.apply(this, args));
    };
}

/** Reports a successful call as `Track` does, for work that ends at once. */
export function finished(name: string, startedAt: number): void {
  backend.metrics.methodFinished(name, performance.now() - startedAt, 'ok');
}

function timed<R>(name: string, call: () => Promise<R>): Promise<R> {
  const startedAt = performance.now();
  const result = call();
  // The promise itself is handed on: no extra turn of the queue, and a rejection stays the caller's
  // to handle.
  result.then(
    () => backend.metrics.methodFinished(name, performance.now() - startedAt, 'ok'),
    () => backend.metrics.methodFinished(name, performance.now() - startedAt, 'failed'),
  );
  return result;
}

/** An error class, or a code: of an AppError, or of Node such as `ECONNRESET`. */
export type RetryableError = (new (...args: never[]) => Error) | string;

export interface RetryableOptions {
  /** Including the first attempt. */
  maxAttempts: number;
  /**
   * Doubles the maximum wait, from 100 ms up to 5 s; otherwise it stays at 100 ms. The actual wait
   * is random below the maximum. A Retry-After is obeyed, unless it is longer than 5 s.
   */
  exponentialBackoff?: boolean;
  /**
   * Errors that are retried. Default: an unavailable database, a passed `@Timeout`, lost
   * connections, 429 and 5xx of other services. `dependency_unavailable` and a plain `overloaded`
   * are not retried: the policies of utils/resilience have already tried again.
   */
  retryableErrors?: readonly RetryableError[] | ((error: unknown) => boolean);
}

/**
 * Calls again after a temporary failure. Only for methods that may run twice. It never retries an
 * error of the caller (an AppError other than those with status 503, or a 4xx of another service),
 * whatever `retryableErrors` says. It also stops when a signal has aborted: the one in the method's
 * last argument, or else that of the surrounding time limit.
 */
export function Retry(options: RetryableOptions): AsyncMethodDecorator {
  const { retryableErrors, maxAttempts, exponentialBackoff: exponential = false } = options;
  const isRetryable = typeof retryableErrors === 'function' ? retryableErrors : oneOf(retryableErrors);
  const shouldRetry = (error: unknown): boolean => !isCallersFault(error) && isRetryable(error);
  return decorator(
    <This, A extends unknown[], R>(method: AsyncMethod<This, A, R>): AsyncMethod<This, A, R> =>
      function retried(this: This, ...args: A): Promise<R> {
        return retrying(() => method.apply(this, args), {
          maxAttempts,
          baseMs: RETRY_BASE_MS,
          capMs: RETRY_CAP_MS,
          exponential,
          shouldRetry,
          signal: signalOf(args) ?? currentSignal(),
        });
      },
  );
}

/**
 * Refuses calls beyond `maxCalls` within any `windowMs`, separately for each instance and method.
 * Per process.
 * @throws AppError rate_limited with `retryAfterSeconds`.
 */
export function RateLimit(options: { maxCalls: number; windowMs: number }): AsyncMethodDecorator {
  return decorator(<This, A extends unknown[], R>(method: AsyncMethod<This, A, R>): AsyncMethod<This, A, R> => {
    const windowOf = perInstance(() => new CallWindow(options.maxCalls, options.windowMs));
    return async function limited(this: This, ...args: A): Promise<R> {
      const window = windowOf(this);
      const now = backend.now();
      const waitMs = window.waitMs(now);
      if (waitMs > 0) {
        const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
        throw new AppError('rate_limited', `Too many calls. Try again in ${retryAfterSeconds} s.`, {
          retryAfterSeconds,
        });
      }
      window.take(now);
      return method.apply(this, args);
    };
  });
}

/**
 * Ends the wait after `ms` and aborts the work. Within the method and its calls, `currentSignal()`
 * returns a signal to pass to `fetch` and the like; `policy.run` and `HttpClientService.request`
 * use it automatically. The signal also aborts with an outer time limit, and with a signal in the
 * last argument. Late results are ignored.
 * @throws AppError overloaded with `message`, which should tell the caller what to do next.
 */
export function Timeout(ms: number, message: string): AsyncMethodDecorator {
  return decorator(
    <This, A extends unknown[], R>(method: AsyncMethod<This, A, R>): AsyncMethod<This, A, R> =>
      function limited(this: This, ...args: A): Promise<R> {
        return new Promise<R>((resolve, reject) => {
          const scope = new SignalScope();
          const stop = (reason: unknown): void => {
            clearTimeout(timer);
            // Rejects first, so that the caller gets this reason and not the method's reaction to
            // the abort.
            reject(reason);
            scope.abort(reason);
          };
          const timer = setTimeout(() => stop(timeLimitPassed('overloaded', message)), ms);
          const forget = onAnyAbort([currentSignal(), signalOf(args)], stop);
          if (scope.aborted) {
            forget();
            return;
          }
          runInScope(scope, async () => method.apply(this, args)).then(
            (result) => {
              clearTimeout(timer);
              forget();
              resolve(result);
            },
            (error: unknown) => {
              clearTimeout(timer);
              forget();
              reject(error);
            },
          );
        });
      },
  );
}

/**
 * Returns one result for calls with equal arguments while it runs, for 30 s at most, and for `ms`
 * afterwards: the last 100 results of each instance. Rejections are not kept. The arguments must be
 * primitive values; callers share the result and must not change it.
 */
export function Memoize(ms: number) {
  return <This, A extends Primitive[], R>(
    method: AsyncMethod<This, A, R>,
    _context: ClassMethodDecoratorContext<This, AsyncMethod<This, A, R>>,
  ): AsyncMethod<This, A, R> => {
    const memoryOf = perInstance(() => new Memory<R>(MEMOIZED_RESULTS));
    return function memoized(this: This, ...args: A): Promise<R> {
      const memory = memoryOf(this);
      const key = keyOf(args);
      const known = memory.get(key, backend.now());
      if (known) return known;
      const result = runInScope(undefined, () => method.apply(this, args));
      memory.set(key, result, ms, backend.now);
      return result;
    };
  };
}

/** Creates one value per instance, which is freed with the instance. */
function perInstance<T>(make: () => T): (instance: unknown) => T {
  const made = new WeakMap<object, T>();
  return (instance) => {
    // The owner is the method's instance, or its class when the method is static.
    const owner = instance as object;
    let found = made.get(owner);
    if (found === undefined) {
      found = make();
      made.set(owner, found);
    }
    return found;
  };
}

function oneOf(wanted: readonly RetryableError[] | undefined): (error: unknown) => boolean {
  if (!wanted) return mayPass;
  const codes = new Set(wanted.filter((one) => typeof one === 'string'));
  const classes = wanted.filter((one) => typeof one !== 'string');
  return (error) => classes.some((one) => error instanceof one) || codesOf(error).some((code) => codes.has(code));
}

function mayPass(error: unknown): boolean {
  const [code] = codesOf(error);
  return isTransient(error) || code === 'database_unavailable' || (code === 'overloaded' && isTimeLimit(error));
}

/** The signal given to a method as its last argument, or as `signal` in it. */
function signalOf(args: readonly unknown[]): AbortSignal | undefined {
  const last = args.at(-1);
  if (typeof last !== 'object' || last === null) return undefined;
  if (last instanceof AbortSignal) return last;
  return 'signal' in last && last.signal instanceof AbortSignal ? last.signal : undefined;
}
