import { labelsIn } from '../domain/menu/dietary.js';
import type { MenuService } from '../services/MenuService.js';
import { bulkInput, bulkOutcome, menuOrderInput, menuOrderOutcome } from './schemas/menuBulk.js';
import { menuQuery, resolvedMenu } from './schemas/menu.js';
import { labels, labelsQuery } from './schemas/menuParts.js';
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
      recall: ({ restaurantId }, query) => (query.at === undefined ? menu.recall(restaurantId, query) : undefined),
      handle: async ({ call, query, request, response }) =>
        sendRendered(request, response, await menu.resolved(call, query.at, query)),
    }),
    endpoint({
      method: 'get',
      path: '/v1/menu/labels',
      name: 'getDietaryLabels',
      tag: 'Menu',
      summary: 'Get the names of allergens and diet tags in a language',
      description: 'The 14 allergens are those of Annex II of Regulation (EU) 1169/2011, in its order.',
      access: 'menu:read',
      query: labelsQuery,
      response: labels,
      handle: async ({ query }) => labelsIn(query.language),
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
