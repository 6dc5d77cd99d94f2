import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AppError } from '../../src/domain/shared/errors.js';
import { localTime, type WeeklyInterval } from '../../src/domain/restaurant/localTime.js';
import type {
  Category,
  MenuItem,
  MenuParts,
  Modifier,
  ModifierGroup,
  OrderType,
  Tax,
} from '../../src/domain/menu/menu.js';
import { OrderTaking } from '../../src/domain/order/orderTaking.js';
import type { LineRequest, ModifierChoice } from '../../src/domain/order/takenLine.js';
import { priceOrder } from '../../src/domain/order/pricing.js';

const EDITED = { version: 1, createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z' };
/** Sunday, half past seven in the evening. */
const EVENING = '2026-11-22T18:30:00Z';
const LUNCH_ONLY: WeeklyInterval[] = [{ days: ['sun'], from: '11:00', to: '15:00' }];

function itemOf(fields: Partial<MenuItem> = {}): MenuItem {
  return {
    ...EDITED,
    id: 'soup',
    name: 'Soup',
    description: null,
    categoryId: 'food',
    price: 600,
    variants: [],
    modifierGroupIds: [],
    taxIds: [],
    allergens: [],
    otherAllergens: [],
    dietTags: [],
    pictureId: null,
    translations: {},
    station: null,
    position: 0,
    schedules: [],
    isAvailable: true,
    isOutOfStock: false,
    unit: null,
    parts: [],
    isDeposit: false,
    depositItemId: null,
    voucherPoolId: null,
    availability: { until: null, remaining: null },
    ...fields,
  };
}

function groupOf(fields: Partial<ModifierGroup> = {}): ModifierGroup {
  return {
    ...EDITED,
    id: 'toppings',
    name: 'Toppings',
    translations: {},
    minSelections: 0,
    maxSelections: 5,
    freeSelections: 0,
    modifiers: [modifierOf('cheese', 150), modifierOf('egg', 100), modifierOf('chili', 50)],
    ...fields,
  };
}

function modifierOf(id: string, price: number, fields: Partial<Modifier> = {}): Modifier {
  return {
    id,
    name: id[0]!.toUpperCase() + id.slice(1),
    translations: {},
    price,
    maxQuantity: 3,
    isAvailable: true,
    taxIds: [],
    ...fields,
  };
}

function taxOn(id: string, orderTypes: OrderType[] = []): Tax {
  const untreated = { vatCategory: null, exemptionCode: null, exemptionReason: null };
  return { ...EDITED, id, name: 'VAT', rate: '7', inclusive: true, orderTypes, ...untreated };
}

const FOOD: Category = { ...EDITED, id: 'food', name: 'Food', translations: {}, position: 0, schedules: [] };

function takingOf(parts: Partial<MenuParts>, options: { at?: string; type?: OrderType } = {}): OrderTaking {
  const instant = new Date(options.at ?? EVENING);
  return new OrderTaking(
    { categories: [FOOD], items: [itemOf()], modifierGroups: [], taxes: [], ...parts },
    { instant, local: localTime(instant, 'Europe/Berlin') },
    options.type ?? 'dine_in',
  );
}

function requestOf(fields: Partial<LineRequest> = {}): LineRequest {
  return { menuItemId: 'soup', quantity: 1, modifiers: [], discounts: [], ...fields };
}

/** One fault, with its code, its place in the request and words in its message. */
function fault(code: string, pointer: string, words: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof AppError);
    assert.equal(error.code, code);
    assert.deepEqual(
      error.errors?.map((one) => one.pointer),
      [pointer],
    );
    assert.match(error.errors?.[0]?.message ?? '', words);
    return true;
  };
}

describe('an item', () => {
  test('is taken with its present name, price, category and taxes', () => {
    const taking = takingOf({ items: [itemOf({ taxIds: ['vat'] })], taxes: [taxOn('vat')] });
    const discounts = [{ percent: '10' }];
    assert.deepEqual(taking.take(requestOf({ quantity: 2, notes: 'hot', course: 1, seat: 4, discounts }), '/lines/0'), {
      kind: 'item',
      attached: [],
      menuItemId: 'soup',
      variantId: null,
      categoryId: 'food',
      categoryName: 'Food',
      name: 'Soup',
      variantName: null,
      quantity: 2,
      measured: null,
      unitPrice: 600,
      modifiers: [],
      discounts,
      taxes: [{ taxId: 'vat', name: 'VAT', rate: '7', inclusive: true }],
      notes: 'hot',
      course: 1,
      seat: 4,
    });
  });

  test('that the menu does not hold is not found, at the place where it was asked for', () => {
    assert.throws(
      () => takingOf({}).take(requestOf({ menuItemId: 'stew' }), '/lines/3'),
      fault('not_found', '/lines/3/menuItemId', /menu item/),
    );
    assert.throws(
      () => takingOf({}).take(requestOf({ menuItemId: 'stew' }), ''),
      fault('not_found', '/menuItemId', /menu item/),
    );
  });

  const availabilities: [name: string, item: Partial<MenuItem>, refusal: RegExp | undefined][] = [
    ['switched off is refused', { isAvailable: false }, /Soup is not available/],
    [
      'switched off until later is refused',
      { isAvailable: false, availability: { until: '2026-11-22T18:30:00.001Z', remaining: null } },
      /not available/,
    ],
    [
      'switched off until this very instant is back',
      { isAvailable: false, availability: { until: EVENING, remaining: null } },
      undefined,
    ],
    [
      'back on but with no portion left is sold out',
      { isAvailable: false, availability: { until: EVENING, remaining: 0 } },
      /sold out/,
    ],
    ['with no portion left is sold out', { availability: { until: null, remaining: 0 } }, /Soup is sold out/],
    ['with one portion left is taken', { availability: { until: null, remaining: 1 } }, undefined],
    ['outside its own hours is refused', { schedules: LUNCH_ONLY }, /not served at this time/],
  ];
  for (const [name, fields, refusal] of availabilities) {
    test(name, () => {
      const take = () => takingOf({ items: [itemOf(fields)] }).take(requestOf(), '/lines/1');
      if (refusal) assert.throws(take, fault('item_unavailable', '/lines/1/menuItemId', refusal));
      else assert.equal(take().name, 'Soup');
    });
  }

  test('is refused outside the hours of its category, even inside its own', () => {
    const parts = {
      categories: [{ ...FOOD, schedules: LUNCH_ONLY }],
      items: [itemOf({ schedules: [{ days: ['sun' as const], from: '10:00', to: '23:00' }] })],
    };
    assert.throws(
      () => takingOf(parts).take(requestOf(), '/lines/0'),
      fault('item_unavailable', '/lines/0/menuItemId', /not served at this time/),
    );
    assert.equal(takingOf(parts, { at: '2026-11-22T12:00:00Z' }).take(requestOf(), '/lines/0').name, 'Soup');
  });

  test('bears the taxes of its type of order, and those of every type', () => {
    const parts = {
      items: [itemOf({ taxIds: ['inside', 'outside', 'always', 'deleted'] })],
      taxes: [taxOn('inside', ['dine_in']), taxOn('outside', ['takeaway', 'delivery']), taxOn('always')],
    };
    const taxesAt = (type: OrderType) =>
      takingOf(parts, { type })
        .take(requestOf(), '')
        .taxes.map((tax) => tax.taxId);
    assert.deepEqual(taxesAt('dine_in'), ['inside', 'always']);
    assert.deepEqual(taxesAt('delivery'), ['outside', 'always']);
    assert.deepEqual(taxesAt('catering'), ['always']);
  });

  test('or a charge never bears a tax twice, however often it is named', () => {
    const taking = takingOf({ items: [itemOf({ taxIds: ['vat', 'vat'] })], taxes: [taxOn('vat')] });
    assert.equal(taking.take(requestOf(), '').taxes.length, 1);
    assert.equal(taking.taxes(['vat', 'vat']).length, 1);
  });
});

describe('variants', () => {
  const taking = takingOf({
    items: [
      itemOf({
        variants: [
          { id: 'small', name: 'Small', translations: {}, price: 400 },
          { id: 'large', name: 'Large', translations: {}, price: 700 },
        ],
      }),
      itemOf({ id: 'bread', name: 'Bread', variants: [] }),
    ],
  });

  test('set the name and the price of the line', () => {
    const line = taking.take(requestOf({ variantId: 'large' }), '/lines/0');
    assert.deepEqual([line.variantId, line.variantName, line.unitPrice], ['large', 'Large', 700]);
  });

  test('must be chosen where there are any', () => {
    assert.throws(
      () => taking.take(requestOf(), '/lines/2'),
      fault('invalid_request', '/lines/2/variantId', /Small, Large/),
    );
  });

  test('that the item does not have are not found', () => {
    assert.throws(
      () => taking.take(requestOf({ variantId: 'huge' }), '/lines/0'),
      fault('not_found', '/lines/0/variantId', /variant of Soup/),
    );
    assert.throws(
      () => taking.take(requestOf({ menuItemId: 'bread', variantId: 'small' }), '/lines/0'),
      fault('not_found', '/lines/0/variantId', /variant of Bread/),
    );
  });
});

describe('modifiers', () => {
  const choose = (group: Partial<ModifierGroup>, choices: ModifierChoice[]) =>
    takingOf({
      items: [itemOf({ modifierGroupIds: ['toppings'] })],
      modifierGroups: [groupOf(group), groupOf({ id: 'drinks', name: 'Drinks', modifiers: [modifierOf('cola', 300)] })],
    }).choose('soup', choices, '/lines/0', 1).modifiers;
  const one = (modifierId: string, quantity = 1): ModifierChoice => ({ modifierId, quantity });

  test('are taken with their present names and prices', () => {
    assert.deepEqual(choose({}, [one('egg', 2)]), [
      { modifierId: 'egg', groupId: 'toppings', name: 'Egg', price: 100, quantity: 2, freeQuantity: 0 },
    ]);
  });

  const refused: [name: string, group: Partial<ModifierGroup>, choices: ModifierChoice[], ReturnType<typeof fault>][] =
    [
      [
        'fewer than the group demands are refused',
        { minSelections: 2 },
        [one('egg')],
        fault('invalid_request', '/lines/0/modifiers', /Toppings: choose at least 2/),
      ],
      [
        'none are refused where the group demands one',
        { minSelections: 1 },
        [],
        fault('invalid_request', '/lines/0/modifiers', /choose at least 1/),
      ],
      [
        'more than the group allows are refused, counted in units',
        { maxSelections: 2 },
        [one('egg', 2), one('chili')],
        fault('invalid_request', '/lines/0/modifiers', /Toppings: choose at most 2/),
      ],
      [
        'more of one than is allowed are refused',
        {},
        [one('egg'), one('chili', 4)],
        fault('invalid_request', '/lines/0/modifiers/1/quantity', /Choose at most 3 of Chili/),
      ],
      [
        'one named twice is refused where it stands the second time',
        {},
        [one('egg'), one('chili'), one('egg')],
        fault('invalid_request', '/lines/0/modifiers/2/modifierId', /named twice/),
      ],
      [
        'one that is out is refused',
        { modifiers: [modifierOf('egg', 100, { isAvailable: false })] },
        [one('egg')],
        fault('item_unavailable', '/lines/0/modifiers/0/modifierId', /Egg is not available/),
      ],
      [
        'one that the menu does not hold is not found',
        {},
        [one('egg'), one('gold')],
        fault('not_found', '/lines/0/modifiers/1/modifierId', /modifier of Soup/),
      ],
      [
        'one of a group that the item does not have is not found',
        {},
        [one('cola')],
        fault('not_found', '/lines/0/modifiers/0/modifierId', /modifier of Soup/),
      ],
    ];
  for (const [name, group, choices, expected] of refused) {
    test(name, () => {
      assert.throws(() => choose(group, choices), expected);
    });
  }

  test('at the very limits of their group are taken', () => {
    const lines = choose({ minSelections: 3, maxSelections: 3 }, [one('chili', 3)]);
    assert.equal(lines[0]?.quantity, 3);
  });

  test('of an item that the menu does not hold are not looked for', () => {
    assert.throws(
      () => takingOf({}).choose('stew', [], '/lines/0', 1),
      fault('not_found', '/lines/0/menuItemId', /menu item/),
    );
  });

  test('are counted per group, each with its own limits and its own free ones', () => {
    const taking = takingOf({
      items: [itemOf({ modifierGroupIds: ['toppings', 'drinks'] })],
      modifierGroups: [
        groupOf({ freeSelections: 1, maxSelections: 2 }),
        groupOf({ id: 'drinks', name: 'Drinks', freeSelections: 1, modifiers: [modifierOf('cola', 300)] }),
      ],
    });
    const line = taking.take(requestOf({ modifiers: [one('cola', 2), one('cheese'), one('egg')] }), '/lines/0');
    assert.deepEqual(
      line.modifiers.map(({ modifierId, groupId, freeQuantity }) => [modifierId, groupId, freeQuantity]),
      [
        ['cheese', 'toppings', 0],
        ['egg', 'toppings', 1],
        ['cola', 'drinks', 1],
      ],
    );
  });

  test('that are free are the cheapest, and the line costs what the others cost', () => {
    const choices = [one('cheese'), one('chili', 2), one('egg')];
    for (const tapped of [choices, [...choices].reverse()]) {
      const taking = takingOf({
        items: [itemOf({ modifierGroupIds: ['toppings'] })],
        modifierGroups: [groupOf({ freeSelections: 3 })],
      });
      const line = taking.take(requestOf({ quantity: 2, modifiers: tapped }), '/lines/0');
      const priced = priceOrder({ lines: [line], discounts: [], tip: 0 });
      // Two chilis and the egg are free; the cheese is charged on each of two soups.
      assert.equal(priced.total, 2 * (600 + 150));
    }
  });
});
