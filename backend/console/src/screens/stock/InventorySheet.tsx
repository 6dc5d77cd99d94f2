import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { InventoryItem } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useTagged } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { Sheet } from '../../ui/Dialog.js';
import { Region } from '../../ui/Region.js';
import { Tabs } from '../../ui/Tabs.js';
import { Bullet } from './Bullet.js';
import { Levels } from './Levels.js';
import { Movements } from './Movements.js';
import { Prices } from './Prices.js';
import { TransferDialog } from './TransferDialog.js';
import { WasteDialog } from './WasteDialog.js';

/** All of one item: how much there is, where it went, when it is ordered, and what it cost. */
export function InventorySheet({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations('stock');
  const item = useTagged('getInventoryItem', { id });
  return (
    <Sheet title={item.data?.data.name ?? t('item')} onClose={onClose}>
      <Region query={item} label={t('item')} lines={8}>
        {({ data, etag }) => <Detail item={data} etag={etag ?? ''} onClose={onClose} />}
      </Region>
    </Sheet>
  );
}

function Detail({ item, etag, onClose }: { item: InventoryItem; etag: string; onClose: () => void }) {
  const t = useTranslations('stock');
  const { number } = useFormat();
  const [view, setView] = useState('movements');
  const maySeePrices = useMay('purchasing:read');
  const mayMove = useMay('stock:write');
  const quantity = number(Number(item.currentQuantity), { maximumFractionDigits: 3 });
  return (
    <div className="stack">
      <div className="spread">
        <strong className="stock-item__quantity">
          {quantity} {item.unit}
        </strong>
        {item.isLow && (
          <Chip tone="warn" icon="alert">
            {t('isLow')}
          </Chip>
        )}
      </div>
      <Bullet item={item} />
      {mayMove && <StockActions item={item} />}
      <Tabs
        label={item.name}
        value={view}
        onChange={setView}
        tabs={[
          { value: 'movements', label: t('movements'), content: () => <Movements item={item} /> },
          { value: 'levels', label: t('levels'), content: () => <Levels item={item} etag={etag} onTake={onClose} /> },
          ...(maySeePrices ? [{ value: 'prices', label: t('prices'), content: () => <Prices item={item} /> }] : []),
        ]}
      />
    </div>
  );
}

function StockActions({ item }: { item: InventoryItem }) {
  const t = useTranslations('stock');
  const [open, setOpen] = useState<'waste' | 'transfer'>();
  const close = (): void => setOpen(undefined);
  return (
    <div className="row no-print">
      <Button icon="trash" onClick={() => setOpen('waste')}>
        {t('waste')}
      </Button>
      <Button icon="truck" onClick={() => setOpen('transfer')}>
        {t('transfer')}
      </Button>
      {open === 'waste' && <WasteDialog item={item} onClose={close} />}
      {open === 'transfer' && <TransferDialog item={item} onClose={close} />}
    </div>
  );
}
