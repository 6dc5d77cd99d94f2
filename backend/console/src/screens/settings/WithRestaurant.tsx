import { Fragment, type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Restaurant } from '../../../../client/src/api.js';
import { refresh, useCall } from '../../app/queries.js';
import { Region } from '../../ui/Region.js';

export interface SettingsForm {
  restaurant: Restaurant;
  /** Begins the form anew, with the newest version. */
  onTake: () => void;
}

/** Loads the restaurant for a form of its settings. */
export function WithRestaurant({ children }: { children: (form: SettingsForm) => ReactNode }) {
  const t = useTranslations('settings.tabs');
  const restaurant = useCall('getRestaurant', {});
  const [round, setRound] = useState(0);
  const onTake = (): void => void refresh(['getRestaurant', 'getMe']).then(() => setRound(round + 1));
  return (
    <Region query={restaurant} label={t('restaurant')} lines={8}>
      {(known) => <Fragment key={round}>{children({ restaurant: known, onTake })}</Fragment>}
    </Region>
  );
}
