import type { PurchasingService } from '../services/PurchasingService.js';
import type { RestaurantService } from '../services/RestaurantService.js';
import { idParams, pageOf } from './schemas/common.js';
import {
  goodsReceipt,
  goodsReceiptInput,
  goodsReceiptQuery,
  presentGoodsReceipt,
  reverseInput,
} from './schemas/purchasing.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const TAG = 'Goods receipts';
const PATH = '/v1/goods-receipts';

interface Dependencies {
  purchasing: PurchasingService;
  restaurants: RestaurantService;
}

export function goodsReceiptEndpoints({ purchasing: { receipts }, restaurants }: Dependencies): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: PATH,
      name: 'receiveGoods',
      tag: TAG,
      summary: 'Receive a delivery without a purchase order',
      description: 'For the delivery of a purchase order, use `POST /v1/purchase-orders/{id}/receive`.',
      access: 'purchasing:write',
      body: goodsReceiptInput,
      status: 201,
      response: goodsReceipt,
      handle: async ({ call, body }) => {
        const price = await restaurants.pricer(call);
        return price(presentGoodsReceipt(await receipts.receiveDirect(call, body)));
      },
    }),
    endpoint({
      method: 'get',
      path: PATH,
      tag: TAG,
      summary: 'List goods receipts, newest first',
      access: 'purchasing:read',
      query: goodsReceiptQuery,
      response: pageOf(goodsReceipt),
      handle: async ({ call, query: { limit, cursor, ...filter } }) => {
        const price = await restaurants.pricer(call);
        const { data, nextCursor } = await receipts.list(call, filter, { limit, cursor });
        return { data: data.map((receipt) => price(presentGoodsReceipt(receipt))), nextCursor };
      },
    }),
    endpoint({
      method: 'get',
      path: `${PATH}/{id}`,
      tag: TAG,
      summary: 'Get a goods receipt',
      access: 'purchasing:read',
      params: idParams,
      response: goodsReceipt,
      handle: async ({ call, params }) => {
        const price = await restaurants.pricer(call);
        return price(presentGoodsReceipt(await receipts.get(call, params.id)));
      },
    }),
    endpoint({
      method: 'post',
      path: `${PATH}/{id}/reverse`,
      tag: TAG,
      summary: 'Reverse a wrong goods receipt',
      description:
        'Reverses the whole receipt; possible once. The goods leave stock at their receipt cost, and the purchase order is open again. Refused if too little is left and the item’s policy forbids negative stock, or if the goods were moved: then name their location in `takeFrom`.',
      access: 'purchasing:write',
      params: idParams,
      body: reverseInput,
      response: goodsReceipt,
      handle: async ({ call, params, body }) => {
        const price = await restaurants.pricer(call);
        return price(presentGoodsReceipt(await receipts.reverse(call, params.id, body)));
      },
    }),
  ];
}
