/** Items of the menu that sell vouchers of a pool. */
import type { MenuItem } from '../../domain/menu/menu.js';
import { invalid, notFound } from '../../domain/shared/errors.js';
import type { VoucherPool } from '../../repositories/menu/MenuItemTable.js';

const POINTER = '/voucherPoolId';

/**
 * @param pool that the item names, if there is one; undefined: there is none, or it names none.
 * @throws AppError not_found; invalid_request for taxes that do not fit the pool, or for an
 * item that could not sell its vouchers.
 */
export function assertVoucherItem(item: MenuItem, before: MenuItem | undefined, pool: VoucherPool | undefined): void {
  if (item.voucherPoolId !== null && pool?.kind !== 'voucher') throw notFound('pool of vouchers', POINTER);
  if (before && before.voucherPoolId !== item.voucherPoolId)
    throw invalid(POINTER, 'An item stays what it is. Make another item that sells vouchers.');
  if (!pool) return;
  assertTaxes(item, pool);
  assertPlain(item);
  assertWorth(item, pool);
}

/** Single-purpose vouchers are taxed when they are sold, others when they are redeemed. */
function assertTaxes({ taxIds }: MenuItem, { taxKind }: VoucherPool): void {
  if (taxKind === 'multi_purpose' && taxIds.length > 0)
    throw invalid('/taxIds', 'Vouchers of this pool are taxed when they are redeemed. Send [], or leave them out.');
  if (taxKind === 'single_purpose' && taxIds.length === 0)
    throw invalid(
      '/taxIds',
      'Vouchers of this pool are single_purpose: they are taxed when they are sold. Name their tax.',
    );
}

/** A voucher has nothing to choose. */
function assertPlain({ modifierGroupIds, parts, unit, isDeposit, depositItemId }: MenuItem): void {
  if (modifierGroupIds.length > 0) throw invalid('/modifierGroupIds', 'A voucher has no modifiers. Send [].');
  if (parts.length > 0) throw invalid('/parts', 'A voucher has no parts. Send [].');
  if (unit !== null) throw invalid('/unit', 'A voucher is sold by the piece. Send null.');
  if (isDeposit) throw invalid('/isDeposit', 'A voucher is no deposit.');
  if (depositItemId !== null) throw invalid('/depositItemId', 'A voucher carries no deposit. Send null.');
}

/** A voucher is worth its price. */
function assertWorth({ price, variants }: MenuItem, { value }: VoucherPool): void {
  const priced =
    variants.length === 0
      ? [{ pointer: '/price', price }]
      : variants.map((variant, index) => ({ pointer: `/variants/${index}/price`, price: variant.price }));
  for (const { pointer, price: worth } of priced) {
    if (worth === 0) throw invalid(pointer, 'A voucher is worth its price. Give at least 1.');
    if (value !== null && worth !== value)
      throw invalid(
        pointer,
        `Vouchers of this pool are worth ${value} minor units, so each costs that. Or give a pool without a value.`,
      );
  }
}
