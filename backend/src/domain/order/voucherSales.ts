/**
 * Orders that sell vouchers (decision 0053). Such an order sells nothing else: money that is given
 * back for it is money for vouchers.
 */
import { formatMinor, type MinorUnits } from '../number/money.js';
import { AppError, invalid } from '../shared/errors.js';
import { isVoucher } from './lineKind.js';
import { dueTotal, type Order, type OrderLine } from './order.js';
import { refundedOf } from './refundedBill.js';
import { ratesKey } from './taxes.js';

/** Vouchers on one line. They are handed out, and voided, in one transaction. */
const MOST_VOUCHERS = 100;

/** Whether an order sells vouchers, or did before their lines were voided. */
export function sellsVouchers({ lines }: Pick<Order, 'lines'>): boolean {
  return lines.some(({ kind }) => isVoucher(kind));
}

/** @throws AppError invalid_request for vouchers next to other lines, or too many of them. */
export function assertVoucherLines(order: Pick<Order, 'lines' | 'taxExemption'>): void {
  if (!sellsVouchers(order)) return;
  if (order.lines.some(({ kind }) => !isVoucher(kind)))
    throw invalid('/lines', 'Vouchers are sold on an order of their own. Order the other lines with another order.');
  if (order.lines.some(({ kind }) => kind === 'taxed_voucher')) assertTaxed(order);
  if (order.lines.some(({ quantity }) => quantity > MOST_VOUCHERS))
    throw invalid('/lines', `A line sells at most ${MOST_VOUCHERS} vouchers. Order the others on another line.`);
}

/**
 * Orders of single-purpose vouchers. Money that goes back for one is all for vouchers of one kind.
 * @throws AppError invalid_request.
 */
function assertTaxed({ lines, taxExemption }: Pick<Order, 'lines' | 'taxExemption'>): void {
  if (lines.some(({ kind }) => kind === 'voucher'))
    throw invalid(
      '/lines',
      'Vouchers that are taxed when they are sold and those that are not are sold on two orders. Order one kind with another order.',
    );
  if (lines.some(({ taxes }) => taxes.some(({ inclusive }) => !inclusive)))
    throw invalid('/lines', 'A voucher is worth its price, so its tax is included in it. Give its item such a tax.');
  if (taxExemption)
    throw invalid(
      '/taxExemption',
      'Vouchers that are taxed when they are sold are no tax-exempt sale. Sell vouchers of a multi_purpose pool, or leave this out.',
    );
}

/**
 * Vouchers carry the taxes of their sale, which therefore stay. Called once vouchers are handed
 * out.
 * @throws AppError invalid_state.
 */
export function assertSameTaxes(before: Order, after: Order): void {
  const was = new Map(before.lines.map((line) => [line.id, line]));
  for (const line of after.lines)
    if (line.voidedAt === null && ratesKey(line.taxes) !== ratesKey(was.get(line.id)?.taxes ?? line.taxes))
      throw new AppError(
        'invalid_state',
        `Vouchers of "${line.name}" were handed out with their taxes, which therefore stay. Void the line, and order it again.`,
      );
}

/** Money paid for the vouchers of an order, and not given back. */
function paidForVouchers(order: Order): MinorUnits {
  const held = order.paidTotal - order.refundedTotal;
  return Math.max(0, held - (order.tipTotal - refundedOf(order).parts.tip));
}

/**
 * Number of vouchers of a line that are to be handed out.
 * @param handedOut what its vouchers are worth, or were when they were spent or expired.
 * @throws AppError invalid_state when all were, or before the order is paid.
 */
export function vouchersToHandOut(order: Order, line: OrderLine, handedOut: MinorUnits): number {
  if (order.status === 'cancelled' || line.voidedAt !== null)
    throw new AppError('invalid_state', `"${line.name}" is no longer on this order, so it has no voucher.`);
  if (dueTotal(order) > 0)
    throw new AppError('invalid_state', 'Vouchers are handed out when their order is paid in full. Record a payment.');
  const count = Math.floor((line.amount - handedOut) / line.unitPrice);
  if (count > 0) return count;
  throw new AppError(
    'invalid_state',
    `All vouchers of "${line.name}" were handed out. Replace a lost one: POST /v1/codes/{id}/transfer.`,
  );
}

/** @param handedOut as above, of all lines. @throws AppError invalid_state. */
export function assertPaidFor(order: Order, handedOut: MinorUnits): void {
  const paid = paidForVouchers(order);
  if (handedOut <= paid) return;
  const said = (amount: MinorUnits) => `${formatMinor(amount, order.currency)} ${order.currency}`;
  throw new AppError(
    'invalid_state',
    `Vouchers for ${said(handedOut)} were handed out with this order, and ${said(paid)} would be paid for them. ` +
      'Void unused ones first: POST /v1/codes/{id}/void. What was spent of a voucher is not given back.',
  );
}
