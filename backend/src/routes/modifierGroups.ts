import type { MenuService } from '../services/MenuService.js';
import type { RestaurantService } from '../services/RestaurantService.js';
import { modifierGroup, modifierGroupInput, modifierGroupPatch } from './schemas/menu.js';
import { editableEndpoints } from './support/editable.js';
import type { Endpoint } from './support/endpoint.js';

export function modifierGroupEndpoints({
  menu,
  restaurants,
}: {
  menu: MenuService;
  restaurants: RestaurantService;
}): Endpoint[] {
  return editableEndpoints({
    path: 'modifier-groups',
    tag: 'Modifier groups',
    scope: 'menu',
    one: 'a modifier group',
    many: 'modifier groups',
    onDelete: 'Items no longer offer the group.',
    resource: menu.modifierGroups,
    input: modifierGroupInput,
    patch: modifierGroupPatch,
    output: modifierGroup,
    present: (call) => restaurants.pricer(call),
  });
}
