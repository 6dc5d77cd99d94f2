import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Order, dueTotal, paymentStatus } from '../../src/domain/order/order.js';
import { moneyAfterPayment, type PaymentMethod, type RefundParts, tender } from '../../src/domain/order/payment.js';
import { type PricingInput, priceOrder } from '../../src/domain/order/pricing.js';
import { giveBack, type RefundRequest } from '../../src/domain/order/refund.js';
import { rebilled } from '../../src/domain/order/refundedBill.js';
import { type SaleParts, saleParts } from '../../src/domain/order/saleParts.js';
import type { TaxTotal } from '../../src/domain/order/taxes.js';
import { anyOrder, inputOf, lineOf, orderOf, paymentOf, taxOf } from './orders.js';

const NOTHING: RefundParts = { goods: 0, serviceCharge: 0, tax: 0, tip: 0, unsettled: 0 };

const sumOf = (parts: SaleParts | RefundParts) => Object.values(parts).reduce((total, part: number) => total + part, 0);

function plus(a: RefundParts, b: RefundParts): RefundParts {
  return {
    goods: a.goods + b.goods,
    serviceCharge: a.serviceCharge + b.serviceCharge,
    tax: a.tax + b.tax,
    tip: a.tip + b.tip,
    unsettled: a.unsettled + b.unsettled,
  };
}

/** An order whose money moves as the payment service moves it. */
class Bill {
  order: Order;
  readonly refunds: RefundParts[] = [];
  readonly taxes: TaxTotal[][] = [];

  constructor(input: PricingInput) {
    this.order = orderOf(input);
  }

  /** Money taken and not given back. */
  get held(): number {
    return this.order.paidTotal - this.order.refundedTotal;
  }

  pay(handed: number, tip = 0, method: PaymentMethod = 'card'): { amount: number; change: number } {
    const { order } = this;
    const { amount, change } = tender(order, { method, amount: handed, tip }, { increment: 0, isHalfDown: false });
    this.order = { ...order, ...moneyAfterPayment(order, amount, tip) };
    return { amount, change };
  }

  payAll(tip = 0): this {
    this.pay(Math.max(0, dueTotal(this.order)), tip);
    return this;
  }

  /** Refunds from everything paid, as if it had been one payment without a tip. */
  refund(amount: number, acceptFurther = false, fields: Partial<RefundRequest> = {}): RefundParts {
    const earlier = this.refunds.map((one, index) => ({ parts: one, taxes: this.taxes[index] ?? [] }));
    const payment = paymentOf({ amount: this.order.paidTotal, refunded: this.order.refundedTotal });
    const { parts, taxes, money } = giveBack(this.order, { payment, amount, earlier, acceptFurther, ...fields });
    assert.equal(sumOf(parts), amount);
    assert.ok(Object.values(parts).every((part: number) => Number.isSafeInteger(part) && part >= 0));
    assert.equal(
      taxes.reduce((total, tax) => total + tax.amount, 0),
      parts.tax,
    );
    assert.ok(taxes.every(({ base, amount }) => base >= 0 && amount >= 0 && Number.isSafeInteger(base)));
    this.refunds.push(parts);
    this.taxes.push(taxes);
    this.order = { ...this.order, ...money };
    return parts;
  }

  complete(): this {
    this.order = { ...this.order, status: 'completed' };
    return this;
  }

  reopen(): this {
    this.order = { ...this.order, status: 'accepted' };
    return this;
  }

  void(index: number): this {
    const lines = this.order.lines.map((line, place) =>
      place === index ? { ...line, voidedAt: '2026-11-22T19:00:00.000Z' } : line,
    );
    this.order = rebilled({ ...this.order, lines });
    return this;
  }
}

describe('the parts of a sale', () => {
  test('are its goods, service charge, taxes and tip, each without what is inside another, and add up to the total', () => {
    fc.assert(
      fc.property(anyOrder, (input) => {
        const priced = priceOrder(input);
        const included = (taxes: readonly { inclusive: boolean; amount: number }[]) =>
          taxes.filter((tax) => tax.inclusive).reduce((total, tax) => total + tax.amount, 0);
        const inLines = priced.lines.reduce((total, line) => total + included(line.taxes), 0);
        const goods = priced.lines.reduce((total, line) => total + line.amount, 0) - inLines;
        const serviceCharge = priced.serviceChargeTotal - (priced.taxIncludedTotal - inLines);
        const parts = saleParts(priced);
        assert.deepEqual([parts.tax, parts.tip, sumOf(parts)], [priced.taxTotal, input.tip, priced.total]);
        assert.ok(parts.goods >= 0 && parts.serviceCharge >= 0);
        // But for cents that several included taxes lay on a charge of less.
        if (goods >= 0 && serviceCharge >= 0)
          assert.deepEqual([parts.goods, parts.serviceCharge], [goods, serviceCharge]);
        else assert.ok(Math.abs(parts.goods - goods) <= 5);
      }),
    );
  });

  test('take a tax contained in the service charge from the charge and not from the goods', () => {
    const input = inputOf([lineOf(10_000)], { serviceCharge: { rate: '11.9', taxes: [taxOf('19', true)] }, tip: 300 });
    assert.deepEqual(saleParts(priceOrder(input)), { goods: 10_000, serviceCharge: 1000, tax: 190, tip: 300 });
  });
});

describe('a part that rounding would make negative', () => {
  const included = [taxOf('50', true, 'a'), taxOf('50', true, 'b')];

  test('is nothing: a service charge of one cent that bears a cent of each of two taxes', () => {
    const taxes = included;
    const lines = Array.from({ length: 4 }, () => lineOf(5, { taxes }));
    const priced = priceOrder(inputOf(lines, { serviceCharge: { rate: '5', taxes } }));
    assert.deepEqual([priced.serviceChargeTotal, priced.taxIncludedTotal], [1, 10]);
    assert.deepEqual(saleParts(priced), { goods: 11, serviceCharge: 0, tax: 10, tip: 0 });
  });

  test('is nothing: a line of one cent that bears a cent of each of two taxes', () => {
    const taxes = included.map((tax) => ({ ...tax, rate: '100' }));
    const priced = priceOrder(inputOf([lineOf(1, { taxes })], { serviceCharge: { rate: '100', taxes } }));
    assert.deepEqual(saleParts(priced), { goods: 0, serviceCharge: 0, tax: 2, tip: 0 });
  });
});

describe('refunds of a completed order', () => {
  test('in any slices return each part of the sale exactly, and never more on the way', () => {
    fc.assert(
      fc.property(
        anyOrder,
        fc.nat({ max: 500 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        (input, paymentTip, slices) => {
          const bill = new Bill(input).payAll(paymentTip).complete();
          const sale = saleParts(bill.order);
          for (const slice of slices) {
            if (bill.held > 0) bill.refund((slice % bill.held) + 1);
            const taken = bill.refunds.reduce(plus, NOTHING);
            assert.equal(taken.unsettled, 0);
            assert.ok(taken.goods <= sale.goods && taken.serviceCharge <= sale.serviceCharge);
            assert.ok(taken.tax <= sale.tax && taken.tip <= sale.tip);
          }
          if (bill.held > 0) bill.refund(bill.held);
          assert.deepEqual(bill.refunds.reduce(plus, NOTHING), { ...sale, unsettled: 0 });
          assert.equal(dueTotal(bill.order), 0);
          assert.equal(paymentStatus(bill.order), bill.order.total > 0 ? 'refunded' : 'paid');
        },
      ),
    );
  });

  test('in any slices return each tax and what it was computed on exactly', () => {
    fc.assert(
      fc.property(anyOrder, fc.array(fc.nat(), { maxLength: 12 }), (input, sizes) => {
        const bill = new Bill(input).payAll().complete();
        for (const size of sizes) if (bill.held > 0) bill.refund(1 + (size % bill.held));
        if (bill.held > 0) bill.refund(bill.held);
        const { goods, serviceCharge } = saleParts(bill.order);
        for (const { taxId, rate, inclusive, base, amount } of bill.order.taxes) {
          const returned = bill.taxes
            .flat()
            .filter((tax) => tax.taxId === taxId && tax.rate === rate && tax.inclusive === inclusive);
          const total = (of: (tax: TaxTotal) => number) => returned.reduce((so, tax) => so + of(tax), 0);
          assert.equal(
            total((tax) => tax.amount),
            amount,
          );
          if (goods + serviceCharge > 0)
            assert.equal(
              total((tax) => tax.base),
              base,
            );
        }
      }),
    );
  });

  test('behind one that is older than the taxes of refunds return what is left, and not all of it again', () => {
    const lines = [lineOf(1_190, { taxes: [taxOf('19', true)] }), lineOf(500, { taxes: [taxOf('0', true)] })];
    const sale = () => new Bill(inputOf(lines)).payAll().complete();
    const [older, bill] = [sale(), sale()];
    for (const one of [older, bill]) one.refund(845);
    older.taxes[0] = [];
    for (const one of [older, bill]) one.refund(bill.held);
    assert.deepEqual(older.taxes[1], bill.taxes[1]);
  });

  test('are in proportion to the parts, and leave the tip until nothing else is left', () => {
    const input = inputOf([lineOf(5000, { taxes: [taxOf('10', false)] })], {
      serviceCharge: { rate: '20', taxes: [] },
      tip: 500,
    });
    const bill = new Bill(input).payAll().complete();
    assert.equal(bill.order.total, 7000);
    assert.deepEqual(bill.refund(650), { goods: 500, serviceCharge: 100, tax: 50, tip: 0, unsettled: 0 });
    assert.equal(paymentStatus(bill.order), 'partially_refunded');
  });

  test('return a tip that came with a payment as tip', () => {
    const bill = new Bill(inputOf([lineOf(900)])).payAll(100).complete();
    assert.deepEqual(bill.refund(1000), { ...NOTHING, goods: 900, tip: 100 });
  });

  test('give back too much paid before anything of the sale', () => {
    const bill = new Bill(inputOf([lineOf(1000), lineOf(300)])).payAll().void(1).complete();
    assert.equal(dueTotal(bill.order), -300);
    assert.deepEqual(bill.refund(200), { ...NOTHING, unsettled: 200 });
    assert.deepEqual(bill.refund(150), { ...NOTHING, unsettled: 100, goods: 50 });
    assert.deepEqual(bill.refund(950), { ...NOTHING, goods: 950 });
    assert.equal(dueTotal(bill.order), 0);
  });

  test('beyond what is left of the sale are refused', () => {
    const bill = new Bill(inputOf([lineOf(1000)])).payAll().complete();
    bill.refund(400);
    assert.throws(() => bill.refund(601), { code: 'refund_exceeds_payment' });
    assert.deepEqual(bill.refund(600), { ...NOTHING, goods: 600 });
    assert.throws(() => bill.refund(1), { code: 'refund_exceeds_payment' });
  });

  test('that cost nothing but a tip return the tip, and with nothing at all are refused', () => {
    const free = inputOf([lineOf(1000)], { discounts: [{ percent: '100' }] });
    const tipped = new Bill(free).payAll(250).complete();
    assert.deepEqual(tipped.refund(250), { ...NOTHING, tip: 250 });
    const bare = new Bill(free).complete();
    assert.deepEqual(saleParts(bare.order), { goods: 0, serviceCharge: 0, tax: 0, tip: 0 });
    assert.equal(paymentStatus(bare.order), 'paid');
    assert.throws(() => bare.refund(1), { code: 'refund_exceeds_payment' });
  });

  test('of which only half was paid leave the other half due', () => {
    const bill = new Bill(inputOf([lineOf(1000)]));
    bill.pay(500);
    bill.complete();
    assert.deepEqual(bill.refund(500), { ...NOTHING, goods: 500 });
    assert.equal(dueTotal(bill.order), 500);
  });
});

describe('refunds of an order that is not completed', () => {
  test('reverse the payment: nothing of the sale goes back, and the order is due again', () => {
    for (const status of ['placed', 'accepted', 'preparing', 'ready'] as const) {
      const bill = new Bill(inputOf([lineOf(1000, { taxes: [taxOf('19', true)] })], { tip: 100 })).payAll();
      bill.order = { ...bill.order, status };
      assert.deepEqual(bill.refund(1100), { ...NOTHING, unsettled: 1100 });
      assert.equal(dueTotal(bill.order), 1100);
      assert.equal(paymentStatus(bill.order), 'unpaid');
    }
  });
});

describe('an order reopened after goods were refunded', () => {
  test('can give back all that is held when the refunded goods are then voided', () => {
    const bill = new Bill(inputOf([lineOf(500), lineOf(500)])).payAll().complete();
    bill.refund(600);
    bill.reopen().void(0).complete();
    // Of the refunded 600, the void already took 500 off the bill. 400 of the other dish are kept
    // and owed to no one.
    assert.equal(dueTotal(bill.order), 0);
    assert.equal(paymentStatus(bill.order), 'partially_refunded');
    assert.throws(() => bill.refund(400), { code: 'already_refunded' });
    assert.deepEqual(bill.refund(400, true), { ...NOTHING, goods: 400 });
    assert.equal(dueTotal(bill.order), 0);
    assert.equal(bill.held, 0);
  });

  test('takes a further refund from the parts of which something is left', () => {
    const tax = taxOf('10', false);
    const input = inputOf([lineOf(500, { taxes: [tax] }), lineOf(500)], { tip: 400 });
    const bill = new Bill(input).payAll().complete();
    bill.refund(1000);
    bill.reopen().void(0).complete();
    // The tax has left with its dish. 50 of the goods are left, and then the tip.
    const sale = saleParts(bill.order);
    assert.deepEqual(sale, { goods: 500, serviceCharge: 0, tax: 0, tip: 400 });
    const parts = bill.refund(bill.held, true);
    assert.deepEqual(parts, { ...NOTHING, goods: 50, tip: 400 });
    assert.equal(bill.held, 0);
  });

  test('charges what is ordered on top, no more', () => {
    const bill = new Bill(inputOf([lineOf(1000)])).payAll().complete();
    bill.refund(300);
    bill.reopen();
    const added = orderOf(inputOf([lineOf(250)])).lines.map((line) => ({ ...line, id: 'line-added' }));
    bill.order = rebilled({ ...bill.order, lines: [...bill.order.lines, ...added] });
    assert.equal(dueTotal(bill.order), 250);
  });

  test('loses what a later discount takes off the refunded dish, also where a refund names it', () => {
    const bill = new Bill(inputOf([lineOf(1000)])).payAll().complete();
    bill.refund(600, false, { lines: [{ lineId: bill.order.lines[0]!.id, amount: 600 }] });
    bill.refund(400);
    bill.reopen();
    const lines = bill.order.lines.map((line) => ({ ...line, quantity: 2 }));
    bill.order = rebilled({ ...bill.order, lines, discounts: [{ amount: 200 }] });
    // The refunded dish costs 800 now and was given back in full: only the second one is owed.
    assert.equal(bill.order.refundedSaleTotal, 800);
    assert.equal(dueTotal(bill.order), 1000);
    bill.order = rebilled({ ...bill.order, discounts: [] });
    assert.equal(bill.order.refundedSaleTotal, 1000);
  });

  test('keeps its hands off a tip that comes after the refunded one went back', () => {
    const bill = new Bill(inputOf([lineOf(1000)], { tip: 10 })).payAll(60).complete();
    bill.refund(65, false, { amount: undefined, tip: 65 });
    bill.reopen();
    const tipped = (orderTip: number) => {
      const tipTotal = bill.order.tipTotal - bill.order.orderTip + orderTip;
      bill.order = rebilled({ ...bill.order, orderTip, tipTotal });
    };
    tipped(30);
    // The last 5 of a payment of 1070 are of its tip.
    bill.refund(5, false, { payment: paymentOf({ amount: 1010, tip: 60, refunded: 1065 }) });
    tipped(0);
    assert.deepEqual([bill.order.tipTotal, bill.order.refundedSaleTotal], [55, 55]);
    bill.pay(0, 40);
    bill.order = rebilled(bill.order);
    assert.deepEqual([bill.order.tipTotal, bill.order.refundedSaleTotal], [95, 55]);
  });

  test('gives back a dish of which a discount spread again costs a unit less, within the goods', () => {
    const discounts = [{ percent: '33.3333' }];
    const serviceCharge = { rate: '12.5', taxes: [] };
    const lines = [lineOf(8, { quantity: 4, discounts: [{ percent: '12.5' }] })];
    const bill = new Bill(inputOf(lines, { discounts, serviceCharge })).payAll().complete();
    bill.refund(19, false, { lines: [{ lineId: bill.order.lines[0]!.id }] });
    bill.reopen();
    const added = orderOf(inputOf([lineOf(4)])).lines.map((line) => ({ ...line, id: 'line-added' }));
    bill.order = rebilled({ ...bill.order, lines: [...bill.order.lines, ...added] });
    const parts = bill
      .complete()
      .payAll()
      .refund(3, true, { lines: [{ lineId: 'line-added' }] });
    assert.deepEqual(parts, { ...NOTHING, goods: 2, serviceCharge: 1 });
    assert.equal(saleParts(bill.order).goods, 21);
  });

  test('gives back a dish of which a discount spread again bears a unit more tax, within the tax', () => {
    const discounts = [{ percent: '33.3333', name: 'Friends' }];
    const [vat, other] = [taxOf('20', true), taxOf('2.5', true)];
    const lines = [
      lineOf(892, { taxes: [vat] }),
      lineOf(6, { quantity: 4, discounts: [{ percent: '12.5' }], taxes: [vat] }),
    ];
    const bill = new Bill(inputOf(lines, { discounts })).payAll().complete();
    const named = ['line-0', 'line-1'].map((lineId) => ({ lineId, quantity: 1 }));
    assert.deepEqual(bill.refund(599, false, { amount: undefined, lines: named }), {
      ...NOTHING,
      goods: 498,
      tax: 101,
    });
    bill.reopen();
    const added = orderOf(inputOf([lineOf(823, { taxes: [other] })])).lines.map((line) => ({ ...line, id: 'added' }));
    bill.order = rebilled({ ...bill.order, lines: [...bill.order.lines, ...added] });
    const last = [{ lineId: 'line-1', quantity: 3 }];
    const parts = bill.complete().payAll().refund(10, true, { amount: undefined, lines: last });
    // All of the tax of 20 % was given back with the first lines.
    assert.equal(bill.order.taxes.find(({ rate }) => rate === '20')?.amount, 101);
    assert.deepEqual(parts, { ...NOTHING, goods: 10 });
    assert.equal(
      bill.taxes.flat().reduce((total, { amount }) => total + amount, 0),
      101,
    );
  });

  test('never returns more than is held nor a negative part, through any sequence of steps', () => {
    const step = fc.oneof(
      fc.nat().map((size) => ({ kind: 'pay' as const, size })),
      fc.nat().map((size) => ({ kind: 'refund' as const, size })),
      fc.nat().map((size) => ({ kind: 'void' as const, size })),
      fc.constantFrom('complete' as const, 'reopen' as const).map((kind) => ({ kind, size: 0 })),
    );
    fc.assert(
      fc.property(anyOrder, fc.array(step, { maxLength: 20 }), (input, steps) => {
        const bill = new Bill(input);
        for (const { kind, size } of steps) {
          const due = dueTotal(bill.order);
          if (kind === 'pay' && due > 0) bill.pay((size % due) + 1, size % 7);
          if (kind === 'refund' && bill.held > 0) bill.refund((size % bill.held) + 1, true);
          if (kind === 'void' && bill.order.status !== 'completed') bill.void(size % bill.order.lines.length);
          if (kind === 'complete') bill.complete();
          if (kind === 'reopen') bill.reopen();
          assert.ok(-dueTotal(bill.order) <= bill.held, 'owes the guest more than he paid');
          assert.ok(bill.order.refundedTotal <= bill.order.paidTotal);
        }
        // Whatever happened, the house can always give back all it holds.
        bill.complete();
        if (bill.held > 0) bill.refund(bill.held, true);
        assert.equal(bill.held, 0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a payment', () => {
  const open = () => new Bill(inputOf([lineOf(1000)]));

  test('of cash gives change, of anything else is refused beyond what is due', () => {
    assert.deepEqual(open().pay(2000, 0, 'cash'), { amount: 1000, change: 1000 });
    for (const method of ['card', 'voucher', 'other'] as const) {
      assert.throws(() => open().pay(1001, 0, method), { code: 'amount_exceeds_due' });
      assert.deepEqual(open().pay(1000, 0, method), { amount: 1000, change: 0 });
    }
  });

  test('of a part leaves the rest due, and its tip is not counted towards the bill', () => {
    const bill = open();
    bill.pay(400, 50);
    assert.equal(dueTotal(bill.order), 600);
    assert.equal(paymentStatus(bill.order), 'partially_paid');
    bill.pay(600);
    assert.equal(dueTotal(bill.order), 0);
    assert.equal(paymentStatus(bill.order), 'paid');
  });

  test('is refused where nothing is due, even in cash, and may then be a tip alone', () => {
    const bill = open().payAll();
    assert.throws(() => bill.pay(1, 0, 'cash'), { code: 'amount_exceeds_due' });
    bill.pay(0, 200);
    assert.equal(bill.order.total, 1200);
    assert.equal(dueTotal(bill.order), 0);
  });

  test('is refused where the guest gets money back', () => {
    const bill = new Bill(inputOf([lineOf(1000), lineOf(300)])).payAll().void(1);
    assert.equal(dueTotal(bill.order), -300);
    assert.throws(() => bill.pay(100, 0, 'cash'), { code: 'amount_exceeds_due' });
  });
});
