import type { PurchasingService } from '../services/PurchasingService.js';
import type { RestaurantService } from '../services/RestaurantService.js';
import { idParams, pageOf } from './schemas/common.js';
import {
  closeInput,
  presentGoodsReceipt,
  presentPurchaseOrder,
  proposals,
  purchaseOrder,
  purchaseOrderInput,
  purchaseOrderPatch,
  purchaseOrderQuery,
  received,
  receiveInput,
} from './schemas/purchasing.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const TAG = 'Purchase orders';
const PATH = '/v1/purchase-orders';

interface Dependencies {
  purchasing: PurchasingService;
  restaurants: RestaurantService;
}

export function purchaseOrderEndpoints({ purchasing: { orders, receipts }, restaurants }: Dependencies): Endpoint[] {
  const reading = { tag: TAG, access: ['purchasing:read', 'purchasing:receive'] } as const;
  const writing = { tag: TAG, access: 'purchasing:write' } as const;
  return [
    endpoint({
      ...writing,
      method: 'post',
      path: PATH,
      summary: 'Draft a purchase order',
      body: purchaseOrderInput,
      status: 201,
      response: purchaseOrder,
      etag: 'version',
      handle: async ({ call, body }) => {
        const price = await restaurants.pricer(call);
        return price(presentPurchaseOrder(await orders.create(call, body)));
      },
    }),
    endpoint({
      ...writing,
      method: 'post',
      path: `${PATH}/proposals`,
      summary: 'Draft orders for what runs low',
      description:
        'Items below their reorder point are filled up to par, less what drafts and open orders ask for already, in whole packs of their preferred or only supplier. So a second call drafts nothing more.',
      status: 201,
      response: proposals,
      handle: async ({ call }) => {
        const price = await restaurants.pricer(call);
        const { orders: drafts, skipped } = await orders.propose(call);
        return { orders: drafts.map((draft) => price(presentPurchaseOrder(draft))), skipped };
      },
    }),
    endpoint({
      ...reading,
      method: 'get',
      path: PATH,
      summary: 'List purchase orders, newest first',
      query: purchaseOrderQuery,
      response: pageOf(purchaseOrder),
      handle: async ({ call, query: { limit, cursor, ...filter } }) => {
        const price = await restaurants.pricer(call);
        const { data, nextCursor } = await orders.list(call, filter, { limit, cursor });
        return { data: data.map((order) => price(presentPurchaseOrder(order))), nextCursor };
      },
    }),
    endpoint({
      ...reading,
      method: 'get',
      path: `${PATH}/{id}`,
      summary: 'Get a purchase order',
      params: idParams,
      response: purchaseOrder,
      etag: 'version',
      handle: async ({ call, params }) => {
        const price = await restaurants.pricer(call);
        return price(presentPurchaseOrder(await orders.get(call, params.id)));
      },
    }),
    endpoint({
      ...writing,
      method: 'patch',
      path: `${PATH}/{id}`,
      summary: 'Change a draft',
      description: 'Lines that are sent replace all there were, and have new ids.',
      params: idParams,
      body: purchaseOrderPatch,
      ifMatch: 'required',
      response: purchaseOrder,
      etag: 'version',
      handle: async ({ call, params, body }) => {
        const price = await restaurants.pricer(call);
        return price(presentPurchaseOrder(await orders.change(call, params.id, body)));
      },
    }),
    endpoint({
      ...writing,
      method: 'post',
      path: `${PATH}/{id}/send`,
      summary: 'Send a purchase order: it is frozen and gets its number',
      description: 'Servio sends nothing to the supplier itself.',
      params: idParams,
      ifMatch: 'optional',
      response: purchaseOrder,
      etag: 'version',
      handle: async ({ call, params }) => {
        const price = await restaurants.pricer(call);
        return price(presentPurchaseOrder(await orders.send(call, params.id)));
      },
    }),
    ...(['cancel', 'close'] as const).map((action) =>
      endpoint({
        ...writing,
        method: 'post',
        path: `${PATH}/{id}/${action}`,
        summary: action === 'cancel' ? 'Cancel an order of which nothing has come' : 'Say that the rest will not come',
        description:
          action === 'cancel'
            ? 'A draft or a sent order. One that has come in part is closed instead.'
            : 'A partly received order counts as received from then on, marked `isClosedShort`.',
        params: idParams,
        body: closeInput,
        ifMatch: 'optional',
        response: purchaseOrder,
        etag: 'version',
        handle: async ({ call, params, body }) => {
          const price = await restaurants.pricer(call);
          return price(presentPurchaseOrder(await orders[action](call, params.id, body.reason)));
        },
      }),
    ),
    endpoint({
      tag: TAG,
      access: ['purchasing:write', 'purchasing:receive'],
      method: 'post',
      path: `${PATH}/{id}/receive`,
      summary: 'Take in what came of an order, whole or in part',
      description:
        'Posts to the stock ledger at the price that is charged, and keeps the supplier’s last prices. Up to a tenth more than ordered is taken and shown as `excessQuantity`.',
      params: idParams,
      body: receiveInput,
      ifMatch: 'optional',
      status: 201,
      response: received,
      handle: async ({ call, params, body }) => {
        const price = await restaurants.pricer(call);
        const answer = await receipts.receive(call, params.id, body);
        return {
          goodsReceipt: price(presentGoodsReceipt(answer.goodsReceipt)),
          purchaseOrder: price(presentPurchaseOrder(answer.purchaseOrder)),
        };
      },
    }),
  ];
}
