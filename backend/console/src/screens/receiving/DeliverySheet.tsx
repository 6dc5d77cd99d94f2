import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { GoodsReceipt, PurchaseOrder, PurchaseOrderReceiveInput } from '../../../../client/src/api.js';
import { ServioError } from '../../../../client/src/client.js';
import { refresh, useChange } from '../../app/queries.js';
import { Actions, Button } from '../../ui/Button.js';
import { isConflict } from '../../ui/Conflict.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { microsFrom, openOf, quantityText } from '../purchasing/quantity.js';
import { Booked } from './Booked.js';
import { DeliveryLine } from './DeliveryLine.js';
import { type Delivery, useDelivery } from './drafts.js';

const STALE = ['getPurchaseOrder', 'listPurchaseOrders', 'listGoodsReceipts', 'listInventoryItems'] as const;

/** All lines with what is still open; only what differs has to be touched. */
export function DeliverySheet({ order }: { order: PurchaseOrder }) {
  const t = useTranslations('receiving');
  const [delivery, isKept, change, forget] = useDelivery(order);
  const [isResumed] = useState(isKept);
  const [booked, setBooked] = useState<GoodsReceipt>();
  const receive = useChange('receivePurchaseOrder', STALE);
  const keyOf = useKeys();
  const isOld = delivery.version !== undefined && delivery.version !== order.version;
  const body = bodyOf(order, delivery);
  const book = (acceptExcess: boolean): void => {
    if (!body) return;
    const sent = acceptExcess ? { ...body, acceptExcess } : body;
    const version = delivery.version ?? order.version;
    receive.mutate(
      { id: order.id, body: sent, ifMatch: `"${version}"`, key: keyOf(JSON.stringify([version, sent])) },
      {
        onSuccess: ({ data }) => {
          setBooked(data.goodsReceipt);
          forget();
        },
        onError: (error) => {
          // The event may come later than the refusal: what came meanwhile is loaded here.
          if (isConflict(error)) void refresh(STALE);
        },
      },
    );
  };
  const startAgain = (): void => {
    forget();
    receive.reset();
  };
  if (booked) return <Booked receipt={booked} orderId={order.id} />;
  const isExcess = receive.error instanceof ServioError && receive.error.problem.code === 'exceeds_ordered';
  return (
    <div className="receiving__sheet">
      {isKept && isResumed && !isOld && (
        <Notice tone="info">
          <span>{t('resumed')}</span>
          <Button onClick={startAgain}>{t('startAgain')}</Button>
        </Notice>
      )}
      <ul className="receiving__lines">
        {order.lines.map((line) => (
          <DeliveryLine key={line.id} line={line} delivery={delivery} onChange={change} />
        ))}
      </ul>
      <TextField
        label={t('reference')}
        value={delivery.reference}
        maxLength={100}
        autoComplete="off"
        onChange={({ target }) => change({ reference: target.value })}
      />
      {!isExcess && !isOld && <FormFailure error={receive.error} />}
      <div className="receiving__bar">
        {isOld && (
          <Notice tone="warn">
            <span>{t('changed')}</span>
            <Button onClick={startAgain}>{t('startAgain')}</Button>
          </Notice>
        )}
        {!isOld && (
          <Button
            look="main"
            icon="check"
            isWide
            disabled={!body}
            isBusy={receive.isPending}
            onClick={() => book(false)}
          >
            {body ? t('book', { count: body.lines.length }) : t('nothing')}
          </Button>
        )}
      </div>
      {isExcess && (
        <Dialog title={t('excessTitle')} onClose={receive.reset}>
          <p>{t('excessText')}</p>
          <ul className="receiving__excess">
            {amountsOf(order, delivery)
              .filter(({ line, micros = 0 }) => micros > openOf(line))
              .map(({ line, micros = 0 }) => (
                <li key={line.id}>
                  {t('excessOf', {
                    name: line.name,
                    open: quantityText(openOf(line)),
                    came: quantityText(micros),
                    unit: line.unit,
                  })}
                </li>
              ))}
          </ul>
          <Actions>
            <Button onClick={receive.reset}>{t('countAgain')}</Button>
            <Button look="main" isBusy={receive.isPending} onClick={() => book(true)}>
              {t('acceptExcess')}
            </Button>
          </Actions>
        </Dialog>
      )}
    </div>
  );
}

/** The same delivery sent again, after no answer came, is the same one. */
function useKeys(): (content: string) => string {
  const last = useRef({ content: '', key: '' });
  return (content) => {
    if (last.current.content !== content) last.current = { content, key: crypto.randomUUID() };
    return last.current.key;
  };
}

/** The delivered quantity of each line, in millionths; undefined for a text that is no quantity. */
function amountsOf(order: PurchaseOrder, { quantities }: Pick<Delivery, 'quantities'>) {
  return order.lines.map((line) => {
    const typed = quantities[line.id];
    return { line, micros: typed === undefined ? openOf(line) : microsFrom(typed) };
  });
}

/** @returns undefined while a quantity is wrong, or nothing came. */
function bodyOf(
  order: PurchaseOrder,
  { quantities, prices, reference }: Delivery,
): PurchaseOrderReceiveInput | undefined {
  const came = amountsOf(order, { quantities });
  if (came.some(({ micros }) => micros === undefined)) return undefined;
  const lines = came.flatMap(({ line: { id: lineId }, micros = 0 }) => {
    const unitPrice = prices[lineId];
    return micros > 0
      ? [{ lineId, quantity: quantityText(micros), ...(unitPrice === undefined ? {} : { unitPrice }) }]
      : [];
  });
  if (lines.length === 0) return undefined;
  return { lines, ...(reference.trim() === '' ? {} : { reference: reference.trim() }) };
}
