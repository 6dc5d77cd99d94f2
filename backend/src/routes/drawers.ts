import type { Call } from '../domain/shared/call.js';
import type { DrawerService } from '../services/DrawerService.js';
import type { RestaurantService } from '../services/RestaurantService.js';
import type { PageOf } from '../utils/cursor.js';
import { idParams, pageOf, pageQuery } from './schemas/common.js';
import {
  cashMovement,
  cashMovementInput,
  drawer,
  drawerInput,
  drawerPatch,
  shift,
  shiftCloseInput,
  shiftOpenInput,
  shiftsQuery,
} from './schemas/drawer.js';
import { editableEndpoints } from './support/editable.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const TAG = 'Drawers';

interface Dependencies {
  drawers: DrawerService;
  restaurants: RestaurantService;
}

export function drawerEndpoints({ drawers, restaurants }: Dependencies): Endpoint[] {
  return [
    ...editableEndpoints({
      path: 'drawers',
      tag: TAG,
      scope: 'drawers',
      one: 'a drawer',
      many: 'drawers',
      onDelete: 'Refused while it is in a shift. Its shifts stay.',
      resource: drawers.drawers,
      input: drawerInput,
      patch: drawerPatch,
      output: drawer,
    }),
    ...shiftEndpoints({ drawers, restaurants }),
  ];
}

function shiftEndpoints({ drawers, restaurants }: Dependencies): Endpoint[] {
  // Loaded before the write: a later failure would report a stored change as failed.
  const priced = async <T extends object>(call: Call, work: () => Promise<T>) => {
    const price = await restaurants.pricer(call);
    return price(await work());
  };
  const pricedPage = async <T extends object>(call: Call, work: () => Promise<PageOf<T>>) => {
    const price = await restaurants.pricer(call);
    const { data, nextCursor } = await work();
    return { data: data.map(price), nextCursor };
  };
  return [
    endpoint({
      method: 'post',
      path: '/v1/drawers/{id}/shifts',
      tag: TAG,
      summary: 'Open a shift of a drawer',
      description:
        'Payments and refunds that name no drawer then move in this one, if the caller has no other open shift.',
      access: 'shifts:write',
      params: idParams,
      body: shiftOpenInput,
      status: 201,
      response: shift,
      handle: ({ call, params, body }) => priced(call, () => drawers.open(call, params.id, body)),
    }),
    endpoint({
      method: 'get',
      path: '/v1/shifts',
      tag: TAG,
      summary: 'List shifts, newest first',
      access: 'drawers:read',
      query: shiftsQuery,
      response: pageOf(shift),
      handle: ({ call, query }) => pricedPage(call, () => drawers.list(call, query)),
    }),
    endpoint({
      method: 'get',
      path: '/v1/shifts/{id}',
      tag: TAG,
      summary: 'Get a shift with its figures: live while open, fixed once closed',
      access: 'drawers:read',
      params: idParams,
      response: shift,
      handle: ({ call, params }) => priced(call, () => drawers.get(call, params.id)),
    }),
    endpoint({
      method: 'post',
      path: '/v1/shifts/{id}/movements',
      tag: TAG,
      summary: 'Record cash put into a drawer or taken out without a sale',
      description: 'Only by its opener, or with the scope `business_days:close`.',
      access: 'shifts:write',
      params: idParams,
      body: cashMovementInput,
      status: 201,
      response: cashMovement,
      handle: ({ call, params, body }) => priced(call, () => drawers.move(call, params.id, body)),
    }),
    endpoint({
      method: 'get',
      path: '/v1/shifts/{id}/movements',
      tag: TAG,
      summary: 'List cash movements of a shift, newest first',
      access: 'drawers:read',
      params: idParams,
      query: pageQuery,
      response: pageOf(cashMovement),
      handle: ({ call, params, query }) => pricedPage(call, () => drawers.movements(call, params.id, query)),
    }),
    endpoint({
      method: 'post',
      path: '/v1/shifts/{id}/close',
      tag: TAG,
      summary: 'Count the drawer and close the shift',
      description: 'Its figures are final. Only by its opener, or with the scope `business_days:close`.',
      access: 'shifts:write',
      params: idParams,
      body: shiftCloseInput,
      response: shift,
      handle: ({ call, params, body }) => priced(call, () => drawers.close(call, params.id, body)),
    }),
  ];
}
