/**
 * Orders to price, pay and print: random ones for properties, and builders with defaults for fields
 * that a test does not set.
 */
import fc from 'fast-check';
import { type Order, type OrderLine, repriced } from '../../src/domain/order/order.js';
import type { Payment } from '../../src/domain/order/payment.js';
import type { Discount, PricingInput, PricingLine } from '../../src/domain/order/pricing.js';
import type { TaxRate } from '../../src/domain/order/taxes.js';

/** `88750` ten-thousandths of a percent are `8.875`. */
function percentText(tenThousandths: number): string {
  const digits = String(tenThousandths).padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`.replace(/\.?0+$/, '');
}

const REAL_RATES = ['0', '2.5', '5', '7', '8', '8.875', '10', '12.5', '19', '20', '100'];
const anyRate = fc.oneof(fc.constantFrom(...REAL_RATES), fc.integer({ min: 0, max: 1_000_000 }).map(percentText));

/** Small amounts, where a cent too many shows, and now and then a large one. */
const anyAmount = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 3000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 100_000_000 }) },
);

export const anyDiscount: fc.Arbitrary<Discount> = fc.oneof(
  anyRate.map((percent) => ({ percent })),
  anyAmount.map((amount) => ({ amount })),
);

const anyModifier = fc
  .record({
    price: fc.integer({ min: 0, max: 500 }),
    quantity: fc.integer({ min: 1, max: 5 }),
    free: fc.nat({ max: 5 }),
  })
  .map(({ price, quantity, free }) => ({ price, quantity, freeQuantity: Math.min(free, quantity) }));

const anyTaxes: fc.Arbitrary<TaxRate[]> = fc
  .array(fc.record({ rate: anyRate, inclusive: fc.boolean() }), { maxLength: 5 })
  .map((rates) => rates.map((rate, index) => ({ taxId: `tax-${index}`, name: `Tax ${index}`, ...rate })));

function anyLine(taxes: fc.Arbitrary<TaxRate[]>): fc.Arbitrary<PricingLine> {
  return fc.record({
    quantity: fc.integer({ min: 1, max: 20 }),
    unitPrice: anyAmount,
    modifiers: fc.array(anyModifier, { maxLength: 4 }),
    discounts: fc.array(anyDiscount, { maxLength: 2 }),
    taxes,
  });
}

/** An order whose lines and service charge carry any of at most five taxes. */
export const anyOrder: fc.Arbitrary<PricingInput> = anyTaxes.chain((pool) => orderTaxedBy(fc.subarray(pool)));

/** An order each of whose charges carries exactly one tax, contained in the price. */
export const anyOrderOfOneIncludedTaxEach: fc.Arbitrary<PricingInput> = fc
  .array(anyRate, { minLength: 1, maxLength: 4 })
  .map((rates) => rates.map((rate, index) => ({ taxId: `tax-${index}`, name: `Tax ${index}`, rate, inclusive: true })))
  .chain((pool) => orderTaxedBy(fc.constantFrom(...pool).map((tax) => [tax])));

function orderTaxedBy(taxes: fc.Arbitrary<TaxRate[]>): fc.Arbitrary<PricingInput> {
  return fc.record({
    lines: fc.array(anyLine(taxes), { minLength: 1, maxLength: 30 }),
    discounts: fc.array(anyDiscount, { maxLength: 3 }),
    serviceCharge: fc.option(fc.record({ rate: anyRate, taxes }), { nil: undefined }),
    tip: anyAmount,
  });
}

export function taxOf(rate: string, inclusive: boolean, taxId = `${inclusive ? 'in' : 'ex'}-${rate}`): TaxRate {
  return { taxId, name: 'Tax', rate, inclusive };
}

export function lineOf(unitPrice: number, fields: Partial<PricingLine> = {}): PricingLine {
  return { quantity: 1, unitPrice, modifiers: [], discounts: [], taxes: [], ...fields };
}

export function inputOf(lines: PricingLine[], fields: Partial<PricingInput> = {}): PricingInput {
  return { lines, discounts: [], tip: 0, ...fields };
}

/** A payment in cash, nothing of it refunded yet. */
export function paymentOf(fields: Partial<Payment> = {}): Payment {
  const { amount = 1000, tip = 0, rounding = 0, change = 0 } = fields;
  return {
    id: '01976b3c-0000-7000-8000-000000000002',
    orderId: '01976b3c-0000-7000-8000-000000000001',
    method: 'cash',
    amount,
    tip,
    rounding,
    tendered: amount + tip + rounding + change,
    change,
    refunded: 0,
    reference: null,
    shiftId: null,
    prepaid: null,
    businessDate: '2026-11-22',
    createdBy: 'user:test',
    createdAt: '2026-11-22T18:30:00.000Z',
    ...fields,
  };
}

/** The stored order that a pricing input stands for: placed, priced, nothing paid. */
export function orderOf(input: PricingInput, fields: Partial<Order> = {}): Order {
  return repriced<Order>({
    id: '01976b3c-0000-7000-8000-000000000001',
    number: 'ORD-2026-11-0001',
    status: 'placed',
    type: 'dine_in',
    businessDate: '2026-11-22',
    currency: 'EUR',
    pickupCode: null,
    table: null,
    guests: null,
    customer: null,
    notes: null,
    scheduledFor: null,
    discounts: [...input.discounts],
    serviceCharge: input.serviceCharge ?? null,
    taxExemption: null,
    taxes: [],
    subtotal: 0,
    discountTotal: 0,
    serviceChargeTotal: 0,
    taxTotal: 0,
    taxIncludedTotal: 0,
    orderTip: input.tip,
    tipTotal: input.tip,
    total: 0,
    paidTotal: 0,
    refundedTotal: 0,
    refundedSaleTotal: 0,
    refundedBill: null,
    settledRefund: null,
    cancelReason: null,
    externalSource: null,
    externalId: null,
    version: 1,
    createdBy: 'user:test',
    createdAt: '2026-11-22T18:30:00.000Z',
    updatedAt: '2026-11-22T18:30:00.000Z',
    completedAt: null,
    ...fields,
    lines: fields.lines ?? input.lines.map(storedLine),
  });
}

function storedLine(line: PricingLine, index: number): OrderLine {
  return {
    id: `line-${index}`,
    position: index + 1,
    kind: line.kind ?? 'item',
    parentLineId: null,
    parentUnits: null,
    menuItemId: `item-${index}`,
    variantId: null,
    categoryId: 'category',
    categoryName: 'Food',
    name: `Dish ${index}`,
    variantName: null,
    quantity: Number(line.quantity),
    measured: null,
    unitPrice: line.unitPrice,
    modifiers: line.modifiers.map((modifier, place) => ({
      modifierId: `modifier-${index}-${place}`,
      groupId: 'group',
      name: `Extra ${place}`,
      ...modifier,
    })),
    discounts: [...line.discounts],
    taxes: line.taxes.map((tax) => ({ ...tax, amount: 0 })),
    grossAmount: 0,
    discountAmount: 0,
    amount: 0,
    taxAmount: 0,
    stockUse: {},
    notes: null,
    course: null,
    seat: null,
    voidedAt: null,
    voidReason: null,
    comp: null,
    free: null,
    createdAt: '2026-11-22T18:30:00.000Z',
  };
}
