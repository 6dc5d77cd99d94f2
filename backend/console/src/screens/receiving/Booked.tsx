import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { GoodsReceipt } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useFormat } from '../../i18n/format.js';
import { lookOf } from '../../ui/Button.js';
import { Icon } from '../../ui/Icon.js';
import { Money } from '../../ui/Values.js';
import { Upload } from '../supplierInvoices/Upload.js';

/** The booked goods, their cost above the order, and the way to photograph their paper. */
export function Booked({ receipt, orderId }: { receipt: GoodsReceipt; orderId: string }) {
  const t = useTranslations('receiving');
  const { money } = useFormat();
  const mayUpload = useMay('supplier_invoices:upload');
  const dearer = receipt.lines.filter(({ priceDifference }) => priceDifference !== null && priceDifference !== 0);
  return (
    <section className="card stack" role="status">
      <h2 className="receiving__booked">
        <Icon name="check" /> {t('booked', { number: receipt.number ?? '' })}
      </h2>
      <p>
        {t('total')}: <Money amount={receipt.total} />
      </p>
      {dearer.length > 0 && (
        <ul className="purchasing__list">
          {dearer.map(({ name, priceDifference }, place) => (
            <li key={place} className="purchasing__entry">
              <span className="purchasing__two">{name}</span>
              <span>
                {t((priceDifference ?? 0) > 0 ? 'dearer' : 'cheaper', {
                  amount: money(Math.abs(priceDifference ?? 0)),
                })}
              </span>
            </li>
          ))}
        </ul>
      )}
      {mayUpload && (
        <>
          <p className="muted">{t('paperText')}</p>
          <Upload />
        </>
      )}
      <Link href={`/purchasing/${orderId}`} className={lookOf({ look: mayUpload ? undefined : 'main' })}>
        {t('back')}
      </Link>
    </section>
  );
}
