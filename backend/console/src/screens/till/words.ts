/** Orders and lines in words. */
import { useTranslations } from 'use-intl';
import type { Customer, MenuCategoryItem, OrderType } from '../../../../client/src/api.js';

/** The variant and the modifiers of a line, by their names. */
export function detailsOf(
  item: MenuCategoryItem,
  variantId: string | undefined,
  modifiers: readonly { modifierId: string; quantity: number }[],
): string[] {
  const variant = item.variants.find(({ id }) => id === variantId);
  const known = item.modifierGroups.flatMap((group) => group.modifiers);
  const chosen = modifiers.flatMap(({ modifierId, quantity }) => {
    const name = known.find(({ id }) => id === modifierId)?.name;
    return name === undefined ? [] : [quantity > 1 ? `${quantity} × ${name}` : name];
  });
  return [...(variant ? [variant.name] : []), ...chosen];
}

interface Named {
  type: OrderType;
  table: string | null;
  customer: Customer | null;
}

/** How the staff call an order: its table, its guest, or its type. */
export function useNameOf(): (order: Named) => string {
  const t = useTranslations();
  return ({ type, table, customer }) => {
    if (table) return t('table', { name: table });
    return customer?.name ? customer.name : t(`orderType.${type}`);
  };
}
