/** Hashes passwords with argon2id, a few at a time. Only this file uses the argon2 library. */
import { availableParallelism } from 'node:os';
import { AppError } from '../../domain/shared/errors.js';
import { countChars, MAX_PASSWORD_CHARS, normalisedPassword } from '../../domain/people/password.js';

// OWASP's second choice for argon2id: 19 MiB, two passes, one lane. Every verification reads its
// parameters from the stored hash, so they can be raised for new passwords at any time. argon2id is
// the library's default algorithm.
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * A hash of zeros, which matches no password. Comparing with it costs as much as with a real one.
 */
const DECOY = `$argon2id$v=19$m=${PARAMETERS.memoryCost},t=${PARAMETERS.timeCost},p=${PARAMETERS.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

/**
 * Hashing runs on libuv's four threads, which also sign and verify access tokens. One thread is
 * left for these. More hashes at once than cores would only make every caller wait longer. At most
 * three run, so they use at most 57 MiB.
 */
const MAX_AT_ONCE = Math.max(1, Math.min(3, availableParallelism()));
/** At 40 ms each, the last one waits less than two seconds. */
const MAX_WAITING = 64;
const RETRY_AFTER_SECONDS = 2;

const SETTINGS = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]{11,86})$/;

/** The two operations of argon2 that we use. */
export interface PasswordEngine {
  /** @param settings parameters and salt, as at the start of a stored hash. */
  hash(password: string, settings: string): Promise<string>;
  verify(hashed: string, password: string): Promise<boolean>;
}

const argon2id: PasswordEngine = {
  hash: async (password, settings) => {
    const [, memory, time, lanes, salt = ''] = SETTINGS.exec(settings) ?? [];
    const parameters = { memoryCost: Number(memory), timeCost: Number(time), parallelism: Number(lanes) };
    const { hash } = await import('@node-rs/argon2');
    return hash(password, { ...parameters, salt: Buffer.from(salt, 'base64') });
  },
  verify: async (hashed, password) => (await import('@node-rs/argon2')).verify(hashed, password),
};

/**
 * The settings for hashing a new password, with a salt of 16 bytes: the start of the stored hash,
 * up to the digest.
 */
export function settingsWith(salt: Buffer): string {
  const { memoryCost, timeCost, parallelism } = PARAMETERS;
  const encoded = salt.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$${encoded}`;
}

export interface PasswordOptions {
  engine?: PasswordEngine;
  maxAtOnce?: number;
  maxWaiting?: number;
}

export class Passwords {
  readonly #engine: PasswordEngine;
  readonly #maxAtOnce: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(options: PasswordOptions = {}) {
    this.#engine = options.engine ?? argon2id;
    this.#maxAtOnce = options.maxAtOnce ?? MAX_AT_ONCE;
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING;
  }

  /**
   * Hashes a password with the settings of a stored hash: the texts are equal when the passwords
   * are. It does not check whether a new password is good enough; the caller does
   * (`passwordFault`). Of a password that is too long, only the maximum length is hashed.
   * @throws AppError overloaded.
   */
  async hash(password: string, settings: string): Promise<string> {
    const normalised = normalisedPassword(password);
    const hashed = await this.#limited(() => this.#engine.hash(normalised.slice(0, 2 * MAX_PASSWORD_CHARS), settings));
    // No password is that long, and a password's beginning must not count as the password.
    return countChars(normalised) > MAX_PASSWORD_CHARS ? `${hashed}, too long` : hashed;
  }

  /**
   * True for the right password. Without a hash it does the same work, so that the time of the
   * answer does not tell whether the user exists.
   * @throws AppError overloaded.
   */
  async verifyOrPretend(hashed: string | undefined, password: string): Promise<boolean> {
    const normalised = normalisedPassword(password);
    // No password is that long; the decoy keeps the time the same.
    if (hashed === undefined || countChars(normalised) > MAX_PASSWORD_CHARS) {
      await this.#limited(() => this.#engine.verify(DECOY, normalised.slice(0, MAX_PASSWORD_CHARS)));
      return false;
    }
    return this.#limited(() => this.#engine.verify(hashed, normalised));
  }

  async #limited<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#maxAtOnce) {
      this.#running += 1;
    } else {
      if (this.#waiting.length >= this.#maxWaiting) {
        throw new AppError('overloaded', 'There are too many logins at the moment. Try again in a few seconds.', {
          retryAfterSeconds: RETRY_AFTER_SECONDS,
        });
      }
      // A finished caller passes its place on, so `#running` does not change in between.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
