import type { InventoryItem } from '../../../../client/src/api.js';

/**
 * The quantity as a bar, with a mark at the reorder point; the whole width is the usual stock. The
 * figures are beside it, so it says nothing to a screen reader.
 */
export function Bullet({ item: { currentQuantity, reorderPoint, parLevel, isLow } }: { item: InventoryItem }) {
  const [quantity, reorder] = [Math.max(0, Number(currentQuantity)), Number(reorderPoint)];
  const whole = Math.max(Number(parLevel ?? 0), quantity, reorder * 1.5);
  if (whole <= 0) return null;
  return (
    <svg className="stock-bullet" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect className="stock-bullet__ground" width="100" height="12" />
      <rect
        className="stock-bullet__quantity"
        data-low={isLow || undefined}
        width={(100 * quantity) / whole}
        height="12"
      />
      {reorder > 0 && <rect className="stock-bullet__mark" x={(100 * reorder) / whole} width="1" height="12" />}
    </svg>
  );
}
