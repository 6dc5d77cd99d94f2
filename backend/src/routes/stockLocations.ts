import type { InventoryService } from '../services/InventoryService.js';
import { stockLocation, stockLocationInput, stockLocationPatch } from './schemas/inventory.js';
import { editableEndpoints } from './support/editable.js';
import type { Endpoint } from './support/endpoint.js';

export function stockLocationEndpoints({ inventory }: { inventory: InventoryService }): Endpoint[] {
  return editableEndpoints({
    path: 'stock-locations',
    tag: 'Stock locations',
    scope: 'inventory',
    one: 'a stock location',
    many: 'stock locations',
    onDelete: 'Refused while items are kept there.',
    resource: inventory.locations,
    input: stockLocationInput,
    patch: stockLocationPatch,
    output: stockLocation,
  });
}
