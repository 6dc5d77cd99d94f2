import type { MenuService } from '../services/MenuService.js';
import { bulkInput, bulkOutcome, menuOrderInput, menuOrderOutcome } from './schemas/menuBulk.js';
import { menuQuery, resolvedMenu } from './schemas/menu.js';
import { type Endpoint, endpoint } from './support/endpoint.js';
import { sendRendered } from './support/rendered.js';

export function menuEndpoints({ menu }: { menu: MenuService }): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/menu',
      tag: 'Menu',
      summary: 'Get the whole menu, resolved',
      description: 'One answer with all categories, items, variants, modifiers, taxes and availability.',
      access: 'menu:read',
      hot: true,
      query: menuQuery,
      response: resolvedMenu,
      etag: 'content',
      recall: ({ restaurantId }, { at, orderType }) =>
        at === undefined ? menu.recall(restaurantId, orderType) : undefined,
      handle: async ({ call, query, request, response }) =>
        sendRendered(request, response, await menu.resolved(call, query.at, query.orderType)),
    }),
    endpoint({
      method: 'post',
      path: '/v1/menu/bulk-changes',
      name: 'changeMenuInBulk',
      tag: 'Menu',
      summary: 'Change prices and availability of many items, variants and modifiers at once',
      description:
        'All or nothing, with a pointer to each fault. `dryRun` shows each price before and after. ' +
        'Needs `menu:write` for prices; `availability:write` is enough for availability alone.',
      access: ['menu:write', 'availability:write'],
      body: bulkInput,
      takesVersions: true,
      response: bulkOutcome,
      handle: ({ call, body }) => menu.bulk.change(call, body),
    }),
    endpoint({
      method: 'post',
      path: '/v1/menu/order',
      name: 'reorderMenu',
      tag: 'Menu',
      summary: 'Put categories, items, variants, modifier groups and modifiers in order',
      description: 'Each list names all of its kind exactly once. All lists of a call, or none.',
      access: 'menu:write',
      body: menuOrderInput,
      response: menuOrderOutcome,
      handle: ({ call, body }) => menu.order.set(call, body),
    }),
  ];
}
