import { useMemo } from 'react';
import { useTranslations } from 'use-intl';
import type { ListedOrder, OrderLine } from '../../../../client/src/api.js';
import { useFormat } from '../../i18n/format.js';
import { Icon } from '../../ui/Icon.js';
import { OrderStatusChip } from '../../ui/OrderStatusChip.js';
import type { Column } from '../../ui/Table.js';
import { Duration, Money } from '../../ui/Values.js';
import { isOpen } from '../order/actions.js';
import { PaymentChip } from '../order/PaymentChip.js';

/** Columns by the width of the page: on a phone, two lines instead of seven columns. */
export function useOrderColumns(isWide: boolean): Column<ListedOrder>[] {
  const t = useTranslations('orders');
  return useMemo(() => {
    const all: Column<ListedOrder>[] = [
      { id: 'number', label: t('column.number'), width: '9.75rem', cell: (order) => <Placed order={order} /> },
      { id: 'guest', label: t('column.guest'), width: 'minmax(7rem, 1fr)', cell: (order) => <Guest order={order} /> },
      {
        id: 'lines',
        label: t('column.lines'),
        width: 'minmax(8rem, 1.7fr)',
        cell: ({ lines }) => <span className="orders__lines muted">{summaryOf(lines)}</span>,
      },
      {
        id: 'status',
        label: t('column.status'),
        width: '7.25rem',
        cell: ({ status }) => <OrderStatusChip status={status} />,
      },
      { id: 'age', label: t('column.age'), width: '5.5rem', isNumber: true, cell: (order) => <Age order={order} /> },
      { id: 'payment', label: t('column.payment'), width: '8rem', cell: (order) => <PaymentChip order={order} /> },
      {
        id: 'total',
        label: t('column.total'),
        width: '6.5rem',
        isNumber: true,
        cell: (order) => <Total order={order} />,
      },
    ];
    if (isWide) return all;
    return [
      { id: 'guest', label: t('column.number'), width: 'minmax(0, 1fr)', cell: (order) => <Short order={order} /> },
      {
        id: 'total',
        label: t('column.total'),
        width: 'auto',
        isNumber: true,
        cell: (order) => <ShortState order={order} />,
      },
    ];
  }, [t, isWide]);
}

/** The name by which people call an order, and when it was placed. */
function Placed({ order: { number, createdAt } }: { order: ListedOrder }) {
  const { moment } = useFormat();
  return (
    <span className="orders__two" title={number}>
      <strong className="number">{number.slice(-4)}</strong>
      <time className="muted" dateTime={createdAt}>
        {moment(createdAt)}
      </time>
    </span>
  );
}

function useNameOf({ table, customer, type }: ListedOrder): [name: string, type: string] {
  const t = useTranslations();
  const kind = t(`orderType.${type}`);
  return [table === null ? (customer?.name ?? kind) : t('table', { name: table }), kind];
}

function Guest({ order }: { order: ListedOrder }) {
  const [name, kind] = useNameOf(order);
  return (
    <span className="orders__guest">
      <Icon name={order.type} />
      <span className="orders__two">
        <span>{name}</span>
        <span className="muted">{name === kind ? (order.pickupCode ?? '') : kind}</span>
      </span>
    </span>
  );
}

/** Only an open order becomes older. */
function Age({ order: { status, createdAt } }: { order: ListedOrder }) {
  return isOpen(status) ? <Duration since={createdAt} /> : null;
}

function Total({ order: { total, paidTotal, paymentStatus } }: { order: ListedOrder }) {
  const t = useTranslations('orders');
  const { money } = useFormat();
  return (
    <span className="orders__two">
      <strong>{money(total)}</strong>
      {paymentStatus === 'partially_paid' && (
        <span className="muted">{t('paidPart', { amount: money(paidTotal) })}</span>
      )}
    </span>
  );
}

function Short({ order }: { order: ListedOrder }) {
  const [name, kind] = useNameOf(order);
  const { moment } = useFormat();
  return (
    <span className="orders__guest">
      <Icon name={order.type} label={kind} />
      <span className="orders__two">
        <strong>{name}</strong>
        <span className="muted">
          {order.number.slice(-4)} · {moment(order.createdAt)}
        </span>
      </span>
    </span>
  );
}

function ShortState({ order }: { order: ListedOrder }) {
  return (
    <span className="orders__two orders__two--end">
      <Money amount={order.total} />
      {isOpen(order.status) || order.status === 'cancelled' ? (
        <OrderStatusChip status={order.status} />
      ) : (
        <PaymentChip order={order} />
      )}
    </span>
  );
}

/** The dishes in a few words: 2 × Margherita, Cola. */
function summaryOf(lines: readonly OrderLine[] | undefined): string {
  const dishes = (lines ?? []).filter(({ voidedAt, parentLineId }) => voidedAt === null && parentLineId === null);
  return dishes.map(({ quantity, name }) => (Number(quantity) === 1 ? name : `${quantity} × ${name}`)).join(', ');
}
