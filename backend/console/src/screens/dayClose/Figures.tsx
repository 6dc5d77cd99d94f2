import { useTranslations } from 'use-intl';
import type { BusinessDay } from '../../../../client/src/api.js';
import { useFormat } from '../../i18n/format.js';

interface Row {
  id: string;
  label: string;
  value: string;
  look?: 'strong' | 'muted';
}

/** The figures of the day, in the order in which its report is printed. */
export function Figures({ day }: { day: BusinessDay }) {
  const t = useTranslations('dayClose');
  const { money, number } = useFormat();
  const amount = (id: string, value: number | string | undefined, look?: Row['look']): Row[] =>
    value === undefined || (Number(value) === 0 && look === undefined)
      ? []
      : [{ id, label: t(`figure.${id}`), value: money(value), ...(look && { look }) }];
  const sale: Row[] = [
    { id: 'orders', label: t('figure.orders'), value: number(day.orders) },
    { id: 'units', label: t('figure.units'), value: number(day.units) },
    ...amount('grossSales', day.grossSales),
    ...amount('discounts', negative(day.discountTotal)),
    ...amount('revenue', day.revenue, 'strong'),
    ...amount('vouchers', day.vouchersSold),
    ...amount('serviceCharge', day.serviceChargeTotal),
    ...amount('addedTaxes', minus(day.taxTotal, day.taxIncludedTotal)),
    ...amount('tips', day.tipTotal),
    ...amount('total', day.total, 'strong'),
    ...amount('refunds', negative(day.refundTotal)),
    ...amount('rounding', day.roundingTotal),
  ];
  const lost: Row[] = [
    {
      id: 'voided',
      label: t('figure.voided', { count: day.voidedLines.count }),
      value: money(day.voidedLines.amount),
      look: 'muted',
    },
    {
      id: 'cancelled',
      label: t('figure.cancelled', { count: day.cancelledOrders.count }),
      value: money(day.cancelledOrders.total),
      look: 'muted',
    },
  ];
  return (
    <div className="day-close__figures">
      <Part title={t('sales')} rows={[...sale, ...lost]} />
      <Part title={t('payments')} rows={useMoney(day)} none={t('noPayments')} />
      <Part title={t('taxes')} rows={useTaxes(day)} none={t('noTaxes')} />
    </div>
  );
}

function Part({ title, rows, none }: { title: string; rows: readonly Row[]; none?: string }) {
  return (
    <section className="card stack">
      <h2>{title}</h2>
      {rows.length === 0 && <p className="muted">{none}</p>}
      <dl className="day-close__rows">
        {rows.map(({ id, label, value, look }) => (
          <div key={id} data-look={look}>
            <dt>{label}</dt>
            <dd className="number">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Payments with their tips, then what was given back, by method. */
function useMoney({ payments, refunds }: BusinessDay): Row[] {
  const t = useTranslations('dayClose');
  const { money } = useFormat();
  return [
    ...payments.map(({ method, count, amount, tip }) => ({
      id: method,
      label: t('paidBy', { method: t(`method.${method}`), count }),
      value: money(sum(amount, tip)),
    })),
    ...refunds.map(({ method, count, amount }) => ({
      id: `refund ${method}`,
      label: t('refundedBy', { method: t(`method.${method}`), count }),
      value: money(negative(amount)),
    })),
  ];
}

function useTaxes({ taxes }: BusinessDay): Row[] {
  const t = useTranslations('dayClose');
  const { money, number } = useFormat();
  return taxes.map(({ taxId, name, rate, base, amount }) => ({
    id: `${taxId} ${rate}`,
    label: t('taxOn', {
      name,
      rate: number(Number(rate) / 100, { style: 'percent', maximumFractionDigits: 3 }),
      base: money(base),
    }),
    value: money(amount),
  }));
}

/** Sums of a day may be larger than a double holds exactly. */
function sum(one: number | string, other: number | string): string {
  return String(BigInt(one) + BigInt(other));
}

function minus(one: number | string, other: number | string): string {
  return String(BigInt(one) - BigInt(other));
}

function negative(amount: number | string): string {
  return String(-BigInt(amount));
}
