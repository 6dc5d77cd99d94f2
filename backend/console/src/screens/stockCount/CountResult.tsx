import { useTranslations } from 'use-intl';
import type { StockCountSheet } from '../../../../client/src/api.js';
import { useFormat } from '../../i18n/format.js';
import { Empty } from '../../ui/Empty.js';
import { Table } from '../../ui/Table.js';

/** Expected and found, now that nobody is led by it. */
export function CountResult({ sheet }: { sheet: StockCountSheet }) {
  const t = useTranslations('stockCount');
  const { money, number, date } = useFormat();
  if (sheet.status !== 'committed') return <Empty icon="stock" title={t('discarded')} text={t('discardedText')} />;
  const amount = (text: string | null): string =>
    text === null ? '–' : number(Number(text), { maximumFractionDigits: 3 });
  const lines = sheet.lines.filter(({ countedQuantity }) => countedQuantity !== null);
  return (
    <div className="card stack">
      <p className="stock-count__name">{t('net', { amount: money(sheet.net ?? 0) })}</p>
      <p className="muted">
        {sheet.closedAt !== null && t('bookedAt', { time: date(sheet.closedAt) })}{' '}
        {t('gainAndLoss', { gain: money(sheet.gain ?? 0), loss: money(sheet.loss ?? 0) })}
      </p>
      <Table
        caption={t('title')}
        rows={lines}
        keyOf={({ inventoryItemId }) => inventoryItemId}
        columns={[
          { id: 'name', label: t('item'), cell: ({ name, unit }) => `${name} (${unit})` },
          {
            id: 'expected',
            label: t('expected'),
            isNumber: true,
            cell: ({ expectedQuantity }) => amount(expectedQuantity),
          },
          {
            id: 'counted',
            label: t('counted'),
            isNumber: true,
            cell: ({ countedQuantity }) => amount(countedQuantity),
          },
          {
            id: 'variance',
            label: t('variance'),
            isNumber: true,
            cell: ({ variance }) => <strong>{amount(variance)}</strong>,
          },
          {
            id: 'value',
            label: t('value'),
            isNumber: true,
            cell: ({ varianceValue }) => (varianceValue === null ? '–' : money(varianceValue)),
          },
        ]}
      />
    </div>
  );
}
