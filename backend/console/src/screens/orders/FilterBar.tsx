import { useCallback, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { Icon } from '../../ui/Icon.js';
import { SelectField } from '../../ui/Field.js';
import { SearchField } from '../../ui/SearchField.js';
import { FilterSheet } from './FilterSheet.js';
import { FILTERS, listOf, type Filter, type OrderFilters, SORTS, toggled, withSort } from './filters.js';

const STATUSES = ['placed', 'accepted', 'preparing', 'ready', 'completed', 'cancelled'] as const;
/** These are seen in the row of states, or in the field. */
const SHOWN_ELSEWHERE = new Set<Filter>(['status', 'number']);

export function FilterBar({ filters }: { filters: OrderFilters }) {
  const t = useTranslations('orders');
  const { today } = useFormat();
  const [isOpen, setOpen] = useState(false);
  const { change } = filters;
  // A part of it is enough.
  const searchNumber = useCallback((number: string | undefined) => change({ number }), [change]);
  return (
    <div className="orders__filters no-print">
      <div className="orders__bar">
        <SearchField
          id="orders-search"
          className="orders__search"
          label={t('search')}
          placeholder="0042"
          value={filters.get('number') ?? ''}
          onChange={searchNumber}
        />
        <SelectField
          label={t('sort')}
          value={filters.get('sort') ?? SORTS[0]}
          onChange={({ target }) => filters.change(withSort(filters, target.value, today()))}
          choices={SORTS.map((value) => ({ value, label: t(`sorts.${value.replace('-', 'down_')}`) }))}
        />
        <Button icon="filter" onClick={() => setOpen(true)}>
          {t('filters')}
        </Button>
      </div>
      <div className="orders__states" role="group" aria-label={t('column.status')}>
        {STATUSES.map((status) => (
          <State key={status} status={status} filters={filters} />
        ))}
      </div>
      <Chosen filters={filters} />
      {isOpen && <FilterSheet filters={filters} onClose={() => setOpen(false)} />}
    </div>
  );
}

function State({ status, filters }: { status: string; filters: OrderFilters }) {
  const t = useTranslations('orderStatus');
  const isOn = listOf(filters.get('status')).includes(status);
  return (
    <Button
      className="orders__state"
      aria-pressed={isOn}
      onClick={() => filters.change({ status: toggled(filters.get('status'), status) })}
    >
      {isOn && <Icon name="check" />}
      {t(status)}
    </Button>
  );
}

/** The other filters that are set, each with a button that takes it away. */
function Chosen({ filters }: { filters: OrderFilters }) {
  const t = useTranslations('orders');
  const textOf = useFilterText();
  const chosen = FILTERS.filter((name) => !SHOWN_ELSEWHERE.has(name) && filters.get(name) !== undefined);
  if (chosen.length === 0) return null;
  return (
    <div className="row">
      {chosen.map((name) => {
        const text = textOf(name, filters.get(name) ?? '');
        return (
          <Button
            key={name}
            className="orders__chosen"
            aria-label={t('remove', { filter: text })}
            onClick={() => filters.change({ [name]: undefined })}
          >
            {text} <Icon name="close" />
          </Button>
        );
      })}
      <Button look="quiet" onClick={filters.clear}>
        {t('clear')}
      </Button>
    </div>
  );
}

/** A filter in words: "From 1 November". */
function useFilterText(): (name: Filter, value: string) => string {
  const t = useTranslations();
  const { day, money } = useFormat();
  const isDate = (value: string): boolean => /^\d{4}-\d\d-\d\d$/.test(value);
  return (name, value) => {
    const words = {
      type: () => listOf(value).map((one) => wordOf(`orderType.${one}`, one)),
      paymentStatus: () => listOf(value).map((one) => wordOf(`order.paymentStatus.${one}`, one)),
      days: () => [isDate(value) ? day(value, { day: 'numeric', month: 'short', year: 'numeric' }) : value],
      money: () => [/^\d+$/.test(value) ? money(value) : value],
    };
    const wordOf = (key: string, other: string): string => (t.has(key) ? t(key) : other);
    const kind = { businessDate: 'days', from: 'days', to: 'days', minTotal: 'money', maxTotal: 'money' }[
      name as string
    ];
    const read = words[(kind ?? name) as keyof typeof words];
    return t(`orders.chosen.${name}`, { value: (read?.() ?? [value]).join(', ') });
  };
}
