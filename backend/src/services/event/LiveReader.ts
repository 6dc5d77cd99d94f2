/**
 * One open stream. It takes no page while the client has not fetched the last one, so at most one
 * page is buffered for it.
 */
import type { Writable } from 'node:stream';
import type { Call } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';
import type { EventType } from '../../domain/shared/events.js';
import { type Filter, filterOf, type Page } from './Page.js';

/** Rights of a caller, which may change while its stream is open. */
export type Rights = Pick<Call, 'scopes'>;

export interface ReaderOptions extends Rights {
  types?: readonly EventType[] | undefined;
  /** The position before the first event that the reader gets. */
  position: number;
  out: Writable;
  /** Finds the caller's rights again. @throws AppError invalid_token when it has none any more. */
  identify: () => Promise<Rights>;
}

/** A client is asked to return after this time, and as much again by chance. */
const RETURN_MS = 2_000;
const HEARTBEAT_MS = 15_000;
/** With 10 s in the cache, a revoked credential ends within half a minute. */
const CHECK_MS = 20_000;
/** After a check that did not succeed. */
const CHECK_AGAIN_MS = 1_000;
/** Time for a client to fetch one page. */
const FETCH_MS = 30_000;
/** Time for a client to fetch the last bytes. */
const LAST_WORDS_MS = 1_000;

/** Why a stream ended on this side. */
export type EndReason = 'slow' | 'revoked' | 'stopping';

export class LiveReader {
  readonly #options: ReaderOptions;
  #position: number;
  #filter: Filter;
  #isOpen = true;
  /** Rights were looked up, and the database did not answer. */
  #isDoubtful = false;
  #isChecking = false;
  /** Since when the client has not fetched what was written. */
  #blockedAtMs: number | undefined;
  #wroteAtMs = performance.now();
  #checkAtMs: number;
  readonly #onReady: () => void;
  readonly #onEnd: (reason: EndReason) => void;

  /**
   * @param onReady is called when it can take a page again.
   * @param onEnd is called when it ends on this side; not when the client leaves.
   */
  constructor(options: ReaderOptions, onReady: () => void, onEnd: (reason: EndReason) => void) {
    this.#options = options;
    this.#onReady = onReady;
    this.#onEnd = onEnd;
    this.#position = options.position;
    this.#filter = filterOf(options.scopes, options.types);
    this.#checkAtMs = performance.now() + CHECK_MS * (0.5 + Math.random() / 2);
    // A connection may break between two events of it; `close` follows.
    options.out.on('error', () => undefined);
    options.out.on('drain', () => {
      this.#blockedAtMs = undefined;
      onReady();
    });
  }

  get position(): number {
    return this.#position;
  }

  get canTake(): boolean {
    return this.#isOpen && !this.#isDoubtful && this.#blockedAtMs === undefined;
  }

  /** @param isNew the client does not know its position yet. */
  greet(isNew: boolean): void {
    const position = isNew ? messageOfPosition('position', this.#position) : ':\n\n';
    this.#write(`${returnLater(1)}${position}`);
  }

  /** @returns the number of events sent. */
  take(page: Page): number {
    const { bytes, events } = page.partFor(this.#filter, this.#position);
    this.#position = page.upTo;
    if (bytes.length > 0) this.#write(bytes);
    return events;
  }

  /**
   * The events after its position are not there: the client loads anew, and continues from here.
   */
  reset(position: number): void {
    this.#position = position;
    this.#write(messageOfPosition('reset', position));
  }

  /** Called about once a second. */
  tick(nowMs: number): void {
    if (!this.#isOpen) return;
    if (this.#blockedAtMs !== undefined) {
      if (nowMs - this.#blockedAtMs > FETCH_MS) this.end('slow');
    } else if (nowMs - this.#wroteAtMs >= HEARTBEAT_MS) this.#write(':\n\n');
    if (nowMs >= this.#checkAtMs) this.check();
  }

  /** Looks whether the caller still has its rights. */
  check(): void {
    if (this.#isChecking || !this.#isOpen) return;
    this.#isChecking = true;
    this.#options.identify().then(
      ({ scopes }) => this.#checked(() => (this.#filter = filterOf(scopes, this.#options.types)), CHECK_MS),
      (error: unknown) => {
        const isRefused = error instanceof AppError && /^(?:unauthenticated|invalid_token)$/.test(error.code);
        if (isRefused) this.end('revoked');
        else this.#checked(() => (this.#isDoubtful = true), CHECK_AGAIN_MS);
      },
    );
  }

  end(reason: EndReason): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onEnd(reason);
    const { out } = this.#options;
    if (reason === 'slow') {
      out.destroy();
      return;
    }
    // Streams that end together return at different times.
    out.end(reason === 'stopping' ? returnLater(2) : undefined);
    setTimeout(() => out.destroy(), LAST_WORDS_MS).unref();
  }

  /** The client has left. */
  leave(): void {
    this.#isOpen = false;
  }

  #checked(apply: () => void, againMs: number): void {
    this.#isChecking = false;
    if (!this.#isOpen) return;
    this.#isDoubtful = false;
    apply();
    this.#checkAtMs = performance.now() + againMs;
    this.#onReady();
  }

  #write(bytes: Buffer | string): void {
    if (!this.#isOpen) return;
    this.#wroteAtMs = performance.now();
    if (!this.#options.out.write(bytes)) this.#blockedAtMs = this.#wroteAtMs;
  }
}

/** @param times of the usual time. */
function returnLater(times: number): string {
  return `retry: ${Math.round(RETURN_MS * times * (1 + Math.random()))}\n\n`;
}

function messageOfPosition(event: 'position' | 'reset', position: number): string {
  return `id: ${position}\nevent: ${event}\ndata: ${JSON.stringify({ position })}\n\n`;
}
