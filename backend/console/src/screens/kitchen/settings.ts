/** Settings of this screen: it is a device on a wall, and they belong to it. */
import type { OrderType } from '../../../../client/src/api.js';
import { rememberedStore } from '../../app/store.js';

export const ORDER_TYPES: readonly OrderType[] = ['dine_in', 'takeaway', 'delivery', 'catering'];
export const ZOOM = { least: 80, most: 200, step: 10 };

export interface KitchenSettings {
  /** Percent. */
  zoom: number;
  hasSound: boolean;
  isLight: boolean;
  /** Types of orders that are shown. */
  types: readonly OrderType[];
}

export const settings = rememberedStore<KitchenSettings>('kitchen.settings', (value) => {
  const kept = (typeof value === 'object' && value !== null ? value : {}) as Partial<KitchenSettings>;
  const zoom = Number(kept.zoom ?? 100);
  const types = ORDER_TYPES.filter((type) => kept.types?.includes(type) ?? true);
  return {
    zoom: zoom >= ZOOM.least && zoom <= ZOOM.most ? zoom : 100,
    hasSound: kept.hasSound === true,
    isLight: kept.isLight === true,
    types: types.length > 0 ? types : ORDER_TYPES,
  };
});

export function change(part: Partial<KitchenSettings>): void {
  settings.set({ ...settings.get(), ...part });
}
