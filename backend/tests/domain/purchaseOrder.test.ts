import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../src/domain/shared/errors.js';
import { priceDifferenceOf, totalsOf } from '../../src/domain/purchasing/goodsReceipt.js';
import {
  amountOf,
  assertPossible,
  excessOf,
  isSuspicious,
  PURCHASE_ORDER_STATUSES,
  type PurchaseOrderAction,
  statusAfterReceipt,
  totalOf,
} from '../../src/domain/purchasing/purchaseOrder.js';

const ONE = 1_000_000n;
const line = (quantity: string, receivedQuantity: string) => ({
  id: '',
  inventoryItemId: '',
  name: '',
  articleNumber: null,
  quantity,
  unit: 'kg',
  unitPrice: 100,
  receivedQuantity,
});

describe('a purchase order', () => {
  test('takes each action in the statuses that allow it, and says what is possible otherwise', () => {
    const allowed: Record<PurchaseOrderAction, string[]> = {
      change: ['draft'],
      send: ['draft'],
      receive: ['sent', 'partly_received'],
      cancel: ['draft', 'sent'],
      close: ['partly_received'],
    };
    for (const [action, statuses] of Object.entries(allowed) as [PurchaseOrderAction, string[]][])
      for (const status of PURCHASE_ORDER_STATUSES) {
        if (statuses.includes(status)) assertPossible(action, status);
        else assert.throws(() => assertPossible(action, status), AppError);
      }
    assert.throws(
      () => assertPossible('cancel', 'partly_received'),
      /partly received .* possible now: receive, close\./,
    );
    assert.throws(() => assertPossible('send', 'received'), /no action is possible/);
  });

  test('is received when every line is, however much more came of another', () => {
    assert.equal(statusAfterReceipt([line('2', '0'), line('1', '0')]), 'sent');
    assert.equal(statusAfterReceipt([line('2', '9'), line('1', '0.999999')]), 'partly_received');
    assert.equal(statusAfterReceipt([line('2', '2'), line('1', '1.000001')]), 'received');
  });

  test('adds up the amounts that its lines show, halves rounded up', () => {
    assert.equal(amountOf('0.5', 1), 1);
    assert.equal(amountOf('0.333', 1301), 433);
    const thirds = { quantity: '0.333333', unitPrice: 100 };
    assert.equal(totalOf([thirds, thirds, { quantity: '5', unitPrice: null }]), 66);
    assert.throws(() => amountOf('999999999999', 10 ** 11), AppError);
  });

  test('tells what is more than ordered of what comes now, and never more than that', () => {
    assert.equal(excessOf(10n * ONE, 0n, 10n * ONE), 0n);
    assert.equal(excessOf(10n * ONE, 6n * ONE, 5n * ONE), ONE);
    assert.equal(excessOf(10n * ONE, 12n * ONE, 5n * ONE), 5n * ONE);
    assert.equal(isSuspicious(10n * ONE, 6n * ONE, 5n * ONE), false);
    assert.equal(isSuspicious(10n * ONE, 6n * ONE, 5n * ONE + 1n), true);
  });
});

test('a price difference is of the quantity that came; cheaper is negative, and nothing expected is none', () => {
  const dearer = { quantity: '3', unitPrice: 2150, expectedUnitPrice: 2000 };
  const cheaper = { quantity: '0.5', unitPrice: 1999, expectedUnitPrice: 2000 };
  const unexpected = { quantity: '1', unitPrice: 90, expectedUnitPrice: null };
  assert.deepEqual([dearer, cheaper, unexpected].map(priceDifferenceOf), [450, -1, null]);
  assert.deepEqual(totalsOf([dearer, cheaper, unexpected]), { total: 6450 + 1000 + 90, priceDifference: 449 });
});
