import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Order, OrderPayments } from '../../../../client/src/api.js';
import { useCall, useChange } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextArea } from '../../ui/Field.js';
import { RadioRow } from '../../ui/RadioRow.js';
import { Region } from '../../ui/Region.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { MoneyActions } from './MoneyActions.js';
import { STALE } from './stale.js';

/** Gives up what a completed order still owes. */
export function WriteOffDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useTranslations('order');
  const { money } = useFormat();
  const [key] = useState(() => crypto.randomUUID());
  const due = order.dueTotal;
  const change = useChange('writeOffOrder', STALE);
  const form = useForm(async ({ reason = '' }) => {
    await change.mutateAsync({ id: order.id, body: { reason: reason.trim() }, key });
    toast(t('writtenOff', { amount: money(due) }));
    onClose();
  });
  return (
    <Dialog title={t('writeOff')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <p className="order__due">
          {t('due')} <strong className="number">{money(due)}</strong>
        </p>
        <p className="muted">{t('writeOffText')}</p>
        <TextArea label={t('reason')} name="reason" required maxLength={500} error={form.errorOf('reason')} />
        <MoneyActions form={form} label={t('writeOff')} isBad isReady={due > 0} onClose={onClose} />
      </form>
    </Dialog>
  );
}

/** Cancels an order whose guest did not come, and keeps the deposits. */
export function KeepDepositDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useTranslations('order');
  const moved = useCall('getOrderPayments', { id: order.id });
  return (
    <Dialog title={t('keepDeposit')} onClose={onClose}>
      <Region query={moved} label={t('payments')}>
        {(known) => <KeepForm order={order} kept={depositsOf(known)} onClose={onClose} />}
      </Region>
    </Dialog>
  );
}

/** What is left of the deposits, without the tips beside them, minor units. */
function depositsOf({ payments }: OrderPayments): number {
  const deposits = payments.filter(({ prepaid }) => prepaid?.kind === 'deposit');
  return deposits.reduce((total, { amount, tip, refunded }) => total + Math.min(amount, amount + tip - refunded), 0);
}

function KeepForm({ order, kept, onClose }: { order: Order; kept: number; onClose: () => void }) {
  const t = useTranslations('order');
  const { money } = useFormat();
  const [key] = useState(() => crypto.randomUUID());
  const [as, setAs] = useState<'sale' | 'damages'>('sale');
  const change = useChange('keepDepositOrder', STALE);
  const form = useForm(async ({ reason = '' }) => {
    await change.mutateAsync({ id: order.id, body: { reason: reason.trim(), taxed: as === 'sale' }, key });
    toast(t('depositKept', { amount: money(kept) }));
    onClose();
  });
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      <p className="order__due">
        {t('keeps')} <strong className="number">{money(kept)}</strong>
      </p>
      <p className="muted">{t('keepDepositText')}</p>
      <RadioRow
        label={t('keptAs')}
        name="as"
        value={as}
        onChange={setAs}
        choices={[
          { value: 'sale', label: t('keptAsSale') },
          { value: 'damages', label: t('keptAsDamages') },
        ]}
      />
      <p className="muted">{t('keptHint')}</p>
      <TextArea label={t('reason')} name="reason" required maxLength={500} error={form.errorOf('reason')} />
      <MoneyActions form={form} label={t('keepDeposit')} isBad isReady={kept > 0} onClose={onClose} />
    </form>
  );
}
