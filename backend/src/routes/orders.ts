import { ORDER_ACTIONS, type OrderAction } from '../domain/order/orderStatus.js';
import type { Call } from '../domain/shared/call.js';
import type { OrderService } from '../services/OrderService.js';
import { idParams, pageOf } from './schemas/common.js';
import {
  compInput,
  dryRunQuery,
  lineInput,
  lineParams,
  linePatch,
  order,
  historyQuery,
  orderHistory,
  orderInput,
  orderPatch,
  orderPreview,
  listedOrder,
  presentListed,
  presentOrder,
  presentPreview,
  reasonInput,
  voidQuery,
} from './schemas/order.js';
import { orderQuery } from './schemas/orderQuery.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const TAG = 'Orders';

const SUMMARIES: Record<OrderAction, string> = {
  accept: 'Accept an order and send it to the kitchen',
  start: 'Start preparing an order',
  ready: 'Mark an order as ready',
  complete: 'Complete an order',
  cancel: 'Cancel an order and return its portions',
  reopen: 'Reopen a completed order',
};

const REHEARSES = 'With `dryRun`, the same rules and prices answer the order as it would be.';

export function orderEndpoints({ orders }: { orders: OrderService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/orders',
      name: 'placeOrder',
      tag: TAG,
      summary: 'Place an order',
      description:
        'All or nothing: the transaction that stores the order also checks opening hours, dayparts, availability, modifier rules and portions.',
      access: 'orders:write',
      hot: true,
      body: orderInput,
      status: 201,
      response: order,
      etag: 'version',
      handle: async ({ call, body }) => presentOrder(await orders.place(call, body)),
    }),
    endpoint({
      method: 'post',
      path: '/v1/orders/preview',
      name: 'previewOrder',
      tag: TAG,
      summary: 'Price an order without placing it',
      description: 'Takes the same body and computes the same prices as placing the order. Nothing is stored.',
      access: 'orders:write',
      body: orderInput,
      response: orderPreview,
      handle: async ({ call, body }) => presentPreview(await orders.preview(call, body)),
    }),
    endpoint({
      method: 'get',
      path: '/v1/orders',
      tag: TAG,
      summary: 'List orders, newest first',
      description:
        'Filters combine, and each looks at 10,000 orders for a page at most: a page may have fewer orders than `limit`, even none, while `nextCursor` leads on.',
      access: 'orders:read',
      hot: true,
      query: orderQuery,
      response: pageOf(listedOrder),
      handle: async ({ call, query }) => {
        const { limit, cursor, lines, businessDate, ...filter } = query;
        const days = businessDate === undefined ? {} : { from: businessDate, to: businessDate };
        const page = await orders.list(call, { ...filter, ...days }, { limit, cursor }, lines);
        return { ...page, data: page.data.map((one) => presentListed(one, lines)) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/orders/{id}',
      tag: TAG,
      summary: 'Get an order',
      access: 'orders:read',
      hot: true,
      params: idParams,
      response: order,
      etag: 'version',
      handle: async ({ call, params }) => presentOrder(await orders.get(call, params.id)),
    }),
    endpoint({
      method: 'patch',
      path: '/v1/orders/{id}',
      tag: TAG,
      summary: 'Change an order’s details',
      description: REHEARSES,
      access: 'orders:write',
      params: idParams,
      query: dryRunQuery,
      body: orderPatch,
      ifMatch: 'required',
      response: order,
      etag: 'version',
      handle: async ({ call, params, query, body }) =>
        presentOrder(await orders.change(rehearsed(call, query), params.id, body)),
    }),
    endpoint({
      method: 'get',
      path: '/v1/orders/{id}/history',
      tag: TAG,
      summary: 'List who did what to an order',
      access: 'orders:read',
      params: idParams,
      query: historyQuery,
      response: orderHistory,
      handle: async ({ call, params, query }) => {
        const { data, nextCursor } = await orders.history(call, params.id, query);
        const entries = data.map(({ createdAt, action, actor, changes }) => ({
          at: createdAt,
          action,
          actor,
          changes,
        }));
        return { data: entries, nextCursor };
      },
    }),
    endpoint({
      method: 'post',
      path: '/v1/orders/{id}/lines',
      name: 'addOrderLine',
      tag: TAG,
      summary: 'Add a line',
      description: 'If-Match is not needed: two waiters who add lines at the same time both succeed.',
      access: 'orders:write',
      params: idParams,
      body: lineInput,
      ifMatch: 'optional',
      status: 201,
      response: order,
      etag: 'version',
      handle: async ({ call, params, body }) => presentOrder(await orders.addLine(call, params.id, body)),
    }),
    endpoint({
      method: 'patch',
      path: '/v1/orders/{id}/lines/{lineId}',
      tag: TAG,
      summary: 'Change a line',
      description: REHEARSES,
      access: 'orders:write',
      params: lineParams,
      query: dryRunQuery,
      body: linePatch,
      ifMatch: 'optional',
      response: order,
      etag: 'version',
      handle: async ({ call, params, query, body }) =>
        presentOrder(await orders.changeLine(rehearsed(call, query), params.id, params.lineId, body)),
    }),
    endpoint({
      method: 'delete',
      path: '/v1/orders/{id}/lines/{lineId}',
      name: 'voidOrderLine',
      tag: TAG,
      summary: 'Void a line',
      description: 'Once the kitchen has received the line, a reason is required.',
      access: 'orders:write',
      params: lineParams,
      query: voidQuery,
      body: reasonInput,
      ifMatch: 'optional',
      response: order,
      etag: 'version',
      handle: async ({ call, params, query, body }) =>
        presentOrder(
          await orders.voidLine(rehearsed(call, query), params.id, params.lineId, body.reason ?? query.reason),
        ),
    }),
    endpoint({
      method: 'post',
      path: '/v1/orders/{id}/lines/{lineId}/comp',
      tag: TAG,
      summary: 'Give a line for nothing',
      description:
        'The line stays on the bill with a discount of 100 %, its reason and who allowed it. Its taxes come to nothing.',
      access: 'refunds:write',
      params: lineParams,
      query: dryRunQuery,
      body: compInput,
      ifMatch: 'optional',
      response: order,
      etag: 'version',
      handle: async ({ call, params, query, body }) =>
        presentOrder(await orders.compLine(rehearsed(call, query), params.id, params.lineId, body)),
    }),
    ...ORDER_ACTIONS.map((action) =>
      endpoint({
        method: 'post',
        path: `/v1/orders/{id}/${action}`,
        ...(action === 'ready' ? { name: 'markOrderReady' } : {}),
        tag: TAG,
        summary: SUMMARIES[action],
        access: action === 'cancel' || action === 'reopen' ? 'orders:write' : 'orders:advance',
        params: idParams,
        body: reasonInput,
        ifMatch: 'optional',
        response: order,
        etag: 'version',
        handle: async ({ call, params, body }) => presentOrder(await orders.act(call, params.id, action, body.reason)),
      }),
    ),
  ];
}

/** The call, which is rolled back if the caller only asks what it would do. */
function rehearsed(call: Call, { dryRun }: { dryRun?: boolean | undefined }): Call {
  return dryRun ? { ...call, isDryRun: true } : call;
}
