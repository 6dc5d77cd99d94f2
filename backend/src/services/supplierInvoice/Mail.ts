/** Mails of suppliers: an address for each restaurant, and the attachments that arrive there. */
import { type Call, systemCall } from '../../domain/shared/call.js';
import { AppError, notFound } from '../../domain/shared/errors.js';
import type { SupplierInvoiceRepository } from '../../repositories/SupplierInvoiceRepository.js';
import type { Clock } from '../../utils/clock.js';
import { mintToken, readToken } from '../auth/tenantTokens.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { ReceivedDocument, SentFile, Uploads } from './Uploads.js';

/** Of a file by itself; others concern the whole mail. */
const REFUSALS: ReadonlySet<string> = new Set(['invalid_request', 'unsupported_media_type']);

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: SupplierInvoiceRepository;
  uploads: Uploads;
  clock: Clock;
}

export interface ReceivedMail {
  documents: ReceivedDocument[];
  /** Names of the attachments that were left out. */
  skipped: string[];
}

export class Mail {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** A new address. The old one ends. */
  open(call: Call): Promise<{ token: string }> {
    const { unitOfWork, repository, clock } = this.#deps;
    const { token, hash } = mintToken('mail', call.restaurantId);
    const createdBy = `${call.actor.kind}:${call.actor.id}`;
    return unitOfWork.run(call, async (tx) => {
      await repository.mailboxes.store(call.restaurantId, tx, hash, createdBy, clock());
      return { token };
    });
  }

  /** @throws AppError not_found for an address that is not open. */
  async ownerOf(token: string): Promise<Call> {
    const presented = readToken('mail', token);
    if (!presented) throw notFound('mailbox');
    const { restaurantId, hash } = presented;
    const { unitOfWork, repository } = this.#deps;
    const isOpen = await unitOfWork.read({ restaurantId }, (tx) => repository.mailboxes.isOpen(restaurantId, tx, hash));
    if (!isOpen) throw notFound('mailbox');
    return systemCall(restaurantId, 'supplier-mailbox');
  }

  async receive(owner: Call, files: readonly SentFile[]): Promise<ReceivedMail> {
    const documents: ReceivedDocument[] = [];
    const skipped: string[] = [];
    for (const file of files) {
      try {
        documents.push(...(await this.#deps.uploads.store(owner, [file])));
      } catch (error) {
        if (!(error instanceof AppError) || !REFUSALS.has(error.code)) throw error;
        skipped.push(file.name);
      }
    }
    return { documents, skipped };
  }
}
