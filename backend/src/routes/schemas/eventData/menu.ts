/** Data of events about the menu. */
import { z } from 'zod';
import { id } from '../common.js';
import { category, menuItem, modifierGroup } from '../menu.js';
import { tax } from '../tax.js';

const item = menuItem.omit({ currency: true, picture: true });
const group = modifierGroup.omit({ currency: true });

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
