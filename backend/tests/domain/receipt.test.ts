import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Order, OrderLine } from '../../src/domain/order/order.js';
import { dueTotal } from '../../src/domain/order/order.js';
import type { Payment, Refund } from '../../src/domain/order/payment.js';
import { printedReceipt } from '../../src/formats/printed/printedReceipt.js';
import { printedText } from '../../src/formats/printed/printedText.js';
import { receiptOf } from '../../src/domain/order/receipt.js';
import { NO_INVOICING } from '../../src/domain/restaurant/invoicing.js';
import type { RestaurantSettings } from '../../src/domain/restaurant/restaurant.js';
import { anyOrder, inputOf, lineOf, orderOf, taxOf } from './orders.js';

const WIDTH = 42;

const SETTINGS: RestaurantSettings = {
  id: 'restaurant',
  name: 'Test Bistro',
  currency: 'EUR',
  timezone: 'Europe/Berlin',
  businessDayCutoffHour: 4,
  openingHours: [],
  serviceCharge: null,
  pickupCodes: null,
  isAssistantOn: true,
  address: 'Hauptstraße 1\n10115 Berlin',
  vatId: 'DE123456789',
  taxNumber: '29/815/08157',
  country: 'DE',
  language: 'en',
  ...NO_INVOICING,
  receiptFooter: 'Thank you!',
  cashRounding: null,
  cashIncrement: 0,
  demoExpiresAt: null,
  version: 1,
};

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/**
 * Columns by Unicode's East Asian Width and emoji presentation. Counts characters as a person sees
 * them.
 */
function columnsOf(text: string): number {
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) {
    const isWide =
      /\p{Emoji_Presentation}|\ufe0f|\u20e3/u.test(segment) ||
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u1100-\u115f\uac00-\ud7a3\ua960-\ua97c\u3000-\u303e\uff01-\uff60]/u.test(
        segment,
      );
    // Half-width forms. A sound mark joins the kana before it into one character, but takes its own
    // column.
    if (/[\uff61-\uffdc]/.test(segment)) columns += segment.length;
    else columns += isWide ? 2 : 1;
  }
  return columns;
}

function paymentOf(fields: Partial<Payment>): Payment {
  return {
    id: 'payment',
    orderId: 'order',
    method: 'cash',
    amount: 0,
    tip: 0,
    rounding: 0,
    tendered: 0,
    change: 0,
    refunded: 0,
    reference: null,
    shiftId: null,
    prepaid: null,
    businessDate: '2026-11-22',
    createdBy: 'user:test',
    createdAt: '2026-11-22T19:00:00.000Z',
    ...fields,
  };
}

function refundOf(amount: number, reason: string): Refund {
  return {
    id: 'refund',
    paymentId: 'payment',
    orderId: 'order',
    method: 'cash',
    amount,
    rounding: 0,
    tip: 0,
    shiftId: null,
    lines: [],
    goodwill: false,
    parts: { goods: amount, serviceCharge: 0, tax: 0, tip: 0, unsettled: 0 },
    taxes: [],
    prepaid: null,
    reason,
    businessDate: '2026-11-22',
    createdBy: 'user:test',
    createdAt: '2026-11-22T20:00:00.000Z',
  };
}

function named(order: Order, fields: Partial<OrderLine>): Order {
  return { ...order, lines: order.lines.map((line) => ({ ...line, ...fields })) };
}

function linesOf(
  order: Order,
  settings: RestaurantSettings = SETTINGS,
  payments: Payment[] = [],
  refunds: Refund[] = [],
) {
  const text = printedText(printedReceipt(receiptOf(order, payments, refunds, settings), 'en'));
  assert.ok(text.endsWith('\n'));
  return text.slice(0, -1).split('\n');
}

/** Numbers in a value, however deep. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

const NAMES = {
  'a long name': 'Slow-cooked shoulder of lamb with rosemary, garlic and roasted potatoes from the oven',
  'a word longer than the paper': 'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetzsuppe',
  'an accented name': 'Crème brûlée à la façon de grand-mère, très généreuse et très sucrée',
  'accents as combining marks':
    'Creme\u0301 bru\u0302le\u0301e a\u0300 la fac\u0327on de grand-me\u0300re, bien su\u0302r, pour deux',
  'a Chinese name': '红烧牛肉面配时令蔬菜和自制辣椒油大份加面加肉不要香菜',
  'a Japanese name with a rare character': '𠮷野家の特製牛丼つゆだくねぎ抜き温泉卵付き大盛り𠮷𠮷𠮷𠮷',
  'a Korean name': '돼지고기 김치찌개와 공기밥 그리고 계란말이 세트 메뉴',
  'half-width kana': 'ﾁｰｽﾞﾊﾝﾊﾞｰｶﾞｰｾｯﾄ ﾎﾟﾃﾄと ﾄﾞﾘﾝｸ付き ｵｵﾓﾘ',
  emoji: '🌶️🌶️ Extra hot 🔥 tacos 🌮🌮🌮 with 👨‍👩‍👧‍👦 family sauce 👍🏽 and 🍺',
  'flags without a blank': '🇩🇪🇫🇷🇮🇹🇪🇸🇵🇹🇬🇷🇸🇪🇳🇴🇩🇰🇫🇮🇵🇱🇨🇿🇦🇹🇨🇭🇧🇪🇳🇱🇱🇺🇮🇪🇬🇧🇺🇸🇨🇦',
  keycaps: '1️⃣ 2️⃣ 3️⃣ 4️⃣ 5️⃣ 6️⃣ 7️⃣ 8️⃣ 9️⃣ 1️⃣ 2️⃣ 3️⃣ 4️⃣ 5️⃣ 6️⃣ 7️⃣ 8️⃣ 9️⃣',
  'keycaps without a blank': '!1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣',
  'trade marks': 'Cola® Zero™ ©2026 ☎ ❤ very very very long drink name®',
} as const;

describe('the text of a receipt', () => {
  for (const [kind, name] of Object.entries(NAMES)) {
    const order = named(
      orderOf(
        inputOf([
          lineOf(123_456, { modifiers: [{ price: 150, quantity: 2, freeQuantity: 0 }], taxes: [taxOf('19', true)] }),
        ]),
        { table: name },
      ),
      { name, variantName: name },
    );
    const lines = linesOf(
      {
        ...order,
        lines: order.lines.map((line) => ({ ...line, modifiers: line.modifiers.map((one) => ({ ...one, name })) })),
      },
      { ...SETTINGS, name, address: `${name}\n${name}`, receiptFooter: name },
      [],
      [refundOf(100, name)],
    );

    test(`with ${kind} keeps within 42 columns`, () => {
      for (const line of lines) assert.ok(columnsOf(line) <= WIDTH, `${columnsOf(line)}: ${line}`);
    });

    test(`with ${kind} has its amounts flush right`, () => {
      const amounts = lines.filter((line) => /^(?! {4}Taxable).*(?:^|\s)-?€?[\d,]+\.\d\d$/.test(line));
      // Line, subtotal, total, refund, to pay, contained tax.
      assert.equal(amounts.length, 6);
      for (const line of amounts) assert.equal(columnsOf(line), WIDTH, line);
    });

    test(`with ${kind} loses no character of it and cuts none in two`, () => {
      const all = lines.join('');
      const seen = new Set([...graphemes.segment(lines.join('\n'))].map(({ segment }) => segment));
      for (const { segment } of graphemes.segment(name)) assert.ok(seen.has(segment), segment);
      // A line that starts with a mark has lost it from the character it belongs to.
      for (const line of lines) assert.doesNotMatch(line.trimStart(), /^[\p{M}\u200d\p{Emoji_Modifier}]/u);
      assert.ok(all.replaceAll(/\s/g, '').includes(name.replaceAll(/\s/g, '')));
    });
  }

  test('of any order of any words keeps within 42 columns', () => {
    const anyName = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
      .map((text) => text.replaceAll(/\p{C}/gu, 'x'));
    fc.assert(
      fc.property(anyOrder, anyName, (input, name) => {
        for (const line of linesOf(named(orderOf(input), { name }), { ...SETTINGS, name })) {
          assert.ok(columnsOf(line) <= WIDTH, `${columnsOf(line)}: ${line}`);
        }
      }),
    );
  });

  test('keeps within 42 columns with the largest amounts', () => {
    const order = orderOf(
      inputOf([lineOf(100_000_000_000, { quantity: 10_000, taxes: [taxOf('8.875', false)] })], {
        discounts: [{ amount: 1 }],
        serviceCharge: { rate: '12.5', taxes: [] },
        tip: 100_000_000_000,
      }),
    );
    for (const line of linesOf(order)) assert.ok(columnsOf(line) <= WIDTH, line);
  });

  test('reads as it should', () => {
    const order = orderOf(
      inputOf(
        [
          lineOf(1250, {
            quantity: 2,
            modifiers: [{ price: 150, quantity: 2, freeQuantity: 1 }],
            taxes: [taxOf('19', true)],
          }),
          lineOf(300, { taxes: [taxOf('7', false)] }),
        ],
        { discounts: [{ amount: 100 }], serviceCharge: { rate: '10', taxes: [] }, tip: 200 },
      ),
      { table: '12' },
    );
    const payments = [paymentOf({ amount: 3000, tendered: 4000, change: 1000 })];
    const shown = linesOf({ ...order, paidTotal: 3000 }, SETTINGS, payments);
    assert.deepEqual(shown, [
      '               Test Bistro',
      '              Hauptstraße 1',
      '               10115 Berlin',
      '           VAT ID: DE123456789',
      '         Tax number: 29/815/08157',
      '',
      '         Receipt ORD-2026-11-0001',
      'Date                     22 Nov 2026 19:30',
      'Order                              Dine in',
      'Table                                   12',
      '------------------------------------------',
      '2 × Dish 0                           28.00',
      '    2 × Extra 0 (1.50)',
      '    Discount -0.90',
      '1 × Dish 1                            3.00',
      '    Discount -0.10',
      '------------------------------------------',
      'Subtotal                             31.00',
      'Discount                             -1.00',
      'Service charge                        3.00',
      'Tax 7%                                0.20',
      'Tip                                   2.00',
      'TOTAL                               €35.20',
      '------------------------------------------',
      'Cash                                 40.00',
      'Change                               10.00',
      'To pay                                5.20',
      '------------------------------------------',
      'Included: Tax 19%                     4.33',
      '    Taxable amount 22.77',
      'Tax 7%                                0.20',
      '    Taxable amount 2.90',
      '',
      '                Thank you!',
    ]);
  });

  test('counts amounts in the decimals of the currency', () => {
    const input = inputOf([lineOf(1500)]);
    assert.ok(linesOf(orderOf(input, { currency: 'JPY' })).includes(`TOTAL${'¥1,500'.padStart(37)}`));
    assert.ok(linesOf(orderOf(input, { currency: 'KWD' })).includes(`TOTAL${'KWD\u00a01.500'.padStart(37)}`));
  });

  test('of a cancelled order says so', () => {
    const lines = linesOf(orderOf(inputOf([lineOf(100)]), { status: 'cancelled' }));
    assert.ok(lines.some((line) => line.trim() === '*** CANCELLED ***'));
  });

  test('of an order with money to give back says how much', () => {
    const order = { ...orderOf(inputOf([lineOf(100)])), paidTotal: 250 };
    assert.ok(linesOf(order).includes(`To give back${'1.50'.padStart(30)}`));
  });
});

describe('the data of a receipt', () => {
  test('hold the totals of the order, in whole numbers', () => {
    fc.assert(
      fc.property(anyOrder, (input) => {
        const order = orderOf(input);
        const receipt = receiptOf(order, [], [], SETTINGS);
        for (const field of ['subtotal', 'discountTotal', 'serviceChargeTotal', 'tipTotal', 'total'] as const) {
          assert.equal(receipt[field], order[field]);
        }
        assert.equal(receipt.dueTotal, dueTotal(order));
        assert.deepEqual(
          receipt.taxes.map((tax) => [tax.rate, tax.inclusive, tax.base, tax.amount]),
          order.taxes.map((tax) => [tax.rate, tax.inclusive, tax.base, tax.amount]),
        );
        const add = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
        assert.equal(add(receipt.lines.map((line) => line.grossAmount)), receipt.subtotal);
        assert.equal(add(receipt.lines.map((line) => line.discountAmount)), receipt.discountTotal);
        for (const line of receipt.lines) {
          const extras = add(line.modifiers.map((modifier) => modifier.amount));
          assert.equal((line.unitPrice + extras) * Number(line.quantity), line.grossAmount);
        }
        assert.ok(numbersIn(receipt).every(Number.isSafeInteger));
      }),
    );
  });

  test('leave out lines that were voided', () => {
    const order = orderOf(inputOf([lineOf(100), lineOf(200)]));
    const voided = {
      ...order,
      lines: order.lines.map((line, index) => (index === 0 ? { ...line, voidedAt: 'x' } : line)),
    };
    assert.deepEqual(
      receiptOf(voided, [], [], SETTINGS).lines.map((line) => line.name),
      ['Dish 1'],
    );
  });

  test('tell payments and refunds as they were made', () => {
    const payments = [
      paymentOf({ method: 'card', amount: 500, tip: 50, tendered: 550, reference: 'T-1' }),
      paymentOf({ amount: 500, tendered: 1000, change: 500 }),
    ];
    const receipt = receiptOf(orderOf(inputOf([lineOf(1000)])), payments, [refundOf(100, 'cold')], SETTINGS);
    assert.deepEqual(receipt.payments, [
      { method: 'card', amount: 500, tip: 50, tendered: 550, change: 0, reference: 'T-1' },
      { method: 'cash', amount: 500, tip: 0, tendered: 1000, change: 500, reference: null },
    ]);
    assert.deepEqual(receipt.refunds, [{ amount: 100, reason: 'cold' }]);
  });

  test('show the wall clock of the restaurant, on the other side of midnight too', () => {
    const order = orderOf(inputOf([lineOf(100)]), { createdAt: '2026-11-22T23:05:00.000Z' });
    assert.equal(receiptOf(order, [], [], SETTINGS).placedAt, '2026-11-23 00:05');
    assert.equal(receiptOf(order, [], [], { ...SETTINGS, timezone: 'America/New_York' }).placedAt, '2026-11-22 18:05');
  });
});
