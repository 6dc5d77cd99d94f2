import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  freeQuantities,
  type PricedOrder,
  priceOrder,
  type PricingInput,
  type PricingLine,
} from '../../src/domain/order/pricing.js';
import type { TaxRate } from '../../src/domain/order/taxes.js';
import { anyDiscount, anyOrder, anyOrderOfOneIncludedTaxEach, inputOf, lineOf, taxOf } from './orders.js';

const add = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
const keyOf = (rates: readonly TaxRate[]) =>
  rates
    .map((rate) => rate.taxId)
    .sort()
    .join();

/** Percent text in millionths, read by other means than the engine's. */
function millionths(rate: string): bigint {
  const [whole = '0', fraction = ''] = rate.split('.');
  return BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0'));
}

/** `numerator / denominator` to the nearest whole, a tie upwards; for nothing negative. */
function nearest(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}

/** The rest of an amount after discounts, each applied to the rest after the one before. */
function leftAfter(amount: bigint, discounts: PricingInput['discounts']): bigint {
  return discounts.reduce((left, { percent, amount: fixed = 0 }) => {
    const off = percent === undefined ? BigInt(fixed) : nearest(left * millionths(percent), 1_000_000n);
    return off > left ? 0n : left - off;
  }, amount);
}

function grossOf(line: PricingLine): bigint {
  const extras = line.modifiers.map(
    ({ price, quantity, freeQuantity }) => BigInt(price) * BigInt(quantity - freeQuantity),
  );
  return extras.reduce((total, extra) => total + extra, BigInt(line.unitPrice)) * BigInt(line.quantity);
}

interface TaxGroup {
  rates: readonly TaxRate[];
  amount: bigint;
  /** Tax by id that the engine's answer holds for this group. */
  answered: Map<string, bigint>;
}

/**
 * The answer's charges, grouped by the set of taxes they carry. The part of a tax that no line has
 * is the service charge's.
 */
function groupsOf(input: PricingInput, priced: PricedOrder): TaxGroup[] {
  const groups = new Map<string, TaxGroup>();
  const put = (rates: readonly TaxRate[], amount: number, taxes: { taxId: string; amount: number }[]) => {
    const group = groups.get(keyOf(rates)) ?? { rates, amount: 0n, answered: new Map<string, bigint>() };
    groups.set(keyOf(rates), group);
    group.amount += BigInt(amount);
    for (const tax of taxes) group.answered.set(tax.taxId, (group.answered.get(tax.taxId) ?? 0n) + BigInt(tax.amount));
  };
  input.lines.forEach((line, index) => put(line.taxes, priced.lines[index]!.amount, priced.lines[index]!.taxes));
  if (input.serviceCharge) {
    const taxes = input.serviceCharge.taxes.map(({ taxId }) => ({ taxId, amount: serviceChargeTax(priced, taxId) }));
    put(input.serviceCharge.taxes, priced.serviceChargeTotal, taxes);
  }
  return [...groups.values()];
}

function serviceChargeTax(priced: PricedOrder, taxId: string): number {
  const ofTax = (taxes: readonly { taxId: string; amount: number }[]) =>
    add(taxes.filter((tax) => tax.taxId === taxId).map((tax) => tax.amount));
  return ofTax(priced.taxes) - add(priced.lines.map((line) => ofTax(line.taxes)));
}

/** Totals alone, taxes in a fixed order: what must not depend on the order of the lines. */
function totalsOf({ taxes, ...order }: PricedOrder) {
  return { ...order, lines: order.lines.length, taxes: [...taxes].sort((a, b) => a.taxId.localeCompare(b.taxId)) };
}

/** Every number in a value, however deep. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

describe('any order', () => {
  test('has only whole numbers that are exact and not negative', () => {
    fc.assert(
      fc.property(anyOrder, (input) => {
        for (const value of numbersIn(priceOrder(input))) assert.ok(Number.isSafeInteger(value) && value >= 0);
      }),
    );
  });

  test('is the sum of its parts', () => {
    fc.assert(
      fc.property(anyOrder, (input) => {
        const { lines, ...order } = priceOrder(input);
        assert.equal(order.subtotal, add(lines.map((line) => line.grossAmount)));
        assert.equal(order.discountTotal, add(lines.map((line) => line.discountAmount)));
        assert.equal(order.taxTotal, add(order.taxes.map((tax) => tax.amount)));
        assert.equal(order.taxIncludedTotal, add(order.taxes.filter((tax) => tax.inclusive).map((tax) => tax.amount)));
        assert.equal(order.tipTotal, input.tip);
        assert.equal(
          order.total,
          order.subtotal -
            order.discountTotal +
            order.serviceChargeTotal +
            order.taxTotal -
            order.taxIncludedTotal +
            order.tipTotal,
        );
        for (const line of lines) {
          assert.equal(line.amount, line.grossAmount - line.discountAmount);
          assert.equal(line.taxAmount, add(line.taxes.map((tax) => tax.amount)));
        }
      }),
    );
  });

  test('takes gross amounts, discounts and service charge exactly as an exact calculation does', () => {
    fc.assert(
      fc.property(anyOrder, (input) => {
        const priced = priceOrder(input);
        const gross = input.lines.map(grossOf);
        const afterOwn = input.lines.map((line, index) => leftAfter(gross[index]!, line.discounts));
        const before = afterOwn.reduce((total, amount) => total + amount, 0n);
        const goods = leftAfter(before, input.discounts);
        assert.deepEqual(
          priced.lines.map((line) => BigInt(line.grossAmount)),
          gross,
        );
        assert.equal(BigInt(priced.subtotal - priced.discountTotal), goods);
        priced.lines.forEach((line, index) => {
          // A line's part of the order's discounts is within one unit of its exact share.
          const part = afterOwn[index]! - BigInt(line.amount);
          const off = part * before - (before - goods) * afterOwn[index]!;
          assert.ok(before === 0n || (off < before && -off < before));
        });
        const rate = input.serviceCharge?.rate ?? '0';
        assert.equal(BigInt(priced.serviceChargeTotal), nearest(goods * millionths(rate), 1_000_000n));
      }),
    );
  });

  test('has each tax, per set of taxes, within half a unit of the exact value', () => {
    fc.assert(
      fc.property(anyOrder, (input) => {
        for (const { rates, amount, answered } of groupsOf(input, priceOrder(input))) {
          const included = rates.filter((rate) => rate.inclusive);
          const includedRate = included.reduce((total, { rate }) => total + millionths(rate), 0n);
          const grown = 1_000_000n + includedRate;
          const isWithin = (answer: bigint, numerator: bigint) => {
            const off = 2n * (answer * grown - numerator);
            return off <= grown && -off <= grown;
          };
          for (const { taxId, rate, inclusive } of rates) {
            // Above 100 % in total, included taxes are cut to what the price contains. No law has
            // such rates.
            if (inclusive && includedRate > 1_000_000n) continue;
            assert.ok(isWithin(answered.get(taxId) ?? 0n, amount * millionths(rate)), `${taxId} at ${rate} %`);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('shows as total of a tax what its lines and its service charge carry of it', () => {
    fc.assert(
      fc.property(anyOrder, (input) => {
        const priced = priceOrder(input);
        for (const { taxId } of priced.taxes) {
          const ofCharge = serviceChargeTax(priced, taxId);
          const isOnCharge = input.serviceCharge?.taxes.some((tax) => tax.taxId === taxId) ?? false;
          assert.ok(isOnCharge ? ofCharge >= 0 && ofCharge <= priced.serviceChargeTotal : ofCharge === 0);
        }
        priced.lines.forEach((line, index) => {
          assert.equal(keyOf(line.taxes), keyOf(input.lines[index]!.taxes));
          for (const tax of line.taxes) assert.ok(tax.amount <= line.amount);
        });
      }),
    );
  });

  test('comes to the same totals in whatever order its lines and their taxes stand', () => {
    const shuffled = anyOrder.chain((input) =>
      fc.record({
        input: fc.constant(input),
        lines: fc.shuffledSubarray([...input.lines], { minLength: input.lines.length }),
        reverseTaxes: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ input, lines, reverseTaxes }) => {
        const moved = lines.map((line) => (reverseTaxes ? { ...line, taxes: [...line.taxes].reverse() } : line));
        assert.deepEqual(totalsOf(priceOrder({ ...input, lines: moved })), totalsOf(priceOrder(input)));
      }),
      { numRuns: 300 },
    );
  });

  test('costs its tip alone after a discount of 100 %, with no tax', () => {
    fc.assert(
      fc.property(anyOrder, fc.array(anyDiscount, { maxLength: 2 }), (input, others) => {
        const priced = priceOrder({ ...input, discounts: [...others, { percent: '100' }] });
        assert.equal(priced.total, input.tip);
        assert.equal(priced.taxTotal, 0);
        assert.equal(priced.serviceChargeTotal, 0);
        assert.equal(priced.discountTotal, priced.subtotal);
        assert.ok(priced.taxes.every((tax) => tax.base === 0));
      }),
    );
  });

  test('of one included tax per charge splits each amount into base and tax', () => {
    fc.assert(
      fc.property(anyOrderOfOneIncludedTaxEach, (input) => {
        const priced = priceOrder(input);
        for (const { taxId, base, amount } of priced.taxes) {
          const onLines = add(priced.lines.filter((line) => line.taxes[0]!.taxId === taxId).map((line) => line.amount));
          const onCharge = input.serviceCharge?.taxes[0]!.taxId === taxId ? priced.serviceChargeTotal : 0;
          assert.equal(base + amount, onLines + onCharge);
        }
        assert.equal(priced.taxTotal, priced.taxIncludedTotal);
      }),
    );
  });

  test('costs no less when a line is added', () => {
    fc.assert(
      fc.property(anyOrder, (input) => {
        fc.pre(input.lines.length > 1);
        const percentOnly = { ...input, discounts: [], serviceCharge: undefined };
        const fewer = { ...percentOnly, lines: input.lines.slice(1) };
        assert.ok(priceOrder(percentOnly).total >= priceOrder(fewer).total);
      }),
    );
  });
});

describe('worked examples', () => {
  test('New York: 8.875 % on top of three at 3.99', () => {
    const { lines, taxes, ...totals } = priceOrder(
      inputOf([lineOf(399, { quantity: 3, taxes: [taxOf('8.875', false)] })]),
    );
    assert.deepEqual(totals, {
      subtotal: 1197,
      discountTotal: 0,
      serviceChargeTotal: 0,
      taxTotal: 106,
      taxIncludedTotal: 0,
      tipTotal: 0,
      total: 1303,
    });
    assert.deepEqual([lines[0]!.amount, lines[0]!.taxAmount], [1197, 106]);
    assert.deepEqual([taxes[0]!.base, taxes[0]!.amount], [1197, 106]);
  });

  test('New York: three single lines at 3.99 bear the same tax as one line of three', () => {
    // Line by line it would be 35 each, 105 in all: a cent short of the law.
    const taxes = [taxOf('8.875', false)];
    const { total, lines } = priceOrder(
      inputOf([lineOf(399, { taxes }), lineOf(399, { taxes }), lineOf(399, { taxes })]),
    );
    assert.equal(total, 1303);
    assert.deepEqual(
      lines.map((line) => line.taxAmount),
      [36, 35, 35],
    );
  });

  test('Germany: 19 % and 7 % contained in the prices of one bill', () => {
    const priced = priceOrder(
      inputOf([
        lineOf(1890, { taxes: [taxOf('7', true)] }),
        lineOf(450, { quantity: 2, taxes: [taxOf('19', true)] }),
        lineOf(990, { taxes: [taxOf('7', true)] }),
      ]),
    );
    assert.equal(priced.total, 3780);
    assert.deepEqual(
      priced.taxes.map(({ rate, base, amount }) => ({ rate, base, amount })),
      [
        { rate: '7', base: 2692, amount: 188 },
        { rate: '19', base: 756, amount: 144 },
      ],
    );
    assert.equal(priced.taxIncludedTotal, 332);
  });

  test('Germany: an order discount lowers both rates in proportion', () => {
    const priced = priceOrder(
      inputOf([lineOf(1000, { taxes: [taxOf('7', true)] }), lineOf(3000, { taxes: [taxOf('19', true)] })], {
        discounts: [{ percent: '10' }],
      }),
    );
    assert.deepEqual(
      priced.lines.map((line) => line.amount),
      [900, 2700],
    );
    assert.deepEqual(
      priced.taxes.map(({ base, amount }) => [base, amount]),
      [
        [841, 59],
        [2269, 431],
      ],
    );
  });

  test('Japan: 10 % contained and 8 % takeaway, in whole yen', () => {
    const at10 = priceOrder(inputOf([lineOf(1078, { taxes: [taxOf('10', true)] })]));
    assert.deepEqual([at10.total, at10.taxTotal, at10.taxes[0]!.base], [1078, 98, 980]);
    const at8 = priceOrder(inputOf([lineOf(498, { taxes: [taxOf('8', false)] })]));
    assert.deepEqual([at8.total, at8.taxTotal], [538, 40]);
  });

  test('Kuwait: a charge of 12.5 % counted in thousandths of a dinar', () => {
    const priced = priceOrder(
      inputOf([lineOf(2750), lineOf(1255, { quantity: 3 })], { serviceCharge: { rate: '12.5', taxes: [] } }),
    );
    assert.equal(priced.subtotal, 6515);
    assert.equal(priced.serviceChargeTotal, 814);
    assert.equal(priced.total, 7329);
  });

  test('a burrito counter: charged and free extras, two of a kind, a drink, 8.25 % on top', () => {
    const taxes = [taxOf('8.25', false)];
    const guacamole = { price: 265, quantity: 1, freeQuantity: 0 };
    const salsa = { price: 50, quantity: 3, freeQuantity: 3 };
    const priced = priceOrder(
      inputOf([
        lineOf(1095, { quantity: 2, modifiers: [guacamole, salsa], taxes }),
        lineOf(1145, { modifiers: [{ ...salsa, freeQuantity: 1 }], taxes }),
        lineOf(295, { taxes }),
      ]),
    );
    assert.deepEqual(
      priced.lines.map((line) => line.grossAmount),
      [2720, 1245, 295],
    );
    assert.deepEqual([priced.subtotal, priced.taxTotal, priced.total], [4260, 351, 4611]);
  });

  test('Canada: 5 % and 9.975 % on top, neither taxing the other', () => {
    const { taxes, total } = priceOrder(inputOf([lineOf(1999, { taxes: [taxOf('5', false), taxOf('9.975', false)] })]));
    assert.deepEqual(
      taxes.map(({ base, amount }) => [base, amount]),
      [
        [1999, 100],
        [1999, 199],
      ],
    );
    assert.equal(total, 2298);
  });

  test('India: two halves of 2.5 % contained in the price share it evenly, each from the price without both', () => {
    const { taxes, total } = priceOrder(
      inputOf([lineOf(10_500, { taxes: [taxOf('2.5', true, 'central'), taxOf('2.5', true, 'state')] })]),
    );
    assert.deepEqual(
      taxes.map(({ base, amount }) => [base, amount]),
      [
        [10_000, 250],
        [10_000, 250],
      ],
    );
    assert.equal(total, 10_500);
  });

  test('India: two halves of a rate are equal where their sum is odd', () => {
    const { taxes, total } = priceOrder(
      inputOf([lineOf(525, { taxes: [taxOf('2.5', true, 'central'), taxOf('2.5', true, 'state')] })]),
    );
    // 25 in all, 12.5 each: 12 and 13 would be one rate with two taxes.
    assert.deepEqual(
      taxes.map(({ base, amount }) => [base, amount]),
      [
        [499, 13],
        [499, 13],
      ],
    );
    assert.equal(total, 525);
  });

  test('included taxes never round to more than the price that holds them', () => {
    const taxes = ['a', 'b', 'c'].map((id) => taxOf('100', true, id));
    const priced = priceOrder(inputOf([lineOf(2, { taxes })]));
    assert.deepEqual(
      priced.taxes.map(({ base, amount }) => [base, amount]),
      [
        [0, 1],
        [0, 1],
        [0, 0],
      ],
    );
    assert.equal(priced.total, 2);
  });

  test('a tax added to a price that contains another is computed without the contained one', () => {
    const { taxes, total } = priceOrder(inputOf([lineOf(1190, { taxes: [taxOf('19', true), taxOf('10', false)] })]));
    assert.deepEqual(
      taxes.map(({ base, amount }) => [base, amount]),
      [
        [1000, 190],
        [1000, 100],
      ],
    );
    assert.equal(total, 1290);
  });

  test('a service charge bears its own taxes, which the lines do not bear', () => {
    const priced = priceOrder(
      inputOf([lineOf(10_000, { taxes: [taxOf('7', true)] })], {
        serviceCharge: { rate: '10', taxes: [taxOf('19', false)] },
        tip: 500,
      }),
    );
    assert.deepEqual(
      priced.taxes.map(({ rate, base, amount }) => [rate, base, amount]),
      [
        ['7', 9346, 654],
        ['19', 1000, 190],
      ],
    );
    assert.equal(priced.total, 10_000 + 1000 + 190 + 500);
    assert.equal(priced.lines[0]!.taxAmount, 654);
  });

  test('a service charge that shares its tax with the lines is rounded together with them', () => {
    // 5 % of 9 are 0.45 and 5 % of 1 are 0.05: apart they round to nothing, together to one.
    const taxes = [taxOf('5', false)];
    const priced = priceOrder(inputOf([lineOf(9, { taxes })], { serviceCharge: { rate: '11', taxes } }));
    assert.deepEqual([priced.serviceChargeTotal, priced.taxTotal, priced.taxes[0]!.base], [1, 1, 10]);
  });
});

describe('one tax that was changed while an order was open', () => {
  test('is shown by rate: the lines taken before keep theirs', () => {
    const priced = priceOrder(
      inputOf([
        lineOf(1160, { taxes: [taxOf('16', true, 'vat')] }),
        lineOf(1190, { taxes: [taxOf('19', true, 'vat')] }),
      ]),
    );
    assert.deepEqual(
      priced.taxes.map(({ taxId, rate, base, amount }) => ({ taxId, rate, base, amount })),
      [
        { taxId: 'vat', rate: '16', base: 1000, amount: 160 },
        { taxId: 'vat', rate: '19', base: 1000, amount: 190 },
      ],
    );
  });

  test('from contained to added is charged on the lines that it is added to', () => {
    const priced = priceOrder(
      inputOf([
        lineOf(1190, { taxes: [taxOf('19', true, 'vat')] }),
        lineOf(1000, { taxes: [taxOf('19', false, 'vat')] }),
      ]),
    );
    assert.equal(priced.total, 2380);
    assert.equal(priced.taxTotal, 380);
    assert.equal(priced.taxIncludedTotal, 190);
  });
});

describe('discounts', () => {
  const amountAfter = (discounts: PricingInput['discounts']) =>
    priceOrder(inputOf([lineOf(1000, { discounts })])).lines[0]!.amount;

  test('apply in the order given, each to what the one before left', () => {
    assert.equal(amountAfter([{ percent: '10' }, { amount: 100 }]), 800);
    assert.equal(amountAfter([{ amount: 100 }, { percent: '10' }]), 810);
    assert.equal(amountAfter([{ percent: '50' }, { percent: '50' }]), 250);
  });

  test('never take more than there is', () => {
    assert.equal(amountAfter([{ amount: 5000 }]), 0);
    assert.equal(amountAfter([{ amount: 600 }, { amount: 600 }, { percent: '50' }]), 0);
  });

  test('of a line come before those of the order', () => {
    const priced = priceOrder(
      inputOf([lineOf(1000, { discounts: [{ amount: 500 }] }), lineOf(500)], { discounts: [{ percent: '10' }] }),
    );
    assert.deepEqual(
      priced.lines.map((line) => [line.discountAmount, line.amount]),
      [
        [550, 450],
        [50, 450],
      ],
    );
  });

  test('of the order are spread so that not a cent is lost on lines that do not divide', () => {
    const priced = priceOrder(inputOf([lineOf(333), lineOf(333), lineOf(334)], { discounts: [{ amount: 100 }] }));
    assert.deepEqual(
      priced.lines.map((line) => line.discountAmount),
      [33, 33, 34],
    );
  });

  test('lower the service charge, which is taken of what is left', () => {
    const priced = priceOrder(
      inputOf([lineOf(1000)], { discounts: [{ percent: '20' }], serviceCharge: { rate: '10', taxes: [] } }),
    );
    assert.equal(priced.serviceChargeTotal, 80);
  });

  test('leave the tip alone', () => {
    assert.equal(priceOrder(inputOf([lineOf(1000)], { discounts: [{ percent: '100' }], tip: 150 })).total, 150);
  });

  test('whose odd cent could fall on either of two rates fall the same way however the lines stand', () => {
    const lines = [lineOf(100, { taxes: [taxOf('100', false)] }), lineOf(100, { taxes: [taxOf('0', false)] })];
    const there = priceOrder(inputOf(lines, { discounts: [{ amount: 1 }] }));
    const back = priceOrder(inputOf([...lines].reverse(), { discounts: [{ amount: 1 }] }));
    assert.equal(there.total, back.total);
  });
});

describe('free selections', () => {
  test('go to the cheapest units, across choices', () => {
    const choices = [
      { price: 300, quantity: 1 },
      { price: 100, quantity: 2 },
      { price: 200, quantity: 2 },
    ];
    assert.deepEqual(freeQuantities(choices, 0), [0, 0, 0]);
    assert.deepEqual(freeQuantities(choices, 1), [0, 1, 0]);
    assert.deepEqual(freeQuantities(choices, 3), [0, 2, 1]);
    assert.deepEqual(freeQuantities(choices, 9), [1, 2, 2]);
  });

  test('cost the guest the same in whatever order the choices were tapped, and no unit is free twice', () => {
    const choices = fc.array(fc.record({ price: fc.nat({ max: 9 }), quantity: fc.integer({ min: 1, max: 4 }) }), {
      minLength: 1,
      maxLength: 8,
    });
    const shuffled = choices.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, fc.nat({ max: 12 }), ([list, moved], free) => {
        const given = freeQuantities(list, free);
        const worth = (some: typeof list, parts: number[]) =>
          add(some.map((choice, index) => choice.price * parts[index]!));
        const units = list.flatMap((choice) => Array.from({ length: choice.quantity }, () => choice.price));
        units.sort((a, b) => a - b);
        assert.equal(add(given), Math.min(free, units.length));
        assert.ok(given.every((part, index) => part >= 0 && part <= list[index]!.quantity));
        assert.equal(worth(list, given), add(units.slice(0, free)));
        assert.equal(worth(moved, freeQuantities(moved, free)), worth(list, given));
      }),
    );
  });
});

test('an order that cannot be counted exactly is refused instead of priced wrong', () => {
  const huge = lineOf(100_000_000_000, { quantity: 10_000 });
  assert.equal(priceOrder(inputOf([huge])).total, 1_000_000_000_000_000);
  assert.throws(() => priceOrder(inputOf(Array.from({ length: 10 }, () => huge))), { code: 'invalid_request' });
});
