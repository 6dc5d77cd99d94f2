import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { SupplierInvoice, SupplierInvoiceCheck } from '../../../../client/src/api.js';
import { useFormat } from '../../i18n/format.js';
import { Notice } from '../../ui/Notice.js';
import { useDecimal } from '../supplierInvoices/useDecimal.js';

/** Faults in words: Servio reports it and repairs nothing. */
export function Faults({ invoice }: { invoice: SupplierInvoice }) {
  const t = useTranslations('supplierInvoice');
  const failed = invoice.checks.filter(({ ok }) => !ok);
  return (
    <>
      {invoice.duplicates.map(({ id, fileName }) => (
        <Notice key={id} tone="warn">
          <span>{t('duplicate')}</span>
          <Link href={`/supplier-invoices/${id}`}>{fileName}</Link>
        </Notice>
      ))}
      {failed.length > 0 && (
        <Notice tone="warn">
          <strong>{t('faults', { count: failed.length })}</strong>
          <ul className="supplier-invoice__faults">
            {failed.map((check, place) => (
              <li key={place}>
                <Fault check={check} currency={invoice.currency} />
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Differences invoice={invoice} />
    </>
  );
}

function Fault({
  check: { rule, position, expected, stated, message },
  currency,
}: {
  check: SupplierInvoiceCheck;
  currency: string | null;
}) {
  const t = useTranslations('supplierInvoice');
  const decimal = useDecimal();
  const name = t.has(`rule.${rule}`) ? t(`rule.${rule}`, { position: position ?? 0 }) : rule;
  const sums =
    expected !== undefined && stated !== undefined
      ? t('expectedStated', { expected: decimal(expected, currency), stated: decimal(stated, currency) })
      : undefined;
  return <>{[name, message, sums].filter(Boolean).join(' ')}</>;
}

/** Against order and delivery, and against the prices before. */
function Differences({ invoice }: { invoice: SupplierInvoice }) {
  const t = useTranslations('supplierInvoice');
  const { money, percent } = useFormat();
  const nameOf = (id: string): string =>
    invoice.lines.find(({ match }) => match?.inventoryItemId === id)?.match?.itemName ?? id;
  const found = invoice.comparison.filter(({ reasons }) => reasons.length > 0);
  if (found.length === 0 && invoice.priceChanges.length === 0) return null;
  return (
    <section className="card stack">
      <h2>{t('differences')}</h2>
      <ul className="supplier-invoice__faults">
        {found.map(({ inventoryItemId, reasons, credit }) => (
          <li key={inventoryItemId}>
            <strong>{nameOf(inventoryItemId)}</strong>: {reasons.map((reason) => t(`because.${reason}`)).join(', ')}
            {credit > 0 && ` · ${t('askBack', { amount: money(credit) })}`}
          </li>
        ))}
        {invoice.priceChanges.map(({ position, inventoryItemId, percent: change, isRise, dishes }) => (
          <li key={position}>
            <strong>{nameOf(inventoryItemId)}</strong>:{' '}
            {t(isRise ? 'risen' : 'fallen', { percent: percent(Math.abs(Number(change)) / 100) })}
            {dishes.length > 0 && ` · ${t('dishes', { count: dishes.length })}`}
          </li>
        ))}
      </ul>
    </section>
  );
}
