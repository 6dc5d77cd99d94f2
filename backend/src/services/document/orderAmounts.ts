/**
 * The amounts of an order in a document: its lines, less the part of its sale that was taken back.
 */
import {
  CREDITABLE_TYPES,
  type DocumentAmounts,
  type DocumentLine,
  type DocumentType,
  type LineContent,
  ORDER_DOCUMENT_TYPES,
  priceDocument,
} from '../../domain/document/document.js';
import { addUp } from '../../domain/document/documentCredit.js';
import { sum } from '../../domain/number/money.js';
import { chargesLeft, type LineCharge, refundOfCharges, totalOfCharge } from '../../domain/order/lineCharges.js';
import { priceOf } from '../../domain/order/measure.js';
import { activeLines, exemptionVat, type Order } from '../../domain/order/order.js';
import { isReturn, withoutReturns } from '../../domain/order/returnedDeposits.js';
import { refundedOf, refundKindsOf } from '../../domain/order/refundedBill.js';
import { minusRefunded, NO_PARTS, type Refunded, totalOfParts } from '../../domain/order/saleParts.js';
import { exemptTax, isSameRate, type TaxTotal } from '../../domain/order/taxes.js';
import { AppError, invalid } from '../../domain/shared/errors.js';

const NOTHING: Readonly<Refunded> = { parts: NO_PARTS, taxes: [] };

/**
 * The current lines of an order, with its service charge and tips as separate lines. Discounts are
 * an amount on each line, so that none reaches the service charge; the totals equal those of the
 * order. On invoices and receipts, refunds and credit notes are discounts too: the totals and each
 * tax are those of the sales kept.
 * @param restored by this document: it replaces a credited one.
 * @throws AppError invalid_request for a type that is not made from an order; invalid_state for an
 * order of which nothing is left.
 */
export function amountsOfOrder(type: DocumentType, order: Order, restored: Refunded = NOTHING): DocumentAmounts {
  if (!ORDER_DOCUMENT_TYPES.includes(type))
    throw invalid(
      '/type',
      `An order cannot become a document of this type. Send one of ${ORDER_DOCUMENT_TYPES.join(', ')}.`,
    );
  if (order.status === 'cancelled')
    throw new AppError('invalid_state', 'This order is cancelled. No document can be made of it.');
  // The price of a set menu is in its parts.
  const items = activeLines(order.lines).filter(({ kind, grossAmount }) => kind !== 'set' || grossAmount > 0);
  if (items.length === 0)
    throw new AppError('invalid_state', 'No line is left on this order. No document can be made of it.');
  const extra = (kind: LineContent['kind'], description: string, unitPrice: number, taxes: LineContent['taxes']) =>
    unitPrice === 0
      ? []
      : [{ kind, description, quantity: '1', unit: null, unitPrice, discounts: [], taxes, originalPosition: null }];
  const lines = [
    ...items.map((line) => orderLine(line, parentOf(order, line))),
    ...extra('service_charge', 'Service charge', order.serviceChargeTotal, chargeTaxes(order)),
    ...extra('tip', 'Tip', order.tipTotal, []),
  ];
  const priced = priceDocument(lines, []);
  const taken = CREDITABLE_TYPES.includes(type) ? minusRefunded(refundedOf(order), restored) : NOTHING;
  if (totalOfParts(taken.parts) === 0) return priced;
  if (type === 'invoice' && totalOfParts(taken.parts) - taken.parts.tip >= order.total - order.tipTotal)
    throw new AppError('invalid_state', 'All of this order was taken back. Nothing is left to invoice.');
  return addUp(lessTaken(order, priced.lines, taken));
}

function chargeTaxes({ serviceCharge, taxExemption }: Order): LineContent['taxes'] {
  const taxes = serviceCharge?.taxes ?? [];
  return taxExemption === null ? taxes : taxes.map((tax) => exemptTax(tax, exemptionVat(taxExemption)));
}

/** The set menu of a part, or the dish of a modifier. */
function parentOf(
  { lines }: Order,
  { kind, parentLineId }: Order['lines'][number],
): Order['lines'][number] | undefined {
  return kind === 'deposit' ? undefined : lines.find(({ id }) => id === parentLineId);
}

function orderLine(line: Order['lines'][number], parent: Order['lines'][number] | undefined): LineContent {
  const added = (line.kind === 'modifier' ? [] : line.modifiers).map(({ name, quantity }) =>
    quantity > 1 ? `${quantity} x ${name}` : name,
  );
  const names = [line.name, line.variantName, ...added].filter((part) => part !== null).join(', ');
  return {
    kind: 'item',
    ...soldIn(line, parent ? `${parent.name}: ${names}` : names),
    originalPosition: null,
    taxes: line.taxes.map(({ taxId, name, rate, inclusive, vat }) => ({
      taxId,
      name,
      rate,
      inclusive,
      ...(vat && { vat }),
    })),
    orderLineId: line.id,
  };
}

type Sold = Pick<LineContent, 'description' | 'quantity' | 'unit' | 'unitPrice' | 'discounts'>;

function soldIn(line: Order['lines'][number], description: string): Sold {
  const { quantity, measured, unitPrice, grossAmount, discountAmount } = line;
  // The discount of a tax-exempt customer on a returned deposit is below zero, as no discount may
  // be.
  if (isReturn(line) && discountAmount !== 0) {
    const price = { quantity: '-1', unit: null, unitPrice: -line.amount, discounts: [] };
    return { ...price, description: `${-quantity} x ${description}` };
  }
  const discounts = discountAmount === 0 ? [] : [{ amount: discountAmount }];
  // With dear modifiers, or a line price from another till, weight times price is not the amount.
  if (!measured || grossAmount !== unitPrice || priceOf(measured) !== grossAmount) {
    const weight = measured ? `${description}, ${measured.quantity} ${measured.unit}` : description;
    // Exact: the gross amount of an order line is its quantity times a whole unit price.
    const price = { quantity: String(quantity), unit: null, unitPrice: grossAmount / quantity };
    return { ...price, description: weight, discounts };
  }
  const { quantity: weight, unit, unitPrice: price } = measured;
  return { description, quantity: weight, unit, unitPrice: price, discounts };
}

/** The lines, each less the part that was taken back, as a discount on it. */
function lessTaken(order: Order, lines: readonly DocumentLine[], taken: Refunded): DocumentLine[] {
  const { named } = refundKindsOf(order);
  const sold = withoutReturns(order);
  const left = chargesLeft(sold, { refunded: taken, named, quantities: order.refundedBill?.quantities });
  const ofItems = refundOfCharges(
    activeLines(sold.lines).map((line) => minus(lines, line.id, left.get(line.id))),
    0,
  );
  const returned = new Set(order.lines.filter(isReturn).map(({ id }) => id));
  const others = lines.filter(({ orderLineId }) => !returned.has(orderLineId ?? ''));
  const charges = others.map((line): LineCharge => {
    if (line.orderLineId !== undefined) return left.get(line.orderLineId) ?? { net: 0, taxes: [] };
    const whole = chargeIn(line);
    if (line.kind === 'tip') return { ...whole, net: whole.net - taken.parts.tip };
    const taxes = whole.taxes.map((tax) => {
      const back = taxIn(taken.taxes, tax) - taxIn(ofItems.taxes, tax);
      return { ...tax, amount: Math.max(0, tax.amount - Math.max(0, back)) };
    });
    return { net: Math.max(0, whole.net - taken.parts.serviceCharge), taxes };
  });
  const kept = keptOf(sold, taken, others.map(chargeIn), charges);
  const keptBy = new Map(others.map((line, index) => [line, kept[index]!]));
  return lines.map((line) => {
    const charge = keptBy.get(line);
    return charge ? withCharge(line, charge) : line;
  });
}

/**
 * The charges, with total and taxes as the sale keeps them. Refunds that named a line of a few
 * cents can have taken another cent of its tax than the refunds of the order have together.
 */
function keptOf(
  order: Order,
  taken: Refunded,
  wholes: readonly LineCharge[],
  charges: readonly LineCharge[],
): LineCharge[] {
  const kept = charges.map(({ net, taxes }) => ({ net, taxes: taxes.map((tax) => ({ ...tax })) }));
  const moved = (before: number, off: number, most: number) => Math.max(0, Math.min(before + off, most)) - before;
  for (const tax of order.taxes) {
    let off = tax.amount - taxIn(taken.taxes, tax) - sum(kept.map(({ taxes }) => taxIn(taxes, tax)));
    for (const [index, { taxes }] of kept.entries()) {
      const own = taxes.find((one) => isSameRate(one, tax));
      const cents = own ? moved(own.amount, off, taxIn(wholes[index]!.taxes, tax)) : 0;
      if (own) own.amount += cents;
      off -= cents;
    }
  }
  let off = order.total - totalOfParts(taken.parts) - sum(kept.map(totalOfCharge));
  for (const [index, charge] of kept.entries()) {
    const cents = moved(charge.net, off, wholes[index]!.net);
    charge.net += cents;
    off -= cents;
  }
  return kept;
}

/** The part of an item that was taken back. */
function minus(lines: readonly DocumentLine[], id: string, left: LineCharge | undefined): LineCharge {
  const line = lines.find(({ orderLineId }) => orderLineId === id);
  if (!line || !left) return { net: 0, taxes: [] };
  const whole = chargeIn(line);
  const net = whole.net - left.net;
  return { net, taxes: whole.taxes.map((tax) => ({ ...tax, base: net, amount: tax.amount - taxIn(left.taxes, tax) })) };
}

function chargeIn({ amount, taxes }: DocumentLine): LineCharge {
  const net = amount - sum(taxes.filter(({ inclusive }) => inclusive).map((tax) => tax.amount));
  return { net, taxes: taxes.map((tax) => ({ ...tax, base: net })) };
}

function withCharge(line: DocumentLine, { net, taxes: left }: LineCharge): DocumentLine {
  const taxes = line.taxes.map((tax) => ({ ...tax, amount: taxIn(left, tax) }));
  const amount = net + sum(taxes.filter(({ inclusive }) => inclusive).map((tax) => tax.amount));
  const back = line.amount - amount;
  return {
    ...line,
    discounts: back > 0 ? [...line.discounts, { name: 'Refund', amount: back }] : line.discounts,
    discountAmount: line.grossAmount - amount,
    amount,
    taxes,
    taxAmount: sum(taxes.map((tax) => tax.amount)),
  };
}

function taxIn(taxes: readonly TaxTotal[], wanted: Parameters<typeof isSameRate>[0]): number {
  return taxes.find((tax) => isSameRate(tax, wanted))?.amount ?? 0;
}
