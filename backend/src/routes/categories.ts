import type { MenuService } from '../services/MenuService.js';
import { category, categoryInput, categoryPatch } from './schemas/menu.js';
import { editableEndpoints } from './support/editable.js';
import type { Endpoint } from './support/endpoint.js';

export function categoryEndpoints({ menu }: { menu: MenuService }): Endpoint[] {
  return editableEndpoints({
    path: 'categories',
    tag: 'Categories',
    scope: 'menu',
    one: 'a category',
    many: 'categories',
    onDelete: 'Refused while the category has items.',
    resource: menu.categories,
    input: categoryInput,
    patch: categoryPatch,
    output: category,
  });
}
