import { Track } from '../decorators/Performance.js';
import type { Tx } from '../config/database.js';
import { businessDayStart, dayAfter } from '../domain/restaurant/localTime.js';
import type { Call } from '../domain/shared/call.js';
import type { AuditEntry, AuditFilter, AuditLogRepository } from '../repositories/AuditLogRepository.js';
import { bindingOf, type Cursors, type Page, type PageOf } from '../utils/cursor.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

export type { AuditEntry } from '../repositories/AuditLogRepository.js';

/** `AuditFilter` by business dates, both included. */
export interface AuditSearch extends Omit<AuditFilter, 'since' | 'before'> {
  from?: string | undefined;
  to?: string | undefined;
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: AuditLogRepository;
  restaurants: RestaurantService;
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

  /**
   * Entries, newest first. The days are business dates.
   * @throws AppError invalid_request for a cursor of another list.
   */
  @Track('auditLog.list')
  list(call: Call, filter: AuditSearch, { limit, cursor }: Page): Promise<PageOf<AuditEntry>> {
    const { unitOfWork, repository, restaurants, cursors } = this.#deps;
    const binding = bindingOf(call.restaurantId, 'audit-log', filter);
    const after = cursors.read(cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      const { from, to, ...others } = filter;
      const { timezone, businessDayCutoffHour: hour } = await restaurants.settings(tx, call.restaurantId);
      const since = from === undefined ? from : businessDayStart(from, timezone, hour).toISOString();
      const before = to === undefined ? to : businessDayStart(dayAfter(to), timezone, hour).toISOString();
      const page = await repository.list(call.restaurantId, tx, { ...others, since, before }, { limit, after });
      return cursors.walked(page, binding);
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
