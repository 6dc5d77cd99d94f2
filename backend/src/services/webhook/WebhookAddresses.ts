import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, invalid } from '../../domain/shared/errors.js';
import type { Egress } from '../httpClient/egress.js';

const LOOK_UP_MS = 4_000;
const POINTER = '/url';
/** Errors of a look-up that mean: there is no such name. */
const UNKNOWN_NAME = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * Checks the address of a receiver before it is saved. The client makes the same checks again at
 * each connection, because a name may lead elsewhere later.
 */
export class WebhookAddresses {
  readonly #egress: Egress;

  constructor(egress: Egress) {
    this.#egress = egress;
  }

  /**
   * @returns the address in its normal form.
   * @throws AppError invalid_request with the reason; dependency_unavailable when the name cannot
   * be
   *   looked up now.
   */
  async accept(text: string): Promise<string> {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || !/^https?:$/.test(url.protocol))
      throw invalid(POINTER, 'Give an address that begins with https:// or http://.');
    if (url.username !== '' || url.password !== '')
      throw invalid(POINTER, 'The address must not contain credentials. Use headers for them.');
    if (url.hash !== '') throw invalid(POINTER, 'The address must not contain a fragment (#).');
    const hostname = url.hostname.replace(/^\[|\]$/g, '');
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
    this.#refuseUnlessOpen(() => this.#egress.assertMayCall(hostname, port));
    if (!this.#egress.isAllowed(hostname, port)) await this.#lookUp(hostname);
    return url.toString();
  }

  async #lookUp(hostname: string): Promise<void> {
    const found = new Promise<NodeJS.ErrnoException | null>((resolve) => {
      this.#egress.lookup(hostname, { all: true }, (error) => resolve(error));
    });
    const error = await Promise.race([found, sleep(LOOK_UP_MS, TOO_SLOW, { ref: false })]);
    if (error === null) return;
    this.#refuseUnlessOpen(() => {
      if (error instanceof AppError) throw error;
    });
    if (UNKNOWN_NAME.has(error.code ?? ''))
      throw invalid(POINTER, `No server has the name ${hostname}. Check its spelling.`);
    throw new AppError('dependency_unavailable', `${hostname} could not be looked up. Try again shortly.`, {
      cause: error,
      retryAfterSeconds: 5,
    });
  }

  #refuseUnlessOpen(check: () => void): void {
    try {
      check();
    } catch (error) {
      if (error instanceof AppError) throw invalid(POINTER, error.message);
      throw error;
    }
  }
}

const TOO_SLOW: NodeJS.ErrnoException = new Error('the look-up took too long');
