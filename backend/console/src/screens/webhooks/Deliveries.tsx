import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { WebhookDelivery, WebhookDeliveryStatus } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useChange, usePages } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Chip, type Tone } from '../../ui/Chip.js';
import { Sheet } from '../../ui/Dialog.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { RecordList } from '../../ui/RecordList.js';
import { RadioRow } from '../../ui/RadioRow.js';
import { type Column, Table } from '../../ui/Table.js';

const STATUSES = ['given_up', 'waiting', 'delivered'] as const satisfies readonly WebhookDeliveryStatus[];
const TONES: Record<WebhookDeliveryStatus, Tone> = { given_up: 'bad', waiting: 'info', delivered: 'ok' };

/** The log of what was sent, with each attempt. */
export function Deliveries() {
  const t = useTranslations('webhooks');
  const { moment } = useFormat();
  const [status, setStatus] = useState<WebhookDeliveryStatus | 'all'>('all');
  const pages = usePages('listWebhookDeliveries', { query: { limit: 50, ...(status === 'all' ? {} : { status }) } });
  const columns: Column<WebhookDelivery>[] = [
    { id: 'type', label: t('event'), cell: ({ type }) => <strong>{type}</strong>, width: 'minmax(9rem, 2fr)' },
    { id: 'status', label: t('state'), cell: (one) => <DeliveryChip status={one.status} /> },
    { id: 'at', label: t('at'), cell: ({ createdAt }) => moment(createdAt) },
  ];
  return (
    <div className="stack">
      <RadioRow
        label={t('state')}
        name="status"
        value={status}
        onChange={setStatus}
        choices={[
          { value: 'all', label: t('all') },
          ...STATUSES.map((value) => ({ value, label: t(`statuses.${value}`) })),
        ]}
      />
      <RecordList
        pages={pages}
        columns={columns}
        label={t('deliveries')}
        none={{ icon: 'webhook', title: t('noDeliveries'), text: t('noDeliveriesText') }}
        details={(delivery, onClose) => <Delivery delivery={delivery} onClose={onClose} />}
        isLive
      />
    </div>
  );
}

function DeliveryChip({ status }: { status: WebhookDeliveryStatus }) {
  const t = useTranslations('webhooks.statuses');
  return <Chip tone={TONES[status]}>{t(status)}</Chip>;
}

function Delivery({ delivery, onClose }: { delivery: WebhookDelivery; onClose: () => void }) {
  const t = useTranslations('webhooks');
  const { date, moment, number } = useFormat();
  const mayWrite = useMay('webhooks:write');
  const again = useChange('redeliverWebhookDelivery', ['listWebhookDeliveries']);
  return (
    <Sheet title={delivery.type} onClose={onClose}>
      <div className="stack">
        <DeliveryChip status={delivery.status} />
        {delivery.nextAttemptAt !== null && <p>{t('next', { time: date(delivery.nextAttemptAt) })}</p>}
        <Table
          caption={t('attempts')}
          rows={delivery.attempts}
          keyOf={(attempt) => String(attempt.number)}
          columns={[
            { id: 'at', label: t('at'), cell: ({ at }) => moment(at) },
            { id: 'answer', label: t('answer'), cell: ({ status, fault }) => status ?? fault },
            { id: 'ms', label: 'ms', cell: ({ durationMs }) => number(durationMs), isNumber: true },
          ]}
        />
        <FormFailure error={again.error} />
        {mayWrite && (
          <Actions>
            <Button
              look="main"
              icon="refresh"
              isBusy={again.isPending}
              onClick={() => again.mutate({ id: delivery.id })}
            >
              {t('again')}
            </Button>
          </Actions>
        )}
      </div>
    </Sheet>
  );
}
