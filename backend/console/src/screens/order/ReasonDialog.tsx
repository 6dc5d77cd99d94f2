import { useTranslations } from 'use-intl';
import type { Order } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextArea } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';

const STALE = ['getOrder', 'listOrders', 'listOrderHistory'] as const;

/** Cancelling and reopening ask why: the answer is kept in the history. */
export function ReasonDialog({
  kind,
  order,
  onClose,
}: {
  kind: 'cancel' | 'reopen';
  order: Order;
  onClose: () => void;
}) {
  const t = useTranslations();
  const change = useChange(kind === 'cancel' ? 'cancelOrder' : 'reopenOrder', STALE);
  const form = useForm(async ({ reason = '' }) => {
    const { data } = await change.mutateAsync({
      id: order.id,
      body: reason.trim() === '' ? {} : { reason: reason.trim() },
    });
    toast(t('order.done', { status: t(`orderStatus.${data.status}`) }));
    onClose();
  });
  return (
    <Dialog title={t(`order.${kind}Title`)} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <p>{t(`order.${kind}Text`)}</p>
        <TextArea
          label={t('order.reason')}
          name="reason"
          required={kind === 'cancel'}
          maxLength={500}
          error={form.errorOf('reason')}
        />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('order.keep')}</Button>
          <Button look={kind === 'cancel' ? 'bad' : 'main'} type="submit" isBusy={form.isBusy}>
            {t(`order.${kind}`)}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

/** An order that is completed with money due is asked about: the guest may be about to leave. */
export function CompleteDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useTranslations('order');
  const { money } = useFormat();
  const change = useChange('completeOrder', STALE);
  return (
    <Dialog title={t('completeTitle')} onClose={onClose}>
      <p>{t('completeText', { amount: money(order.dueTotal) })}</p>
      <FormFailure error={change.error} />
      <Actions>
        <Button onClick={onClose}>{t('back')}</Button>
        <Button
          look="main"
          isBusy={change.isPending}
          onClick={() => change.mutate({ id: order.id }, { onSuccess: onClose })}
        >
          {t('completeAnyway')}
        </Button>
      </Actions>
    </Dialog>
  );
}
