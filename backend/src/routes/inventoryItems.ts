import type { Call } from '../domain/shared/call.js';
import type { InventoryItem } from '../domain/inventory/inventory.js';
import type { InventoryService } from '../services/InventoryService.js';
import type { RestaurantService } from '../services/RestaurantService.js';
import { inventoryItem, inventoryItemInput, inventoryItemPatch, presentItem } from './schemas/inventory.js';
import { editableEndpoints } from './support/editable.js';
import type { Endpoint } from './support/endpoint.js';

export function inventoryItemEndpoints({
  inventory,
  restaurants,
}: {
  inventory: InventoryService;
  restaurants: RestaurantService;
}): Endpoint[] {
  return editableEndpoints({
    path: 'inventory-items',
    tag: 'Inventory items',
    scope: 'inventory',
    one: 'an inventory item',
    many: 'inventory items',
    onDelete:
      'Refused while a recipe uses the item, an open purchase order contains it, or some of it is in stock. Its ledger is kept.',
    resource: inventory.items,
    input: inventoryItemInput,
    patch: inventoryItemPatch,
    output: inventoryItem,
    isSearchable: true,
    etag: 'version+content',
    present: async (call: Call) => {
      const price = await restaurants.pricer(call);
      return (item: InventoryItem) => price(presentItem(item));
    },
  });
}
