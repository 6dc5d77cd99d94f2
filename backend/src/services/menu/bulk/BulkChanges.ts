/** Prices and availability of many parts of the menu, in one transaction or not at all. */
import type { Tx } from '../../../config/database.js';
import { Track } from '../../../decorators/Performance.js';
import type { MenuItem, ModifierGroup } from '../../../domain/menu/menu.js';
import type { Call } from '../../../domain/shared/call.js';
import { AppError, invalid } from '../../../domain/shared/errors.js';
import type { VoucherPool } from '../../../repositories/menu/MenuItemTable.js';
import type { MenuRepository } from '../../../repositories/MenuRepository.js';
import type { EditableResource } from '../../EditableResource.js';
import type { UnitOfWork } from '../../UnitOfWork.js';
import type { MenuItemInput, ModifierGroupInput } from '../menuInputs.js';
import { assertVoucherItem } from '../voucherItems.js';
import {
  type BulkInput,
  type BulkOutcome,
  MAX_CHANGED,
  MAX_ROWS,
  type Selection,
  type Versions,
} from './bulkInputs.js';
import { Faults } from './Faults.js';
import { type Planned, planGroup, planItem } from './planBulk.js';
import { noteMissing, pointersOf, type Found, selectedGroups, selectedItems } from './selected.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: MenuRepository;
  items: EditableResource<MenuItem, MenuItemInput>;
  modifierGroups: EditableResource<ModifierGroup, ModifierGroupInput>;
}

interface Plan {
  items: Planned<MenuItem>[];
  groups: Planned<ModifierGroup>[];
}

export class BulkChanges {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Changes everything that is selected, or nothing. A dry run stores nothing, not even its
   * Idempotency-Key.
   * @throws AppError forbidden for prices without menu:write; not_found and invalid_request with a
   *   pointer to each fault; version_mismatch unless `versions`, if sent, names just the things
   *   that change, as they are.
   */
  @Track('menu.changeInBulk')
  change(call: Call, input: BulkInput): Promise<BulkOutcome> {
    assertRights(call, input);
    const { unitOfWork } = this.#deps;
    const work = async (tx: Tx): Promise<BulkOutcome> => {
      const plan = await this.#plan(call, tx, input);
      const changed: Plan = { items: plan.items.filter(isChanged), groups: plan.groups.filter(isChanged) };
      const all = [...changed.items, ...changed.groups];
      assertVersions(input.versions, all);
      const versions = input.dryRun
        ? versionsOf(all.map(({ before }) => before))
        : await this.#save(call, tx, changed, input.price ? 'changed' : 'availability_changed');
      return {
        dryRun: input.dryRun ?? false,
        changes: all.flatMap(({ rows }) => rows),
        unchanged: plan.items.length + plan.groups.length - all.length,
        versions,
      };
    };
    return input.dryRun ? unitOfWork.rehearse(call, work) : unitOfWork.run(call, work);
  }

  async #plan(call: Call, tx: Tx, input: BulkInput): Promise<Plan> {
    const faults = new Faults();
    const found = await this.#lock(call, tx, input.select);
    const items = selectedItems(input.select, found, faults);
    const groups = selectedGroups(input.select, found, faults);
    await this.#noteUnknownExceptions(call, tx, input.select, faults);
    assertSize(items.length + groups.length, MAX_CHANGED, 'items and modifier groups');
    const plan = {
      items: items.map((one) => planItem(one, input, faults)),
      groups: groups.map((one) => planGroup(one, input, faults)),
    };
    if (groups.length > 0 && (input.availability?.until ?? input.availability?.remaining ?? null) !== null)
      faults.wrong('/availability', 'A modifier is available or not: send neither "until" nor "remaining" for it.');
    await this.#checkVouchers(call, tx, plan.items, faults);
    if (Object.values({ ...input.select, exceptMenuItemIds: [] }).every((list) => (list?.length ?? 0) === 0))
      faults.wrong('/select', 'Select something: items, categories, variants, modifier groups or modifiers.');
    if (!input.price && !input.availability) faults.wrong('', 'Send a price, an availability, or both.');
    faults.raise();
    assertSize([...plan.items, ...plan.groups].flatMap(({ rows }) => rows).length, MAX_ROWS, 'prices and modifiers');
    return plan;
  }

  /** Items before groups, each in the order of their ids. */
  async #lock(call: Call, tx: Tx, select: Selection): Promise<Found> {
    const { bulk } = this.#deps.repository;
    const { restaurantId } = call;
    const { menuItemIds = [], categoryIds = [], variantIds = [], modifierGroupIds = [], modifierIds = [] } = select;
    const categories = categoryIds.length === 0 ? [] : await bulk.knownCategories(restaurantId, tx, categoryIds);
    // Those that are excepted are found as well.
    const most = MAX_CHANGED + (select.exceptMenuItemIds?.length ?? 0) + 1;
    const items = await bulk.lockItems(restaurantId, tx, { menuItemIds, categoryIds, variantIds }, most);
    const groups = await bulk.lockGroups(restaurantId, tx, { modifierGroupIds, modifierIds }, MAX_CHANGED + 1);
    return { items, groups, categories };
  }

  async #noteUnknownExceptions(call: Call, tx: Tx, { exceptMenuItemIds = [] }: Selection, faults: Faults) {
    if (exceptMenuItemIds.length === 0) return;
    const known = await this.#deps.repository.bulk.knownItems(call.restaurantId, tx, exceptMenuItemIds);
    noteMissing(pointersOf('exceptMenuItemIds', exceptMenuItemIds), known, 'menu item', faults);
  }

  /** A voucher is worth its price. */
  async #checkVouchers(call: Call, tx: Tx, items: readonly Planned<MenuItem>[], faults: Faults): Promise<void> {
    const pools = new Map<string, VoucherPool | undefined>();
    for (const { before, after, pointer } of items) {
      const poolId = after.voucherPoolId;
      if (poolId === null) continue;
      if (!pools.has(poolId))
        pools.set(poolId, await this.#deps.repository.items.voucherPool(call.restaurantId, tx, poolId));
      faults.check(pointer, after.name, () => assertVoucherItem(after, before, pools.get(poolId)));
    }
  }

  async #save(call: Call, tx: Tx, plan: Plan, verb: 'changed' | 'availability_changed') {
    const { repository, items, modifierGroups } = this.#deps;
    const changedItems = plan.items.map(({ before, after }) => ({ before, after: items.revised(before, after) }));
    const changedGroups = plan.groups.map(({ before, after }) => ({
      before,
      after: modifierGroups.revised(before, after),
    }));
    const [newItems, newGroups] = [changedItems.map(({ after }) => after), changedGroups.map(({ after }) => after)];
    await repository.bulk.saveItems(call.restaurantId, tx, newItems);
    await repository.bulk.saveGroups(call.restaurantId, tx, newGroups);
    await items.recordAll(call, tx, verb, changedItems);
    await modifierGroups.recordAll(call, tx, 'changed', changedGroups);
    return versionsOf([...newItems, ...newGroups]);
  }
}

function isChanged({ rows }: { rows: readonly unknown[] }): boolean {
  return rows.length > 0;
}

/** Availability alone is for everybody in the kitchen. */
function assertRights({ scopes }: Call, { price }: BulkInput): void {
  if (price === undefined || scopes.has('menu:write')) return;
  throw new AppError('forbidden', 'Prices need the scope "menu:write". Without it, send "availability" alone.');
}

function assertSize(count: number, most: number, what: string): void {
  if (count <= most) return;
  throw invalid('/select', `This selects more than ${most} ${what}. Select fewer, and send several requests.`);
}

function assertVersions(
  seen: BulkInput['versions'],
  changed: readonly { pointer: string; before: { id: string; name: string; version: number } }[],
): void {
  if (!seen) return;
  const left = new Map(Object.entries(seen));
  const errors = changed.flatMap(({ pointer, before: { id, name, version } }) => {
    const sent = left.get(id);
    left.delete(id);
    if (sent === version) return [];
    const where = sent === undefined ? pointer : `/versions/${id}`;
    return [{ pointer: where, message: `"${name}" is at version ${version}.` }];
  });
  for (const id of left.keys()) errors.push({ pointer: `/versions/${id}`, message: 'This would not change any more.' });
  if (errors.length === 0) return;
  throw new AppError(
    'version_mismatch',
    'The menu was changed in the meantime. Nothing was changed. Send a dry run again, and its versions.',
    { errors: errors.slice(0, 50) },
  );
}

/** Versions by id. */
export function versionsOf(things: readonly { id: string; version: number }[]): Versions {
  return Object.fromEntries(things.map(({ id, version }) => [id, version]));
}
