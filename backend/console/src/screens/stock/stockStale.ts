/** What a movement of stock makes old. */
export const STOCK_STALE = [
  'listInventoryItems',
  'getInventoryItem',
  'listStockMovements',
  'listStock',
  'listLowStock',
] as const;
