import type { Call } from '../domain/shared/call.js';
import type { PurchasingService } from '../services/PurchasingService.js';
import type { RestaurantService } from '../services/RestaurantService.js';
import { idParams, pageOf, pageQuery } from './schemas/common.js';
import {
  supplier,
  supplierInput,
  supplierItem,
  supplierItemInput,
  supplierItemPatch,
  supplierPatch,
} from './schemas/supplier.js';
import { editableEndpoints } from './support/editable.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const ITEMS_TAG = 'Supplier items';

interface Dependencies {
  purchasing: PurchasingService;
  restaurants: RestaurantService;
}

export function supplierEndpoints({ purchasing, restaurants }: Dependencies): Endpoint[] {
  const present = (call: Call) => restaurants.pricer(call);
  return [
    ...editableEndpoints({
      path: 'suppliers',
      tag: 'Suppliers',
      scope: 'purchasing',
      one: 'a supplier',
      many: 'suppliers',
      onDelete:
        'Refused while orders are open at this supplier. Its supplier items are deleted too; its orders and receipts are kept.',
      resource: purchasing.suppliers,
      input: supplierInput,
      patch: supplierPatch,
      output: supplier,
      isSearchable: true,
      etag: 'version+content',
      present,
    }),
    ...editableEndpoints({
      path: 'supplier-items',
      tag: ITEMS_TAG,
      scope: 'purchasing',
      one: 'a supplier item',
      many: 'the items of all suppliers',
      onDelete: 'Orders and receipts are kept.',
      resource: purchasing.supplierItems,
      input: supplierItemInput,
      patch: supplierItemPatch,
      output: supplierItem,
      etag: 'version+content',
      present,
    }),
    endpoint({
      method: 'get',
      path: '/v1/suppliers/{id}/items',
      name: 'listItemsOfSupplier',
      tag: ITEMS_TAG,
      summary: 'List the items of a supplier',
      access: 'purchasing:read',
      params: idParams,
      query: pageQuery,
      response: pageOf(supplierItem),
      handle: async ({ call, params, query }) => {
        const price = await present(call);
        const { data, nextCursor } = await purchasing.itemsOfSupplier(call, params.id, query);
        return { data: data.map(price), nextCursor };
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/inventory-items/{id}/suppliers',
      tag: ITEMS_TAG,
      summary: 'List the suppliers of an inventory item, with packs and prices',
      access: 'purchasing:read',
      params: idParams,
      query: pageQuery,
      response: pageOf(supplierItem),
      handle: async ({ call, params, query }) => {
        const price = await present(call);
        const { data, nextCursor } = await purchasing.suppliersOfItem(call, params.id, query);
        return { data: data.map(price), nextCursor };
      },
    }),
  ];
}
