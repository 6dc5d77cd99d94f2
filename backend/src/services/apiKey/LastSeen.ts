import type { Database } from '../../config/database.js';
import type { Logger } from '../../config/logger.js';
import type { ApiKeyRepository } from '../../repositories/ApiKeyRepository.js';
import type { Clock } from '../../utils/clock.js';
import { Recent } from '../../utils/recent.js';

const EACH_MS = 60_000;
/** Other instances note the same keys at other moments of the minute. */
const EARLIEST_MS = 50_000;
const WRITE_AFTER_MS = 2_000;
/** Keys of one process whose last note is remembered. A forgotten one is only noted again. */
const MAX_NOTED = 10_000;

interface Dependencies {
  database: Pick<Database, 'transaction'>;
  repository: ApiKeyRepository;
  clock: Clock;
  log: Logger;
}

/**
 * Notes when keys are used: at most once a minute for each, behind the calls and never inside them.
 * A note that cannot be written is dropped; the next minute brings another.
 */
export class LastSeen {
  readonly #deps: Dependencies;
  readonly #noted = new Recent<string, number>(MAX_NOTED);
  /** Ids of keys to be written, by restaurant. */
  #waiting = new Map<string, Set<string>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Costs one look-up in memory for a key that was noted within the minute. */
  note(restaurantId: string, keyId: string): void {
    const now = this.#deps.clock().getTime();
    const last = this.#noted.get(keyId);
    if (last !== undefined && Math.abs(now - last) < EACH_MS) return;
    this.#noted.set(keyId, now);
    const keys = this.#waiting.get(restaurantId);
    if (keys) keys.add(keyId);
    else this.#waiting.set(restaurantId, new Set([keyId]));
    this.#timer ??= setTimeout(() => void this.write(), WRITE_AFTER_MS).unref();
  }

  /** Writes the notes that wait, one restaurant after the other. Never rejects. */
  async write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { database, repository, clock, log } = this.#deps;
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const [restaurantId, keys] of waiting) {
      const at = clock();
      const unlessAfter = new Date(at.getTime() - EARLIEST_MS);
      try {
        await database.transaction(restaurantId, (tx) =>
          repository.markSeen(restaurantId, tx, [...keys], at, unlessAfter),
        );
      } catch (error) {
        log.warn({ err: error }, 'the last use of API keys was not noted');
      }
    }
  }
}
