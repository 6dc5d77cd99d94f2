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
      name: 'proposePurchaseOrders',
      summary: 'Draft purchase orders for low items',
      description:
        'Fills items below their reorder point up to their par level, in whole packs of their preferred or only supplier. Quantities in drafts and open orders are deducted, so a second call drafts nothing more.',
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
      description: 'If you send lines, they replace all lines and get new ids.',
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
      summary: 'Mark a purchase order as sent',
      description:
        'The order gets its number and can no longer be changed. Servio itself sends nothing to the supplier.',
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
        summary: action === 'cancel' ? 'Cancel a purchase order' : 'Close a partly received purchase order',
        description:
          action === 'cancel'
            ? 'For a draft or a sent order. Close a partly received order instead.'
            : 'The rest will not be delivered. The order then counts as received, with `isClosedShort`.',
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
      summary: 'Receive a purchase order in full or in part',
      description:
        'Posts the goods to the stock ledger at the price charged and updates the supplier’s last prices. Up to 10 % more than ordered is accepted and shown as `excessQuantity`.',
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
