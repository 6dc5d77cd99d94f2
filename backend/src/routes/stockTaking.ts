import type { RestaurantService } from '../services/RestaurantService.js';
import type { StockTakingService } from '../services/StockTakingService.js';
import {
  prep,
  prepInput,
  presentOnHand,
  presentPosted,
  stockAudit,
  stockOnHand,
  stockQuery,
  totalValue,
  transfer,
  transferInput,
  wasteEntry,
  wasteInput,
} from './schemas/stockTaking.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const TAG = 'Stock';

interface Services {
  stockTaking: StockTakingService;
  restaurants: RestaurantService;
}

export function stockTakingEndpoints(services: Services): Endpoint[] {
  return [...readingEndpoints(services), ...postingEndpoints(services)];
}

function readingEndpoints({ stockTaking, restaurants }: Services): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/stock',
      tag: TAG,
      summary: 'List stock on hand, now or at a past instant',
      access: 'inventory:read',
      query: stockQuery,
      response: stockOnHand,
      handle: async ({ call, query: { asOf, locationId, ...page } }) => {
        const price = await restaurants.pricer(call);
        const { data, ...rest } = await stockTaking.onHand(call, { asOf, locationId }, page);
        return { ...rest, data: data.map((item) => price(presentOnHand(item))) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/stock/audit',
      name: 'auditStock',
      tag: TAG,
      summary: 'Compare all quantities with the stock ledger',
      access: 'inventory:read',
      limit: 'heavy',
      response: stockAudit,
      handle: ({ call }) => stockTaking.audit(call),
    }),
  ];
}

function postingEndpoints({ stockTaking, restaurants }: Services): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/stock/waste',
      name: 'recordWaste',
      tag: TAG,
      summary: 'Record waste of items, dishes or preparations',
      access: 'stock:write',
      body: wasteInput,
      status: 201,
      response: wasteEntry,
      handle: async ({ call, body }) => {
        const price = await restaurants.pricer(call);
        const entry = await stockTaking.waste(call, body);
        return price({ ...entry, lines: entry.lines.map(presentPosted), value: totalValue(entry.lines) });
      },
    }),
    endpoint({
      method: 'post',
      path: '/v1/stock/transfers',
      name: 'transferStock',
      tag: TAG,
      summary: 'Move stock from one location to another',
      access: 'stock:write',
      body: transferInput,
      status: 201,
      response: transfer,
      handle: async ({ call, body }) => {
        const price = await restaurants.pricer(call);
        const made = await stockTaking.transfer(call, body);
        return price({ ...made, lines: made.lines.map(presentPosted) });
      },
    }),
    endpoint({
      method: 'post',
      path: '/v1/stock/preps',
      name: 'recordPrep',
      tag: TAG,
      summary: 'Record a preparation that is kept in stock',
      access: 'stock:write',
      body: prepInput,
      status: 201,
      response: prep,
      handle: async ({ call, body }) => {
        const price = await restaurants.pricer(call);
        const { output, consumed, ...made } = await stockTaking.prepare(call, body);
        const lines = { output: presentPosted(output), consumed: consumed.map(presentPosted) };
        return price({ ...made, ...lines, value: totalValue(consumed) });
      },
    }),
  ];
}
