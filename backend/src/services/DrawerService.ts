/** Drawers of cash, and the shifts in which they are in use. */
import type { Tx } from '../config/database.js';
import { Track } from '../decorators/Performance.js';
import {
  assertMayUse,
  assertOpen,
  type CashMovement,
  type Drawer,
  personOf,
  type Shift,
  shiftFigures,
} from '../domain/drawer/shift.js';
import type { Call } from '../domain/shared/call.js';
import { AppError, invalid, notFound } from '../domain/shared/errors.js';
import type { DrawerRepository, ShiftFilter } from '../repositories/DrawerRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import { newId } from '../utils/ids.js';
import { EditableResource } from './EditableResource.js';
import { stampOf } from './payment/stamp.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

export interface DrawerInput {
  name?: string | undefined;
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: DrawerRepository;
  restaurants: RestaurantService;
  cursors: Cursors;
  clock: Clock;
}

export class DrawerService {
  readonly drawers: EditableResource<Drawer, DrawerInput>;
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.drawers = new EditableResource(
      {
        noun: 'drawer',
        table: deps.repository.drawers,
        build: (input, before) => ({ name: input.name ?? before?.name ?? '' }),
        beforeRemove: async ({ restaurantId }, tx, { id }) => {
          if (!(await deps.repository.openOfDrawer(restaurantId, tx, id))) return;
          throw new AppError('in_use', 'This drawer is in a shift. Close the shift first.');
        },
      },
      deps,
    );
  }

  /**
   * @param openingFloat the change in the drawer, minor units.
   * @throws AppError not_found; invalid_state when the drawer is in a shift; business_day_closed.
   */
  @Track('shifts.open')
  open(
    call: Call,
    drawerId: string,
    request: { openingFloat: number; notes?: string | null | undefined },
  ): Promise<Shift> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const drawerName = await repository.keep(call.restaurantId, tx, drawerId);
      if (drawerName === undefined) throw notFound('drawer');
      const { businessDate, createdBy: openedBy, createdAt: openedAt } = await stampOf(this.#deps, call, tx);
      const { openingFloat, notes = null } = request;
      const opened = { id: newId(), drawerId, drawerName, status: 'open' as const, businessDate, openingFloat };
      const shift = { ...opened, openedBy, openedAt, notes, closedBy: null, closedAt: null, figures: null };
      await repository.open(call.restaurantId, tx, shift);
      const data = { shiftId: shift.id, drawerId, drawerName, businessDate, openingFloat };
      await unitOfWork.record(tx, call, [{ type: 'shift.opened', subject: 'shift', subjectId: shift.id, data }]);
      return { ...shift, figures: shiftFigures(shift, { staff: [], movements: [] }, null) };
    });
  }

  /** With frozen figures once closed, with live ones before. @throws AppError not_found. */
  @Track('shifts.get')
  get(call: Call, id: string): Promise<Shift> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.read(call, async (tx) => {
      const shift = found(await repository.find(call.restaurantId, tx, id));
      if (shift.figures) return shift;
      return { ...shift, figures: shiftFigures(shift, await repository.figures(call.restaurantId, tx, id), null) };
    });
  }

  /** Newest first; open shifts without their figures. */
  @Track('shifts.list')
  list(call: Call, page: Page & ShiftFilter): Promise<PageOf<Shift>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const { status, drawerId, limit } = page;
    const binding = [call.restaurantId, 'shifts', status, drawerId];
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      const slice = await repository.list(call.restaurantId, tx, { status, drawerId, limit, after });
      return cursors.slice(slice, binding, (row) => row.id);
    });
  }

  /**
   * Cash put into a drawer or taken out of it without a sale.
   * @throws AppError not_found; forbidden; invalid_state when the shift is closed.
   */
  @Track('shifts.move')
  move(call: Call, shiftId: string, request: Pick<CashMovement, 'kind' | 'amount' | 'reason'>): Promise<CashMovement> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const shift = found(await repository.share(call.restaurantId, tx, shiftId));
      assertMayUse(shift, call);
      assertOpen(shift);
      const movement = { id: newId(), shiftId, ...request, ...(await stampOf(this.#deps, call, tx)) };
      await repository.move(call.restaurantId, tx, movement);
      const { drawerId } = shift;
      const data = { shiftId, drawerId, movementId: movement.id, ...request };
      await unitOfWork.record(tx, call, [{ type: 'shift.cash_moved', subject: 'shift', subjectId: shiftId, data }]);
      return movement;
    });
  }

  /** Newest first. @throws AppError not_found. */
  @Track('shifts.movements')
  movements(call: Call, shiftId: string, page: Page): Promise<PageOf<CashMovement>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'shift-movements', shiftId];
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      found(await repository.find(call.restaurantId, tx, shiftId));
      const slice = await repository.movements(call.restaurantId, tx, shiftId, { limit: page.limit, after });
      return cursors.slice(slice, binding, (row) => row.id);
    });
  }

  /**
   * Counts the drawer and freezes the figures of the shift. Waits for money that is moving in it.
   * @throws AppError not_found; forbidden; invalid_state when it is closed.
   */
  @Track('shifts.close')
  close(call: Call, id: string, request: { countedCash: number; notes?: string | null | undefined }): Promise<Shift> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const shift = found(await repository.lock(call.restaurantId, tx, id));
      assertMayUse(shift, call);
      assertOpen(shift);
      const moved = await repository.figures(call.restaurantId, tx, id);
      const figures = shiftFigures(shift, moved, request.countedCash);
      const notes = request.notes === undefined ? shift.notes : request.notes;
      const end = { status: 'closed' as const, closedBy: personOf(call.actor), closedAt: clock().toISOString() };
      const closed = { ...shift, ...end, notes, figures };
      await repository.close(call.restaurantId, tx, closed);
      const { drawerId, drawerName, businessDate } = shift;
      const data = { shiftId: id, drawerId, drawerName, businessDate, ...figures.cash };
      await unitOfWork.record(tx, call, [{ type: 'shift.closed', subject: 'shift', subjectId: id, data }]);
      return closed;
    });
  }

  /**
   * The shift in which money moves: that of the named drawer, or that of the caller. The shift is
   * not closed until the transaction ends.
   * @returns null when no drawer is named and the caller has no open shift.
   * @throws AppError not_found and invalid_state for the drawer; invalid_request when the caller
   *   has several open shifts.
   */
  async shiftOf(call: Call, tx: Tx, drawerId: string | undefined): Promise<string | null> {
    const { repository } = this.#deps;
    if (drawerId === undefined) {
      const [shift = null, other] = await repository.openOfPerson(call.restaurantId, tx, personOf(call.actor));
      if (other === undefined) return shift;
      throw invalid('/drawerId', 'You have several open shifts. Name the drawer in which the money is.');
    }
    const shift = await repository.openOfDrawer(call.restaurantId, tx, drawerId);
    if (shift !== undefined) return shift;
    if ((await repository.keep(call.restaurantId, tx, drawerId)) === undefined) throw notFound('drawer', '/drawerId');
    const hint = `This drawer is in no shift. Open one first: POST /v1/drawers/${drawerId}/shifts.`;
    throw new AppError('invalid_state', hint);
  }
}

/** @throws AppError not_found. */
function found(shift: Shift | undefined): Shift {
  if (!shift) throw notFound('shift');
  return shift;
}
