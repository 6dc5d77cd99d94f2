import { AppError, type FieldError } from '../../../domain/shared/errors.js';

/** Faults that an answer names. */
const MAX_FAULTS = 50;

/** Collects what is wrong with a request, so that one answer names all of it. */
export class Faults {
  readonly #missing: FieldError[] = [];
  readonly #wrong: FieldError[] = [];

  /** @param what e.g. `menu item`. */
  missing(pointer: string, what: string): void {
    this.#missing.push({ pointer, message: `No such ${what}.` });
  }

  wrong(pointer: string, message: string): void {
    this.#wrong.push({ pointer, message });
  }

  /** Runs a check that throws. @param name of the thing, for the message. */
  check(pointer: string, name: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.wrong(pointer, `"${name}": ${error.message}`);
    }
  }

  /** @throws AppError not_found or invalid_request when there are faults. */
  raise(): void {
    if (this.#missing.length > 0)
      throw new AppError('not_found', 'Some of the things that were named do not exist. Nothing was changed.', {
        errors: this.#missing.slice(0, MAX_FAULTS),
      });
    if (this.#wrong.length > 0)
      throw new AppError('invalid_request', 'Nothing was changed. Correct the request, or leave these things out.', {
        errors: this.#wrong.slice(0, MAX_FAULTS),
      });
  }
}
