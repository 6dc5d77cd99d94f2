/** Refunds that name the lines that they are for. */
import { AppError, invalid, notFound } from '../shared/errors.js';
import { allocate, formatMinor, type MinorUnits, sum } from '../number/money.js';
import { attachedTo } from './attachedLines.js';
import { chargeOf, chargeOfUnits, chargesLeft, type LineCharge, partOfCharge, totalOfCharge } from './lineCharges.js';
import { type AskedQuantity, askedUnits, shownUnits, unitsIn } from './measure.js';
import type { Order, OrderLine } from './order.js';
import type { RefundLine } from './payment.js';
import { isReturn, withoutReturns } from './returnedDeposits.js';
import type { Refunded } from './saleParts.js';

export interface RefundLineRequest {
  lineId: string;
  /** Units to refund. */
  quantity?: AskedQuantity | undefined;
  /** Minor units with all taxes. Without quantity and amount: the rest of the line. */
  amount?: MinorUnits | undefined;
}

export interface NamedLines {
  amount: MinorUnits;
  lines: RefundLine[];
  /** Refunded parts by line id. */
  charges: Record<string, LineCharge>;
}

interface Request {
  lines: readonly RefundLineRequest[];
  /** Sum of the lines, as the caller expects it. */
  amount?: MinorUnits | undefined;
}

/**
 * The refunded parts of the named lines, each with exactly its own taxes.
 * @param refunded from the sale before.
 * @param named refunds that named lines before.
 * @throws AppError not_found for a line; invalid_request for a line named twice, a quantity beyond
 *   the line, and sums that do not agree; invalid_state for a voided line; already_refunded and
 *   refund_exceeds_payment beyond the rest of a line.
 */
export function namedLines(
  order: Order,
  request: Request,
  refunded: Refunded,
  named: Readonly<Record<string, LineCharge>>,
): NamedLines {
  const left = chargesLeft(withoutReturns(order), { refunded, named, quantities: order.refundedBill?.quantities });
  const wanted = withRest(request).flatMap((one, index) => {
    const line = lineOf(order, request.lines, index);
    return group(order, line, { ...one, others: request.lines }, left, `/lines/${index}/quantity`).map((each) => ({
      ...each,
      charge: left.get(each.line.id) ?? NO_CHARGE,
      taken: totalOfCharge(named[each.line.id] ?? NO_CHARGE),
      index,
    }));
  });
  const parts = wanted.map((one) => {
    const amount = amountOf(order, one);
    const { id: lineId, name } = one.line;
    const charge = partOfCharge(chargeOf(one.line), amount, one.charge);
    const quantity = one.units === undefined ? null : shownUnits(one.line, one.units);
    return { line: { lineId, name, quantity, amount }, charge };
  });
  const amount = sum(parts.map(({ line }) => line.amount));
  if (amount === 0)
    throw invalid('/lines', 'The lines come to less than the smallest unit of money. Refund more units, or an amount.');
  if (request.amount !== undefined && request.amount !== amount)
    throw invalid(
      '/amount',
      `The lines come to ${said(order, amount)}. Leave out "amount", or give each line its own amount.`,
    );
  return {
    amount,
    lines: parts.map(({ line }) => line),
    charges: Object.fromEntries(parts.map(({ line, charge }) => [line.lineId, charge])),
  };
}

const NO_CHARGE: Readonly<LineCharge> = { net: 0, taxes: [] };

/**
 * The lines that a named line stands for: itself, with the parts of a set menu and the modifiers
 * with taxes of their own, but without deposits, which are given back for bottles.
 */
function group(
  order: Order,
  line: OrderLine,
  { quantity, amount, others }: RefundLineRequest & { others: readonly RefundLineRequest[] },
  left: ReadonlyMap<string, LineCharge>,
  pointer: string,
): { line: OrderLine; units: number | undefined; amount?: MinorUnits | undefined }[] {
  const units = quantity === undefined ? undefined : unitsOf(line, quantity, pointer);
  const leftOf = ({ id }: OrderLine) => totalOfCharge(left.get(id) ?? NO_CHARGE);
  const attached = attachedTo(order.lines, line).filter(
    (one) => one.kind !== 'deposit' && !others.some(({ lineId }) => lineId === one.id),
  );
  const rest = attached.filter((one) => leftOf(one) > 0);
  // A set menu costs nothing by itself: its parts say that nothing is left of it.
  if (rest.length === 0) return [{ line: line.kind === 'set' ? (attached[0] ?? line) : line, units, amount }];
  const members = leftOf(line) > 0 ? [line, ...rest] : rest;
  if (amount !== undefined && quantity === undefined) {
    const lefts = members.map(leftOf);
    const amounts = allocate(Math.min(amount, sum(lefts)), lefts);
    // The part beyond the rest of all of them is refused with the first one.
    amounts[0]! += amount - sum(amounts);
    return members.map((one, place) => ({ line: one, units: undefined, amount: amounts[place]! })).filter(isAsked);
  }
  return members.map((one) => {
    const own = one === line || units === undefined ? units : Math.min(one.quantity, units * (one.parentUnits ?? 1));
    return { line: one, units: own, ...(one === line && { amount }) };
  });
}

function isAsked({ amount }: { amount: MinorUnits }): boolean {
  return amount > 0;
}

/** One line without quantity and amount takes the rest of the given amount. */
function withRest({ lines, amount }: Request): readonly RefundLineRequest[] {
  const open = lines.filter((line) => line.quantity === undefined && line.amount === undefined);
  if (amount === undefined || open.length !== 1 || lines.some((line) => line.quantity !== undefined)) return lines;
  const rest = amount - sum(lines.map((line) => line.amount ?? 0));
  return lines.map((line) => (line === open[0] && rest > 0 ? { ...line, amount: rest } : line));
}

function lineOf(order: Order, lines: readonly RefundLineRequest[], index: number): OrderLine {
  const { lineId } = lines[index]!;
  const pointer = `/lines/${index}`;
  const line = order.lines.find(({ id }) => id === lineId);
  if (!line) throw notFound('line of this order', `${pointer}/lineId`);
  if (lines.findIndex((one) => one.lineId === lineId) < index)
    throw invalid(`${pointer}/lineId`, 'This line is given twice. Give each line once.');
  if (line.voidedAt !== null)
    throw refusal(
      'invalid_state',
      `"${line.name}" was voided and is no longer on the bill. If the guest is owed money for it, refund the amount due.`,
      `${pointer}/lineId`,
    );
  if (isReturn(line))
    throw refusal(
      'invalid_state',
      `"${line.name}" was returned by the guest: there is nothing to refund. Void the line if it was entered by mistake.`,
      `${pointer}/lineId`,
    );
  return line;
}

/** Units of a line to refund or to give away. @throws AppError invalid_request beyond the line. */
export function unitsOf(line: OrderLine, quantity: AskedQuantity, pointer: string): number {
  const units = askedUnits({ name: line.name, unit: line.measured?.unit ?? null }, quantity, pointer);
  const all = unitsIn(line);
  if (units > 0 && units <= all) return units;
  throw invalid(pointer, `The order has only ${shownUnits(line, all)} of "${line.name}".`);
}

function amountOf(
  order: Order,
  {
    line,
    charge,
    taken,
    units: quantity,
    amount,
    index,
  }: {
    line: OrderLine;
    charge: LineCharge;
    taken: MinorUnits;
    index: number;
    units: number | undefined;
    amount?: MinorUnits | undefined;
  },
): MinorUnits {
  const left = totalOfCharge(charge);
  const total = totalOfCharge(chargeOf(line));
  if (total === 0) throw invalid(`/lines/${index}/lineId`, `"${line.name}" cost nothing: there is nothing to refund.`);
  if (left === 0)
    throw refusal('already_refunded', `All of "${line.name}" was already refunded.`, `/lines/${index}/lineId`);
  const units = quantity === undefined ? left : chargeOfUnits(total, { quantity, all: unitsIn(line), taken });
  if (quantity !== undefined && amount !== undefined && amount > units)
    throw invalid(
      `/lines/${index}/amount`,
      `${shownUnits(line, quantity)} of "${line.name}" cost ${said(order, units)}. Lower the amount or raise the quantity.`,
    );
  const wanted = amount ?? units;
  if (wanted <= left) return wanted;
  throw refusal(
    'refund_exceeds_payment',
    `Only ${said(order, left)} of "${line.name}" is left to refund.`,
    `/lines/${index}`,
  );
}

function refusal(
  code: 'invalid_state' | 'already_refunded' | 'refund_exceeds_payment',
  message: string,
  pointer: string,
) {
  return new AppError(code, message, { errors: [{ pointer, message }] });
}

function said({ currency }: Order, amount: MinorUnits): string {
  return `${formatMinor(amount, currency)} ${currency}`;
}
