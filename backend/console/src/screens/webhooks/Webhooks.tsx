import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { WebhookEndpoint } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { usePages } from '../../app/queries.js';
import { Chip } from '../../ui/Chip.js';
import { RecordList } from '../../ui/RecordList.js';
import type { Column } from '../../ui/Table.js';
import { Tabs } from '../../ui/Tabs.js';
import { Deliveries } from './Deliveries.js';
import { Endpoint } from './Endpoint.js';
import { NewEndpoint } from './NewEndpoint.js';

/** Programs that are told what happens, and what they answered. */
export function Screen() {
  const t = useTranslations('webhooks');
  const [view, setView] = useState('endpoints');
  return (
    <div className="screen stack">
      <h1>{t('title')}</h1>
      <Tabs
        label={t('title')}
        value={view}
        onChange={setView}
        tabs={[
          { value: 'endpoints', label: t('endpoints'), content: () => <Endpoints /> },
          { value: 'deliveries', label: t('deliveries'), content: () => <Deliveries /> },
        ]}
      />
    </div>
  );
}

function Endpoints() {
  const t = useTranslations('webhooks');
  const mayWrite = useMay('webhooks:write');
  const pages = usePages('listWebhookEndpoints', { query: { limit: 100 } });
  const columns: Column<WebhookEndpoint>[] = [
    { id: 'url', label: t('url'), cell: ({ url }) => url, width: 'minmax(10rem, 3fr)' },
    {
      id: 'state',
      label: t('state'),
      cell: ({ state }) => <Chip tone={state === 'enabled' ? 'ok' : 'bad'}>{t(`states.${state}`)}</Chip>,
    },
  ];
  return (
    <RecordList
      pages={pages}
      columns={columns}
      label={t('endpoints')}
      none={{ icon: 'webhook', title: t('none'), text: t('noneText') }}
      create={mayWrite ? { label: t('create'), dialog: (onClose) => <NewEndpoint onClose={onClose} /> } : undefined}
      details={(endpoint, onClose) => <Endpoint endpoint={endpoint} onClose={onClose} />}
      isLive
    />
  );
}
