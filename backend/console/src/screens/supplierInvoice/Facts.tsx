import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { SupplierInvoice } from '../../../../client/src/api.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { InvoiceChip } from '../supplierInvoices/InvoiceChip.js';
import { useDecimal } from '../supplierInvoices/useDecimal.js';
import { HeadSheet } from './HeadSheet.js';

/** The head of the paper: from whom, when, how much. */
export function Facts({ invoice, canChange }: { invoice: SupplierInvoice; canChange: boolean }) {
  const t = useTranslations('supplierInvoice');
  const { day, date } = useFormat();
  const decimal = useDecimal();
  const [isOpen, setOpen] = useState(false);
  const { totals, currency } = invoice;
  const dayOf = (value: string | null): string =>
    value === null ? '–' : day(value, { day: 'numeric', month: 'short', year: 'numeric' });
  const facts = [
    [t('number'), invoice.number ?? '–'],
    [t('issued'), dayOf(invoice.issueDate)],
    [t('due'), dayOf(invoice.dueDate)],
    [t('net'), decimal(totals.net, currency)],
    [t('tax'), decimal(totals.tax, currency)],
    [t('gross'), decimal(totals.gross ?? totals.payable, currency)],
    ...(invoice.postedAt === null ? [] : [[t('postedAt'), date(invoice.postedAt)]]),
    ...(invoice.decisionReason === null ? [] : [[t('reason'), invoice.decisionReason]]),
  ];
  return (
    <section className="card stack">
      <div className="spread">
        <div className="row">
          <InvoiceChip status={invoice.status} />
          <span>{t(`type.${invoice.documentType}`)}</span>
          {invoice.supplier.id === null && <Chip tone="info">{t('newSupplier')}</Chip>}
        </div>
        {canChange && (
          <Button icon="edit" onClick={() => setOpen(true)}>
            {t('correct')}
          </Button>
        )}
      </div>
      <dl className="supplier-invoice__facts">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt className="muted">{label}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
      {isOpen && <HeadSheet invoice={invoice} onClose={() => setOpen(false)} />}
    </section>
  );
}
