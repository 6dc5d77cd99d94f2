/**
 * Brings uploaded files to the review: scan, fetch, extract, match. The row alone says where a
 * document is. A worker that dies leaves a lease, which ends, and another one begins again: each
 * step may be repeated, and only the last one writes.
 */
import { FileMissing, type FileStore } from '../../clients/FileStore.js';
import type { VirusScanner } from '../../clients/VirusScanner.js';
import type { Database, Tx } from '../../config/database.js';
import { type Call, NO_RESTAURANT, systemCall } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';
import type { ReadInvoice } from '../../domain/supplierInvoice/readInvoice.js';
import type { SupplierInvoice } from '../../domain/supplierInvoice/supplierInvoice.js';
import { Unreadable } from '../../formats/received/unreadable.js';
import type { Backlog, Claim, SupplierInvoiceRepository } from '../../repositories/SupplierInvoiceRepository.js';
import type { Clock } from '../../utils/clock.js';
import { FairQueue } from '../../utils/fairQueue.js';
import { newId } from '../../utils/ids.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { headOf, savedOf, supplierInvoiceFact } from './documentState.js';
import type { InvoiceReading } from './InvoiceReading.js';
import type { Matching } from './Matching.js';

/** A worker that died loses its documents after that time; one that lives renews its leases. */
const LEASE_SECONDS = 20;
const RENEW_EVERY_MS = 6_000;
/** Failures of ours (storage, database): the document waits and is tried again. */
const FIRST_PAUSE_SECONDS = 1;
const LONGEST_PAUSE_SECONDS = 15;
/** Killed workers count too; a document that kills its worker must not do so for ever. */
const MOST_ATTEMPTS = 40;

export type WorkflowStep = 'scan' | 'fetch' | 'extract' | 'match';

interface Dependencies {
  unitOfWork: UnitOfWork;
  database: Database;
  repository: SupplierInvoiceRepository;
  files: FileStore;
  scanner: VirusScanner | undefined;
  reading: InvoiceReading;
  matching: Matching;
  limits: { workflows: number; io: number };
  clock: Clock;
  log: { warn(fields: object, message: string): void };
  onStep: (step: WorkflowStep, outcome: 'ok' | 'failed', durationMs: number) => void;
  onEnd: (outcome: 'review' | 'failed') => void;
}

export class Workflow {
  readonly #deps: Dependencies;
  readonly #io: FairQueue;
  readonly #running = new Set<Promise<void>>();
  #behind: string | undefined;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    const { io, workflows } = deps.limits;
    this.#io = new FairQueue({
      atOnce: io,
      atOnceEach: io,
      maxWaitingEach: workflows,
      refusal: 'Too many files wait for the storage.',
    });
  }

  get running(): number {
    return this.#running.size;
  }

  /**
   * Takes waiting documents, as many as there is room for, and begins to read them.
   * @returns how many were taken. `settled` waits for them.
   */
  async begin(): Promise<number> {
    const room = this.#deps.limits.workflows - this.#running.size;
    if (room <= 0) return 0;
    const { database, repository } = this.#deps;
    const claim = (behind: string | undefined): Promise<Claim[]> =>
      database.transaction(NO_RESTAURANT, (tx) => repository.claim(tx, behind, room, LEASE_SECONDS));
    let claims = await claim(this.#behind);
    // The restaurants behind the last one had their turn: again from the first one.
    if (claims.length === 0 && this.#behind !== undefined) claims = await claim(undefined);
    this.#behind = claims.at(-1)?.restaurantId;
    for (const one of claims) this.#start(one);
    return claims.length;
  }

  /** Resolves when one of the running documents has ended; at once when none runs. */
  async oneEnded(): Promise<void> {
    await Promise.race(this.#running);
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  backlog(): Promise<Backlog> {
    const { database, repository } = this.#deps;
    return database.read(NO_RESTAURANT, (tx) => repository.backlog(tx));
  }

  #start(claim: Claim): void {
    const renewal = setInterval(() => void this.#renew(claim), RENEW_EVERY_MS);
    const work = this.#process(claim).finally(() => {
      clearInterval(renewal);
      this.#running.delete(work);
    });
    this.#running.add(work);
  }

  /** A lease that could not be renewed ends, and another worker begins again. */
  async #renew({ restaurantId, id }: Claim): Promise<void> {
    const { unitOfWork, repository, log } = this.#deps;
    const call = systemCall(restaurantId, 'supplier-invoices');
    await unitOfWork
      .step(call, (tx) => repository.lease(restaurantId, tx, id, LEASE_SECONDS))
      .catch((error: unknown) => log.warn({ err: error, restaurantId, id }, 'lease of a document not renewed'));
  }

  /** Never rejects: what goes wrong is kept with the document, or the lease ends. */
  async #process({ restaurantId, id }: Claim): Promise<void> {
    const call = systemCall(restaurantId, 'supplier-invoices');
    try {
      const { unitOfWork, repository } = this.#deps;
      const document = await unitOfWork.read(call, (tx) => repository.find(restaurantId, tx, id));
      if (document?.status === 'extracting') await this.#read(call, document);
    } catch (error) {
      await this.#failed(call, id, error).catch((cause: unknown) => {
        this.#deps.log.warn({ err: cause, restaurantId, id }, 'document left to its lease');
      });
    }
  }

  async #read(call: Call, document: SupplierInvoice): Promise<void> {
    const { files, reading, unitOfWork } = this.#deps;
    await this.#scan(call, document);
    const bytes = await this.#step('fetch', () => this.#io.run(call.restaurantId, () => files.read(document.fileKey)));
    const { pages, invoices } = await this.#step('extract', () =>
      reading.read(call.restaurantId, bytes, document.kind),
    );
    await this.#step('match', () =>
      unitOfWork.step(call, async (tx) => {
        await this.#store(call, tx, document, pages, invoices);
      }),
    );
    this.#deps.onEnd('review');
  }

  async #scan(call: Call, document: SupplierInvoice): Promise<void> {
    const { scanner, files, unitOfWork, repository, clock } = this.#deps;
    if (!scanner || document.scannedAt !== null) return;
    await this.#step('scan', async () => {
      const bytes = await this.#io.run(call.restaurantId, () => files.read(document.fileKey));
      const virus = await scanner.scan(bytes);
      if (virus !== undefined) {
        await files.remove(document.fileKey);
        throw new Unreadable(`The virus scanner found ${virus} in this file. The file was removed.`);
      }
      await unitOfWork.step(call, (tx) => repository.markScanned(call.restaurantId, tx, document.id, clock()));
    });
  }

  /** Several invoices of a file become documents of their own, in the same transaction. */
  async #store(call: Call, tx: Tx, document: SupplierInvoice, pages: number | null, invoices: ReadInvoice[]) {
    const { repository, clock } = this.#deps;
    const current = await repository.lock(call.restaurantId, tx, document.id);
    // Another worker was faster, or a person has decided.
    if (current?.status !== 'extracting') return;
    const [first, ...others] = invoices;
    if (!first) throw new Error('a file was read without a document');
    await this.#finish(call, tx, { ...current, pages }, first);
    if (document.part > 1 || others.length === 0) return;
    const now = clock().toISOString();
    const parts = others.map((_, index) => ({
      ...current,
      id: newId(),
      part: index + 2,
      status: 'extracting' as const,
      uploadedAt: document.uploadedAt,
      createdAt: now,
    }));
    await repository.insert(call.restaurantId, tx, parts);
    for (const [index, part] of parts.entries()) {
      const stored = await repository.lock(call.restaurantId, tx, part.id);
      const invoice = others[index];
      if (stored && invoice) await this.#finish(call, tx, { ...stored, pages }, invoice);
    }
  }

  async #finish(call: Call, tx: Tx, document: SupplierInvoice, invoice: ReadInvoice): Promise<void> {
    const { repository, matching, unitOfWork, clock } = this.#deps;
    const { restaurantId } = call;
    const supplierId = await matching.supplierOf(restaurantId, tx, invoice);
    const lines = await matching.linesOf(restaurantId, tx, supplierId, invoice.lines);
    const order = await matching.orderOf(restaurantId, tx, supplierId, invoice);
    const after: SupplierInvoice = {
      ...document,
      status: 'review',
      invoice: headOf(invoice),
      supplierId,
      purchaseOrderId: order?.id ?? null,
      goodsReceiptId: order?.goodsReceiptId ?? null,
      failure: null,
      version: document.version + 1,
      updatedAt: clock().toISOString(),
    };
    await repository.lines.replace(restaurantId, tx, document.id, lines);
    await repository.save(restaurantId, tx, savedOf(after));
    await unitOfWork.record(tx, call, [supplierInvoiceFact('read', { ...after, lines })]);
  }

  async #failed(call: Call, id: string, error: unknown): Promise<void> {
    const { unitOfWork, repository, log } = this.#deps;
    const { restaurantId } = call;
    if (error instanceof Unreadable) return this.#refuse(call, id, error.message);
    if (error instanceof FileMissing) return this.#refuse(call, id, 'The stored file is missing. Send it again.');
    const attempts = await unitOfWork.read(call, (tx) => repository.attempts(restaurantId, tx, id));
    const isOurs = error instanceof AppError && error.code !== 'internal_error';
    log.warn({ err: error, restaurantId, id, attempts }, 'document not read, will try again');
    if (attempts >= MOST_ATTEMPTS || (!isOurs && attempts >= 5))
      return this.#refuse(call, id, 'This document could not be read because of a fault of ours. Tell the operator.');
    const pause = Math.min(FIRST_PAUSE_SECONDS * 2 ** Math.min(attempts - 1, 10), LONGEST_PAUSE_SECONDS);
    await unitOfWork.step(call, (tx) => repository.lease(restaurantId, tx, id, pause));
  }

  async #refuse(call: Call, id: string, failure: string): Promise<void> {
    const { unitOfWork, repository, clock, onEnd } = this.#deps;
    await unitOfWork.step(call, async (tx) => {
      const document = await repository.lock(call.restaurantId, tx, id);
      if (document?.status !== 'extracting') return;
      const updatedAt = clock().toISOString();
      const after: SupplierInvoice = {
        ...document,
        status: 'failed',
        failure,
        version: document.version + 1,
        updatedAt,
      };
      await repository.save(call.restaurantId, tx, savedOf(after));
      await unitOfWork.record(tx, call, [supplierInvoiceFact('failed', after)]);
    });
    onEnd('failed');
  }

  async #step<T>(step: WorkflowStep, work: () => Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      const result = await work();
      this.#deps.onStep(step, 'ok', performance.now() - from);
      return result;
    } catch (error) {
      this.#deps.onStep(step, 'failed', performance.now() - from);
      throw error;
    }
  }
}
