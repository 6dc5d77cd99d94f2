import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormat } from '../../i18n/format.js';
import { amountFrom, amountText } from '../../ui/amount.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextField } from '../../ui/Field.js';
import { listOf, type Filters, type OrderFilters, toggled } from './filters.js';

const TYPES = ['dine_in', 'takeaway', 'delivery', 'catering'] as const;
const PAYMENTS = ['unpaid', 'partially_paid', 'paid', 'overpaid', 'partially_refunded', 'refunded'] as const;

/** The filters that are needed less often. They take effect together. */
export function FilterSheet({ filters, onClose }: { filters: OrderFilters; onClose: () => void }) {
  const t = useTranslations('orders');
  const [chosen, setChosen] = useState<Filters>({
    type: filters.get('type'),
    paymentStatus: filters.get('paymentStatus'),
  });
  const { minor, decimalSign } = useFormat();
  const digits = String(minor()).length - 1;
  const send = (form: HTMLFormElement): void => {
    const text = (name: string): string | undefined => {
      const value = new FormData(form).get(name);
      return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
    };
    const amount = (name: string): string | undefined => amountFrom(text(name) ?? '', digits)?.toString();
    const day = (text('from') ?? text('to')) ? undefined : filters.get('businessDate');
    filters.change({
      ...chosen,
      from: text('from'),
      to: text('to'),
      businessDate: day,
      table: text('table'),
      customer: text('customer'),
      minTotal: amount('minTotal'),
      maxTotal: amount('maxTotal'),
    });
    onClose();
  };
  const shown = (name: 'minTotal' | 'maxTotal'): string => {
    const value = filters.get(name);
    return value !== undefined && /^\d+$/.test(value) ? amountText(value, digits, decimalSign) : '';
  };
  return (
    <Dialog title={t('filters')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          send(event.currentTarget);
        }}
      >
        <Choices
          label={t('column.type')}
          values={TYPES}
          place="orderType"
          chosen={chosen.type}
          onToggle={(one) => setChosen({ ...chosen, type: toggled(chosen.type, one) })}
        />
        <Choices
          label={t('column.payment')}
          values={PAYMENTS}
          place="order.paymentStatus"
          chosen={chosen.paymentStatus}
          onToggle={(one) => setChosen({ ...chosen, paymentStatus: toggled(chosen.paymentStatus, one) })}
        />
        <div className="orders__pair">
          <TextField label={t('from')} name="from" type="date" defaultValue={filters.get('from')} />
          <TextField label={t('to')} name="to" type="date" defaultValue={filters.get('to')} />
        </div>
        <div className="orders__pair">
          <TextField label={t('tableName')} name="table" defaultValue={filters.get('table')} />
          <TextField label={t('customer')} name="customer" defaultValue={filters.get('customer')} />
        </div>
        <div className="orders__pair">
          <TextField label={t('minTotal')} name="minTotal" inputMode="decimal" defaultValue={shown('minTotal')} />
          <TextField label={t('maxTotal')} name="maxTotal" inputMode="decimal" defaultValue={shown('maxTotal')} />
        </div>
        <Actions>
          <Button onClick={() => (filters.clear(), onClose())}>{t('clear')}</Button>
          <Button look="main" type="submit">
            {t('apply')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

function Choices({
  label,
  values,
  place,
  chosen,
  onToggle,
}: {
  label: string;
  values: readonly string[];
  place: string;
  chosen: string | undefined;
  onToggle: (one: string) => void;
}) {
  const t = useTranslations(place);
  return (
    <fieldset className="orders__choices">
      <legend>{label}</legend>
      {values.map((one) => (
        <label key={one} className="orders__choice">
          <input type="checkbox" checked={listOf(chosen).includes(one)} onChange={() => onToggle(one)} />
          {t(one)}
        </label>
      ))}
    </fieldset>
  );
}
