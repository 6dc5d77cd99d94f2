import type { MenuService } from '../services/MenuService.js';
import { modifierGroup, modifierGroupInput, modifierGroupPatch } from './schemas/menu.js';
import { editableEndpoints } from './support/editable.js';
import type { Endpoint } from './support/endpoint.js';

export function modifierGroupEndpoints({ menu }: { menu: MenuService }): Endpoint[] {
  return editableEndpoints({
    path: 'modifier-groups',
    tag: 'Modifier groups',
    one: 'a modifier group',
    many: 'modifier groups',
    onDelete: 'Items that offered the group no longer do.',
    resource: menu.modifierGroups,
    input: modifierGroupInput,
    patch: modifierGroupPatch,
    output: modifierGroup,
    present: (call) => menu.pricer(call),
  });
}
