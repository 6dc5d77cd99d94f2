import type { Call } from '../domain/shared/call.js';
import type { RestaurantService } from '../services/RestaurantService.js';
import type { StockTakingService } from '../services/StockTakingService.js';
import type { CountSheet } from '../services/stockTaking/StockCounts.js';
import { idParams, pageOf, pageQuery } from './schemas/common.js';
import {
  countInput,
  countLinesInput,
  presentCount,
  presentSheet,
  stockCount,
  stockCountSheet,
} from './schemas/stockCounts.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const TAG = 'Stock counts';

interface Services {
  stockTaking: StockTakingService;
  restaurants: RestaurantService;
}

export function stockCountEndpoints({ stockTaking: { counts }, restaurants }: Services): Endpoint[] {
  const present = async (call: Call, sheet: Promise<CountSheet>) => {
    const shown = presentSheet(await sheet);
    return (await restaurants.pricer(call))(shown);
  };
  return [
    endpoint({
      method: 'get',
      path: '/v1/stock/counts',
      tag: TAG,
      summary: 'List stock counts, newest first',
      access: 'inventory:read',
      query: pageQuery,
      response: pageOf(stockCount),
      handle: async ({ call, query }) => {
        const price = await restaurants.pricer(call);
        const { data, nextCursor } = await counts.list(call, query);
        return { data: data.map((count) => price(presentCount(count))), nextCursor };
      },
    }),
    endpoint({
      method: 'post',
      path: '/v1/stock/counts',
      name: 'openStockCount',
      tag: TAG,
      summary: 'Open a stock count of a location, of some items or of everything',
      access: 'stock:write',
      body: countInput,
      status: 201,
      response: stockCountSheet,
      handle: ({ call, body }) => present(call, counts.open(call, body)),
    }),
    endpoint({
      method: 'get',
      path: '/v1/stock/counts/{id}',
      tag: TAG,
      summary: 'Get a stock count with its lines',
      access: 'inventory:read',
      params: idParams,
      response: stockCountSheet,
      handle: ({ call, params }) => present(call, counts.get(call, params.id)),
    }),
    endpoint({
      method: 'post',
      path: '/v1/stock/counts/{id}/lines',
      name: 'recordStockCountLines',
      tag: TAG,
      summary: 'Record counted quantities',
      access: 'stock:write',
      params: idParams,
      body: countLinesInput,
      response: stockCountSheet,
      handle: ({ call, params, body }) => present(call, counts.record(call, params.id, body.lines)),
    }),
    endpoint({
      method: 'post',
      path: '/v1/stock/counts/{id}/commit',
      tag: TAG,
      summary: 'Commit a stock count: post all its variances at once',
      access: 'stock:write',
      params: idParams,
      response: stockCountSheet,
      handle: ({ call, params }) => present(call, counts.commit(call, params.id)),
    }),
    endpoint({
      method: 'post',
      path: '/v1/stock/counts/{id}/cancel',
      tag: TAG,
      summary: 'Cancel a stock count without posting anything',
      access: 'stock:write',
      params: idParams,
      response: stockCountSheet,
      handle: ({ call, params }) => present(call, counts.cancel(call, params.id)),
    }),
  ];
}
