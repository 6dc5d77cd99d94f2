import { useTranslations } from 'use-intl';
import type { GoodsReceiptLine } from '../../../../client/src/api.js';
import { useAll } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Region } from '../../ui/Region.js';
import { Money } from '../../ui/Values.js';

/** The deliveries of an order, and each price that is not the ordered one. */
export function Receipts({ id }: { id: string }) {
  const t = useTranslations('purchaseOrder');
  const { moment } = useFormat();
  const receipts = useAll('listGoodsReceipts', { query: { purchaseOrderId: id, limit: 100 } }, { most: 100 });
  return (
    <section className="card stack">
      <h2>{t('receipts')}</h2>
      <Region
        query={receipts}
        label={t('receipts')}
        lines={2}
        isEmpty={(rows) => rows.length === 0}
        empty={<p className="muted">{t('noReceipts')}</p>}
      >
        {(rows) => (
          <ul className="purchasing__list">
            {rows.map((one) => (
              <li key={one.id} className="purchasing__entry purchase-order__receipt">
                <span className="purchasing__two">
                  <strong>{[one.number, one.reference].filter(Boolean).join(' · ')}</strong>
                  <span className="muted">{moment(one.receivedAt)}</span>
                </span>
                <Difference amount={one.priceDifference} />
                <Money amount={one.total} />
                <OtherPrices lines={one.lines} />
              </li>
            ))}
          </ul>
        )}
      </Region>
    </section>
  );
}

function Difference({ amount }: { amount: number }) {
  const t = useTranslations('purchaseOrder');
  const { money } = useFormat();
  if (amount === 0) return null;
  return <span className="muted">{t(amount > 0 ? 'dearer' : 'cheaper', { amount: money(Math.abs(amount)) })}</span>;
}

/** Lines that cost something else than what was ordered. */
function OtherPrices({ lines }: { lines: readonly GoodsReceiptLine[] }) {
  const t = useTranslations('purchaseOrder');
  const { money } = useFormat();
  const other = lines.filter(({ priceDifference }) => priceDifference !== null && priceDifference !== 0);
  if (other.length === 0) return null;
  return (
    <ul className="purchase-order__prices">
      {other.map(({ inventoryItemId, name, unit, unitPrice, expectedUnitPrice, priceDifference }) => (
        <li key={inventoryItemId} className="muted">
          {t('otherPrice', { name, unit, price: money(unitPrice), expected: money(expectedUnitPrice ?? 0) })}{' '}
          <Difference amount={priceDifference ?? 0} />
        </li>
      ))}
    </ul>
  );
}
