import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { PurchaseOrder } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useChange } from '../../app/queries.js';
import { Actions, Button, lookOf } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextArea } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Icon } from '../../ui/Icon.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';

const STALE = ['getPurchaseOrder', 'listPurchaseOrders'] as const;
type End = 'cancel' | 'close';

/** The actions that an order allows in its state. */
export function OrderActions({ order }: { order: PurchaseOrder }) {
  const t = useTranslations('purchaseOrder');
  const mayWrite = useMay('purchasing:write');
  const mayReceive = useMay('purchasing:receive');
  const [end, setEnd] = useState<End>();
  const send = useChange('sendPurchaseOrder', STALE);
  const { id, status, version } = order;
  const isOnItsWay = status === 'sent' || status === 'partly_received';
  const possibleEnd: End | undefined =
    status === 'partly_received' ? 'close' : status === 'draft' || status === 'sent' ? 'cancel' : undefined;
  return (
    <>
      <FormFailure error={send.error} />
      <div className="purchase-order__actions no-print">
        {mayReceive && isOnItsWay && (
          <Link href={`/purchasing/${id}/receive`} className={lookOf({ look: 'main' })}>
            <Icon name="truck" /> {t('receive')}
          </Link>
        )}
        {mayWrite && status === 'draft' && (
          <Button
            look="main"
            icon="check"
            isBusy={send.isPending}
            onClick={() =>
              send.mutate(
                { id, ifMatch: `"${version}"` },
                { onSuccess: ({ data }) => toast(t('sent', { number: data.number ?? '' })) },
              )
            }
          >
            {t('send')}
          </Button>
        )}
        <Button icon="print" onClick={() => print()}>
          {t('print')}
        </Button>
        {mayWrite && possibleEnd && (
          <Button look="bad" onClick={() => setEnd(possibleEnd)}>
            {t(`${possibleEnd}Order`)}
          </Button>
        )}
      </div>
      {mayWrite && status === 'draft' && <p className="muted no-print">{t('sendHint')}</p>}
      {end && <EndDialog kind={end} order={order} onClose={() => setEnd(undefined)} />}
    </>
  );
}

function EndDialog({ kind, order, onClose }: { kind: End; order: PurchaseOrder; onClose: () => void }) {
  const t = useTranslations('purchaseOrder');
  const change = useChange(kind === 'cancel' ? 'cancelPurchaseOrder' : 'closePurchaseOrder', STALE);
  const form = useForm(async ({ reason = '' }) => {
    const body = reason.trim() === '' ? {} : { reason: reason.trim() };
    await change.mutateAsync({ id: order.id, body, ifMatch: `"${order.version}"` });
    onClose();
  });
  return (
    <Dialog title={t(`${kind}Order`)} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <p>{t(`${kind}Text`)}</p>
        <TextArea label={t('reason')} name="reason" maxLength={500} error={form.errorOf('reason')} />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('keep')}</Button>
          <Button look="bad" type="submit" isBusy={form.isBusy}>
            {t(`${kind}Order`)}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
