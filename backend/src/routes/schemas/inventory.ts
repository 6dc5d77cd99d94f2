/** Shapes of the store room: items, recipes, movements. */
import { z } from 'zod';
import { type InventoryItem, isItemLow } from '../../domain/inventory/inventory.js';
import { formatQuantity, parseQuantity } from '../../domain/number/quantity.js';
import { MOVEMENT_KINDS, STOCK_POLICIES } from '../../domain/stock/stock.js';
import { businessDate, currency, edited, id, pageQuery, patchOf, percent, text, timestamp } from './common.js';

const QUANTITY = 'Give a quantity as decimal text with at most six decimals, for example "1.250".';

/** Inside the limits of `parseQuantity`. */
const DECIMAL = /^-?\d{1,12}(?:\.\d{1,6})?$/;
const MOST_WHOLE = 999_999_999_999;
const EXAMPLES = { examples: ['1.25'] };

/** A quantity of stock as decimal text, in its shortest spelling from here on. A whole JSON number is taken too. */
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
export const positiveQuantity = quantity.refine((value) => value !== '0', 'Give more than nothing.').meta(EXAMPLES);

/** Minor units of the currency per stock unit, with up to six decimals, since a gram costs less than a cent. */
const unitCost = quantity.meta({
  ...EXAMPLES,
  description:
    'Minor units of the currency for one stock unit, as decimal text: "1250" is 12.50 EUR a kg, "0.35" a third of a cent a gram.',
});

export const shown = z.string().meta({ description: 'Decimal text.' });
export const unit = text(30);
const WHOLE_NUMBER = 'Give a whole number above zero, of at most 15 digits.';
const wholeNumber = z
  .union([z.string().regex(/^[1-9]\d{0,14}$/, WHOLE_NUMBER), z.int(WHOLE_NUMBER).min(1, WHOLE_NUMBER)], {
    error: WHOLE_NUMBER,
  })
  .transform(String);

const itemUnit = z.strictObject({ unit, numerator: wholeNumber, denominator: wholeNumber.default('1') }).meta({
  id: 'ItemUnitInput',
  description: 'One of `unit` is numerator/denominator stock units: a crate of 24 is 24/1.',
});

export const inventoryItemInput = z
  .strictObject({
    name: text(200),
    unit: unit.meta({
      description:
        'What it is counted in: mg g kg oz lb ml cl dl l tsp tbsp fl_oz cup pt qt gal piece dozen, or a word of your own.',
    }),
    units: z.array(itemUnit).max(20).optional(),
    policy: z.enum(STOCK_POLICIES).optional().meta({
      description:
        'When a sale asks for more than there is. forbid: it is refused. allow_negative (default): it goes through. auto_86: it is refused, and dishes leave the menu while a portion cannot be made.',
    }),
    locationId: id.nullable().optional(),
    reorderPoint: quantity.optional().meta({ ...EXAMPLES, description: 'Low below it.' }),
    parLevel: quantity
      .nullable()
      .optional()
      .meta({ ...EXAMPLES, description: 'What orders to suppliers fill up to: not below `reorderPoint`.' }),
    openingQuantity: quantity.optional().meta({ ...EXAMPLES, description: 'Of a new item; a movement of its own.' }),
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
    unitCost: shown.meta({ description: 'Moving average, minor units for one stock unit.' }),
    currency,
  })
  .meta({ id: 'InventoryItem' });

const recipeLineInput = z
  .strictObject({
    inventoryItemId: id.nullable().optional(),
    recipeId: id.nullable().optional(),
    quantity: signedQuantity.meta({
      ...EXAMPLES,
      description: 'Net of waste. Negative only in the recipe of a modifier: it gives back.',
    }),
    unit: unit.optional().meta({ description: 'The item’s stock unit, or what the recipe yields, if absent.' }),
    wastePercent: percent.optional().meta({
      description:
        'Part of what is taken from stock that is lost, below 100: taken = quantity x 100 / (100 - wastePercent).',
    }),
  })
  .meta({ id: 'RecipeLineInput' });

export const recipeInput = z
  .strictObject({
    name: text(200).optional(),
    menuItemId: id.nullable().optional(),
    variantId: id.nullable().optional().meta({ description: 'Of the item in `menuItemId`, which goes with it.' }),
    modifierId: id.nullable().optional(),
    outputItemId: id.nullable().optional().meta({ description: 'The inventory item that a preparation is kept as.' }),
    yield: positiveQuantity.optional().meta({ ...EXAMPLES, description: 'What the lines together give; 1 if absent.' }),
    yieldUnit: unit.optional().meta({ description: '`portion` if absent.' }),
    lines: z.array(recipeLineInput).min(1, 'A recipe needs at least one line.').max(100),
  })
  .meta({ id: 'RecipeInput' });
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

/** Movements that a person may post by hand. Sales, counts and transfers come from orders, counts and transfers. */
export const movementInput = z
  .strictObject({
    inventoryItemId: id,
    kind: z.enum(['receipt', 'waste', 'correction']),
    quantity: signedQuantity
      .refine((value) => value !== '0', 'Move more than nothing.')
      .meta({
        description:
          'In the given unit. receipt: into stock. waste: out of stock, written without a sign. correction: either way.',
      }),
    unit: unit.optional().meta({ description: 'The item’s stock unit if absent.' }),
    unitCost: unitCost.optional(),
    locationId: id.optional().meta({ description: 'The item’s own location if absent.' }),
    reason: text(500).optional().meta({ description: 'Needed for waste and corrections.' }),
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
    quantity: shown.meta({ description: 'Into stock when positive.' }),
    unitCost: shown,
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
