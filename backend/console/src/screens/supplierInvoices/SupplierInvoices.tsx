import { useTranslations } from 'use-intl';
import { useLocation, useSearchParams } from 'wouter';
import type { SupplierInvoiceSummary, SupplierMailReceivedEntryStatus } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { usePages } from '../../app/queries.js';
import { Views } from '../../app/views/Views.js';
import { useFormat } from '../../i18n/format.js';
import { SelectField } from '../../ui/Field.js';
import { PagedTable } from '../../ui/PagedTable.js';
import type { Column } from '../../ui/Table.js';
import { useMedia, WIDE } from '../../ui/useMedia.js';
import { InvoiceChip } from './InvoiceChip.js';
import { Upload } from './Upload.js';
import { useDecimal } from './useDecimal.js';

const STATUSES: readonly SupplierMailReceivedEntryStatus[] = [
  'received',
  'extracting',
  'review',
  'approved',
  'posted',
  'reversed',
  'failed',
  'rejected',
];

const VIEW_PARTS = ['status'];

/** Papers of suppliers, from the upload to stock. */
export function Screen() {
  const t = useTranslations('supplierInvoices');
  const [, go] = useLocation();
  const [params, setParams] = useSearchParams();
  const mayUpload = useMay('supplier_invoices:upload');
  const status = STATUSES.find((one) => one === params.get('status'));
  const pages = usePages('listSupplierInvoices', { query: { limit: 100, ...(status && { status }) } });
  const columns = useColumns();
  return (
    <div className="screen stack supplier-invoices">
      <h1>{t('title')}</h1>
      <Views list="supplierInvoices" names={VIEW_PARTS} />
      <div className="supplier-invoices__bar no-print">
        <SelectField
          label={t('state')}
          value={status ?? ''}
          onChange={({ target }) => setParams(target.value === '' ? {} : { status: target.value }, { replace: true })}
          choices={[
            { value: '', label: t('all') },
            ...STATUSES.map((value) => ({ value, label: t(`status.${value}`) })),
          ]}
        />
        {mayUpload && <Upload />}
      </div>
      <PagedTable
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        label={t('title')}
        onOpen={({ id }) => go(`/supplier-invoices/${id}`)}
        none={{ icon: 'invoice', title: t('none'), ...(mayUpload && { text: t('noneText') }) }}
      />
    </div>
  );
}

function useColumns(): Column<SupplierInvoiceSummary>[] {
  const t = useTranslations('supplierInvoices');
  const { day } = useFormat();
  const isWide = useMedia(WIDE);
  const decimal = useDecimal();
  const dayOf = (date: string | null): string =>
    date === null ? '–' : day(date, { day: 'numeric', month: 'short', year: 'numeric' });
  const totalOf = ({ totals, currency }: SupplierInvoiceSummary): string =>
    decimal(totals.payable ?? totals.gross, currency);
  const name = (one: SupplierInvoiceSummary, second: string) => (
    <span className="supplier-invoices__two">
      <strong>{one.supplier.name ?? t('unknownSupplier')}</strong>
      <span className="muted">{second}</span>
    </span>
  );
  if (!isWide)
    return [
      {
        id: 'supplier',
        label: t('supplier'),
        width: 'minmax(0, 1fr)',
        cell: (one) => name(one, one.number ?? one.fileName),
      },
      {
        id: 'total',
        label: t('total'),
        isNumber: true,
        width: 'auto',
        cell: (one) => (
          <span className="supplier-invoices__two supplier-invoices__two--end">
            <span className="number">{totalOf(one)}</span>
            <InvoiceChip status={one.status} />
          </span>
        ),
      },
    ];
  return [
    { id: 'supplier', label: t('supplier'), width: 'minmax(10rem, 2fr)', cell: (one) => name(one, one.fileName) },
    { id: 'number', label: t('number'), width: 'minmax(7rem, 1fr)', cell: (one) => one.number ?? '–' },
    { id: 'status', label: t('state'), width: '11rem', cell: ({ status }) => <InvoiceChip status={status} /> },
    { id: 'issued', label: t('issued'), width: '8.5rem', cell: ({ issueDate }) => dayOf(issueDate) },
    { id: 'due', label: t('due'), width: '8.5rem', cell: ({ dueDate }) => dayOf(dueDate) },
    { id: 'total', label: t('total'), isNumber: true, width: '8rem', cell: totalOf },
  ];
}
