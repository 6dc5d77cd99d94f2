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
      summary: 'The whole menu, resolved',
      description: 'Categories with their items, variants, modifiers, taxes and what can be ordered, in one answer.',
      access: 'menu:read',
      query: menuQuery,
      response: resolvedMenu,
      etag: 'content',
      handle: async ({ call, query, request, response }) =>
        sendRendered(request, response, await menu.resolved(call, query.at, query.orderType)),
    }),
  ];
}
