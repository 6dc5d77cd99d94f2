import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link, useParams } from 'wouter';
import type { SupplierInvoice } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useCall } from '../../app/queries.js';
import { lookOf } from '../../ui/Button.js';
import { Icon } from '../../ui/Icon.js';
import { Notice } from '../../ui/Notice.js';
import { Region } from '../../ui/Region.js';
import { Facts } from './Facts.js';
import { Faults } from './Faults.js';
import { InvoiceActions } from './InvoiceActions.js';
import { LineSheet } from './LineSheet.js';
import { Lines } from './Lines.js';
import { Pages } from './Pages.js';

/** One paper: its picture beside what was read of it. */
export function Screen() {
  const t = useTranslations('supplierInvoice');
  const { id = '' } = useParams();
  const invoice = useCall('getSupplierInvoice', { id });
  const name = invoice.data && (invoice.data.supplier.name ?? invoice.data.fileName);
  return (
    <div className="screen supplier-invoice">
      <div className="supplier-invoice__head">
        <Link
          href="/supplier-invoices"
          className={`${lookOf({ look: 'quiet' })} button--icon no-print`}
          aria-label={t('back')}
        >
          <Icon name="back" />
        </Link>
        <h1>{name ? `${name} ${invoice.data?.number ?? ''}` : t('title')}</h1>
      </div>
      <Region query={invoice} label={t('title')} lines={12}>
        {(data) => <Detail invoice={data} />}
      </Region>
    </div>
  );
}

/** The sheet beside the paper: a line by its position, or a new one. */
type Opened = number | 'new' | undefined;

function Detail({ invoice }: { invoice: SupplierInvoice }) {
  const t = useTranslations('supplierInvoice');
  const [marked, mark] = useState<number>();
  const [opened, open] = useState<Opened>();
  const canChange = useMay('purchasing:write') && invoice.status === 'review';
  const line = invoice.lines.find(({ position }) => position === opened);
  return (
    <div className="supplier-invoice__sides">
      <Pages invoice={invoice} marked={marked} onPress={(position) => open(position)} />
      <div className="stack">
        {invoice.failure !== null && (
          <Notice tone="bad">
            <strong>{t('failed')}</strong>
            <span>{invoice.failure}</span>
          </Notice>
        )}
        <Facts invoice={invoice} canChange={canChange} />
        <InvoiceActions invoice={invoice} />
        <Faults invoice={invoice} />
        <Lines
          invoice={invoice}
          canChange={canChange}
          marked={marked}
          onMark={mark}
          onOpen={open}
          onAdd={() => open('new')}
        />
      </div>
      {(line ?? opened === 'new') && (
        <LineSheet key={opened} invoice={invoice} line={line} canChange={canChange} onClose={() => open(undefined)} />
      )}
    </div>
  );
}
