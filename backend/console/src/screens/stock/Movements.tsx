import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { InventoryItem, StockMovement } from '../../../../client/src/api.js';
import { usePages } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { PagedTable } from '../../ui/PagedTable.js';
import type { Column } from '../../ui/Table.js';
import { usePlaces } from './usePlaces.js';

/** What came and went, the newest first. The quantity in stock is always their sum. */
export function Movements({ item }: { item: InventoryItem }) {
  const t = useTranslations('stock');
  const { moment, number } = useFormat();
  const { nameOf } = usePlaces();
  const pages = usePages('listStockMovements', { query: { inventoryItemId: item.id, limit: 50 } });
  const columns = useMemo((): Column<StockMovement>[] => {
    const signed = (text: string): string =>
      number(Number(text), { maximumFractionDigits: 3, signDisplay: 'exceptZero' });
    // Reasons of waste are codes, others are texts.
    const wordsOf = (reason: string | null): string | null =>
      reason !== null && t.has(`wasteReason.${reason}`) ? t(`wasteReason.${reason}`) : reason;
    return [
      {
        id: 'what',
        label: t('movement'),
        width: 'minmax(0, 1fr)',
        cell: ({ kind, reason, occurredAt, locationId }) => (
          <span className="purchasing__two">
            <strong>{t(`kind.${kind}`)}</strong>
            <span className="muted">
              {[moment(occurredAt), nameOf(locationId), wordsOf(reason)].filter(Boolean).join(' · ')}
            </span>
          </span>
        ),
      },
      {
        id: 'quantity',
        label: item.unit,
        width: 'auto',
        isNumber: true,
        cell: ({ quantity }) => <strong dir="ltr">{signed(quantity)}</strong>,
      },
    ];
  }, [t, moment, number, nameOf, item.unit]);
  return (
    <PagedTable
      pages={pages}
      columns={columns}
      keyOf={({ id }) => id}
      label={t('movements')}
      none={{ icon: 'stock', title: t('noMovements') }}
    />
  );
}
