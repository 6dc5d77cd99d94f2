import type { RestaurantService } from '../services/RestaurantService.js';
import { restaurant, restaurantChanges } from './schemas/restaurant.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

export function restaurantEndpoints({ restaurants }: { restaurants: RestaurantService }): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/v1/restaurant',
      tag: 'Restaurant',
      summary: "Get the restaurant's settings",
      access: 'restaurant:read',
      hot: true,
      response: restaurant,
      etag: 'version',
      handle: ({ call }) => restaurants.get(call),
    }),
    endpoint({
      method: 'patch',
      path: '/v1/restaurant',
      tag: 'Restaurant',
      summary: "Change the restaurant's settings",
      description: 'The currency is fixed at registration.',
      access: 'restaurant:write',
      body: restaurantChanges,
      response: restaurant,
      ifMatch: 'required',
      etag: 'version',
      handle: ({ call, body }) => restaurants.update(call, body),
    }),
  ];
}
