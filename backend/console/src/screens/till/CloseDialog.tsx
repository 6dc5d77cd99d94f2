import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Order, OrderStatus } from '../../../../client/src/api.js';
import { refresh } from '../../app/queries.js';
import { client, noticeRefusal } from '../../app/session.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';

const STEPS = ['acceptOrder', 'startOrder', 'markOrderReady', 'completeOrder'] as const;
/** Steps that are behind an order of this status. */
const DONE: Partial<Record<OrderStatus, number>> = { placed: 0, accepted: 1, preparing: 2, ready: 3 };
const STALE = ['getOrder', 'listOrders', 'listOrderHistory'] as const;

interface CloseDialogProps {
  order: Order;
  onClose: () => void;
  onDone: () => void;
}

/** The guests leave. What the kitchen did not tick off is done now; what is not paid is said. */
export function CloseDialog({ order, onClose, onDone }: CloseDialogProps) {
  const t = useTranslations();
  const { money } = useFormat();
  const isCutOff = useIsCutOff();
  const [keys] = useState(() => STEPS.map(() => crypto.randomUUID()));
  const form = useForm(async () => {
    const first = DONE[order.status] ?? STEPS.length;
    try {
      for (const [place, step] of STEPS.entries())
        if (place >= first) await client.call(step, { id: order.id }, { key: keys[place] });
    } catch (error) {
      noticeRefusal(error);
      throw error;
    } finally {
      void refresh(STALE);
    }
    toast(t('till.closedNow', { number: order.number }));
    onDone();
  });
  return (
    <Dialog title={t('till.closeTitle')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        {isCutOff && <Notice tone="warn">{t('till.noChangeOffline')}</Notice>}
        {order.dueTotal > 0 && (
          <Notice tone="warn">{t('order.completeText', { amount: money(order.dueTotal) })}</Notice>
        )}
        <p>
          {order.status === 'ready'
            ? t('till.closeText')
            : t('till.closeEarly', { status: t(`orderStatus.${order.status}`) })}
        </p>
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('till.back')}</Button>
          <Button look="main" type="submit" isBusy={form.isBusy} disabled={isCutOff}>
            {t('till.do.close')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
