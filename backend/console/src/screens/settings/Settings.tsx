import { useTranslations } from 'use-intl';
import { useSearchParams } from 'wouter';
import { useMay, useMe } from '../../app/me.js';
import { type Tab, Tabs } from '../../ui/Tabs.js';
import { Hours } from './Hours.js';
import { Profile } from './Profile.js';
import { ReceiptSettings } from './ReceiptSettings.js';
import { RestaurantSettings } from './RestaurantSettings.js';
import { Series } from './Series.js';
import { Taxes } from './Taxes.js';
import { WithRestaurant } from './WithRestaurant.js';

/** The restaurant as it is set up, and the person's own account. */
export function Screen() {
  const t = useTranslations('settings');
  const [params, setParams] = useSearchParams();
  const tabs = useTabs();
  const shown = tabs.find(({ value }) => value === params.get('view')) ?? tabs[0];
  if (!shown) return null;
  return (
    <div className="screen stack">
      <h1>{t('title')}</h1>
      <Tabs
        label={t('title')}
        value={shown.value}
        onChange={(view) => setParams({ view }, { replace: true })}
        tabs={tabs}
      />
    </div>
  );
}

/**
 * A person has tabs only for settings that they may see, and no way to save those that they may not
 * change.
 */
function useTabs(): Tab[] {
  const t = useTranslations('settings.tabs');
  const isPerson = useMe().user !== null;
  const [mayChange, maySeeTaxes] = [useMay('restaurant:write'), useMay('menu:read')];
  const maySeeSeries = useMay('document_series:read');
  const all: (Tab & { isShown: boolean })[] = [
    {
      value: 'restaurant',
      label: t('restaurant'),
      isShown: mayChange,
      content: () => <WithRestaurant>{(form) => <RestaurantSettings {...form} />}</WithRestaurant>,
    },
    {
      value: 'hours',
      label: t('hours'),
      isShown: mayChange,
      content: () => <WithRestaurant>{(form) => <Hours {...form} />}</WithRestaurant>,
    },
    {
      value: 'receipt',
      label: t('receipt'),
      isShown: mayChange,
      content: () => <WithRestaurant>{(form) => <ReceiptSettings {...form} />}</WithRestaurant>,
    },
    { value: 'taxes', label: t('taxes'), isShown: maySeeTaxes && mayChange, content: () => <Taxes /> },
    { value: 'series', label: t('series'), isShown: maySeeSeries, content: () => <Series /> },
    { value: 'profile', label: t('profile'), isShown: isPerson, content: () => <Profile /> },
  ];
  return all.filter(({ isShown }) => isShown);
}
