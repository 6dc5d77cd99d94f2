import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { PurchaseOrder, PurchaseOrderLine } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useChange } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { toast } from '../../ui/Toasts.js';
import { Money } from '../../ui/Values.js';
import { microsFrom, openOf, quantityText } from '../purchasing/quantity.js';
import { Stepper } from '../receiving/Stepper.js';
import { AddLines } from './AddLines.js';
import { keptLine } from './keptLine.js';

/** The lines; in a draft, with quantities that can be changed. Zero takes a line out. */
export function OrderLines({ order }: { order: PurchaseOrder }) {
  const t = useTranslations();
  const canChange = useMay('purchasing:write') && order.status === 'draft';
  const [changed, setChanged] = useState<Readonly<Record<string, string>>>({});
  const [isAdding, setAdding] = useState(false);
  const change = useChange('changePurchaseOrder', ['getPurchaseOrder', 'listPurchaseOrders']);
  const textOf = ({ id, quantity }: PurchaseOrderLine): string => changed[id] ?? quantity;
  const isWrong = order.lines.some((line) => microsFrom(textOf(line)) === undefined);
  const kept = order.lines.filter((line) => microsFrom(textOf(line)) !== 0);
  const save = (): void =>
    change.mutate(
      {
        id: order.id,
        body: { lines: kept.map((line) => keptLine(line, textOf(line))) },
        ifMatch: `"${order.version}"`,
      },
      {
        onSuccess: () => {
          setChanged({});
          toast(t('purchaseOrder.saved'));
        },
      },
    );
  return (
    <>
      <ul className="purchasing__list">
        {order.lines.map((line) => (
          <li key={line.id} className="purchase-order__line">
            <span className="purchasing__two">
              <strong>{line.name}</strong>
              <LineText line={line} />
            </span>
            {canChange ? (
              <Stepper
                label={t('purchaseOrder.quantityOf', { name: line.name })}
                value={textOf(line)}
                onChange={(text) => setChanged({ ...changed, [line.id]: text })}
              />
            ) : (
              <Came line={line} status={order.status} />
            )}
          </li>
        ))}
      </ul>
      {canChange && (
        <div className="no-print">
          <Button icon="plus" onClick={() => setAdding(true)}>
            {t('purchaseOrder.addLines')}
          </Button>
        </div>
      )}
      {isAdding && <AddLines order={order} onClose={() => setAdding(false)} />}
      <FormFailure error={change.error} />
      {order.lines.some(({ id }) => changed[id] !== undefined) && (
        <Actions>
          <Button onClick={() => setChanged({})}>{t('cancel')}</Button>
          <Button look="main" disabled={isWrong || kept.length === 0} isBusy={change.isPending} onClick={save}>
            {t('save')}
          </Button>
        </Actions>
      )}
    </>
  );
}

function LineText({ line: { articleNumber, quantity, unit, unitPrice } }: { line: PurchaseOrderLine }) {
  const t = useTranslations('purchaseOrder');
  const { money, number } = useFormat();
  const price = unitPrice === null ? t('noPrice') : t('each', { price: money(unitPrice) });
  const amount = `${number(Number(quantity), { maximumFractionDigits: 6 })} ${unit}`;
  return <span className="muted">{[amount, price, articleNumber].filter(Boolean).join(' · ')}</span>;
}

function Came({ line, status }: { line: PurchaseOrderLine; status: PurchaseOrder['status'] }) {
  const t = useTranslations('purchaseOrder');
  const open = openOf(line);
  const isStarted = status !== 'draft' && status !== 'sent' && status !== 'cancelled';
  return (
    <span className="purchasing__two purchasing__two--end purchase-order__came">
      {line.amount !== null && <Money amount={line.amount} />}
      {isStarted && (
        <span className="muted">
          {open > 0 ? t('stillOpen', { quantity: quantityText(open), unit: line.unit }) : t('allCame')}
        </span>
      )}
    </span>
  );
}
