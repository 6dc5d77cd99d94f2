import type { MenuService } from '../services/MenuService.js';
import { tax, taxInput, taxPatch } from './schemas/tax.js';
import { editableEndpoints } from './support/editable.js';
import type { Endpoint } from './support/endpoint.js';

export function taxEndpoints({ menu }: { menu: MenuService }): Endpoint[] {
  return editableEndpoints({
    path: 'taxes',
    tag: 'Taxes',
    scope: 'menu',
    one: 'a tax',
    many: 'taxes',
    onDelete: 'Items are sold without the tax from then on.',
    resource: menu.taxes,
    input: taxInput,
    patch: taxPatch,
    output: tax,
  });
}
