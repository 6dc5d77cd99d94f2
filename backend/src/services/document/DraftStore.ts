import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import type { Document } from '../../domain/document/document.js';
import { AppError, keyReused } from '../../domain/shared/errors.js';
import type { DraftRow } from '../../repositories/document/newDrafts.js';
import type { DocumentRepository } from '../../repositories/DocumentRepository.js';
import type { Outcome } from '../../utils/batcher.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { actorOf } from './drafts.js';
import { documentFact } from './documentFacts.js';
import { DraftQueue, type NewDraft } from './DraftQueue.js';
import type { IssueQueue, Written } from './IssueQueue.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: DocumentRepository;
  restaurants: RestaurantService;
}

/** As for any other write: a deadlock undoes a transaction completely. */
const ATTEMPTS = 4;

type Outcomes = Map<NewDraft, Outcome<Written>>;

/** Makes a draft. */
export interface DraftMaker {
  /** Lines of the request; undefined when `build` reads or locks something else. */
  lines: number | undefined;
  build: NewDraft['build'];
}

/** Stores drafts, and issues them at once if the caller asks for a number. */
export class DraftStore {
  readonly #deps: Dependencies;
  readonly #queue: IssueQueue;
  readonly #drafts: DraftQueue;

  constructor(deps: Dependencies, queue: IssueQueue) {
    this.#deps = deps;
    this.#queue = queue;
    this.#drafts = new DraftQueue((restaurantId, drafts) =>
      deps.unitOfWork.runTogether(restaurantId, drafts, (tx, open) => this.#writeAll(restaurantId, tx, open), {
        attempts: ATTEMPTS,
      }),
    );
  }

  /**
   * Stores the draft of `maker`, and issues it if `wantsIssue` is true.
   * @throws AppError already_exists, idempotency_key_in_use, idempotency_key_reused; also the
   * errors of `build` and `IssueQueue.issue`.
   */
  async create(call: Call, wantsIssue: boolean, { lines, build }: DraftMaker): Promise<Document> {
    const { unitOfWork, restaurants } = this.#deps;
    const { restaurantId } = call;
    if (!wantsIssue)
      return unitOfWork.run(call, async (tx) =>
        this.insert(call, tx, await build(tx, await restaurants.settingsWithVersions(tx, restaurantId))),
      );
    // The transaction that draws the number stores the answer under the key. Until then the key
    // leads to the draft.
    const { idempotency: claim, ...keyless } = call;
    const key = claim && { key: `${actorOf(call)} ${claim.route} ${claim.key}`, hash: claim.requestHash };
    const draft = { call: keyless, keyed: call, key, weight: lines ?? 1, build };
    // Several together would lock their sources in the order of arrival.
    const alone = () =>
      unitOfWork.run(keyless, async (tx) => valueOf((await this.#writeAll(restaurantId, tx, [draft])).get(draft)));
    const write = () => (lines === undefined ? alone() : this.#drafts.write(draft));
    return this.#queue.writeAndIssue({ call, isOwn: key !== undefined }, write);
  }

  /**
   * Sends the draft without waiting: no caller needs the result, so it travels with the next
   * statement, mostly the commit.
   */
  insert(call: Call, tx: Tx, draft: Document): Document {
    tx.defer(this.#deps.repository.insert(call.restaurantId, tx, [{ document: draft }]));
    tx.defer(this.#deps.unitOfWork.record(tx, call, [documentFact('document.created', draft)]));
    return draft;
  }

  async #writeAll(restaurantId: string, tx: Tx, drafts: readonly NewDraft[]): Promise<Outcomes> {
    const { unitOfWork, restaurants, repository } = this.#deps;
    const [restaurant, outcomes] = await Promise.all([
      restaurants.settingsWithVersions(tx, restaurantId),
      this.#kept(restaurantId, tx, drafts),
    ]);
    const rows: DraftRow[] = [];
    const facts: { call: Call; fact: ReturnType<typeof documentFact> }[] = [];
    for (const draft of drafts.filter((one) => !outcomes.has(one))) {
      try {
        const document = await draft.build(tx, restaurant);
        rows.push({ document, request: draft.key });
        facts.push({ call: draft.call, fact: documentFact('document.created', document) });
        outcomes.set(draft, { value: { id: document.id, fresh: document } });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        outcomes.set(draft, { error });
      }
    }
    if (rows.length === 0) return outcomes;
    tx.defer(repository.insert(restaurantId, tx, rows));
    tx.defer(unitOfWork.recordTogether(tx, restaurantId, facts));
    return outcomes;
  }

  /**
   * Drafts of earlier attempts with the same key, stored answers, and refusals of keys:
   * idempotency_key_in_use, idempotency_key_reused.
   */
  async #kept(restaurantId: string, tx: Tx, drafts: readonly NewDraft[]): Promise<Outcomes> {
    const { unitOfWork, repository } = this.#deps;
    const keys = drafts.flatMap(({ key }) => (key ? [key.key] : []));
    if (keys.length === 0) return new Map();
    const kept = new Map((await repository.findRequested(restaurantId, tx, keys)).map((one) => [one.key, one]));
    const outcomes: Outcomes = new Map();
    for (const draft of drafts) {
      const found = draft.key && kept.get(draft.key.key);
      if (!found) continue;
      const isSame = found.requestHash === draft.key?.hash;
      outcomes.set(draft, isSame ? { value: { id: found.id } } : { error: keyReused() });
    }
    // An attempt that still issues the draft is waited for; the caller gets no "key in use" error.
    const others = drafts.filter((one) => one.key && !outcomes.has(one)).map((draft) => ({ draft, call: draft.keyed }));
    const answers = await unitOfWork.answersWithin<(typeof others)[number], Document>(restaurantId, tx, others);
    for (const [{ draft }, answer] of answers)
      outcomes.set(draft, 'error' in answer ? answer : { value: { id: answer.value.id } });
    return outcomes;
  }
}

function valueOf(outcome: Outcome<Written> | undefined): Written {
  if (!outcome) throw new Error('a draft was neither written nor refused');
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}
