import { query, type Tx, violatedConstraint } from '../config/database.js';
import type { CashMovement, CashMovements, Drawer, Shift, ShiftFigures, StaffTakings } from '../domain/drawer/shift.js';
import { AppError } from '../domain/shared/errors.js';
import { type ListPage, NEWEST } from './editableTable.js';
import { type Slice, sliceOf } from './pageSize.js';
import { PlainTable } from './plainTable.js';
import { MOVEMENTS_OF_SHIFT, staffOfShift as takingsOfShift } from './takings.js';

/** People and methods of one shift. */
const MAX_STAFF = 1000;

const SHIFTS = `select s.id, s.drawer_id as "drawerId", d.name as "drawerName", s.status, s.business_date as "businessDate",
     s.opening_float as "openingFloat", s.opened_by as "openedBy", s.opened_at as "openedAt", s.notes, s.closed_by as "closedBy",
     s.closed_at as "closedAt", s.figures
   from drawer_shifts s
   join drawers d on d.restaurant_id = s.restaurant_id and d.id = s.drawer_id
   where s.restaurant_id = $1`;

const keepDrawer = query<{ name: string }>(
  'drawer.keep',
  'select name from drawers where restaurant_id = $1 and id = $2 and deleted_at is null for key share',
);
const insertShift = query(
  'drawerShift.insert',
  `insert into drawer_shifts (restaurant_id, id, drawer_id, business_date, opening_float, opened_by, opened_at, notes)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const findShift = query<Shift>('drawerShift.find', `${SHIFTS} and s.id = $2`);
const lockShift = query<Shift>('drawerShift.lock', `${SHIFTS} and s.id = $2 for update of s`);
const shareShift = query<Shift>('drawerShift.share', `${SHIFTS} and s.id = $2 for share of s`);
const shareOfDrawer = query<{ id: string }>(
  'drawerShift.shareOfDrawer',
  `select id from drawer_shifts where restaurant_id = $1 and drawer_id = $2 and status = 'open' for share`,
);
const shareOfPerson = query<{ id: string }>(
  'drawerShift.shareOfPerson',
  `select id from drawer_shifts where restaurant_id = $1 and opened_by = $2 and status = 'open' limit 2 for share`,
);
const closeShift = query(
  'drawerShift.close',
  `update drawer_shifts
   set status = 'closed', figures = $3::jsonb, notes = $4, closed_by = $5, closed_at = $6
   where restaurant_id = $1 and id = $2`,
);
/** Statements for one choice of the status: all shifts, and those of a drawer. */
function shiftLists(suffix: string, chosen: string) {
  const list = (name: string, condition: string) =>
    query<Shift>(
      `drawerShift.list${suffix}${name}`,
      `${SHIFTS} and s.id < $2 ${chosen} ${condition}
   order by s.id desc
   limit $3`,
    );
  return { all: list('', ''), ofDrawer: list('OfDrawer', 'and s.drawer_id = $4') };
}

const LISTS = {
  any: shiftLists('', ''),
  open: shiftLists('Open', "and s.status = 'open'"),
};
const staffOfShift = query<StaffTakings>('drawerShift.staff', takingsOfShift(MAX_STAFF));
const movementsOfShift = query<CashMovements>('drawerShift.movements', MOVEMENTS_OF_SHIFT);
const insertMovement = query(
  'drawerMovement.insert',
  `insert into drawer_movements (restaurant_id, id, shift_id, kind, amount, reason, business_date, created_by, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);
const listMovements = query<CashMovement>(
  'drawerMovement.list',
  `select id, shift_id as "shiftId", kind, amount, reason, business_date as "businessDate", created_by as "createdBy", created_at as "createdAt"
   from drawer_movements
   where restaurant_id = $1 and shift_id = $2 and id < $3
   order by id desc
   limit $4`,
);

/** Which shifts a list shows. */
export interface ShiftFilter {
  /** Absent: all. */
  status?: 'open' | undefined;
  drawerId?: string | undefined;
}

/** Drawers, their shifts and movements of cash. */
export class DrawerRepository {
  readonly drawers = new PlainTable<Drawer>({
    noun: 'drawer',
    table: 'drawers',
    columns: { name: 'name' },
    nameKey: 'drawers_name_key',
  });

  /** The drawer's name; the drawer is not deleted until the transaction ends. */
  async keep(restaurantId: string, tx: Tx, id: string): Promise<string | undefined> {
    return (await tx.maybeOne(keepDrawer, [restaurantId, id]))?.name;
  }

  /** @throws AppError invalid_state when the drawer is in a shift. */
  async open(restaurantId: string, tx: Tx, shift: Shift): Promise<void> {
    const { id, drawerId, businessDate, openingFloat, openedBy, openedAt, notes } = shift;
    try {
      await tx.run(insertShift, [restaurantId, id, drawerId, businessDate, openingFloat, openedBy, openedAt, notes]);
    } catch (error) {
      if (violatedConstraint(error) !== 'drawer_shifts_open_key') throw error;
      throw new AppError('invalid_state', 'This drawer is in a shift already. Close that shift first.', {
        cause: error,
      });
    }
  }

  find(restaurantId: string, tx: Tx, id: string): Promise<Shift | undefined> {
    return tx.maybeOne(findShift, [restaurantId, id]);
  }

  /** As `find`; waits for the money that is moving in the shift, and keeps more from coming. */
  lock(restaurantId: string, tx: Tx, id: string): Promise<Shift | undefined> {
    return tx.maybeOne(lockShift, [restaurantId, id]);
  }

  /** As `find`; the shift is not closed until the transaction ends. */
  share(restaurantId: string, tx: Tx, id: string): Promise<Shift | undefined> {
    return tx.maybeOne(shareShift, [restaurantId, id]);
  }

  /** The open shift of a drawer, which is not closed until the transaction ends. */
  async openOfDrawer(restaurantId: string, tx: Tx, drawerId: string): Promise<string | undefined> {
    return (await tx.maybeOne(shareOfDrawer, [restaurantId, drawerId]))?.id;
  }

  /** Open shifts of a person, at most two, which are not closed until the transaction ends. */
  async openOfPerson(restaurantId: string, tx: Tx, person: string): Promise<string[]> {
    return (await tx.many(shareOfPerson, [restaurantId, person])).map(({ id }) => id);
  }

  async close(restaurantId: string, tx: Tx, shift: Shift): Promise<void> {
    const { id, figures, notes, closedBy, closedAt } = shift;
    await tx.run(closeShift, [restaurantId, id, JSON.stringify(figures), notes, closedBy, closedAt]);
  }

  /** Newest first. */
  async list(restaurantId: string, tx: Tx, page: ListPage & ShiftFilter): Promise<Slice<Shift>> {
    const { after = NEWEST, limit, status = 'any', drawerId } = page;
    const values = [restaurantId, after, limit + 1];
    const rows =
      drawerId === undefined
        ? await tx.many(LISTS[status].all, values)
        : await tx.many(LISTS[status].ofDrawer, [...values, drawerId]);
    return sliceOf(rows, limit);
  }

  /** Money that moved in a shift so far. */
  async figures(restaurantId: string, tx: Tx, id: string): Promise<Omit<ShiftFigures, 'cash'>> {
    const [staff, movements] = await Promise.all([
      tx.many(staffOfShift, [restaurantId, id]),
      tx.many(movementsOfShift, [restaurantId, id]),
    ]);
    return { staff, movements };
  }

  async move(restaurantId: string, tx: Tx, movement: CashMovement): Promise<void> {
    const { id, shiftId, kind, amount, reason, businessDate, createdBy, createdAt } = movement;
    const content = [kind, amount, reason, businessDate, createdBy, createdAt];
    await tx.run(insertMovement, [restaurantId, id, shiftId, ...content]);
  }

  /** Newest first. */
  async movements(restaurantId: string, tx: Tx, shiftId: string, page: ListPage): Promise<Slice<CashMovement>> {
    const { after = NEWEST, limit } = page;
    return sliceOf(await tx.many(listMovements, [restaurantId, shiftId, after, limit + 1]), limit);
  }
}
