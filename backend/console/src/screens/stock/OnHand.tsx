import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { InventoryItem } from '../../../../client/src/api.js';
import { useFormat } from '../../i18n/format.js';
import { Chip } from '../../ui/Chip.js';
import type { Column } from '../../ui/Table.js';
import { useMedia, WIDE } from '../../ui/useMedia.js';
import { VirtualTable } from '../../ui/VirtualTable.js';
import { Bullet } from './Bullet.js';

/** Items with their quantity, and how it is to the point of reordering and the usual stock. */
export function OnHand({ items, onOpen }: { items: readonly InventoryItem[]; onOpen: (item: InventoryItem) => void }) {
  const t = useTranslations('stock');
  const isWide = useMedia(WIDE);
  const { number } = useFormat();
  const columns = useMemo(() => {
    const amount = (text: string, unit: string): string =>
      `${number(Number(text), { maximumFractionDigits: 3 })} ${unit}`;
    const name: Column<InventoryItem> = {
      id: 'name',
      label: t('item'),
      width: 'minmax(0, 1.4fr)',
      cell: (item) => (
        <span className="stock__name">
          <span>{item.name}</span>
          {item.isLow && (
            <Chip tone="warn" icon="alert">
              {t('isLow')}
            </Chip>
          )}
        </span>
      ),
    };
    const quantity: Column<InventoryItem> = {
      id: 'quantity',
      label: t('onHand'),
      width: isWide ? '9rem' : 'auto',
      isNumber: true,
      cell: ({ currentQuantity, unit }) => <strong>{amount(currentQuantity, unit)}</strong>,
    };
    if (!isWide) return [name, quantity];
    return [
      name,
      quantity,
      {
        id: 'bullet',
        label: t('level'),
        width: 'minmax(8rem, 1fr)',
        cell: (item: InventoryItem) => <Bullet item={item} />,
      },
      {
        id: 'reorder',
        label: t('reorder'),
        width: '8rem',
        isNumber: true,
        cell: ({ reorderPoint, unit }: InventoryItem) =>
          Number(reorderPoint) === 0 ? '–' : amount(reorderPoint, unit),
      },
      {
        id: 'par',
        label: t('par'),
        width: '8rem',
        isNumber: true,
        cell: ({ parLevel, unit }: InventoryItem) => (parLevel === null ? '–' : amount(parLevel, unit)),
      },
    ];
  }, [t, isWide, number]);
  return <VirtualTable columns={columns} rows={items} keyOf={({ id }) => id} label={t('title')} onOpen={onOpen} />;
}
