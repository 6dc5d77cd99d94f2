/** Requests that change many parts of the menu at once, and their answers. */
import { z } from 'zod';
import { ROUNDING_DIRECTIONS } from '../../domain/menu/priceChange.js';
import { MAX_AMOUNT } from '../../domain/number/money.js';
import { MAX_CHANGED, MAX_ORDERED } from '../../services/menu/bulk/bulkInputs.js';
import { amount, EXAMPLE_ID, id } from './common.js';
import { availability, availabilityInput } from './menu.js';

const PERCENT_HINT = 'Give a percentage from -100 to 1000 with at most four decimals, for example "-2.5".';

function ids(description: string) {
  return z.array(id).max(MAX_CHANGED).optional().meta({ description });
}

const selection = z
  .strictObject({
    menuItemIds: ids('Items with all their variants.'),
    variantIds: ids('Single variants, for prices.'),
    categoryIds: ids('All items of these categories.'),
    exceptMenuItemIds: ids('Items that are left out, although they are selected.'),
    modifierGroupIds: ids('All modifiers of these groups.'),
    modifierIds: ids('Single modifiers.'),
  })
  .meta({ id: 'MenuSelection' });

const rounding = z
  .strictObject({
    step: z.int().min(1).max(1_000_000).meta({ description: 'In minor units: 5, 10, 100.' }),
    ending: z.int().min(0).max(999_999).default(0).meta({ description: 'Above whole steps: step 100 and 90 is x.90.' }),
    direction: z
      .enum(ROUNDING_DIRECTIONS)
      .default('nearest')
      .meta({ description: 'Halves are rounded up by `nearest`.' }),
  })
  .refine(({ step, ending }) => ending < step, { path: ['ending'], message: 'Must be less than the step.' })
  .meta({ id: 'PriceRounding' });

const percentOfPrice = z
  .string()
  .regex(/^-?\d{1,4}(?:\.\d{1,4})?$/, PERCENT_HINT)
  .refine((value) => Number(value) >= -100 && Number(value) <= 1000, PERCENT_HINT);

const priceChange = z
  .strictObject({
    set: amount.optional().meta({ description: 'The new price.' }),
    by: z.int().min(-MAX_AMOUNT).max(MAX_AMOUNT).optional().meta({ description: 'Minor units that are added.' }),
    byPercent: percentOfPrice.optional().meta({
      description: 'Added to the price, as decimal text. A price of 0 stays 0.',
      examples: ['3.5'],
    }),
    rounding: rounding.optional().meta({ description: 'For `by` and `byPercent`. Absent: to the minor unit.' }),
  })
  .refine(
    ({ set, by, byPercent }) => [set, by, byPercent].filter((one) => one !== undefined).length === 1,
    'Send exactly one of set, by and byPercent.',
  )
  .refine(({ set, rounding }) => set === undefined || rounding === undefined, {
    path: ['rounding'],
    message: 'A price that is set is not rounded. Leave it out.',
  })
  .meta({ id: 'PriceChange' });

const versions = z.record(id, z.int().min(1)).meta({ examples: [{ [EXAMPLE_ID]: 3 }] });

export const bulkInput = z
  .strictObject({
    select: selection,
    price: priceChange.optional(),
    availability: availabilityInput.optional(),
    versions: versions
      .refine((sent) => Object.keys(sent).length <= MAX_CHANGED, `Give at most ${MAX_CHANGED} versions.`)
      .optional()
      .meta({
        description: 'As a dry run has answered. The call is refused (412) if something else would change by now.',
      }),
    dryRun: z.boolean().optional().meta({ description: 'True: shows what would change, and changes nothing.' }),
  })
  .meta({
    id: 'MenuBulkInput',
    override: {
      examples: [
        {
          select: { categoryIds: [EXAMPLE_ID] },
          price: { byPercent: '3.5', rounding: { step: 10, ending: 0, direction: 'nearest' } },
          dryRun: true,
        },
      ],
    },
  });

const state = z.object({
  price: amount,
  isAvailable: z.boolean().nullable().meta({ description: 'Null: a variant has none of its own.' }),
  availability: availability.nullable().meta({ description: 'Null: only items have it.' }),
});

export const bulkOutcome = z
  .object({
    dryRun: z.boolean(),
    changes: z.array(
      z
        .object({
          kind: z.enum(['menu_item', 'variant', 'modifier']),
          id,
          parentId: id.nullable().meta({ description: 'The item of a variant, the group of a modifier.' }),
          name: z.string(),
          before: state,
          after: state,
        })
        .meta({ id: 'MenuBulkChange' }),
    ),
    unchanged: z.int().meta({ description: 'Items and groups that are as they should be already.' }),
    versions: versions.meta({
      description: 'Items and groups that change. After a dry run: their versions before, to send back.',
    }),
  })
  .meta({ id: 'MenuBulkOutcome' });

const orderedIds = z.array(id).max(MAX_ORDERED);
const lists = <Shape extends z.ZodRawShape>(shape: Shape) => z.array(z.strictObject(shape)).max(MAX_CHANGED).optional();

export const menuOrderInput = z
  .strictObject({
    categoryIds: orderedIds.optional().meta({ description: 'All categories.' }),
    menuItems: lists({ categoryId: id, menuItemIds: orderedIds }).meta({ description: 'All items of a category.' }),
    variants: lists({ menuItemId: id, variantIds: orderedIds }).meta({ description: 'All variants of an item.' }),
    modifierGroups: lists({ menuItemId: id, modifierGroupIds: orderedIds }).meta({
      description: 'All modifier groups of an item.',
    }),
    modifiers: lists({ modifierGroupId: id, modifierIds: orderedIds }).meta({
      description: 'All modifiers of a group.',
    }),
  })
  .meta({ id: 'MenuOrderInput', override: { examples: [{ categoryIds: [EXAMPLE_ID] }] } });

export const menuOrderOutcome = z
  .object({
    versions: versions.meta({ description: 'New versions of the things that have another place now.' }),
  })
  .meta({ id: 'MenuOrderOutcome' });
