/** What may be a part of a set menu. */
import { invalid, notFound } from '../../domain/shared/errors.js';
import type { SetPart } from '../../domain/menu/menu.js';
import type { PartItem } from '../../repositories/menu/MenuItemTable.js';

/**
 * @param items of the parts, as far as they exist.
 * @throws AppError not_found; invalid_request for an item that cannot be a part.
 */
export function assertParts(parts: readonly SetPart[], items: readonly PartItem[]): void {
  for (const [index, { menuItemId, variantId }] of parts.entries()) {
    const item = items.find(({ id }) => id === menuItemId);
    if (!item) throw notFound('menu item', `/parts/${index}/menuItemId`);
    if (item.isOther)
      throw invalid(
        `/parts/${index}/menuItemId`,
        `${item.name} is a deposit, a voucher, a set menu or sold by weight. Only items that are sold by the piece can be parts.`,
      );
    if (variantId === null && item.variants.length > 0)
      throw invalid(`/parts/${index}/variantId`, `${item.name} has variants: name the one that is in the set menu.`);
    if (variantId !== null && !item.variants.includes(variantId))
      throw notFound(`variant of ${item.name}`, `/parts/${index}/variantId`);
  }
}
