/** A line as it is asked for, and as the menu gives it. */
import type { MenuItem } from '../menu/menu.js';
import type { MinorUnits } from '../number/money.js';
import { formatQuantity } from '../number/quantity.js';
import { invalid } from '../shared/errors.js';
import { type AskedQuantity, type MeasureUnit, priceOf } from './measure.js';
import { isAtFaceValue, isVoucher } from './lineKind.js';
import type { OrderLine } from './order.js';
import type { Discount } from './pricing.js';
import type { TaxRate } from './taxes.js';

export interface ModifierChoice {
  modifierId: string;
  quantity: number;
}

export interface LineRequest {
  menuItemId: string;
  variantId?: string | undefined;
  quantity: AskedQuantity;
  modifiers: ModifierChoice[];
  discounts: Discount[];
  notes?: string | null | undefined;
  course?: number | null | undefined;
  seat?: number | null | undefined;
  /** Orders it at the price zero. */
  free?: { reason: string; allowedBy?: string | undefined } | undefined;
}

/** Fields of a line that are fixed at ordering; its amounts come from the pricing engine. */
export type TakenLine = Pick<
  OrderLine,
  | 'kind'
  | 'menuItemId'
  | 'variantId'
  | 'categoryId'
  | 'categoryName'
  | 'name'
  | 'variantName'
  | 'quantity'
  | 'measured'
  | 'unitPrice'
  | 'modifiers'
  | 'discounts'
  | 'notes'
  | 'course'
  | 'seat'
> & {
  taxes: TaxRate[];
  /** Lines that belong to it. Their quantity is for all of its units. */
  attached: AttachedLine[];
};

/** A line that comes with another one, such as the deposit of a bottle. */
export type AttachedLine = Omit<TakenLine, 'attached'> & {
  /** Units for each unit of the line that it comes with. */
  units: number;
};

/** Kind of the lines of this item. */
export function kindOf({
  isDeposit,
  voucherPoolId,
  taxIds,
  parts,
}: MenuItem): 'item' | 'deposit' | 'set' | 'voucher' | 'taxed_voucher' {
  if (isDeposit) return 'deposit';
  // Multi-purpose ones name no tax.
  if (voucherPoolId) return taxIds.length > 0 ? 'taxed_voucher' : 'voucher';
  return parts.length > 0 ? 'set' : 'item';
}

/** @param price of one piece or one unit. */
export function soldAs(
  unit: MeasureUnit | null,
  units: number,
  unitPrice: MinorUnits,
): Pick<TakenLine, 'quantity' | 'measured' | 'unitPrice'> {
  if (unit === null) return { quantity: units, measured: null, unitPrice };
  const measured = { quantity: formatQuantity(BigInt(units)), unit, unitPrice };
  return { quantity: 1, measured, unitPrice: priceOf(measured) };
}

/** @throws AppError invalid_request for a discount on a deposit or a voucher. */
export function assertDiscounts(
  { kind, name }: Pick<OrderLine, 'kind' | 'name'>,
  discounts: readonly Discount[],
  pointer: string,
): void {
  if (isAtFaceValue(kind) && discounts.length > 0)
    throw invalid(
      `${pointer}/discounts`,
      `${name} is a ${isVoucher(kind) ? 'voucher' : kind}, which has no discount. Leave the discounts out.`,
    );
}
