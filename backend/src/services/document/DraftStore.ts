import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import type { Document } from '../../domain/document/document.js';
import { keyReused } from '../../domain/shared/errors.js';
import type { DocumentRepository, DraftRequest } from '../../repositories/DocumentRepository.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { actorOf } from './drafts.js';
import { documentFact } from './documentFacts.js';
import type { IssueQueue, Written } from './IssueQueue.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: DocumentRepository;
  restaurants: RestaurantService;
}

/** The restaurant data that `build` gets, read before it runs. */
type RestaurantNow = Awaited<ReturnType<RestaurantService['settingsWithVersions']>>;

/** Stores drafts, and issues them at once if the caller asks for a number. */
export class DraftStore {
  readonly #deps: Dependencies;
  readonly #queue: IssueQueue;

  constructor(deps: Dependencies, queue: IssueQueue) {
    this.#deps = deps;
    this.#queue = queue;
  }

  /**
   * Stores the result of `build` as a draft, and issues it if `wantsIssue` is true.
   * @throws AppError already_exists, idempotency_key_in_use, idempotency_key_reused; also the
   * errors of `build` and `IssueQueue.issue`.
   */
  async create(
    call: Call,
    wantsIssue: boolean,
    build: (tx: Tx, restaurant: RestaurantNow) => Promise<Document>,
  ): Promise<Document> {
    const { unitOfWork, restaurants } = this.#deps;
    const restaurantNow = (tx: Tx) => restaurants.settingsWithVersions(tx, call.restaurantId);
    if (!wantsIssue)
      return unitOfWork.run(call, async (tx) => this.insert(call, tx, await build(tx, await restaurantNow(tx))));
    // The transaction that draws the number stores the answer under the key. Until then the key
    // leads to the draft.
    const { idempotency: claim, ...keyless } = call;
    const key = claim && { key: `${actorOf(call)} ${claim.route} ${claim.key}`, hash: claim.requestHash };
    const write = () =>
      unitOfWork.run(keyless, async (tx): Promise<Written> => {
        const [kept, restaurant] = await Promise.all([key && this.#kept(call, tx, key), restaurantNow(tx)]);
        if (kept) return { id: kept.id, isFresh: false };
        const { id } = this.insert(keyless, tx, await build(tx, restaurant), key);
        return { id, isFresh: true };
      });
    return this.#queue.writeAndIssue({ call, isOwn: key !== undefined }, write);
  }

  /**
   * Sends the draft without waiting: no caller needs the result, so it travels with the next
   * statement, mostly the commit.
   */
  insert(call: Call, tx: Tx, draft: Document, request?: DraftRequest): Document {
    tx.defer(this.#deps.repository.insert(call.restaurantId, tx, draft, request));
    tx.defer(this.#deps.unitOfWork.record(tx, call, [documentFact('document.created', draft)]));
    return draft;
  }

  /**
   * The draft of an earlier attempt with the same key, or the stored answer.
   * @throws AppError idempotency_key_in_use, idempotency_key_reused.
   */
  async #kept(call: Call, tx: Tx, { key, hash }: DraftRequest): Promise<{ id: string } | undefined> {
    const { unitOfWork, repository } = this.#deps;
    const kept = await repository.findRequested(call.restaurantId, tx, key);
    // An attempt that still issues the draft is waited for; the caller gets no "key in use" error.
    if (!kept) return unitOfWork.answerWithin<Document>(tx, call);
    if (kept.requestHash !== hash) throw keyReused();
    return kept;
  }
}
