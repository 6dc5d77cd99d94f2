import type { InventoryService } from '../services/InventoryService.js';
import type { RestaurantService } from '../services/RestaurantService.js';
import type { StockTakingService } from '../services/StockTakingService.js';
import { pageOf, pageQuery } from './schemas/common.js';
import { inventoryItem, movement, movementInput, movementQuery, presentItem } from './schemas/inventory.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const TAG = 'Stock';

export function stockEndpoints({
  inventory,
  stockTaking,
  restaurants,
}: {
  inventory: InventoryService;
  stockTaking: StockTakingService;
  restaurants: RestaurantService;
}): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/stock/low',
      name: 'listLowStock',
      tag: TAG,
      summary: 'List items below their reorder point',
      access: 'inventory:read',
      query: pageQuery,
      response: pageOf(inventoryItem),
      handle: async ({ call, query }) => {
        const price = await restaurants.pricer(call);
        const { data, nextCursor } = await inventory.low(call, query);
        return { data: data.map((item) => price(presentItem(item))), nextCursor };
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/stock/movements',
      tag: TAG,
      summary: 'List stock movements, newest first',
      access: 'inventory:read',
      query: movementQuery,
      response: pageOf(movement),
      handle: async ({ call, query: { inventoryItemId, ...page } }) => {
        const price = await restaurants.pricer(call);
        const { data, nextCursor } = await inventory.movements(call, inventoryItemId, page);
        return { data: data.map(price), nextCursor };
      },
    }),
    endpoint({
      method: 'post',
      path: '/v1/stock/movements',
      name: 'postStockMovement',
      tag: TAG,
      summary: 'Post a receipt, waste or a correction by hand',
      access: 'stock:write',
      body: movementInput,
      status: 201,
      response: movement,
      handle: async ({ call, body }) => {
        const price = await restaurants.pricer(call);
        return price(await stockTaking.move(call, body));
      },
    }),
  ];
}
