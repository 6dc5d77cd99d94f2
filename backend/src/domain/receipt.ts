/** The receipt of an order, as data and as text for an 80 mm printer (42 columns). */
import { localTime } from './localTime.js';
import { formatMinor, type MinorUnits } from './money.js';
import { activeLines, dueTotal, type Order } from './order.js';
import type { Payment, Refund } from './payment.js';
import type { RestaurantSettings } from './restaurant.js';

const WIDTH = 42;

export interface Receipt {
  restaurant: { name: string; address: string | null };
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
    restaurant: { name: settings.name, address: settings.address },
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

/** Characters as a person sees them: a flag or a family is one, though it is many code points. */
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Shown as a picture: by itself, by a variation selector, or as a keycap. */
const PICTURE = /\p{Emoji_Presentation}|\ufe0f|\u20e3/u;
const TAKES_NO_COLUMN = /\p{Mn}|\p{Me}|\p{Cf}/u;
/** Wide by Unicode's East Asian Width (UAX 11). */
const WIDE =
  /[\u1100-\u115f\u2329\u232a\u2e80-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{16fe0}-\u{18dff}\u{1aff0}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;

/** Columns a text takes on a printer: pictures and East Asian wide characters take two, combining marks none. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of graphemesOf(text)) {
    if (PICTURE.test(character)) width += 2;
    else for (const point of character) width += TAKES_NO_COLUMN.test(point) ? 0 : WIDE.test(point) ? 2 : 1;
  }
  return width;
}

function graphemesOf(text: string): string[] {
  return Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
}

function row(left: string, right: string): string {
  return left + ' '.repeat(Math.max(1, WIDTH - widthOf(left) - widthOf(right))) + right;
}

/** Text on the left, wrapped beside an amount that stands on its last line. */
function columns(left: string, right: string): string[] {
  const lines = wrapped(left, WIDTH - widthOf(right) - 1);
  const last = lines.pop() ?? '';
  return [...lines, row(last, right)];
}

function centred(text: string): string[] {
  return wrapped(text, WIDTH).map((line) => ' '.repeat(Math.trunc((WIDTH - widthOf(line)) / 2)) + line);
}

/** Breaks at blanks, and inside a word only when it alone is too long. */
function wrapped(text: string, width: number): string[] {
  const indent = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let current = indent;
  for (const word of text.trim().split(/\s+/)) {
    const joined = current.trim() === '' ? indent + word : `${current} ${word}`;
    if (widthOf(joined) <= width) {
      current = joined;
      continue;
    }
    if (current.trim() !== '') lines.push(current);
    current = indent;
    for (const character of graphemesOf(word)) {
      if (widthOf(current + character) > width) {
        lines.push(current);
        current = indent;
      }
      current += character;
    }
  }
  lines.push(current);
  return lines;
}
