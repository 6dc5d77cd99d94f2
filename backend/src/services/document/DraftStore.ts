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

/** What `build` may want to know, read before it. */
type RestaurantNow = Awaited<ReturnType<RestaurantService['settingsWithVersions']>>;

/** Where drafts are kept, on their way to a number or until somebody wants one. */
export class DraftStore {
  readonly #deps: Dependencies;
  readonly #queue: IssueQueue;

  constructor(deps: Dependencies, queue: IssueQueue) {
    this.#deps = deps;
    this.#queue = queue;
  }

  /**
   * Stores what `build` makes as a draft, and issues it if that is wanted.
   * @throws AppError already_exists, idempotency_key_in_use, idempotency_key_reused; as `build` and `IssueQueue.issue`.
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
    // The answer belongs to the number: the key is used up by the transaction that draws it, and until then leads to the draft.
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

  /** Sends the draft on its way: nobody needs the answer, so it leaves with what comes next, the commit for most. */
  insert(call: Call, tx: Tx, draft: Document, request?: DraftRequest): Document {
    tx.defer(this.#deps.repository.insert(call.restaurantId, tx, draft, request));
    tx.defer(this.#deps.unitOfWork.record(tx, call, [documentFact('document.created', draft)]));
    return draft;
  }

  /** What the key has led to: a draft that an earlier attempt has left, or an answer. @throws AppError idempotency_key_in_use, idempotency_key_reused. */
  async #kept(call: Call, tx: Tx, { key, hash }: DraftRequest): Promise<{ id: string } | undefined> {
    const { unitOfWork, repository } = this.#deps;
    const kept = await repository.findRequested(call.restaurantId, tx, key);
    // Whoever still issues it is waited for, and not told that its key is in use.
    if (!kept) return unitOfWork.answerWithin<Document>(tx, call);
    if (kept.requestHash !== hash) throw keyReused();
    return kept;
  }
}
