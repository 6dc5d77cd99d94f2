/** The receipt of an order, as data and as text for an 80 mm printer (42 columns). */
import { type Seller, sellerOf } from './document.js';
import { localTime } from './localTime.js';
import { formatMinor, type MinorUnits } from './money.js';
import { activeLines, dueTotal, type Order } from './order.js';
import type { Payment, Refund } from './payment.js';
import type { RestaurantSettings } from './restaurant.js';
import { centred, columns, row, WIDTH, wrapped } from './textColumns.js';

export interface Receipt {
  restaurant: Required<Seller>;
  number: string;
  orderId: string;
  status: Order['status'];
  type: Order['type'];
  table: string | null;
  businessDate: string;
  /** When the order was placed, on the restaurant's wall clock: `YYYY-MM-DD HH:MM`. */
  placedAt: string;
  currency: string;
  lines: {
    name: string;
    variantName: string | null;
    quantity: number;
    unitPrice: MinorUnits;
    modifiers: { name: string; quantity: number; amount: MinorUnits }[];
    grossAmount: MinorUnits;
    discountAmount: MinorUnits;
    amount: MinorUnits;
  }[];
  subtotal: MinorUnits;
  discountTotal: MinorUnits;
  serviceChargeTotal: MinorUnits;
  taxes: { name: string; rate: string; inclusive: boolean; base: MinorUnits; amount: MinorUnits }[];
  tipTotal: MinorUnits;
  total: MinorUnits;
  payments: {
    method: Payment['method'];
    amount: MinorUnits;
    tip: MinorUnits;
    tendered: MinorUnits;
    change: MinorUnits;
    reference: string | null;
  }[];
  refunds: { amount: MinorUnits; reason: string }[];
  dueTotal: MinorUnits;
  footer: string | null;
}

export function receiptOf(
  order: Order,
  payments: readonly Payment[],
  refunds: readonly Refund[],
  settings: RestaurantSettings,
): Receipt {
  const placed = localTime(new Date(order.createdAt), settings.timezone);
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  return {
    restaurant: sellerOf(settings),
    number: order.number,
    orderId: order.id,
    status: order.status,
    type: order.type,
    table: order.table,
    businessDate: order.businessDate,
    placedAt: `${placed.date} ${twoDigits(Math.trunc(placed.minute / 60))}:${twoDigits(placed.minute % 60)}`,
    currency: order.currency,
    lines: activeLines(order.lines).map((line) => ({
      name: line.name,
      variantName: line.variantName,
      quantity: line.quantity,
      unitPrice: line.unitPrice,
      modifiers: line.modifiers.map(({ name, quantity, freeQuantity, price }) => ({
        name,
        quantity,
        amount: price * (quantity - freeQuantity),
      })),
      grossAmount: line.grossAmount,
      discountAmount: line.discountAmount,
      amount: line.amount,
    })),
    subtotal: order.subtotal,
    discountTotal: order.discountTotal,
    serviceChargeTotal: order.serviceChargeTotal,
    taxes: order.taxes.map(({ name, rate, inclusive, base, amount }) => ({ name, rate, inclusive, base, amount })),
    tipTotal: order.tipTotal,
    total: order.total,
    payments: payments.map(({ method, amount, tip, tendered, change, reference }) => ({
      method,
      amount,
      tip,
      tendered,
      change,
      reference,
    })),
    refunds: refunds.map(({ amount, reason }) => ({ amount, reason })),
    dueTotal: dueTotal(order),
    footer: settings.receiptFooter,
  };
}

/** Plain text, lines of at most 42 columns, ending with a line feed. */
export function receiptText(receipt: Receipt): string {
  const money = (amount: MinorUnits) => formatMinor(amount, receipt.currency);
  const rule = '-'.repeat(WIDTH);
  const place = [receipt.type.replace('_', ' '), receipt.table === null ? '' : `table ${receipt.table}`]
    .filter(Boolean)
    .join(', ');
  const rows = [
    ...centred(receipt.restaurant.name),
    ...(receipt.restaurant.address?.split('\n').flatMap(centred) ?? []),
    ...(receipt.restaurant.vatId ? centred(`VAT ID: ${receipt.restaurant.vatId}`) : []),
    ...(receipt.restaurant.taxNumber ? centred(`Tax number: ${receipt.restaurant.taxNumber}`) : []),
    '',
    row(receipt.number, receipt.placedAt),
    ...wrapped(place, WIDTH),
    rule,
    ...receipt.lines.flatMap((line) => [
      ...columns(
        `${line.quantity} x ${line.name}${line.variantName === null ? '' : `, ${line.variantName}`}`,
        money(line.grossAmount),
      ),
      ...line.modifiers.flatMap((modifier) =>
        wrapped(
          `    ${modifier.quantity > 1 ? `${modifier.quantity} x ` : '+ '}${modifier.name}${modifier.amount > 0 ? ` (${money(modifier.amount)})` : ''}`,
          WIDTH,
        ),
      ),
    ]),
    rule,
    row('Subtotal', money(receipt.subtotal)),
    ...(receipt.discountTotal > 0 ? [row('Discounts', `-${money(receipt.discountTotal)}`)] : []),
    ...(receipt.serviceChargeTotal > 0 ? [row('Service charge', money(receipt.serviceChargeTotal))] : []),
    ...receipt.taxes
      .filter((tax) => !tax.inclusive)
      .flatMap((tax) => columns(`${tax.name} ${tax.rate}% on ${money(tax.base)}`, money(tax.amount))),
    ...(receipt.tipTotal > 0 ? [row('Tip', money(receipt.tipTotal))] : []),
    row(`TOTAL ${receipt.currency}`, money(receipt.total)),
    ...receipt.taxes
      .filter((tax) => tax.inclusive)
      .flatMap((tax) => columns(`  incl. ${tax.name} ${tax.rate}% on ${money(tax.base)}`, money(tax.amount))),
    ...(receipt.payments.length > 0 ? [rule] : []),
    ...receipt.payments.flatMap((payment) => [
      row(payment.method, money(payment.tendered)),
      ...(payment.change > 0 ? [row('Change', `-${money(payment.change)}`)] : []),
    ]),
    ...receipt.refunds.flatMap((refund) => columns(`Refund: ${refund.reason}`, `-${money(refund.amount)}`)),
    ...(receipt.dueTotal === 0
      ? []
      : [row(receipt.dueTotal > 0 ? 'To pay' : 'To give back', money(Math.abs(receipt.dueTotal)))]),
    ...(receipt.status === 'cancelled' ? ['', ...centred('*** CANCELLED ***')] : []),
    ...(receipt.footer === null ? [] : ['', ...receipt.footer.split('\n').flatMap(centred)]),
  ];
  return `${rows.map((text) => text.trimEnd()).join('\n')}\n`;
}
