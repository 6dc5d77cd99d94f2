import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../src/domain/shared/errors.js';
import {
  isOpen,
  isSent,
  nextStatus,
  ORDER_ACTIONS,
  ORDER_STATUSES,
  type OrderAction,
  type OrderStatus,
} from '../../src/domain/order/orderStatus.js';

/** Every pair; an action that is not named is refused. */
const LIFE: Record<OrderStatus, Partial<Record<OrderAction, OrderStatus>>> = {
  placed: { accept: 'accepted', cancel: 'cancelled' },
  accepted: { start: 'preparing', cancel: 'cancelled' },
  preparing: { ready: 'ready', cancel: 'cancelled' },
  ready: { complete: 'completed', cancel: 'cancelled' },
  completed: { reopen: 'accepted' },
  cancelled: {},
};

describe('the life of an order', () => {
  for (const status of ORDER_STATUSES) {
    for (const action of ORDER_ACTIONS) {
      const next = LIFE[status][action];
      const name =
        next === undefined ? `refuses ${action} when ${status}` : `goes by ${action} from ${status} to ${next}`;
      test(name, () => {
        if (next !== undefined) assert.equal(nextStatus(status, action), next);
        else assert.throws(() => nextStatus(status, action), { code: 'invalid_state' });
      });
    }
  }

  test('says on a refusal what is possible instead', () => {
    for (const status of ORDER_STATUSES) {
      const possible = Object.keys(LIFE[status]);
      const refused = ORDER_ACTIONS.find((action) => !possible.includes(action));
      assert.ok(refused);
      assert.throws(
        () => nextStatus(status, refused),
        (error) =>
          error instanceof AppError &&
          error.message.includes(
            possible.length === 0 ? 'no action is possible any more' : `possible now: ${possible.join(', ')}.`,
          ),
      );
    }
  });

  test('is open until completed or cancelled, and sent from acceptance on', () => {
    assert.deepEqual(ORDER_STATUSES.filter(isOpen), ['placed', 'accepted', 'preparing', 'ready']);
    assert.deepEqual(
      ORDER_STATUSES.filter((status) => !isSent(status)),
      ['placed'],
    );
  });
});
