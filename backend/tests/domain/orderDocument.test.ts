import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { repriced } from '../../src/domain/order/order.js';
import { amountsOfOrder } from '../../src/services/document/orderAmounts.js';
import { anyOrder, orderOf } from './orders.js';

describe('the document of an order', () => {
  test('comes to what the order comes to, each tax too, also after lines were voided', () => {
    fc.assert(
      fc.property(anyOrder, fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }), (input, voided) => {
        const placed = orderOf(input);
        const lines = placed.lines.map((line, index) =>
          voided[index] ? { ...line, voidedAt: '2026-11-22T19:00:00.000Z' } : line,
        );
        const order = repriced({ ...placed, lines });
        if (lines.every(({ voidedAt }) => voidedAt !== null)) {
          assert.throws(() => amountsOfOrder('invoice', order), { code: 'invalid_state' });
          return;
        }
        const made = amountsOfOrder('invoice', order);
        assert.deepEqual(
          [made.total, made.discountTotal, made.taxTotal, made.taxIncludedTotal],
          [order.total, order.discountTotal, order.taxTotal, order.taxIncludedTotal],
        );
        assert.equal(made.subtotal, order.subtotal + order.serviceChargeTotal + order.tipTotal);
        // A service charge of nothing is no line, and brings no tax of nothing.
        const ofSomething = order.taxes.filter(({ base, amount }) => base > 0 || amount > 0);
        for (const tax of ofSomething)
          assert.deepEqual(
            made.taxes.filter((one) => one.taxId === tax.taxId),
            [tax],
          );
      }),
    );
  });
});
