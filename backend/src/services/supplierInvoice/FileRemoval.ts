/** Removes files that no document needs any more from the file store. */
import type { FileStore } from '../../clients/FileStore.js';
import type { Database } from '../../config/database.js';
import { NO_RESTAURANT } from '../../domain/shared/call.js';
import type { SupplierInvoiceRepository } from '../../repositories/SupplierInvoiceRepository.js';

const AT_ONCE = 50;

interface Dependencies {
  database: Database;
  repository: SupplierInvoiceRepository;
  files: FileStore;
  onFilesRemoved: (count: number) => void;
}

export class FileRemoval {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Removes until none is left. A file is forgotten after it is gone: when the process ends in
   * between, another one removes it once more. A key is never used again, so nothing new is lost.
   * @throws AppError dependency_unavailable when the storage does not answer.
   */
  async run(isStopping: () => boolean): Promise<number> {
    const { database, repository, files, onFilesRemoved } = this.#deps;
    let removed = 0;
    while (!isStopping()) {
      const keys = await database.transaction(NO_RESTAURANT, (tx) => repository.files.claimRemovable(tx, AT_ONCE));
      if (keys.length === 0) break;
      for (const key of keys) {
        await files.remove(key);
        await database.transaction(NO_RESTAURANT, (tx) => repository.files.forget(tx, key));
      }
      removed += keys.length;
      onFilesRemoved(keys.length);
    }
    return removed;
  }
}
