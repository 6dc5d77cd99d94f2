/** Schemas of inventory items, recipes and stock movements. */
import { z } from 'zod';
import { type InventoryItem, isItemLow } from '../../domain/inventory/inventory.js';
import { formatQuantity, parseQuantity } from '../../domain/number/quantity.js';
import { MOVEMENT_KINDS, STOCK_POLICIES } from '../../domain/stock/stock.js';
import {
  EXAMPLE_ID,
  businessDate,
  currency,
  edited,
  id,
  pageQuery,
  patchOf,
  percent,
  text,
  timestamp,
} from './common.js';
import { decimal, money } from './exported.js';

const QUANTITY = 'Give a quantity as decimal text with at most six decimals, for example "1.250".';

/** Within the limits of `parseQuantity`. */
const DECIMAL = /^-?\d{1,12}(?:\.\d{1,6})?$/;
const MOST_WHOLE = 999_999_999_999;
const EXAMPLES = { examples: ['1.25'] };

/**
 * A quantity as decimal text, turned into its shortest form. A whole JSON number is accepted too.
 */
const signedQuantity = z
  .union([z.string().regex(DECIMAL, QUANTITY), z.int(QUANTITY).min(-MOST_WHOLE, QUANTITY).max(MOST_WHOLE, QUANTITY)], {
    error: QUANTITY,
  })
  .transform((value) => shortest(String(value)))
  .pipe(z.string().regex(DECIMAL, QUANTITY))
  .meta(EXAMPLES);
export const quantity = signedQuantity
  .refine((value) => !value.startsWith('-'), 'A quantity cannot be negative here.')
  .meta(EXAMPLES);
export const positiveQuantity = quantity.refine((value) => value !== '0', 'Give a quantity above zero.').meta(EXAMPLES);

/**
 * Minor units per stock unit. It has up to six decimals, because a gram may cost less than a cent.
 */
const unitCost = quantity.meta({
  ...EXAMPLES,
  description:
    'Minor units of the currency for one stock unit, as decimal text: "1250" is 12.50 EUR per kg, "0.35" is 0.35 cents per gram.',
});

export const shown = decimal(z.string()).meta({ description: 'Decimal text.' });
export const unit = text(30);
const WHOLE_NUMBER = 'Give a whole number above zero, of at most 15 digits.';
const wholeNumber = z
  .union([z.string().regex(/^[1-9]\d{0,14}$/, WHOLE_NUMBER), z.int(WHOLE_NUMBER).min(1, WHOLE_NUMBER)], {
    error: WHOLE_NUMBER,
  })
  .transform(String);

const itemUnit = z.strictObject({ unit, numerator: wholeNumber, denominator: wholeNumber.default('1') }).meta({
  id: 'ItemUnitInput',
  description: 'One `unit` equals numerator/denominator stock units: a crate of 24 is 24/1.',
});

export const inventoryItemInput = z
  .strictObject({
    name: text(200),
    unit: unit.meta({
      description: 'Stock unit: mg g kg oz lb ml cl dl l tsp tbsp fl_oz cup pt qt gal piece dozen, or your own word.',
    }),
    units: z.array(itemUnit).max(20).optional(),
    policy: z.enum(STOCK_POLICIES).optional().meta({
      description:
        'Rule for a sale that needs more than is in stock. forbid: the sale is refused. allow_negative (default): the sale is accepted. auto_86: the sale is refused, and dishes are unavailable while no portion can be made.',
    }),
    locationId: id.nullable().optional(),
    reorderPoint: quantity.optional().meta({ ...EXAMPLES, description: 'The item is low below this quantity.' }),
    parLevel: quantity
      .nullable()
      .optional()
      .meta({
        ...EXAMPLES,
        description: 'Order proposals fill the stock up to this quantity. Not below `reorderPoint`.',
      }),
    openingQuantity: quantity
      .optional()
      .meta({ ...EXAMPLES, description: 'Opening stock of a new item. It is posted as its own movement.' }),
    unitCost: unitCost.optional(),
  })
  .meta({ id: 'InventoryItemInput' });
export const inventoryItemPatch = patchOf(inventoryItemInput.omit({ openingQuantity: true })).meta({
  id: 'InventoryItemPatch',
});
export const inventoryItem = z
  .object({
    ...edited,
    name: z.string(),
    unit: z.string(),
    units: z.array(z.object({ unit: z.string(), numerator: z.string(), denominator: z.string() })),
    policy: z.enum(STOCK_POLICIES),
    locationId: id.nullable(),
    reorderPoint: shown,
    parLevel: shown.nullable(),
    currentQuantity: shown.meta({ description: 'Always the sum of the item’s movements.' }),
    isLow: z.boolean(),
    unitCost: money(shown.meta({ description: 'Moving average, minor units for one stock unit.' })),
    currency,
  })
  .meta({ id: 'InventoryItem' });

const recipeLineInput = z
  .strictObject({
    inventoryItemId: id.nullable().optional(),
    recipeId: id.nullable().optional(),
    quantity: signedQuantity.meta({
      ...EXAMPLES,
      description: 'Quantity without waste. Negative only in a modifier’s recipe, for an ingredient that it saves.',
    }),
    unit: unit.optional().meta({ description: 'If absent: the item’s stock unit, or the recipe’s yield unit.' }),
    wastePercent: percent.optional().meta({
      description:
        'Percentage of the quantity taken from stock that is lost; below 100. taken = quantity x 100 / (100 - wastePercent).',
    }),
  })
  .meta({ id: 'RecipeLineInput' });

export const recipeInput = z
  .strictObject({
    name: text(200).optional(),
    menuItemId: id.nullable().optional(),
    variantId: id
      .nullable()
      .optional()
      .meta({ description: 'A variant of the item in `menuItemId`. Send both together.' }),
    modifierId: id.nullable().optional(),
    outputItemId: id
      .nullable()
      .optional()
      .meta({ description: 'Inventory item under which the preparation is kept in stock.' }),
    yield: positiveQuantity
      .optional()
      .meta({ ...EXAMPLES, description: 'Quantity that all lines together produce. 1 if absent.' }),
    yieldUnit: unit.optional().meta({ description: '`portion` if absent.' }),
    lines: z.array(recipeLineInput).min(1, 'A recipe needs at least one line.').max(100),
  })
  .meta({
    id: 'RecipeInput',
    override: {
      examples: [{ menuItemId: EXAMPLE_ID, lines: [{ inventoryItemId: EXAMPLE_ID, quantity: '0.250', unit: 'kg' }] }],
    },
  });
export const recipePatch = patchOf(recipeInput).meta({ id: 'RecipePatch' });
export const recipe = z
  .object({
    ...edited,
    name: z.string(),
    menuItemId: id.nullable(),
    variantId: id.nullable(),
    modifierId: id.nullable(),
    outputItemId: id.nullable(),
    yield: shown,
    yieldUnit: z.string(),
    lines: z.array(
      z.object({
        inventoryItemId: id.nullable(),
        recipeId: id.nullable(),
        quantity: shown,
        unit: z.string(),
        wastePercent: z.string(),
      }),
    ),
  })
  .meta({ id: 'Recipe' });

export const stockLocationInput = z.strictObject({ name: text(100) }).meta({ id: 'StockLocationInput' });
export const stockLocationPatch = patchOf(stockLocationInput).meta({ id: 'StockLocationPatch' });
export const stockLocation = z.object({ ...edited, name: z.string() }).meta({ id: 'StockLocation' });

/** A movement posted by hand. Orders, counts and transfers post their own movements. */
export const movementInput = z
  .strictObject({
    inventoryItemId: id,
    kind: z.enum(['receipt', 'waste', 'correction']),
    quantity: signedQuantity
      .refine((value) => value !== '0', 'Give a quantity other than zero.')
      .meta({
        description:
          'In `unit`. receipt: into stock. waste: out of stock, without a sign. correction: positive or negative.',
      }),
    unit: unit.optional().meta({ description: 'The item’s stock unit if absent.' }),
    unitCost: unitCost.optional(),
    locationId: id.optional().meta({ description: 'The item’s own location if absent.' }),
    reason: text(500).optional().meta({ description: 'Required for waste and corrections.' }),
  })
  .meta({ id: 'StockMovementInput' });
export const movementQuery = pageQuery.extend({
  inventoryItemId: id.optional(),
});
export const movement = z
  .object({
    id,
    inventoryItemId: id,
    kind: z.enum(MOVEMENT_KINDS),
    quantity: shown.meta({ description: 'Positive: into stock. Negative: out of stock.' }),
    unitCost: money(shown.meta({ description: 'Minor units for one stock unit.' })),
    locationId: id.nullable(),
    source: z.object({ kind: z.string(), id, version: z.int() }),
    reason: z.string().nullable(),
    businessDate,
    occurredAt: timestamp,
    createdBy: z.string(),
    createdAt: timestamp,
    currency,
  })
  .meta({ id: 'StockMovement' });

export function presentItem({ averageCost, ...item }: InventoryItem) {
  return { ...item, unitCost: averageCost, isLow: isItemLow({ ...item, averageCost }) };
}

function shortest(value: string): string {
  const micros = parseQuantity(value);
  return micros === undefined ? value : formatQuantity(micros);
}
