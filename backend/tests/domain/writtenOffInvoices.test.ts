/**
 * Invoices of orders that were partly written off or refunded: total, taxes and both files are
 * those of the sale that is kept. `LIVES=100000` runs more than usual, `SEED=` repeats a run.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, test } from 'node:test';
import { formatMinor } from '../../src/domain/number/money.js';
import { dueTotal, type Order } from '../../src/domain/order/order.js';
import { refundedOf } from '../../src/domain/order/refundedBill.js';
import { saleKept, writeOff } from '../../src/domain/order/saleCorrection.js';
import { minusRefunded, saleParts, totalOfParts } from '../../src/domain/order/saleParts.js';
import { eInvoiceOf } from '../../src/formats/eInvoice/eInvoice.js';
import { renderCii } from '../../src/formats/eInvoice/renderCii.js';
import { renderUbl } from '../../src/formats/eInvoice/renderUbl.js';
import { amountsOfOrder } from '../../src/services/document/orderAmounts.js';
import { readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import { invoiceOf, paidWith } from '../support/invoiceSamples.js';
import { byRate, Dice, OrderLife } from '../support/orderLives.js';

const LIVES = Number(process.env['LIVES'] ?? 1_500);
const SEED = Number(process.env['SEED'] ?? randomInt(2 ** 31));

/** An order of a random life, completed and written off for what it still owes. */
function writtenOff(seed: number): Order | undefined {
  const life = new OrderLife(new Dice(seed), '01976b3c-0000-7000-8000-000000000001');
  life.live();
  const order: Order = { ...life.order, status: 'completed' };
  if (life.order.status === 'cancelled' || dueTotal(order) <= 0) return undefined;
  return { ...order, ...writeOff(order, life.refunds).money };
}

describe(`invoices of orders that were written off (SEED=${SEED})`, () => {
  test(`say what is kept, to the cent, ${LIVES} times`, () => {
    let seen = 0;
    for (let seed = SEED; seed < SEED + LIVES; seed += 1) {
      const order = writtenOff(seed);
      if (!order || saleKept(order) - order.tipTotal <= 0) continue;
      const name = `SEED=${seed} LIVES=1`;
      const taken = refundedOf(order);
      if (totalOfParts(taken.parts) - taken.parts.tip >= order.total - order.tipTotal) continue;
      const amounts = amountsOfOrder('invoice', order);
      const kept = minusRefunded({ parts: saleParts(order), taxes: order.taxes }, taken);
      assert.equal(amounts.total, saleKept(order), name);
      const taxesOf = (taxes: typeof order.taxes) =>
        Object.fromEntries(
          Object.entries(byRate(taxes)).flatMap(([key, [, amount]]) => (amount === 0 ? [] : [[key, amount]])),
        );
      assert.deepEqual(taxesOf(amounts.taxes), taxesOf(kept.taxes), name);
      const held = order.paidTotal - order.refundedTotal;
      const document = paidWith({ ...invoiceOf([]), ...amounts, notes: null }, held);
      const invoice = eInvoiceOf(document, null);
      for (const xml of [renderUbl(invoice), renderCii(invoice)]) {
        const read = readInvoice(xml);
        assert.deepEqual(brokenRules(read), [], name);
        assert.equal(read.totals.payable, formatMinor(dueTotal(order), 'EUR'), name);
        assert.equal(read.totals.tax, formatMinor(amounts.taxTotal, 'EUR'), name);
      }
      seen += 1;
    }
    if (LIVES >= 1_000) assert.ok(seen > LIVES / 20, `${seen} of ${LIVES}`);
  });
});
