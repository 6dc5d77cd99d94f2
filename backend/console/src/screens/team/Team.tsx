import { useTranslations } from 'use-intl';
import { useSearchParams } from 'wouter';
import { useMay } from '../../app/me.js';
import { Tabs } from '../../ui/Tabs.js';
import { Devices } from './Devices.js';
import { People } from './People.js';

/** People with their roles, and the devices that have keys of their own. */
export function Screen() {
  const t = useTranslations('team');
  const [params, setParams] = useSearchParams();
  const maySeeDevices = useMay('api_keys:write');
  const shown = maySeeDevices && params.get('view') === 'devices' ? 'devices' : 'people';
  return (
    <div className="screen stack">
      <h1>{t('title')}</h1>
      {maySeeDevices ? (
        <Tabs
          label={t('title')}
          value={shown}
          onChange={(view) => setParams({ view }, { replace: true })}
          tabs={[
            { value: 'people', label: t('people'), content: () => <People /> },
            { value: 'devices', label: t('devices'), content: () => <Devices /> },
          ]}
        />
      ) : (
        <People />
      )}
    </div>
  );
}
