/**
 * Business documents: drafts that can be edited, issued documents that never change, and their
 * corrections.
 */
import type { Tx } from '../config/database.js';
import type { Logger } from '../config/logger.js';
import { withoutUndefined } from '../domain/shared/sentFields.js';
import { Track } from '../decorators/Performance.js';
import type { DayReport } from '../domain/report/businessDay.js';
import type { Call } from '../domain/shared/call.js';
import {
  assertDraft,
  type Document,
  type DocumentStatus,
  isDerived,
  priceDocument,
} from '../domain/document/document.js';
import type { SeriesAudit } from '../domain/document/documentAudit.js';
import type { DocumentSeries } from '../domain/document/documentSeries.js';
import { AppError, assertVersion, notFound } from '../domain/shared/errors.js';
import { assertBounded } from '../domain/number/money.js';
import { changesBetween } from '../domain/shared/events.js';
import type { DocumentFilter } from '../repositories/document/DocumentLists.js';
import type { DocumentRepository } from '../repositories/DocumentRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import {
  actorOf,
  amountsOf,
  dayCloseOf,
  detailsWith,
  type DocumentRequest,
  type DraftChange,
  draftOf,
  hasSource,
  linesOf,
  withKeptIds,
} from './document/drafts.js';
import { type DraftMaker, DraftStore } from './document/DraftStore.js';
import { type AuditProgress, auditSeries, type AuditScope } from './document/auditSeries.js';
import { assertVoidable } from './document/corrections.js';
import { Crediting, type CreditOrder } from './document/Crediting.js';
import { documentFact } from './document/documentFacts.js';
import { type IssueMetrics, IssueQueue } from './document/IssueQueue.js';
import { Issuing } from './document/issuing.js';
import { restoreOrder } from './document/orderCorrections.js';
import { assertSeriesFits, buildSeries, type SeriesInput } from './document/seriesRules.js';
import { assertNotReplaced, replacementDetails } from './document/replacements.js';
import { contentOfSource, type Sources } from './document/sources.js';
import { EditableResource } from './EditableResource.js';
import type { MenuService } from './MenuService.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

interface Dependencies extends Sources {
  unitOfWork: UnitOfWork;
  repository: DocumentRepository;
  menu: MenuService;
  restaurants: RestaurantService;
  cursors: Cursors;
  clock: Clock;
  log: Logger;
  metrics: IssueMetrics;
}

export class DocumentService {
  readonly series: EditableResource<DocumentSeries, SeriesInput>;
  readonly #deps: Dependencies;
  readonly #queue: IssueQueue;
  readonly #drafts: DraftStore;
  readonly #crediting: Crediting;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    const { repository, log, metrics } = deps;
    this.#queue = new IssueQueue({ issuing: new Issuing(deps), log, metrics });
    this.#drafts = new DraftStore(deps, this.#queue);
    this.#crediting = new Crediting(deps, this.#drafts, this.#queue);
    this.series = new EditableResource(
      {
        noun: 'document_series',
        table: repository.series,
        build: buildSeries,
        beforeSave: (call, tx, after, before) =>
          assertSeriesFits(repository.series, call.restaurantId, tx, after, before),
      },
      deps,
    );
  }

  /**
   * Writes a draft from lines, or from the current state of a source that `contentOfSource` reads.
   * @param wantsIssue issues it in the same call. If issuing fails, the draft is kept, and a
   *   repetition with the same Idempotency-Key continues with it.
   * @throws AppError not_found, invalid_request, invalid_state, already_exists;
   *   database_unavailable within three seconds.
   */
  @Track('documents.create')
  create(call: Call, request: DocumentRequest, wantsIssue: boolean): Promise<Document> {
    const build: DraftMaker['build'] = async (tx, { settings, menuVersion }) => {
      const { type, customer, notes, location, register, discounts, orderId = null } = request;
      const { repository, menu, clock } = this.#deps;
      const sent = withoutUndefined(withKeptIds({ customer, notes, location, register, discounts }));
      const common = { ...sent, type, currency: settings.currency };
      const source = await contentOfSource(this.#deps, call, tx, request, settings);
      if (source) {
        const replaces = await replacementDetails(repository, call.restaurantId, tx, request);
        const details = detailsWith({ type, orderId, details: { ...source.details, ...replaces } }, request);
        return draftOf(call, clock(), { ...source, ...common, details });
      }
      const { taxes } = await menu.snapshot(call.restaurantId, tx, menuVersion);
      const details = detailsWith({ type, orderId, details: null }, request);
      return draftOf(call, clock(), { ...common, ...amountsOf(request, taxes), details });
    };
    return this.#drafts.create(call, wantsIssue, {
      build,
      lines: hasSource(request) ? undefined : request.lines?.length,
    });
  }

  /**
   * Writes a credit note for everything that is still to be credited of an issued document, or for
   * some quantities. Issued, it lowers the sale of the document's order.
   * @throws AppError not_found, invalid_request, invalid_state; same as `create`.
   */
  @Track('documents.credit')
  credit(call: Call, id: string, request: CreditOrder, wantsIssue: boolean): Promise<Document> {
    return this.#crediting.credit(call, id, request, wantsIssue);
  }

  @Track('documents.get')
  get(call: Call, id: string): Promise<Document> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.read(call, async (tx) => {
      const document = await repository.find(call.restaurantId, tx, id);
      if (!document) throw notFound('document');
      return document;
    });
  }

  /** Documents, newest first. */
  @Track('documents.list')
  list(call: Call, filter: DocumentFilter, page: Page): Promise<PageOf<Document>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const { type, status, number, businessDate, orderId, originalId } = filter;
    const binding = [call.restaurantId, 'documents', type, status, number, businessDate, orderId, originalId];
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      const rows = await repository.lists.newest(call.restaurantId, tx, filter, page.limit, after);
      return cursors.slice(rows, binding, (row) => row.id);
    });
  }

  /** Documents numbered by a series, highest number first. */
  @Track('documents.listOfSeries')
  listOfSeries(
    call: Call,
    filter: { seriesId: string; status?: DocumentStatus | undefined },
    page: Page,
  ): Promise<PageOf<Document>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'documents of a series', filter.seriesId, filter.status];
    const [counter, period = ''] = cursors.read(page.cursor, binding)?.split(' ') ?? [];
    const after = counter === undefined ? undefined : { period, counter: Number(counter) };
    return unitOfWork.read(call, async (tx) => {
      const rows = await repository.lists.ofSeries(call.restaurantId, tx, filter, page.limit, after);
      return cursors.slice(rows, binding, (row) => `${row.counter} ${row.period}`);
    });
  }

  /**
   * @throws AppError not_found, version_mismatch; invalid_state for an issued document, and for a
   *   change of amounts that come from the source.
   */
  @Track('documents.change')
  change(call: Call, id: string, change: DraftChange): Promise<Document> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const before = await this.#lockDraft(call, tx, id);
      const { lines, discounts, eInvoice, supplyDate, ...fields } = withKeptIds(change);
      const details = detailsWith(before, { eInvoice, supplyDate });
      const amounts = lines || discounts ? await this.#repriced(call, tx, before, { lines, discounts }) : {};
      const edited = { ...before, ...withoutUndefined(fields), ...amounts, details };
      const after: Document = { ...edited, version: before.version + 1, updatedAt: clock().toISOString() };
      await repository.save(call.restaurantId, tx, after);
      await unitOfWork.record(tx, call, [documentFact('document.changed', after, changesBetween(before, after))]);
      return after;
    });
  }

  /**
   * Deletes a draft. An issued document cannot be deleted.
   * @throws AppError not_found, version_mismatch, invalid_state.
   */
  @Track('documents.remove')
  remove(call: Call, id: string): Promise<void> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const draft = await this.#lockDraft(call, tx, id);
      await repository.remove(call.restaurantId, tx, id, clock());
      await unitOfWork.record(tx, call, [documentFact('document.deleted', draft)]);
    });
  }

  /** Gives a draft its number. After that it never changes. @throws as `create`. */
  @Track('documents.issue')
  issue(call: Call, id: string): Promise<Document> {
    return this.#queue.issue({ call, documentId: id, isOwn: false });
  }

  /** The state of the queue that draws document numbers. */
  numbering(): ReturnType<IssueQueue['state']> {
    return this.#queue.state();
  }

  /**
   * Voids an issued document: it no longer counts, but keeps its number and its whole content.
   * @throws AppError not_found; invalid_state when it is not issued, while it has credit notes, and
   *   for a credit note over a document that was replaced.
   */
  @Track('documents.void')
  void(call: Call, id: string, reason: string): Promise<Document> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      // Locked before the credit note: every change to the valid amount of a document locks the
      // original first.
      await repository.replacements.lockOriginal(call.restaurantId, tx, id);
      const before = await this.#lock(call, tx, id);
      assertVersion(call.ifMatch, before.version);
      assertVoidable(before, await repository.creditNotesOf(call.restaurantId, tx, id));
      await assertNotReplaced(repository, call.restaurantId, tx, before);
      await restoreOrder(this.#deps, call, tx, before);
      const at = clock().toISOString();
      const voiding = { status: 'voided' as const, voidReason: reason, voidedAt: at, voidedBy: actorOf(call) };
      const after: Document = { ...before, ...voiding, version: before.version + 1, updatedAt: at };
      await repository.void(call.restaurantId, tx, after);
      await unitOfWork.record(tx, call, [documentFact('document.voided', after, changesBetween(before, after))]);
      return after;
    });
  }

  /**
   * Writes and issues the close of a business day, inside the transaction that closes it and as its
   * last lock.
   */
  async issueDayClose(call: Call, tx: Tx, report: DayReport, notes: string | null): Promise<Document> {
    const draft = draftOf(call, this.#deps.clock(), dayCloseOf(report, notes));
    this.#drafts.insert(call, tx, draft);
    // Otherwise an error of the draft would be reported as an error of the next statement.
    await tx.settled();
    return this.#queue.issueWithin(tx, call, draft);
  }

  /**
   * Audits the numbers of a series, or of one period, starting where an earlier answer ended.
   * @returns the findings of this and the earlier parts, with a cursor when there is more than the
   *   limit or twenty seconds allow.
   * @throws AppError not_found; invalid_request for a cursor of another series or period.
   */
  @Track('documents.audit')
  async audit(
    call: Call,
    seriesId: string,
    { cursor, ...scope }: AuditScope & { cursor?: string | undefined },
  ): Promise<SeriesAudit & { nextCursor: string | null }> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'document_series_audit', seriesId, scope.period];
    const position = cursors.read(cursor, binding);
    // Only this method makes cursors with this binding.
    const from = position === undefined ? undefined : (JSON.parse(position) as AuditProgress);
    const { audit, next } = await unitOfWork.readReplica(call, (tx) =>
      auditSeries(repository, call.restaurantId, tx, seriesId, { ...scope, from }),
    );
    return { ...audit, nextCursor: next ? cursors.write(JSON.stringify(next), binding) : null };
  }

  async #repriced(call: Call, tx: Tx, draft: Document, { lines, discounts }: Pick<DraftChange, 'lines' | 'discounts'>) {
    if (isDerived(draft))
      throw new AppError(
        'invalid_state',
        'The lines of this draft come from its source. Delete the draft and make a new one.',
      );
    const { restaurants, menu } = this.#deps;
    const { menuVersion } = await restaurants.settingsWithVersions(tx, call.restaurantId);
    const { taxes } = await menu.snapshot(call.restaurantId, tx, menuVersion);
    const taken = discounts ?? draft.discounts;
    const amounts = priceDocument(lines ? linesOf(lines, taxes) : draft.lines, taken);
    assertBounded('A document', amounts, draft);
    return { ...amounts, discounts: taken };
  }

  async #lock(call: Call, tx: Tx, id: string): Promise<Document> {
    const document = await this.#deps.repository.lock(call.restaurantId, tx, id);
    if (!document) throw notFound('document');
    return document;
  }

  async #lockDraft(call: Call, tx: Tx, id: string): Promise<Document> {
    const draft = await this.#lock(call, tx, id);
    assertDraft(draft);
    assertVersion(call.ifMatch, draft.version);
    return draft;
  }
}
