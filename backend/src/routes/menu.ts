import type { MenuService } from '../services/MenuService.js';
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
  ];
}
