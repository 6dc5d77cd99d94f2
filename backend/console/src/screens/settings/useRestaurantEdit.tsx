import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Restaurant, RestaurantChanges } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { client } from '../../app/session.js';
import { toast } from '../../ui/Toasts.js';
import { useEdit } from './useEdit.js';
import { useWords } from './useWords.js';

/**
 * Changes settings of the restaurant against the version that the person saw.
 * @param onTake shows the newest version instead.
 * @returns sends the changes, and the choice between two versions.
 */
export function useRestaurantEdit(
  restaurant: Restaurant,
  onTake: () => void,
): [send: (body: RestaurantChanges) => Promise<void>, choice: ReactNode] {
  const t = useTranslations('settings');
  const words = useWords();
  // It stays while newer versions arrive, so that nobody overwrites what they have not seen.
  const [seen, setSeen] = useState(restaurant);
  const change = useChange('changeRestaurant', ['getRestaurant', 'getMe']);
  return useEdit<RestaurantChanges, Restaurant>({
    seen,
    save: async (body, against) => {
      setSeen((await change.mutateAsync({ body, ifMatch: `"${against.version}"` })).data);
      toast(t('saved'));
    },
    load: async () => {
      const { data } = await client.call('getRestaurant', {});
      setSeen(data);
      return data;
    },
    labelOf: (name) => (t.has(`fields.${name}`) ? t(`fields.${name}`) : name),
    wordsOf: words,
    onDone: () => undefined,
    onTake,
  });
}
