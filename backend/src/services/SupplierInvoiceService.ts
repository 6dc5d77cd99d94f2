/**
 * Supplier invoices: files come in, are read, reviewed by a person, and posted into stock once.
 * `supplierInvoice/` has the parts; the row of a document says where it is.
 */
import type { Readable } from 'node:stream';
import { FileMissing, type FileStore, type Incoming } from '../clients/FileStore.js';
import type { VirusScanner } from '../clients/VirusScanner.js';
import type { Database } from '../config/database.js';
import { Track } from '../decorators/Performance.js';
import type { Call } from '../domain/shared/call.js';
import { AppError, assertVersion, notFound } from '../domain/shared/errors.js';
import { numberKey } from '../domain/supplierInvoice/duplicates.js';
import {
  assertPossible,
  type SupplierInvoice,
  type SupplierInvoiceStatus,
} from '../domain/supplierInvoice/supplierInvoice.js';
import type { Backlog, SupplierInvoiceRepository } from '../repositories/SupplierInvoiceRepository.js';
import type { PaidPriceRow } from '../repositories/supplierInvoice/InvoiceLines.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import { Nudge } from '../utils/nudge.js';
import type { InventoryService } from './InventoryService.js';
import type { PurchasingService } from './PurchasingService.js';
import type { RestaurantService } from './RestaurantService.js';
import { supplierInvoiceFact } from './supplierInvoice/documentState.js';
import type { DocumentChanges, LineChanges } from './supplierInvoice/edits.js';
import { FileRemoval } from './supplierInvoice/FileRemoval.js';
import type { FileReading } from './supplierInvoice/FileReading.js';
import type { InvoiceReading } from './supplierInvoice/InvoiceReading.js';
import { Mail, type ReceivedMail } from './supplierInvoice/Mail.js';
import { Matching } from './supplierInvoice/Matching.js';
import { Posting } from './supplierInvoice/Posting.js';
import { type Approval, Review } from './supplierInvoice/Review.js';
import { type ReceivedDocument, type SentFile, Uploads } from './supplierInvoice/Uploads.js';
import { type DocumentView, Views } from './supplierInvoice/Views.js';
import { Workflow, type WorkflowStep } from './supplierInvoice/Workflow.js';
import type { UnitOfWork } from './UnitOfWork.js';

const MAX_PRICES = 100;
const BACKLOG_EVERY_MS = 5_000;

interface Dependencies {
  unitOfWork: UnitOfWork;
  database: Database;
  repository: SupplierInvoiceRepository;
  purchasing: PurchasingService;
  inventory: InventoryService;
  restaurants: RestaurantService;
  files: FileStore;
  fileReading: FileReading;
  reading: InvoiceReading;
  scanner: VirusScanner | undefined;
  /** Documents in work at once, and calls to the storage. */
  limits: { workflows: number; io: number };
  cursors: Cursors;
  clock: Clock;
  log: { warn(fields: object, message: string): void };
  onStep: (step: WorkflowStep, outcome: 'ok' | 'failed', durationMs: number) => void;
  onEnd: (outcome: 'review' | 'failed') => void;
  onBacklog: (backlog: Backlog) => void;
  onFilesRemoved: (count: number) => void;
}

export interface SupplierInvoiceFilter {
  status?: SupplierInvoiceStatus | undefined;
  workflowId?: string | undefined;
  supplierId?: string | undefined;
  number?: string | undefined;
}

export interface StoredFile {
  bytes: Uint8Array;
  document: Pick<SupplierInvoice, 'id' | 'fileName' | 'kind' | 'sha256'>;
}

export class SupplierInvoiceService {
  /** Given when documents wait to be read. */
  readonly arrived = new Nudge();
  readonly #deps: Dependencies;
  #lookedAt = -Infinity;
  readonly #uploads: Uploads;
  readonly #mail: Mail;
  readonly #workflow: Workflow;
  readonly #review: Review;
  readonly #posting: Posting;
  readonly #views: Views;
  readonly #removal: FileRemoval;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    const matching = new Matching(deps.repository);
    this.#uploads = new Uploads({ ...deps, reading: deps.fileReading, isScanning: deps.scanner !== undefined });
    this.#mail = new Mail({ ...deps, uploads: this.#uploads });
    this.#workflow = new Workflow({ ...deps, matching });
    this.#review = new Review({ ...deps, matching });
    this.#posting = new Posting(deps);
    this.#views = new Views(deps);
    this.#removal = new FileRemoval(deps);
  }

  /** Takes one file in while it arrives; it is under no key yet. */
  takeIn(stream: Readable): Promise<Incoming> {
    return this.#uploads.takeIn(stream);
  }

  /**
   * Stores files and lists them for the workflow, all or none.
   * @throws AppError invalid_request, unsupported_media_type, rate_limited, overloaded.
   */
  @Track('supplierInvoice.upload')
  async upload(call: Call, files: readonly SentFile[]): Promise<ReceivedDocument[]> {
    const documents = await this.#uploads.store(call, files);
    this.arrived.give();
    return documents;
  }

  /** @throws AppError not_found. */
  @Track('supplierInvoice.get')
  get(call: Call, id: string): Promise<DocumentView> {
    return this.#views.one(call, id);
  }

  /** Newest first, without lines. */
  @Track('supplierInvoice.list')
  list(call: Call, filter: SupplierInvoiceFilter, page: Page): Promise<PageOf<Omit<SupplierInvoice, 'lines'>>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const { number, ...rest } = filter;
    const key = number === undefined ? {} : { numberKey: numberKey(number) ?? '' };
    const binding = [
      call.restaurantId,
      'supplierInvoices',
      filter.status,
      filter.workflowId,
      filter.supplierId,
      number,
    ];
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      const rows = await repository.list(call.restaurantId, tx, { ...rest, ...key }, { limit: page.limit, after });
      return cursors.page(rows, page.limit, binding, (row) => row.id);
    });
  }

  /** Only the status, for callers that wait. @throws AppError not_found. */
  @Track('supplierInvoice.status')
  async status(call: Call, id: string) {
    const { unitOfWork, repository } = this.#deps;
    const found = await unitOfWork.read(call, (tx) => repository.status(call.restaurantId, tx, id));
    if (!found) throw notFound('supplier invoice');
    return found;
  }

  /** The file as it was sent. @throws AppError not_found; invalid_state before it is scanned. */
  @Track('supplierInvoice.file')
  async file(call: Call, id: string): Promise<StoredFile> {
    const { unitOfWork, repository, files } = this.#deps;
    const document = await unitOfWork.read(call, (tx) => repository.find(call.restaurantId, tx, id));
    if (!document) throw notFound('supplier invoice');
    if (document.scannedAt === null)
      throw new AppError('invalid_state', 'This file waits for the virus scanner. Nobody gets it before.');
    try {
      return { bytes: await files.read(document.fileKey), document };
    } catch (error) {
      throw error instanceof FileMissing ? notFound('file of this document') : error;
    }
  }

  /** A page as PNG, for the review. @throws AppError not_found, invalid_state. */
  @Track('supplierInvoice.picture')
  async picture(call: Call, id: string, page: number): Promise<Uint8Array> {
    const { bytes, document } = await this.file(call, id);
    const png = await this.#deps.reading.picture(call.restaurantId, new Uint8Array(bytes), document.kind, page);
    if (!png) throw notFound('page of this document');
    return png;
  }

  @Track('supplierInvoice.change')
  async change(call: Call, id: string, changes: DocumentChanges): Promise<DocumentView> {
    return this.#views.of(call, await this.#review.change(call, id, changes));
  }

  @Track('supplierInvoice.changeLine')
  async changeLine(call: Call, id: string, position: number, changes: LineChanges): Promise<DocumentView> {
    return this.#views.of(call, await this.#review.changeLine(call, id, position, changes));
  }

  @Track('supplierInvoice.addLine')
  async addLine(call: Call, id: string, changes: LineChanges): Promise<DocumentView> {
    return this.#views.of(call, await this.#review.addLine(call, id, changes));
  }

  @Track('supplierInvoice.removeLine')
  async removeLine(call: Call, id: string, position: number): Promise<DocumentView> {
    return this.#views.of(call, await this.#review.removeLine(call, id, position));
  }

  @Track('supplierInvoice.approve')
  async approve(call: Call, id: string, approval: Approval): Promise<DocumentView> {
    return this.#views.of(call, await this.#review.approve(call, id, approval));
  }

  @Track('supplierInvoice.reject')
  async reject(call: Call, id: string, reason: string): Promise<DocumentView> {
    return this.#views.of(call, await this.#review.reject(call, id, reason));
  }

  @Track('supplierInvoice.post')
  async post(call: Call, id: string): Promise<DocumentView> {
    return this.#views.of(call, await this.#posting.post(call, id));
  }

  @Track('supplierInvoice.reverse')
  async reverse(call: Call, id: string, reason: string): Promise<DocumentView> {
    return this.#views.of(call, await this.#posting.reverse(call, id, reason));
  }

  /**
   * Reads the file again: corrections are lost, what they have taught is used.
   * @throws AppError not_found, version_mismatch, invalid_state.
   */
  @Track('supplierInvoice.reprocess')
  async reprocess(call: Call, id: string): Promise<DocumentView> {
    const { unitOfWork, repository, clock } = this.#deps;
    const renewed = await unitOfWork.run(call, async (tx) => {
      const before = await repository.lock(call.restaurantId, tx, id);
      if (!before) throw notFound('supplier invoice');
      assertVersion(call.ifMatch, before.version);
      assertPossible('reprocess', before.status);
      if (before.fileRemovedAt !== null)
        throw new AppError('invalid_state', 'The file of this document was removed. Send it again, then reprocess it.');
      await repository.renew(call.restaurantId, tx, id, clock());
      const after: SupplierInvoice = { ...before, status: 'received', failure: null, version: before.version + 1 };
      await unitOfWork.record(tx, call, [supplierInvoiceFact('reprocessed', after)]);
      return after;
    });
    this.arrived.give();
    return this.#views.of(call, renewed);
  }

  /** What an item has cost in posted invoices, newest first. */
  @Track('supplierInvoice.prices')
  prices(call: Call, inventoryItemId: string): Promise<PaidPriceRow[]> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.read(call, async (tx) => {
      const [item] = await repository.matches.items(call.restaurantId, tx, [inventoryItemId]);
      if (!item) throw notFound('inventory item');
      return repository.lines.prices(call.restaurantId, tx, inventoryItemId, MAX_PRICES);
    });
  }

  /** A new address for mails of suppliers. The old one ends. */
  @Track('supplierInvoice.openMailbox')
  openMailbox(call: Call): Promise<{ token: string }> {
    return this.#mail.open(call);
  }

  /** Whose mailbox it is. @throws AppError not_found for an address that is not open. */
  mailboxOwner(token: string): Promise<Call> {
    return this.#mail.ownerOf(token);
  }

  /** Stores the attachments of a mail. Those that are no document (logos, texts) are left out. */
  async receiveMail(owner: Call, files: readonly SentFile[]): Promise<ReceivedMail> {
    const received = await this.#mail.receive(owner, files);
    this.arrived.give();
    return received;
  }

  /** Takes waiting documents as far as there is room. @returns how many were taken. */
  beginReading(): Promise<number> {
    return this.#workflow.begin();
  }

  /** Resolves when a document in work has ended. */
  oneRead(): Promise<void> {
    return this.#workflow.oneEnded();
  }

  /** Reads everything that waits now. */
  async readWaiting(): Promise<void> {
    while ((await this.beginReading()) > 0) await this.#workflow.settled();
  }

  /** Resolves when no document is in work here. */
  settled(): Promise<void> {
    return this.#workflow.settled();
  }

  get running(): number {
    return this.#workflow.running;
  }

  /** Removes files that no document needs. @returns how many. */
  removeFiles(isStopping: () => boolean): Promise<number> {
    return this.#removal.run(isStopping);
  }

  /** Tells how many documents wait, about every five seconds. */
  async watchBacklog(): Promise<void> {
    const now = performance.now();
    if (now - this.#lookedAt < BACKLOG_EVERY_MS) return;
    this.#lookedAt = now;
    this.#deps.onBacklog(await this.#workflow.backlog());
  }
}
