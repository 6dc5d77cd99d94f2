/** Data of events about the menu. */
import { z } from 'zod';
import { id } from '../common.js';
import * as menu from '../menu.js';
import * as taxes from '../tax.js';

// Events are kept as they were written: those of older releases lack the fields that are optional
// here.
const translated = { translations: true } as const;
const category = menu.category.partial(translated);
const tax = taxes.tax.partial({ vatCategory: true, exemptionCode: true, exemptionReason: true });
const { variants, modifiers } = { ...menu.menuItem.shape, ...menu.modifierGroup.shape };
const item = menu.menuItem
  .omit({ currency: true, picture: true })
  .partial({
    ...translated,
    otherAllergens: true,
    dietTags: true,
    pictureId: true,
    unit: true,
    parts: true,
    isDeposit: true,
    depositItemId: true,
    voucherPoolId: true,
  })
  .extend({
    variants: z.array(variants.element.partial(translated)),
    allergens: z.array(z.string()).meta({ description: 'One of `Allergen`; free text on older events.' }),
  });
const group = menu.modifierGroup
  .omit({ currency: true })
  .partial(translated)
  .extend({ modifiers: z.array(modifiers.element.partial({ ...translated, taxIds: true })) });

/** Of an import: what the file says of it. Read the thing itself for the rest. */
function orImported<Shape extends z.ZodRawShape>(thing: z.ZodObject<Shape>) {
  return z.union([thing, thing.partial().extend({ id, importId: id })]);
}

export const MENU_EVENTS = {
  'category.created': orImported(category),
  'category.changed': category,
  'category.deleted': category,
  'tax.created': tax,
  'tax.changed': tax,
  'tax.deleted': tax,
  'modifier_group.created': orImported(group),
  'modifier_group.changed': orImported(group),
  'modifier_group.deleted': group,
  'menu_item.created': orImported(item),
  'menu_item.changed': orImported(item),
  'menu_item.deleted': item,
  // The short form: an ingredient has run out, or has come back.
  'menu_item.availability_changed': z.union([item, z.object({ isOutOfStock: z.boolean() })]),
};
