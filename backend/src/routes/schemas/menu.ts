/** Schemas of the menu: categories, modifier groups, items and the menu as a till shows it. */
import { z } from 'zod';
import { ALLERGENS, DIET_TAGS } from '../../domain/menu/dietaryNames.js';
import { MEASURE_UNITS } from '../../domain/order/measure.js';
import {
  EXAMPLE_ID,
  amount,
  currency,
  edited,
  flag,
  id,
  optionalText,
  patchOf,
  searchQuery,
  severalOf,
  text,
  timestamp,
  weeklyInterval,
} from './common.js';
import { dietary, dietTag, languageTag, orderType, picture, translations, translationsInput } from './menuParts.js';
import { taxRate } from './tax.js';

const schedules = z
  .array(weeklyInterval)
  .max(50)
  .meta({ description: 'When it can be ordered, in the restaurant’s local time. Empty: always.' });
const position = z.int().min(0).max(1_000_000).meta({ description: 'Position in lists, lowest first.' });

export const categoryInput = z
  .strictObject({
    name: text(100),
    translations: translationsInput,
    position: position.optional(),
    schedules: schedules.optional(),
  })
  .meta({ id: 'CategoryInput' });
export const categoryPatch = patchOf(categoryInput).meta({ id: 'CategoryPatch' });
export const category = z
  .object({ ...edited, name: z.string(), translations, position: z.int(), schedules: z.array(weeklyInterval) })
  .meta({ id: 'Category' });

const modifierInput = z.strictObject({
  id: id.optional().meta({ description: 'Id of an existing modifier to keep. If absent, a new one is created.' }),
  name: text(100),
  translations: translationsInput,
  price: amount.default(0),
  maxQuantity: z.int().min(1).max(100).default(1),
  isAvailable: z.boolean().default(true),
  taxIds: z.array(id).max(10).optional().meta({
    description: 'Taxes of its own: it then has a line of its own in orders. Empty: the taxes of the item.',
  }),
});
const resolvedModifier = z
  .object({
    id,
    name: z.string(),
    price: amount,
    maxQuantity: z.int(),
    isAvailable: z.boolean(),
    taxIds: z.array(id),
  })
  .meta({ id: 'ResolvedModifier' });
const modifier = resolvedModifier.extend({ translations }).meta({ id: 'Modifier' });
const selections = z.int().min(0).max(100);

export const modifierGroupInput = z
  .strictObject({
    name: text(100),
    translations: translationsInput,
    minSelections: selections.default(0),
    maxSelections: selections.default(1),
    freeSelections: selections
      .default(0)
      .meta({ description: 'Number of chosen units that are free, the cheapest first.' }),
    modifiers: z.array(modifierInput).max(200),
  })
  .meta({ id: 'ModifierGroupInput' });
export const modifierGroupPatch = patchOf(
  z.strictObject({
    name: text(100),
    translations: translationsInput,
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
    modifiers: z.array(resolvedModifier),
  })
  .meta({ id: 'ResolvedModifierGroup' });
export const modifierGroup = resolvedModifierGroup
  .extend({ ...edited, currency, translations, modifiers: z.array(modifier) })
  .meta({ id: 'ModifierGroup' });

const variantInput = z.strictObject({
  id: id.optional().meta({ description: 'Id of an existing variant to keep. If absent, a new one is created.' }),
  name: text(100),
  translations: translationsInput,
  price: amount,
});
const resolvedVariant = z.object({ id, name: z.string(), price: amount }).meta({ id: 'ResolvedVariant' });
const variant = resolvedVariant.extend({ translations }).meta({ id: 'Variant' });
const remaining = z
  .int()
  .min(0)
  .max(1_000_000)
  .nullable()
  .meta({ description: 'Portions left. Null: not counted. Zero: sold out.' });
const until = timestamp
  .nullable()
  .meta({ description: 'If it is not available: the instant from which it is available again.' });

export const availability = z.object({ until, remaining });

const partPrice = amount.nullable().meta({
  description: 'Its share of the price, for all its units; the shares add up to it. Null: by the single prices.',
});
const setPartInput = z.strictObject({
  menuItemId: id,
  variantId: id.nullable().optional().meta({ description: 'Required if the item has variants.' }),
  quantity: z.int().min(1).max(20).default(1),
  price: partPrice.optional(),
});
const setPart = z.object({ menuItemId: id, variantId: id.nullable(), quantity: z.int(), price: partPrice });

export const menuItemInput = z
  .strictObject({
    name: text(200),
    categoryId: id,
    price: amount.meta({ description: 'Minor units. Ignored if the item has variants.' }),
    description: optionalText(2000),
    translations: translationsInput,
    variants: z.array(variantInput).max(50).optional(),
    modifierGroupIds: z.array(id).max(50).optional(),
    taxIds: z.array(id).max(10).optional(),
    allergens: z
      .array(text(50))
      .max(50)
      .optional()
      .meta({
        description:
          'Codes of the 14 allergens of the EU, or their names in ten languages. Other texts go to `otherAllergens`.',
        examples: [['gluten', 'milk']],
      }),
    otherAllergens: z
      .array(text(50))
      .max(100)
      .optional()
      .meta({ description: 'Free text: other substances, traces, kinds of nuts.', examples: [['wheat']] }),
    dietTags: z.array(dietTag).max(DIET_TAGS.length).optional(),
    pictureId: id.nullable().optional().meta({ description: 'An uploaded picture. Null: none.' }),
    station: optionalText(50),
    position: position.optional(),
    isAvailable: z.boolean().optional(),
    availability: z.strictObject({ until: until.optional(), remaining: remaining.optional() }).optional(),
    schedules: schedules.optional(),
    unit: z.enum(MEASURE_UNITS).nullable().optional().meta({
      description:
        'Sold by weight, volume, length or time: `price` is for one unit, and so is the recipe. Null: by the piece.',
    }),
    parts: z.array(setPartInput).max(20).optional().meta({
      description: 'Makes it a set menu: its price is split over the parts, each with its own taxes, stock and line.',
    }),
    isDeposit: z.boolean().optional().meta({
      description: 'The deposit of a bottle or a glass: without discounts and service charge, and it can be returned.',
    }),
    depositItemId: id
      .nullable()
      .optional()
      .meta({ description: 'An item with `isDeposit`: every unit sold brings it along, on a line of its own.' }),
    voucherPoolId: id.nullable().optional().meta({
      description:
        'A pool of vouchers: the item sells them for what they are worth. Multi-purpose ones are no revenue and have no tax until they pay. Single-purpose ones are revenue with the tax that the item names, and pay without. It cannot be changed.',
    }),
  })
  .meta({ id: 'MenuItemInput', override: { examples: [{ name: 'Tomato soup', categoryId: EXAMPLE_ID, price: 650 }] } });
export const menuItemPatch = patchOf(menuItemInput).meta({ id: 'MenuItemPatch' });
export const menuItemQuery = searchQuery.extend({
  categoryId: id.optional(),
  station: text(50).optional().meta({ description: 'The station, in upper or lower case.' }),
  isAvailable: flag
    .optional()
    .meta({ description: 'false: only items that were made unavailable. Counted portions are not looked at.' }),
});
export const menuItem = z
  .object({
    ...edited,
    name: z.string(),
    categoryId: id,
    price: amount,
    currency,
    description: z.string().nullable(),
    translations,
    variants: z.array(variant),
    modifierGroupIds: z.array(id),
    taxIds: z.array(id),
    ...dietary,
    pictureId: id.nullable(),
    picture: picture.nullable(),
    station: z.string().nullable(),
    position: z.int(),
    isAvailable: z.boolean(),
    availability,
    isOutOfStock: z.boolean().meta({
      description: 'No portion can be made: an ingredient with the policy auto_86 has run out.',
    }),
    schedules: z.array(weeklyInterval),
    unit: z.enum(MEASURE_UNITS).nullable(),
    parts: z.array(setPart),
    isDeposit: z.boolean(),
    depositItemId: id.nullable(),
    voucherPoolId: id.nullable(),
  })
  .meta({ id: 'MenuItem' });

export const availabilityInput = z
  .strictObject({ isAvailable: z.boolean(), until: until.optional(), remaining: remaining.optional() })
  .meta({ id: 'AvailabilityInput' });

export const menuQuery = z.strictObject({
  at: timestamp.optional().meta({ description: 'The instant for which the menu is resolved. Now if absent.' }),
  orderType: orderType.optional().meta({ description: 'Selects the taxes of this order type.' }),
  language: languageTag
    .optional()
    .meta({ description: 'Names in this language where they are translated; else as they are.', examples: ['de'] }),
  withoutAllergens: severalOf(
    ALLERGENS,
    'Only dishes without these allergens, in their parts either. Dishes with a text in `otherAllergens` that Servio ' +
      'does not recognise are left out, too. Choices are not looked at. ',
  ),
  diet: severalOf(DIET_TAGS, 'Only dishes with all these tags. Vegan dishes are vegetarian. '),
});

export const resolvedMenu = z
  .object({
    currency,
    orderType: orderType.nullable(),
    language: z
      .string()
      .nullable()
      .meta({ description: 'The language of the translations. Null: names are as they were entered.' }),
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
            variants: z.array(resolvedVariant),
            modifierGroups: z.array(resolvedModifierGroup),
            taxes: z.array(taxRate),
            ...dietary,
            station: z.string().nullable(),
            picture: picture.nullable(),
            schedules: z.array(weeklyInterval),
            isAvailable: z.boolean(),
            unavailableReason: z.enum(['not_available', 'sold_out', 'outside_schedule']).nullable(),
            remaining,
            unit: z.enum(MEASURE_UNITS).nullable(),
            parts: z.array(setPart.extend({ name: z.string() })),
            isDeposit: z.boolean(),
            deposit: z.object({ menuItemId: id, name: z.string(), price: amount }).nullable(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Menu' });
