import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import type { PurchaseOrder, PurchaseOrderStatus } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { usePages } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { SelectField } from '../../ui/Field.js';
import { PagedTable } from '../../ui/PagedTable.js';
import type { Column } from '../../ui/Table.js';
import { useMedia, WIDE } from '../../ui/useMedia.js';
import { Money } from '../../ui/Values.js';
import { NewOrder } from './NewOrder.js';
import { OrderChip } from './OrderChip.js';
import { Proposals } from './Proposals.js';

const STATUSES: readonly PurchaseOrderStatus[] = ['draft', 'sent', 'partly_received', 'received', 'cancelled'];

export function Orders() {
  const t = useTranslations('purchasing');
  const [, go] = useLocation();
  const [status, setStatus] = useState<PurchaseOrderStatus>();
  const [isProposing, setProposing] = useState(false);
  const [isNew, setNew] = useState(false);
  const mayWrite = useMay('purchasing:write');
  const pages = usePages('listPurchaseOrders', { query: { limit: 100, ...(status && { status }) } });
  const columns = useColumns();
  return (
    <div className="stack">
      <div className="purchasing__bar no-print">
        <SelectField
          label={t('state')}
          value={status ?? ''}
          // The choices of the field are the states.
          onChange={({ target }) => setStatus((target.value || undefined) as PurchaseOrderStatus | undefined)}
          choices={[
            { value: '', label: t('all') },
            ...STATUSES.map((value) => ({ value, label: t(`status.${value}`) })),
          ]}
        />
        {mayWrite && (
          <div className="row">
            <Button icon="plus" onClick={() => setNew(true)}>
              {t('newOrder')}
            </Button>
            <Button look="main" icon="list" onClick={() => setProposing(true)}>
              {t('propose')}
            </Button>
          </div>
        )}
      </div>
      <PagedTable
        pages={pages}
        columns={columns}
        keyOf={({ id }) => id}
        label={t('orders')}
        onOpen={({ id }) => go(`/purchasing/${id}`)}
        none={{ icon: 'truck', title: t('none'), text: t(mayWrite ? 'noneText' : 'noneToReceive') }}
      />
      {isNew && <NewOrder onClose={() => setNew(false)} />}
      {isProposing && <Proposals onClose={() => setProposing(false)} />}
    </div>
  );
}

function useColumns(): Column<PurchaseOrder>[] {
  const t = useTranslations('purchasing');
  const isWide = useMedia(WIDE);
  const { moment } = useFormat();
  const total: Column<PurchaseOrder> = {
    id: 'total',
    label: t('total'),
    isNumber: true,
    width: '7.5rem',
    cell: (order) => <Money amount={order.total} />,
  };
  if (!isWide)
    return [
      {
        id: 'supplier',
        label: t('supplier'),
        width: 'minmax(0, 1fr)',
        cell: (order) => (
          <span className="purchasing__two">
            <strong>{order.supplierName}</strong>
            <span className="muted">{order.number ?? moment(order.createdAt)}</span>
          </span>
        ),
      },
      {
        id: 'total',
        label: t('total'),
        isNumber: true,
        width: 'auto',
        cell: (order) => (
          <span className="purchasing__two purchasing__two--end">
            <Money amount={order.total} />
            <OrderChip order={order} />
          </span>
        ),
      },
    ];
  return [
    {
      id: 'supplier',
      label: t('supplier'),
      width: 'minmax(8rem, 2fr)',
      cell: (order) => <strong>{order.supplierName}</strong>,
    },
    { id: 'number', label: t('number'), width: '11rem', cell: (order) => order.number ?? '–' },
    { id: 'status', label: t('state'), width: '11rem', cell: (order) => <OrderChip order={order} /> },
    { id: 'lines', label: t('lines'), isNumber: true, width: '6rem', cell: (order) => order.lines.length },
    {
      id: 'expected',
      label: t('expected'),
      width: '10rem',
      cell: ({ expectedAt }) => (expectedAt === null ? '–' : moment(expectedAt)),
    },
    total,
  ];
}
