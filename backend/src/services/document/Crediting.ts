import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import type { Document } from '../../domain/document/document.js';
import type { CreditRequest } from '../../domain/document/documentCredit.js';
import { AppError, notFound } from '../../domain/shared/errors.js';
import type { MinorUnits } from '../../domain/number/money.js';
import { saleKept } from '../../domain/order/saleCorrection.js';
import type { DocumentRepository } from '../../repositories/DocumentRepository.js';
import type { Clock } from '../../utils/clock.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { creditOf } from './corrections.js';
import { draftOf } from './drafts.js';
import type { DraftStore } from './DraftStore.js';
import { NoFastNumbers } from './FastNumbers.js';
import type { IssueQueue } from './IssueQueue.js';
import { papersTotalOf, takenBackBy } from './orderCorrections.js';
import type { OrderSources } from './sources.js';

export interface CreditOrder {
  lines?: CreditRequest[] | undefined;
  reason: string;
  /** The credited goods also leave the order. Issues the credit note in the same transaction. */
  applyToOrder: boolean;
}

interface Dependencies extends OrderSources {
  unitOfWork: UnitOfWork;
  repository: DocumentRepository;
  clock: Clock;
}

/** Writes credit notes, alone or together with the change of their order. */
export class Crediting {
  readonly #deps: Dependencies;
  readonly #drafts: DraftStore;
  readonly #queue: IssueQueue;

  constructor(deps: Dependencies, drafts: DraftStore, queue: IssueQueue) {
    this.#deps = deps;
    this.#drafts = drafts;
    this.#queue = queue;
  }

  credit(call: Call, id: string, request: CreditOrder, wantsIssue: boolean): Promise<Document> {
    if (request.applyToOrder) return this.#creditAndApply(call, id, request);
    return this.#drafts.create(call, wantsIssue, {
      lines: undefined,
      build: async (tx) => (await this.#note(call, tx, id, request)).note,
    });
  }

  /** All or nothing: credit note, number, and the order without the credited goods. */
  #creditAndApply(call: Call, id: string, request: CreditOrder): Promise<Document> {
    const work = async (tx: Tx) => {
      const { original, note } = await this.#note(call, tx, id, request);
      const taken = takenBackBy(original, note);
      this.#drafts.insert(call, tx, note);
      await tx.settled();
      const order = await this.#deps.orders.papers.takeBack(call, tx, original.orderId ?? '', taken, request.reason);
      const papersTotal = (await papersTotalOf(this.#deps, call, tx, original, note.id)) - note.total;
      assertCovered(saleKept(order), papersTotal);
      return this.#queue.issueWithin(tx, call, note);
    };
    return this.#deps.unitOfWork.run(call, work).catch(refuseFastSeries);
  }

  /** Under the lock of the original, no other call can credit or void it. */
  async #note(call: Call, tx: Tx, id: string, request: CreditOrder): Promise<{ original: Document; note: Document }> {
    const { repository, clock } = this.#deps;
    const original = await repository.lock(call.restaurantId, tx, id);
    if (!original) throw notFound('document');
    const earlier = await repository.creditNotesOf(call.restaurantId, tx, id);
    return { original, note: draftOf(call, clock(), creditOf(original, earlier, request)) };
  }
}

/** @throws AppError invalid_state when the order has lost more than was credited. */
function assertCovered(kept: MinorUnits, papersTotal: MinorUnits): void {
  if (kept >= papersTotal) return;
  throw new AppError(
    'invalid_state',
    'With these goods the order loses more than the credit note takes back: its service charge and the rounding of its taxes change too. ' +
      'Credit a part of the service charge line as well, credit everything, or leave out "applyToOrder".',
  );
}

/** Numbers of a fast series are drawn in a transaction of their own. */
function refuseFastSeries(error: unknown): never {
  if (!(error instanceof NoFastNumbers)) throw error;
  throw new AppError(
    'invalid_state',
    'The series of credit notes is a fast one: it cannot number together with a change of the order. Leave out "applyToOrder".',
    { cause: error },
  );
}
