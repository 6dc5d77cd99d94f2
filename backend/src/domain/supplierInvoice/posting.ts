/** What a reviewed line moves in stock, and at which cost. */
import { divide, multiply, type Ratio, ratio, ratioOf, rounded } from '../number/ratio.js';
import { fitsQuantity, formatQuantity, toMicros } from '../number/quantity.js';
import { computedNet } from './verify.js';
import type { Product, SupplierInvoiceLine } from './supplierInvoice.js';

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

/**
 * @returns undefined for a line that moves nothing.
 * @throws RangeError never: quantities and packs were checked before.
 */
export function postedLine(one: SupplierInvoiceLine, unit: string, terms: PostingTerms): PostedLine | undefined {
  const { position, line, isStock, inventoryItemId, packQuantity } = one;
  if (!isStock || inventoryItemId === null || packQuantity === null) return undefined;
  const stated = ratioOf(line.quantity ?? '1');
  if (stated.numerator === 0n) return undefined;
  const quantity = absolute(stated);
  const stock = multiply(quantity, ratioOf(packQuantity));
  if (!fitsQuantity(stock) || toMicros(stock) === 0n || toMicros(quantity) === 0n) return undefined;
  const net = absolute(line.netAmount === null ? (computedNet(line) ?? ratio(0n)) : ratioOf(line.netAmount));
  const minor = multiply(multiply(net, ratio(10n ** BigInt(terms.decimals))), ratioOf(terms.exchangeRate ?? '1'));
  const sign = signOf(one, terms.product);
  return {
    position,
    inventoryItemId,
    quantity: formatQuantity(sign * toMicros(quantity)),
    unit,
    stockQuantity: formatQuantity(sign * toMicros(stock)),
    unitCost: formatQuantity(toMicros(divide(minor, stock))),
    unitPrice: Number(rounded(divide(minor, quantity))),
  };
}

function absolute(value: Ratio): Ratio {
  return value.numerator < 0n ? ratio(-value.numerator, value.denominator) : value;
}
