import type { MenuItem } from '../domain/menu/menu.js';
import { pictureOf } from '../domain/menu/picture.js';
import type { Call } from '../domain/shared/call.js';
import type { MenuService } from '../services/MenuService.js';
import type { RestaurantService } from '../services/RestaurantService.js';
import { idParams } from './schemas/common.js';
import { availabilityInput, menuItem, menuItemInput, menuItemPatch, menuItemQuery } from './schemas/menu.js';
import { editableEndpoints } from './support/editable.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const TAG = 'Menu items';

export function menuItemEndpoints({
  menu,
  restaurants,
}: {
  menu: MenuService;
  restaurants: RestaurantService;
}): Endpoint[] {
  const present = async (call: Call) => {
    const price = await restaurants.pricer(call);
    return (item: MenuItem) => ({ ...price(item), picture: pictureOf(call.restaurantId, item.pictureId) });
  };
  return [
    ...editableEndpoints({
      path: 'menu-items',
      tag: TAG,
      scope: 'menu',
      one: 'a menu item',
      many: 'menu items',
      onDelete: 'Orders that contain the item keep it.',
      resource: menu.items,
      input: menuItemInput,
      patch: menuItemPatch,
      output: menuItem,
      listQuery: menuItemQuery,
      etag: 'version+content',
      present,
    }),
    endpoint({
      method: 'post',
      path: '/v1/menu-items/{id}/availability',
      name: 'setMenuItemAvailability',
      tag: TAG,
      summary: 'Make a menu item unavailable (86), set its portions, or make it available again',
      access: 'availability:write',
      params: idParams,
      body: availabilityInput,
      response: menuItem,
      etag: 'version+content',
      handle: async ({ call, params, body }) => {
        const show = await present(call);
        return show(await menu.setAvailability(call, params.id, body));
      },
    }),
  ];
}
