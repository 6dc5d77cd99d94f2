/** Items of the menu that sell vouchers of a pool. */
import type { MenuItem } from '../../domain/menu/menu.js';
import type { Edited } from '../../domain/shared/edited.js';
import { invalid, notFound } from '../../domain/shared/errors.js';
import type { VoucherPool } from '../../repositories/menu/MenuItemTable.js';

/** A voucher is sold for what it is worth, without tax: nothing is supplied before it is redeemed. */
export function assertVoucher(item: Omit<MenuItem, keyof Edited>, before: MenuItem | undefined): void {
  const { voucherPoolId, variants } = item;
  if (before && (before.voucherPoolId ?? null) !== voucherPoolId)
    throw invalid('/voucherPoolId', 'An item stays what it is. Make another item that sells vouchers.');
  if (voucherPoolId === null) return;
  const none = 'An item that sells vouchers has none of these. Leave them out.';
  if (item.taxIds.length > 0)
    throw invalid('/taxIds', 'Vouchers are taxed when they are redeemed. Send [], or leave them out.');
  if (item.modifierGroupIds.length > 0) throw invalid('/modifierGroupIds', none);
  if (item.parts.length > 0) throw invalid('/parts', none);
  if (item.unit !== null) throw invalid('/unit', 'A voucher is sold by the piece. Send null.');
  if (item.isDeposit) throw invalid('/isDeposit', 'A voucher is no deposit.');
  if (item.depositItemId !== null) throw invalid('/depositItemId', 'A voucher carries no deposit. Send null.');
  const free = variants.findIndex(({ price }) => price === 0);
  if (free >= 0) throw invalid(`/variants/${free}/price`, 'A voucher is worth its price. Give at least 1.');
  if (variants.length === 0 && item.price === 0)
    throw invalid('/price', 'A voucher is worth its price. Give at least 1.');
}

/**
 * @throws AppError not_found; invalid_request for a pool whose vouchers are taxed when they are
 * sold, or are worth something else.
 */
export function assertVoucherPool({ price, variants }: MenuItem, pool: VoucherPool | undefined): void {
  const pointer = '/voucherPoolId';
  if (pool?.kind !== 'voucher') throw notFound('pool of vouchers', pointer);
  if (pool.taxKind === 'single_purpose')
    throw invalid(
      pointer,
      'Vouchers of this pool are single_purpose: they are taxed when they are sold, which orders cannot do yet. Give a pool of multi_purpose vouchers.',
    );
  const prices = variants.length > 0 ? variants.map((variant) => variant.price) : [price];
  if (pool.value !== null && prices.some((one) => one !== pool.value))
    throw invalid(
      variants.length > 0 ? '/variants' : '/price',
      `Vouchers of this pool are worth ${pool.value} minor units, so each costs that. Or give a pool without a value.`,
    );
}
