/** Takes files in: looked at, stored under their digest, and listed for the workflow. */
import type { Readable } from 'node:stream';
import type { FileStore, Incoming } from '../../clients/FileStore.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, type FieldError } from '../../domain/shared/errors.js';
import type { Fact } from '../../domain/shared/events.js';
import type { SupplierInvoiceStatus } from '../../domain/supplierInvoice/supplierInvoice.js';
import type { FileKind } from '../../formats/received/fileKind.js';
import { Unreadable } from '../../formats/received/unreadable.js';
import type { NewDocument, SupplierInvoiceRepository } from '../../repositories/SupplierInvoiceRepository.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { FileReading } from './FileReading.js';

/** Documents of one restaurant that may wait to be read. */
const MAX_PENDING = 500;
const RETRY_AFTER_SECONDS = 10;

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: SupplierInvoiceRepository;
  files: FileStore;
  reading: FileReading;
  /** Files are scanned before anybody gets them. */
  isScanning: boolean;
  clock: Clock;
}

export interface SentFile {
  name: string;
  file: Incoming;
}

export interface ReceivedDocument {
  id: string;
  fileName: string;
  sha256: string;
  status: SupplierInvoiceStatus;
  /** The same bytes were here before. */
  isDuplicate: boolean;
}

interface KnownFile extends SentFile {
  kind: FileKind;
}

export class Uploads {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Takes one file in while it arrives. */
  takeIn(stream: Readable): Promise<Incoming> {
    return this.#deps.files.receive(stream);
  }

  /**
   * Stores files, all or none.
   * @returns one document for each file, in their order.
   * @throws AppError invalid_request, unsupported_media_type, each with the place of the file;
   *   rate_limited when too many wait; overloaded; dependency_unavailable.
   */
  async store(call: Call, sent: readonly SentFile[]): Promise<ReceivedDocument[]> {
    await this.#assertRoom(call, sent.length);
    const known = await this.#look(call, sent);
    const found = await this.#alreadyHere(call, known);
    const workflowId = newId();
    const fresh = known.filter(({ file }) => !found.has(file.sha256));
    const documents = fresh.map((one) => this.#documentOf(call, workflowId, one));
    const { repository, unitOfWork } = this.#deps;
    const keys = documents.map(({ fileKey }) => fileKey);
    await unitOfWork.step(call, (tx) => repository.files.note(tx, keys));
    for (const [index, { file }] of fresh.entries()) await file.keep(keys[index]!);
    return unitOfWork.run(call, async (tx) => {
      await repository.insert(call.restaurantId, tx, documents);
      for (const { sha256, fileKey } of documents)
        await repository.files.replace(call.restaurantId, tx, sha256, fileKey);
      const digests = known.map(({ file }) => file.sha256);
      const rows = new Map(
        (await repository.findByDigests(call.restaurantId, tx, digests)).map((row) => [row.sha256, row]),
      );
      const mine = documents.filter(({ id, sha256 }) => rows.get(sha256)?.id === id);
      await unitOfWork.record(tx, call, mine.map(receivedFact));
      const ids = new Set(mine.map(({ id }) => id));
      return known.map(({ name, file }): ReceivedDocument => {
        const row = rows.get(file.sha256);
        if (!row) throw new Error('a stored file has no document');
        return { id: row.id, fileName: name, sha256: row.sha256, status: row.status, isDuplicate: !ids.has(row.id) };
      });
    });
  }

  async #assertRoom({ restaurantId }: Call, count: number): Promise<void> {
    const { unitOfWork, repository } = this.#deps;
    const pending = await unitOfWork.read({ restaurantId }, (tx) => repository.countPending(restaurantId, tx));
    if (pending + count <= MAX_PENDING) return;
    throw new AppError(
      'rate_limited',
      `${pending} documents of this restaurant are waiting to be read. Nothing was stored; send these again shortly.`,
      { retryAfterSeconds: RETRY_AFTER_SECONDS },
    );
  }

  async #look(call: Call, sent: readonly SentFile[]): Promise<KnownFile[]> {
    const faults: FieldError[] = [];
    let isForeign = false;
    const known = await Promise.all(
      sent.map(async (one, index): Promise<KnownFile[]> => {
        const pointer = `/files/${index}`;
        try {
          const kind = await this.#kindOf(call, one);
          if (kind !== null) return [{ ...one, kind }];
          isForeign = true;
          faults.push({ pointer, message: 'Send a PDF, JPEG, PNG, WebP, HEIC, XML or CSV file.' });
        } catch (error) {
          if (!(error instanceof Unreadable)) throw error;
          faults.push({ pointer, message: error.message });
        }
        return [];
      }),
    );
    if (faults.length === 0) return known.flat();
    const code = isForeign ? 'unsupported_media_type' : 'invalid_request';
    throw new AppError(code, `Nothing was stored. ${faults[0]?.message ?? ''}`, { errors: faults });
  }

  async #kindOf({ restaurantId }: Call, { name, file }: SentFile): Promise<FileKind | null> {
    if (file.bytes === 0) throw new Unreadable('This file is empty.');
    return this.#deps.reading.check(restaurantId, await file.read(), name);
  }

  async #alreadyHere({ restaurantId }: Call, known: readonly KnownFile[]): Promise<Set<string>> {
    const { unitOfWork, repository } = this.#deps;
    const digests = known.map(({ file }) => file.sha256);
    const rows = await unitOfWork.read({ restaurantId }, (tx) => repository.findByDigests(restaurantId, tx, digests));
    return new Set(rows.flatMap(({ sha256, fileRemovedAt }) => (fileRemovedAt === null ? [sha256] : [])));
  }

  #documentOf(call: Call, workflowId: string, { name, file, kind }: KnownFile): NewDocument {
    const { clock, isScanning } = this.#deps;
    const now = clock().toISOString();
    const id = newId();
    return {
      id,
      workflowId,
      part: 1,
      status: 'received',
      userId: `${call.actor.kind}:${call.actor.id}`,
      fileName: name,
      fileKey: keyOf(call, id, file.sha256),
      sha256: file.sha256,
      bytes: file.bytes,
      kind,
      scannedAt: isScanning ? null : now,
      uploadedAt: now,
    };
  }
}

/** Never used twice, so a file that nobody needs can be removed at any time. */
function keyOf({ restaurantId }: Call, id: string, sha256: string): string {
  return `supplier-invoices/${restaurantId}/${id}/${sha256}`;
}

function receivedFact({ id, fileName, kind, sha256 }: NewDocument): Fact {
  return {
    type: 'supplier_invoice.received',
    subject: 'supplier_invoice',
    subjectId: id,
    data: { status: 'received', fileName, kind, sha256 },
  };
}
