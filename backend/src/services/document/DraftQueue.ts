/**
 * Queue of the drafts that are to be issued at once. Those of one restaurant that arrive while the
 * transaction before is under way are stored together in the next one (group commit), as their
 * numbers are afterwards (`IssueQueue`). A hundred callers need two transactions for fifty
 * documents instead of fifty-one.
 */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import type { Document } from '../../domain/document/document.js';
import { AppError } from '../../domain/shared/errors.js';
import type { DraftRequest } from '../../repositories/document/newDrafts.js';
import { Batcher, type Outcome } from '../../utils/batcher.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { Written } from './IssueQueue.js';

/** Drafts and lines of one transaction, as for new orders. */
const AT_ONCE = 50;
const LINES_AT_ONCE = 500;
const MAX_WAITING = 500;
const TOO_MANY = 'Too many documents of this restaurant are waiting. Nothing was stored; try again shortly.';

/** The restaurant data that `build` gets, read before it runs. */
type RestaurantNow = Awaited<ReturnType<RestaurantService['settingsWithVersions']>>;

/** A draft to write. */
export interface NewDraft {
  /** Without the Idempotency-Key, whose answer is stored with the number. */
  call: Call;
  keyed: Call;
  /** The request that it is written for. */
  key: DraftRequest | undefined;
  /** Its lines. */
  weight: number;
  build: (tx: Tx, restaurant: RestaurantNow) => Promise<Document>;
}

type StoreTogether = (restaurantId: string, drafts: readonly NewDraft[]) => Promise<Map<NewDraft, Outcome<Written>>>;

export class DraftQueue {
  readonly #store: StoreTogether;
  readonly #batcher: Batcher<NewDraft, Written>;

  /** @param store stores drafts in one transaction. Rejects when it has stored none of them. */
  constructor(store: StoreTogether) {
    this.#store = store;
    this.#batcher = new Batcher({
      maxSize: AT_ONCE,
      maxWeight: LINES_AT_ONCE,
      weigh: ({ weight }) => weight,
      maxWaiting: MAX_WAITING,
      refusal: TOO_MANY,
      run: (restaurantId, drafts) => this.#run(restaurantId, drafts),
      // A second request with the key waits, and then finds the draft of the first one.
      identities: ({ key }) => (key ? [key.key] : []),
    });
  }

  /**
   * @throws AppError overloaded, database_unavailable; also the reason why it cannot be written.
   */
  write(draft: NewDraft): Promise<Written> {
    return this.#batcher.add(draft.call.restaurantId, draft);
  }

  async #run(restaurantId: string, drafts: readonly NewDraft[]): Promise<Map<NewDraft, Outcome<Written>>> {
    try {
      return await this.#store(restaurantId, drafts);
    } catch (error) {
      if (drafts.length === 1 || isOfAll(error)) throw error;
      return this.#alone(restaurantId, drafts);
    }
  }

  /** One draft makes the database fail. Each runs alone, so that it costs no other its place. */
  async #alone(restaurantId: string, drafts: readonly NewDraft[]): Promise<Map<NewDraft, Outcome<Written>>> {
    const outcomes = new Map<NewDraft, Outcome<Written>>();
    for (const draft of drafts) {
      const stored = await this.#store(restaurantId, [draft]).catch((error: unknown) => new Map([[draft, { error }]]));
      for (const [one, outcome] of stored) outcomes.set(one, outcome);
    }
    return outcomes;
  }
}

/** The database failed, and no draft is the reason. */
function isOfAll(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'database_unavailable' || error.code === 'overloaded');
}
