/** What a reviewed line moves in stock, and at which cost. */
import { roundToTotal, toTotal } from '../number/exactMoney.js';
import { add, divide, multiply, type Ratio, ratio, ratioOf, rounded, ZERO } from '../number/ratio.js';
import { fitsQuantity, formatQuantity, toMicros } from '../number/quantity.js';
import { computedNet } from './verify.js';
import type { Adjustment } from './readInvoice.js';
import type { Product, SupplierInvoice, SupplierInvoiceLine } from './supplierInvoice.js';

export interface PostedLine {
  position: number;
  inventoryItemId: string;
  /** In the invoiced unit, signed: negative leaves the store room. */
  quantity: string;
  unit: string;
  /** Signed, in stock units. */
  stockQuantity: string;
  /** Minor units of the restaurant for one stock unit, without tax; never negative. */
  unitCost: string;
  /** Minor units for one invoiced unit, rounded. */
  unitPrice: number;
}

export interface PostingTerms {
  product: Product;
  /** Decimals of the restaurant's currency. */
  decimals: number;
  /** Restaurant's currency for one of the document's. */
  exchangeRate: string | null;
}

/**
 * The sign of the movement is that of the net amount, because some suppliers state a return only
 * there. Free goods have none: then that of the quantity counts. On a credit note it turns round.
 */
function signOf({ line }: Pick<SupplierInvoiceLine, 'line'>, product: Product): 1n | -1n {
  const net = ratioOf(line.netAmount ?? '0').numerator;
  const deciding = net === 0n ? ratioOf(line.quantity ?? '1').numerator : net;
  const isNegative = deciding < 0n;
  return isNegative === (product === 'credit_note') ? 1n : -1n;
}

/** Movements of a document in stock, with its allowances and charges in the costs of its lines. */
export function postedLines(
  { invoice, lines }: Pick<SupplierInvoice, 'invoice' | 'lines'>,
  terms: PostingTerms,
  unitOf: (line: SupplierInvoiceLine) => string = () => '',
): PostedLine[] {
  const shares = sharesOf(invoice?.adjustments ?? [], lines, terms);
  return lines.flatMap((line, index) => postedLine(line, unitOf(line), terms, shares[index]) ?? []);
}

/**
 * The part of the document's allowances and charges in each line, in minor units: they add up to
 * the amounts of the document, by largest remainder. Each goes to the lines of its tax rate, else
 * to all, in proportion to their net amounts. Returns and free goods get none: they have no cost
 * that is paid. Nothing is left to share when no line has a cost.
 */
export function sharesOf(
  adjustments: readonly Adjustment[],
  lines: readonly Pick<SupplierInvoiceLine, 'line'>[],
  terms: Pick<PostingTerms, 'decimals' | 'exchangeRate'>,
): Ratio[] {
  const nets = lines.map(({ line }) => positive(ratioOf(line.netAmount ?? '0')));
  const exact = nets.map(() => ZERO);
  for (const { isCharge, amount, taxRate } of adjustments) {
    const ofRate = lines.map(({ line }, index) => (line.taxRate === taxRate ? nets[index]! : ZERO));
    const weights = taxRate !== null && total(ofRate).numerator > 0n ? ofRate : nets;
    const whole = total(weights);
    if (whole.numerator === 0n) continue;
    const value = inMinor(isCharge ? ratioOf(amount) : negative(ratioOf(amount)), terms);
    for (const [index, weight] of weights.entries())
      exact[index] = add(exact[index]!, divide(multiply(value, weight), whole));
  }
  return roundToTotal(exact, toTotal(total(exact))).map((share) => ratio(BigInt(share)));
}

/**
 * @param share of the document's allowances and charges, in minor units. It changes the cost and
 *   not the price: a supplier's price stays comparable with what was ordered.
 * @returns undefined for a line that moves nothing.
 * @throws RangeError never: quantities and packs were checked before.
 */
export function postedLine(
  one: SupplierInvoiceLine,
  unit: string,
  terms: PostingTerms,
  share: Ratio = ZERO,
): PostedLine | undefined {
  const { position, line, isStock, inventoryItemId, packQuantity } = one;
  if (!isStock || inventoryItemId === null || packQuantity === null) return undefined;
  const stated = ratioOf(line.quantity ?? '1');
  if (stated.numerator === 0n) return undefined;
  const quantity = absolute(stated);
  const stock = multiply(quantity, ratioOf(packQuantity));
  if (!fitsQuantity(stock) || toMicros(stock) === 0n || toMicros(quantity) === 0n) return undefined;
  const net = absolute(line.netAmount === null ? (computedNet(line) ?? ratio(0n)) : ratioOf(line.netAmount));
  const minor = inMinor(net, terms);
  const paid = positive(add(minor, share));
  const sign = signOf(one, terms.product);
  return {
    position,
    inventoryItemId,
    quantity: formatQuantity(sign * toMicros(quantity)),
    unit,
    stockQuantity: formatQuantity(sign * toMicros(stock)),
    unitCost: formatQuantity(toMicros(divide(paid, stock))),
    unitPrice: Number(rounded(divide(minor, quantity))),
  };
}

/** Of the document's currency, in minor units of the restaurant's. */
function inMinor(value: Ratio, { decimals, exchangeRate }: Pick<PostingTerms, 'decimals' | 'exchangeRate'>): Ratio {
  return multiply(multiply(value, ratio(10n ** BigInt(decimals))), ratioOf(exchangeRate ?? '1'));
}

function total(values: readonly Ratio[]): Ratio {
  return values.reduce((sum, one) => add(sum, one), ZERO);
}

function absolute(value: Ratio): Ratio {
  return value.numerator < 0n ? negative(value) : value;
}

function negative(value: Ratio): Ratio {
  return ratio(-value.numerator, value.denominator);
}

function positive(value: Ratio): Ratio {
  return value.numerator > 0n ? value : ZERO;
}
