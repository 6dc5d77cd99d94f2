/**
 * The transaction that turns drafts into documents. It draws the numbers last, for all drafts at
 * once.
 */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { assertDraft, type Document, TAXED_TYPES } from '../../domain/document/document.js';
import { sellerOf } from '../../domain/document/parties.js';
import { canonicalForm } from '../../domain/document/documentHash.js';
import { dateInSeries, formatNumber, periodOf } from '../../domain/document/documentNumber.js';
import { defaultSeries, type DocumentSeries, seriesFor } from '../../domain/document/documentSeries.js';
import { assertEInvoice } from '../../formats/eInvoice/eInvoiceFaults.js';
import { AppError, assertVersion, notFound } from '../../domain/shared/errors.js';
import { businessDate } from '../../domain/restaurant/localTime.js';
import type { RestaurantSettings } from '../../domain/restaurant/restaurant.js';
import type { DocumentRepository } from '../../repositories/DocumentRepository.js';
import type { LockedDocument } from '../../repositories/document/DocumentNumbers.js';
import type { Outcome } from '../../utils/batcher.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import { sha256 } from '../../utils/secrets.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { actorOf } from './drafts.js';
import { FastNumbers, NoFastNumbers } from './FastNumbers.js';
import { documentFact } from './documentFacts.js';
import { mayChangeSale, correctOrder } from './orderCorrections.js';
import { currentDraft, type OrderSources } from './sources.js';

/**
 * Time for PostgreSQL to report a lock that is held too long. Without it, the database would count
 * as not answering.
 */
const REFUSAL_MS = 250;

/** One call that wants one draft issued. */
export interface IssueRequest {
  call: Call;
  documentId: string;
  /**
   * Belongs to this call alone: a document that has it was issued by an earlier attempt of the
   * call.
   */
  token: string;
  /** Its draft was made under the same Idempotency-Key, so the same caller issued it. */
  isOwn: boolean;
  /** The draft, if this call has just written it. */
  fresh?: Document | undefined;
  /**
   * Time the counter took to lock, in milliseconds; set by the attempt that issued the document.
   */
  lockWaitMs?: number | undefined;
}

interface Candidate {
  request: IssueRequest;
  draft: LockedDocument;
  series: DocumentSeries;
  date: string;
  period: string;
}

export interface IssuingDependencies extends OrderSources {
  unitOfWork: UnitOfWork;
  repository: DocumentRepository;
  restaurants: RestaurantService;
  clock: Clock;
}

type Outcomes = Map<IssueRequest, Outcome<Document>>;

export class Issuing {
  readonly #deps: IssuingDependencies;
  readonly #fast: FastNumbers;

  constructor(deps: IssuingDependencies) {
    this.#deps = deps;
    this.#fast = new FastNumbers(deps);
  }

  /**
   * Issues every document that can be issued, in one transaction.
   * @throws when the whole transaction fails.
   */
  async attempt(restaurantId: string, requests: readonly IssueRequest[], deadlineMs: number): Promise<Outcomes> {
    const until = performance.now() + deadlineMs;
    for (;;) {
      const options = { deadlineMs: until - performance.now() };
      const work = (tx: Tx, open: readonly IssueRequest[]) => {
        tx.defer(this.#deps.repository.numbers.boundWaits(tx, options.deadlineMs - REFUSAL_MS));
        return this.within(restaurantId, tx, open);
      };
      try {
        return await this.#deps.unitOfWork.runTogether(restaurantId, requests, work, options);
      } catch (error) {
        if (!(error instanceof NoFastNumbers)) throw error;
        // Not inside the other transaction, which would wait for a second connection while it holds
        // one.
        await this.#fast.fetch(restaurantId, error.wanted);
      }
    }
  }

  /** As `attempt`, inside an open transaction. The counters are the last locks that it takes. */
  async within(restaurantId: string, tx: Tx, requests: readonly IssueRequest[]): Promise<Outcomes> {
    const { repository, restaurants, clock } = this.#deps;
    const [drafts, settings, series, lastDates] = await Promise.all([
      repository.numbers.lockAll(
        restaurantId,
        tx,
        requests.map(({ documentId }) => documentId),
        requests.flatMap(({ fresh }) => fresh ?? []),
      ),
      restaurants.settings(tx, restaurantId),
      repository.series.live(restaurantId, tx),
      repository.numbers.lastDates(restaurantId, tx),
    ]);
    const today = businessDate(clock(), settings.timezone, settings.businessDayCutoffHour);
    const byId = new Map(drafts.map((draft) => [draft.id, draft]));
    const outcomes: Outcomes = new Map();
    const candidates: Candidate[] = [];
    for (const request of requests) {
      request.lockWaitMs = undefined;
      try {
        const found = draftFor(request, byId.get(request.documentId));
        if (found.status !== 'draft') {
          if (found.issueToken === request.token) request.lockWaitMs = 0;
          outcomes.set(request, { value: withoutToken(found) });
        } else {
          // A sale is looked at again, because its order may have changed since the draft was
          // written.
          const isCurrent = request.fresh && !TAXED_TYPES.includes(found.type);
          const draft = isCurrent ? found : await currentDraft(this.#deps, request.call, tx, found);
          assertEInvoice({ ...draft, seller: sellerOf(settings) });
          const fitting = seriesFor(series, draft) ?? (await this.#provide(restaurantId, tx, draft, series));
          const date = dateInSeries(today, lastDates.get(fitting.id));
          candidates.push({ request, draft, series: fitting, date, period: periodOf(date, fitting.reset) });
        }
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        outcomes.set(request, { error });
      }
    }
    await this.#correctOrders(tx, candidates, outcomes);
    const numbered = candidates.filter(({ request }) => !outcomes.has(request));
    for (const group of inLockOrder(numbered))
      for (const [request, document] of await this.#number(restaurantId, tx, group, settings))
        outcomes.set(request, { value: document });
    return outcomes;
  }

  /** Credit notes change their orders. Of a refused one, nothing was written. */
  async #correctOrders(tx: Tx, candidates: readonly Candidate[], outcomes: Outcomes): Promise<void> {
    const together = new Set<string>();
    for (const { request, draft } of candidates) {
      if (!mayChangeSale(draft)) continue;
      try {
        await correctOrder(this.#deps, request.call, tx, draft, together);
        together.add(draft.id);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        outcomes.set(request, { error });
      }
    }
  }

  /**
   * Creates the default series of a type that has none.
   * @throws AppError invalid_state when its prefix is taken.
   */
  async #provide(restaurantId: string, tx: Tx, { type }: Document, known: DocumentSeries[]): Promise<DocumentSeries> {
    const { series } = this.#deps.repository;
    const at = this.#deps.clock().toISOString();
    const content = defaultSeries(type);
    await series.provide(restaurantId, tx, { ...content, id: newId(), version: 1, createdAt: at, updatedAt: at });
    const found = seriesFor(await series.live(restaurantId, tx), { type, location: '', register: '' });
    if (!found)
      throw new AppError(
        'invalid_state',
        `No series numbers documents of the type ${type}, and the default prefix ${content.prefix} is or was used by another. ` +
          `Make a series for the type ${type} with another prefix: POST /v1/document-series.`,
      );
    known.push(found);
    return found;
  }

  /**
   * Draws the numbers of one series and sends the writes that follow. From here on it waits for no
   * other lock.
   */
  async #number(
    restaurantId: string,
    tx: Tx,
    group: readonly Candidate[],
    settings: RestaurantSettings,
  ): Promise<[IssueRequest, Document][]> {
    const { repository, unitOfWork, clock } = this.#deps;
    const { series, date, period } = group[0]!;
    const askedAt = performance.now();
    const { lastNumber, lastHash } =
      series.kind === 'fast'
        ? this.#fast.take({ series, period, count: group.length })
        : await repository.numbers.raise(restaurantId, tx, series, period, group.length);
    const lockWaitMs = performance.now() - askedAt;
    // Read under the lock: the times in a series follow the order of its numbers, whichever
    // instance draws them.
    const now = clock();
    let previousHash = lastHash;
    const issued = group.map(({ request, draft }, index): LockedDocument => {
      const counter = lastNumber - group.length + 1 + index;
      const document = issuedAs(draft, request, { series, date, period, counter, previousHash, settings, now });
      if (series.kind === 'fast') return { ...document, previousHash: null };
      document.hash = sha256(canonicalForm(restaurantId, document));
      previousHash = document.hash;
      return document;
    });
    tx.defer(
      repository.numbers.issue(restaurantId, tx, { seriesId: series.id, period, lastHash: previousHash }, issued),
    );
    const facts = group.map(({ request }, index) => ({
      call: request.call,
      fact: documentFact('document.issued', issued[index]!, { status: { from: 'draft', to: 'issued' } }),
    }));
    tx.defer(unitOfWork.recordTogether(tx, restaurantId, facts));
    return group.map(({ request }, index) => {
      const document = issued[index]!;
      request.lockWaitMs = lockWaitMs;
      return [request, withoutToken(document)];
    });
  }
}

/**
 * The draft that a request may issue, or the document that it has already issued.
 * @throws AppError not_found, invalid_state.
 */
function draftFor({ call, token, isOwn }: IssueRequest, draft: LockedDocument | undefined): LockedDocument {
  if (!draft) throw notFound('document');
  if (draft.issueToken === token || (isOwn && draft.status === 'issued')) return draft;
  assertDraft(draft);
  assertVersion(call.ifMatch, draft.version);
  if (draft.lines.length === 0 && draft.type !== 'day_close')
    throw new AppError('invalid_state', 'This draft has no line. Add one, or delete the draft.');
  return draft;
}

/**
 * Groups by series and period, sorted: every call locks the counters of several series in the same
 * order.
 */
function inLockOrder(candidates: readonly Candidate[]): Candidate[][] {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const key = `${candidate.series.id} ${candidate.period}`;
    groups.set(key, [...(groups.get(key) ?? []), candidate]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

function issuedAs(
  draft: LockedDocument,
  { call, token }: IssueRequest,
  place: {
    series: DocumentSeries;
    period: string;
    counter: number;
    previousHash: string;
    settings: RestaurantSettings;
    now: Date;
    date: string;
  },
): LockedDocument {
  const at = place.now.toISOString();
  return {
    ...draft,
    status: 'issued',
    seriesId: place.series.id,
    period: place.period,
    counter: place.counter,
    number: formatNumber(place.series.prefix, place.period, place.counter),
    businessDate: place.date,
    issuedAt: at,
    issuedBy: actorOf(call),
    seller: sellerOf(place.settings),
    previousHash: place.previousHash,
    version: draft.version + 1,
    updatedAt: at,
    issueToken: token,
  };
}

function withoutToken({ issueToken: _token, ...document }: LockedDocument): Document {
  return document;
}
