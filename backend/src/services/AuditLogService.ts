import { Track } from '../decorators/Performance.js';
import type { Tx } from '../config/database.js';
import type { Call } from '../domain/shared/call.js';
import type { AuditEntry, AuditFilter, AuditLogRepository } from '../repositories/AuditLogRepository.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import type { UnitOfWork } from './UnitOfWork.js';

export type { AuditEntry } from '../repositories/AuditLogRepository.js';

const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: AuditLogRepository;
  cursors: Cursors;
}

/**
 * The record of who changed what. `UnitOfWork.record` writes the entries; the database refuses to
 * change or delete them.
 */
export class AuditLogService {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Entries, newest first. */
  @Track('auditLog.list')
  list(call: Call, filter: AuditFilter, page: Page): Promise<PageOf<AuditEntry>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'audit-log', filter.subjectId ?? null, filter.action ?? null];
    const beforeId = cursors.read(page.cursor, binding) ?? AFTER_ALL;
    return unitOfWork.read(call, async (tx) => {
      const rows = await repository.list(call.restaurantId, tx, filter, { beforeId, limit: page.limit });
      return cursors.slice(rows, binding, (entry) => entry.id);
    });
  }

  /**
   * One page of the entries about one thing, oldest first. The caller has checked that the thing is
   * there.
   */
  async ofSubject(restaurantId: string, tx: Tx, subjectId: string, page: Page): Promise<PageOf<AuditEntry>> {
    const { repository, cursors } = this.#deps;
    const binding = [restaurantId, 'story', subjectId];
    const at = { limit: page.limit, after: cursors.read(page.cursor, binding) };
    const slice = await repository.storyOfSubject(restaurantId, tx, subjectId, at);
    return cursors.slice(slice, binding, (entry) => entry.id);
  }
}
