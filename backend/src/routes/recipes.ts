import type { InventoryService } from '../services/InventoryService.js';
import { recipe, recipeInput, recipePatch } from './schemas/inventory.js';
import { editableEndpoints } from './support/editable.js';
import type { Endpoint } from './support/endpoint.js';

export function recipeEndpoints({ inventory }: { inventory: InventoryService }): Endpoint[] {
  return editableEndpoints({
    path: 'recipes',
    tag: 'Recipes',
    scope: 'inventory',
    one: 'a recipe',
    many: 'recipes',
    onDelete: 'Refused while another recipe uses it. Stock taken by past orders does not change.',
    resource: inventory.recipes,
    input: recipeInput,
    patch: recipePatch,
    output: recipe,
  });
}
