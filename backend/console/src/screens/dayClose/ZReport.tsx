import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { BusinessDay } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { client } from '../../app/session.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { PrintedDialog } from '../../ui/PrintedDialog.js';
import { Difference } from './CashCount.js';

/** A closed day: its cash, the person who closed it, and its numbered report. */
export function ZReport({ day }: { day: BusinessDay }) {
  const t = useTranslations('dayClose');
  const { money, date } = useFormat();
  const mayRead = useMay('documents:read');
  const { counted, expected, difference } = day.cash;
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="card day-close__z">
      <div className="stack">
        <strong>{day.closedAt !== null && t('closedAt', { time: date(day.closedAt) })}</strong>
        <span>
          {counted === null
            ? t('notCountedZ', { expected: money(expected) })
            : t('countedOf', { counted: money(counted), expected: money(expected) })}
        </span>
        {day.notes !== null && <span className="muted">{day.notes}</span>}
      </div>
      <div className="row">
        {difference !== null && <Difference amount={Number(difference)} />}
        {mayRead && day.documentId !== null && (
          <Button className="no-print" icon="document" onClick={() => setOpen(true)}>
            {t('showZ')}
          </Button>
        )}
      </div>
      {isOpen && day.documentId !== null && <ZPaper day={day} id={day.documentId} onClose={() => setOpen(false)} />}
    </section>
  );
}

/** A document that was issued never changes. */
function ZPaper({ day, id, onClose }: { day: BusinessDay; id: string; onClose: () => void }) {
  const t = useTranslations('dayClose');
  const name = day.number ?? day.date;
  return (
    <PrintedDialog
      title={t('zReport', { number: name })}
      version={id}
      loadText={async () => (await client.call('downloadDocumentText', { id })).data}
      loadPdf={async () => (await client.call('downloadDocumentPdf', { id })).data}
      fileName={name}
      onClose={onClose}
    />
  );
}
