import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { useSearchParams } from 'wouter';
import type { Document } from '../../../../client/src/api.js';
import { type Takes, usePages } from '../../app/queries.js';
import { Views } from '../../app/views/Views.js';
import { useFormat } from '../../i18n/format.js';
import { Empty } from '../../ui/Empty.js';
import { SelectField, TextField } from '../../ui/Field.js';
import { Region } from '../../ui/Region.js';
import type { Column } from '../../ui/Table.js';
import { useMedia, WIDE } from '../../ui/useMedia.js';
import { VirtualTable } from '../../ui/VirtualTable.js';
import { DocumentSheet } from './DocumentSheet.js';
import { StatusChip } from './StatusChip.js';

const PAGE_SIZE = 50;
const TYPES = [
  'invoice',
  'receipt',
  'credit_note',
  'deposit',
  'quotation',
  'boq',
  'day_close',
  'purchase_order',
  'goods_receipt',
  'stock_count',
] as const;
const STATUSES = ['draft', 'issued', 'voided'] as const;
const FILTERS = ['type', 'status', 'businessDate'] as const;

/** Papers with numbers: found, read, saved as PDF, and taken back by credit notes. */
export function Screen() {
  const t = useTranslations('documents');
  const [params, setParams] = useSearchParams();
  const isWide = useMedia(WIDE);
  const change = (name: string, value: string | undefined): void =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  const given = FILTERS.flatMap((name) => (params.get(name) ? [[name, params.get(name)]] : []));
  // The address has text; the server says so if it is none of its values.
  const query = Object.fromEntries(given) as NonNullable<Takes<'listDocuments'>['query']>;
  const pages = usePages('listDocuments', { query: { ...query, limit: PAGE_SIZE } });
  const columns = useColumns(isWide);
  const shown = params.get('document');
  return (
    <div className="screen documents">
      <h1>{t('title')}</h1>
      <Views list="documents" names={FILTERS} />
      <div className="documents__filters no-print">
        <SelectField
          label={t('type')}
          value={params.get('type') ?? ''}
          onChange={({ target }) => change('type', target.value)}
          choices={[
            { value: '', label: t('allTypes') },
            ...TYPES.map((one) => ({ value: one, label: t(`types.${one}`) })),
          ]}
        />
        <SelectField
          label={t('status')}
          value={params.get('status') ?? ''}
          onChange={({ target }) => change('status', target.value)}
          choices={[
            { value: '', label: t('allStatuses') },
            ...STATUSES.map((one) => ({ value: one, label: t(`statuses.${one}`) })),
          ]}
        />
        <TextField
          label={t('day')}
          type="date"
          value={params.get('businessDate') ?? ''}
          onChange={({ target }) => change('businessDate', target.value)}
        />
      </div>
      <Region
        query={pages.query}
        label={t('title')}
        lines={8}
        isEmpty={(rows) => rows.length === 0 && !pages.hasMore}
        empty={
          <Empty
            icon="document"
            title={t(given.length > 0 ? 'noneFound' : 'none')}
            text={t(given.length > 0 ? 'noneFoundText' : 'noneText')}
          />
        }
      >
        {(rows) => (
          <VirtualTable
            key={JSON.stringify(query)}
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
            label={t('title')}
            onOpen={({ id }) => change('document', id)}
            onEnd={pages.loadMore}
          />
        )}
      </Region>
      {shown !== null && (
        <DocumentSheet
          key={shown}
          id={shown}
          onOpen={(id) => change('document', id)}
          onClose={() => change('document', undefined)}
        />
      )}
    </div>
  );
}

function useColumns(isWide: boolean): Column<Document>[] {
  const t = useTranslations('documents');
  const { moment, money } = useFormat();
  return useMemo(() => {
    const number: Column<Document> = {
      id: 'number',
      label: t('number'),
      width: 'minmax(0, 1.2fr)',
      cell: (one) => (
        <span className="documents__two">
          <strong>{one.number ?? t('statuses.draft')}</strong>
          {!isWide && <span className="muted">{t(`types.${one.type}`)}</span>}
        </span>
      ),
    };
    const total: Column<Document> = {
      id: 'total',
      label: t('total'),
      width: '8rem',
      isNumber: true,
      // Stock counts and the like have no price.
      cell: ({ total: amount, currency }) => (Number(amount) === 0 ? '–' : money(amount, currency)),
    };
    if (!isWide) return [number, total];
    return [
      number,
      { id: 'type', label: t('type'), width: 'minmax(8rem, 1fr)', cell: ({ type }) => t(`types.${type}`) },
      {
        id: 'customer',
        label: t('customer'),
        width: 'minmax(0, 1.2fr)',
        cell: ({ customer }) => customer?.name ?? '',
      },
      { id: 'issued', label: t('issued'), width: '10rem', cell: (one) => moment(one.issuedAt ?? one.createdAt) },
      { id: 'status', label: t('status'), width: '7rem', cell: ({ status }) => <StatusChip status={status} /> },
      total,
    ];
  }, [t, isWide, moment, money]);
}
