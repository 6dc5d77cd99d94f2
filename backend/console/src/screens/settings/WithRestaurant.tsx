import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Restaurant } from '../../../../client/src/api.js';
import { useCall } from '../../app/queries.js';
import { Region } from '../../ui/Region.js';

/** Loads the restaurant for a form of its settings. */
export function WithRestaurant({ children }: { children: (restaurant: Restaurant) => ReactNode }) {
  const t = useTranslations('settings.tabs');
  const restaurant = useCall('getRestaurant', {});
  return (
    <Region query={restaurant} label={t('restaurant')} lines={8}>
      {children}
    </Region>
  );
}
