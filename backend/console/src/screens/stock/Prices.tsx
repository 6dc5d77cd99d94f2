import { useTranslations } from 'use-intl';
import type { InventoryItem, ItemPricesEntry } from '../../../../client/src/api.js';
import { useAll, useCall } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Chip } from '../../ui/Chip.js';
import { Region } from '../../ui/Region.js';
import { Money } from '../../ui/Values.js';
import { useUnitCost } from './useUnitCost.js';

/** Who sells it, and what it cost on the invoices. */
export function Prices({ item }: { item: InventoryItem }) {
  const t = useTranslations('stock');
  const offers = useAll('listInventoryItemSuppliers', { id: item.id, query: { limit: 100 } }, { most: 100 });
  const prices = useCall('getInventoryItemPrices', { id: item.id });
  return (
    <div className="stack">
      <h3>{t('suppliers')}</h3>
      <Region
        query={offers}
        label={t('suppliers')}
        lines={2}
        isEmpty={(rows) => rows.length === 0}
        empty={<p className="muted">{t('noSuppliers')}</p>}
      >
        {(rows) => (
          <ul className="purchasing__list">
            {rows.map((one) => (
              <li key={one.id} className="purchasing__entry">
                <span className="purchasing__two">
                  <strong>{one.supplierName}</strong>
                  <span className="muted">{[one.articleNumber, one.packUnit].filter(Boolean).join(' · ')}</span>
                </span>
                {one.isPreferred && <Chip tone="ok">{t('preferred')}</Chip>}
                {one.lastPrice !== null && <Money amount={one.lastPrice} />}
              </li>
            ))}
          </ul>
        )}
      </Region>
      <h3>{t('pricesSoFar')}</h3>
      <Region
        query={prices}
        label={t('pricesSoFar')}
        lines={2}
        isEmpty={({ data }) => data.length === 0}
        empty={<p className="muted">{t('noPrices')}</p>}
      >
        {({ data }) => (
          <ul className="purchasing__list">
            {data.map((one, at) => (
              <Price
                key={`${one.supplierInvoiceId} ${one.position}`}
                one={one}
                before={data[at + 1]}
                unit={item.unit}
              />
            ))}
          </ul>
        )}
      </Region>
    </div>
  );
}

/** One price for a stock unit, and how it is to the one before. */
function Price({ one, before, unit }: { one: ItemPricesEntry; before: ItemPricesEntry | undefined; unit: string }) {
  const t = useTranslations('stock');
  const { day, percent } = useFormat();
  const costOf = useUnitCost();
  const cost = Number(one.unitCost);
  const share = before && Number(before.unitCost) > 0 ? cost / Number(before.unitCost) - 1 : 0;
  return (
    <li className="purchasing__entry">
      <span className="purchasing__two">
        <strong>{one.supplierName}</strong>
        <span className="muted">
          {[one.number, one.issueDate && day(one.issueDate, { dateStyle: 'medium' })].filter(Boolean).join(' · ')}
        </span>
      </span>
      {Math.abs(share) >= 0.005 && (
        <Chip tone={share > 0 ? 'warn' : 'ok'}>
          {t(share > 0 ? 'dearer' : 'cheaper', { share: percent(Math.abs(share)) })}
        </Chip>
      )}
      <span className="number">{t('perUnit', { price: costOf(one.unitCost), unit })}</span>
    </li>
  );
}
