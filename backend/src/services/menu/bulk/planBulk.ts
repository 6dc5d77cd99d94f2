/** Decides how a bulk change changes each selected part of the menu. It stores nothing. */
import type { MenuItem, ModifierGroup } from '../../../domain/menu/menu.js';
import { changedPrice, type PriceChange } from '../../../domain/menu/priceChange.js';
import type { MinorUnits } from '../../../domain/number/money.js';
import { assertSet, withAvailability } from '../buildMenu.js';
import type { BulkInput, BulkRow, BulkState } from './bulkInputs.js';
import type { Faults } from './Faults.js';
import type { Selected } from './selected.js';

export interface Planned<T> {
  before: T;
  /** With the version of `before`. */
  after: T;
  pointer: string;
  rows: BulkRow[];
}

type Change = Pick<BulkInput, 'price' | 'availability'>;

export function planItem({ thing, pointer, parts }: Selected<MenuItem>, change: Change, faults: Faults) {
  const { price, availability } = change;
  if (price?.set !== undefined && parts === 'all' && thing.variants.length > 1)
    faults.wrong(pointer, `"${thing.name}" has variants: name those that shall get this price in "variantIds".`);
  if (availability && parts !== 'all')
    faults.wrong(pointer, 'A variant has no availability of its own. Name its item in "menuItemIds".');
  const priceOf = pricer(price, faults);
  const isOwn = parts === 'all' && thing.variants.length === 0;
  const priced: MenuItem = {
    ...thing,
    price: isOwn ? priceOf(thing.price, pointer, thing.name) : thing.price,
    variants: thing.variants.map((variant) => {
      const where = parts === 'all' ? pointer : parts.get(variant.id);
      if (where === undefined) return variant;
      return { ...variant, price: priceOf(variant.price, where, `${thing.name}, ${variant.name}`) };
    }),
  };
  const after = availability && parts === 'all' ? withAvailability(priced, availability) : priced;
  faults.check(pointer, thing.name, () => assertSet(after));
  return { before: thing, after, pointer, rows: [...itemRows(thing, after), ...variantRows(thing, after)] };
}

export function planGroup({ thing, pointer, parts }: Selected<ModifierGroup>, change: Change, faults: Faults) {
  const { price, availability } = change;
  const priceOf = pricer(price, faults);
  const modifiers = thing.modifiers.map((modifier) => {
    const where = parts === 'all' ? pointer : parts.get(modifier.id);
    if (where === undefined) return modifier;
    return {
      ...modifier,
      price: priceOf(modifier.price, where, `${thing.name}, ${modifier.name}`),
      isAvailable: availability?.isAvailable ?? modifier.isAvailable,
    };
  });
  const after: ModifierGroup = { ...thing, modifiers };
  return { before: thing, after, pointer, rows: modifierRows(thing, after) };
}

function pricer(change: PriceChange | undefined, faults: Faults) {
  return (price: MinorUnits, pointer: string, name: string): MinorUnits => {
    if (!change) return price;
    const changed = changedPrice(price, change);
    if (typeof changed === 'number') return changed;
    faults.wrong(pointer, `"${name}" ${changed.fault}.`);
    return price;
  };
}

function itemRows(before: MenuItem, after: MenuItem): BulkRow[] {
  const stateOf = ({ price, isAvailable, availability }: MenuItem): BulkState => ({ price, isAvailable, availability });
  return changedRow('menu_item', null, after, stateOf(before), stateOf(after));
}

function variantRows(before: MenuItem, after: MenuItem): BulkRow[] {
  return after.variants.flatMap((variant, index) => {
    const was = before.variants[index]?.price ?? variant.price;
    const stateOf = (price: MinorUnits): BulkState => ({ price, isAvailable: null, availability: null });
    return changedRow('variant', after.id, variant, stateOf(was), stateOf(variant.price));
  });
}

function modifierRows(before: ModifierGroup, after: ModifierGroup): BulkRow[] {
  return after.modifiers.flatMap((modifier, index) => {
    const was = before.modifiers[index] ?? modifier;
    const stateOf = ({ price, isAvailable }: typeof modifier): BulkState => ({
      price,
      isAvailable,
      availability: null,
    });
    return changedRow('modifier', after.id, modifier, stateOf(was), stateOf(modifier));
  });
}

function changedRow(
  kind: BulkRow['kind'],
  parentId: string | null,
  { id, name }: { id: string; name: string },
  before: BulkState,
  after: BulkState,
): BulkRow[] {
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ kind, id, parentId, name, before, after }];
}
