import { z } from 'zod';
import { ORDER_TYPES } from '../../domain/menu/menu.js';
import {
  amount,
  currency,
  edited,
  id,
  optionalText,
  patchOf,
  percent,
  text,
  timestamp,
  weeklyInterval,
} from './common.js';

export const orderType = z.enum(ORDER_TYPES).meta({ id: 'OrderType' });
const schedules = z
  .array(weeklyInterval)
  .max(50)
  .meta({ description: 'When it can be ordered, by the restaurant’s clock. Empty: always.' });
const position = z.int().min(0).max(1_000_000).meta({ description: 'Place in lists, lowest first.' });

export const categoryInput = z
  .strictObject({ name: text(100), position: position.optional(), schedules: schedules.optional() })
  .meta({ id: 'CategoryInput' });
export const categoryPatch = patchOf(categoryInput).meta({ id: 'CategoryPatch' });
export const category = z
  .object({ ...edited, name: z.string(), position: z.int(), schedules: z.array(weeklyInterval) })
  .meta({ id: 'Category' });

export const taxInput = z
  .strictObject({
    name: text(100),
    rate: percent,
    inclusive: z.boolean().meta({ description: 'True: contained in prices. False: added to them.' }),
    orderTypes: z
      .array(orderType)
      .max(ORDER_TYPES.length)
      .optional()
      .meta({ description: 'Types of order it counts for. Empty: all.' }),
  })
  .meta({ id: 'TaxInput' });
export const taxPatch = patchOf(taxInput).meta({ id: 'TaxPatch' });
export const tax = z
  .object({ ...edited, name: z.string(), rate: z.string(), inclusive: z.boolean(), orderTypes: z.array(orderType) })
  .meta({ id: 'Tax' });

const modifierInput = z.strictObject({
  id: id.optional().meta({ description: 'Of a modifier that stays; without it, a new one is made.' }),
  name: text(100),
  price: amount.default(0),
  maxQuantity: z.int().min(1).max(100).default(1),
  isAvailable: z.boolean().default(true),
});
const modifier = z
  .object({ id, name: z.string(), price: amount, maxQuantity: z.int(), isAvailable: z.boolean() })
  .meta({ id: 'Modifier' });
const selections = z.int().min(0).max(100);

export const modifierGroupInput = z
  .strictObject({
    name: text(100),
    minSelections: selections.default(0),
    maxSelections: selections.default(1),
    freeSelections: selections
      .default(0)
      .meta({ description: 'How many chosen units cost nothing: the cheapest ones.' }),
    modifiers: z.array(modifierInput).max(200),
  })
  .meta({ id: 'ModifierGroupInput' });
export const modifierGroupPatch = patchOf(
  z.strictObject({
    name: text(100),
    minSelections: selections,
    maxSelections: selections,
    freeSelections: selections,
    modifiers: z.array(modifierInput).max(200).meta({ description: 'Replaces the whole list.' }),
  }),
).meta({ id: 'ModifierGroupPatch' });
const resolvedModifierGroup = z
  .object({
    id,
    name: z.string(),
    minSelections: z.int(),
    maxSelections: z.int(),
    freeSelections: z.int(),
    modifiers: z.array(modifier),
  })
  .meta({ id: 'ResolvedModifierGroup' });
export const modifierGroup = resolvedModifierGroup.extend({ ...edited, currency }).meta({ id: 'ModifierGroup' });

const variantInput = z.strictObject({
  id: id.optional().meta({ description: 'Of a variant that stays; without it, a new one is made.' }),
  name: text(100),
  price: amount,
});
const variant = z.object({ id, name: z.string(), price: amount }).meta({ id: 'Variant' });
const remaining = z
  .int()
  .min(0)
  .max(1_000_000)
  .nullable()
  .meta({ description: 'Portions left. Null: not counted. Zero: sold out.' });
const until = timestamp.nullable().meta({ description: 'While not available: the instant from which it is again.' });

export const menuItemInput = z
  .strictObject({
    name: text(200),
    categoryId: id,
    price: amount.meta({ description: 'Minor units; of no account when the item has variants.' }),
    description: optionalText(2000),
    variants: z.array(variantInput).max(50).optional(),
    modifierGroupIds: z.array(id).max(50).optional(),
    taxIds: z.array(id).max(10).optional(),
    allergens: z.array(text(50)).max(50).optional(),
    station: optionalText(50),
    position: position.optional(),
    isAvailable: z.boolean().optional(),
    availability: z.strictObject({ until: until.optional(), remaining: remaining.optional() }).optional(),
    schedules: schedules.optional(),
  })
  .meta({ id: 'MenuItemInput' });
export const menuItemPatch = patchOf(menuItemInput).meta({ id: 'MenuItemPatch' });
export const menuItem = z
  .object({
    ...edited,
    name: z.string(),
    categoryId: id,
    price: amount,
    currency,
    description: z.string().nullable(),
    variants: z.array(variant),
    modifierGroupIds: z.array(id),
    taxIds: z.array(id),
    allergens: z.array(z.string()),
    station: z.string().nullable(),
    position: z.int(),
    isAvailable: z.boolean(),
    availability: z.object({ until, remaining }),
    isOutOfStock: z.boolean().meta({
      description: 'The store room cannot make a portion: an ingredient with the policy auto_86 has run out.',
    }),
    schedules: z.array(weeklyInterval),
  })
  .meta({ id: 'MenuItem' });

export const availabilityInput = z
  .strictObject({ isAvailable: z.boolean(), until: until.optional(), remaining: remaining.optional() })
  .meta({ id: 'AvailabilityInput' });

export const menuQuery = z.strictObject({
  at: timestamp.optional().meta({ description: 'Instant to resolve the menu for; now if absent.' }),
  orderType: orderType.optional().meta({ description: 'Picks the taxes that count for it.' }),
});

export const taxRate = z
  .object({ taxId: id, name: z.string(), rate: z.string(), inclusive: z.boolean() })
  .meta({ id: 'TaxRate', description: 'Rate in percent as decimal text.' });

export const resolvedMenu = z
  .object({
    currency,
    orderType: orderType.nullable(),
    categories: z.array(
      z.object({
        id,
        name: z.string(),
        schedules: z.array(weeklyInterval),
        items: z.array(
          z.object({
            id,
            name: z.string(),
            description: z.string().nullable(),
            price: amount,
            variants: z.array(variant),
            modifierGroups: z.array(resolvedModifierGroup),
            taxes: z.array(taxRate),
            allergens: z.array(z.string()),
            station: z.string().nullable(),
            schedules: z.array(weeklyInterval),
            isAvailable: z.boolean(),
            unavailableReason: z.enum(['not_available', 'sold_out', 'outside_schedule']).nullable(),
            remaining,
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Menu' });
