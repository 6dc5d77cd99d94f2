import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Order, OrderPayments, Payment, PaymentMethod, RefundInput } from '../../../../client/src/api.js';
import { useCall, useChange } from '../../app/queries.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { SelectField, TextArea } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { MoneyField } from '../../ui/MoneyField.js';
import { Notice } from '../../ui/Notice.js';
import { Region } from '../../ui/Region.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { MethodChoice } from './MethodChoice.js';
import { RadioRow } from '../../ui/RadioRow.js';
import { DrawerChoice, firstDrawer, useDrawers } from './DrawerChoice.js';
import { STALE } from './stale.js';

/** Gives money back: for lines, with their taxes, or an amount of the whole. */
export function RefundDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useTranslations('order');
  const moved = useCall('getOrderPayments', { id: order.id });
  return (
    <Dialog title={t('refund')} onClose={onClose}>
      <Region query={moved} label={t('payments')}>
        {(known) => <RefundForm order={order} payments={left(known)} onClose={onClose} />}
      </Region>
    </Dialog>
  );
}

/** Payments of which something can be given back. */
function left({ payments }: OrderPayments): Payment[] {
  return payments.filter((payment) => leftOf(payment) > 0);
}

function leftOf({ amount, tip, refunded }: Payment): number {
  return amount + tip - refunded;
}

interface FormProps {
  order: Order;
  payments: readonly Payment[];
  onClose: () => void;
}

function RefundForm({ order, payments, onClose }: FormProps) {
  const t = useTranslations('order');
  const { money } = useFormat();
  const isCutOff = useIsCutOff();
  const [key] = useState(() => crypto.randomUUID());
  const [from, setFrom] = useState(payments[0]?.id ?? '');
  const payment = payments.find(({ id }) => id === from) ?? payments[0];
  const [by, setBy] = useState('lines');
  const [lineIds, setLineIds] = useState<readonly string[]>([]);
  const [amount, setAmount] = useState<number | undefined>(payment ? leftOf(payment) : 0);
  const [method, setMethod] = useState<PaymentMethod>();
  const drawers = useDrawers();
  const [drawer, setDrawer] = useState<string>();
  const drawerId = drawer ?? firstDrawer(drawers);
  const refund = useChange('refundPayment', STALE);
  const form = useForm(async ({ reason = '' }) => {
    if (!payment) return;
    const what: Partial<RefundInput> = by === 'lines' ? { lines: lineIds.map((lineId) => ({ lineId })) } : { amount };
    const body: RefundInput = {
      ...what,
      reason: reason.trim(),
      ...(method && { method }),
      ...(drawerId && { drawerId }),
    };
    const { data } = await refund.mutateAsync({ id: payment.id, body, key });
    toast(t('refundDone', { amount: money(data.amount), method: t(`method.${data.method}`) }));
    onClose();
  });
  if (!payment) return <p>{t('nothingToRefund')}</p>;
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      {isCutOff && <Notice tone="warn">{t('noMoneyOffline')}</Notice>}
      {payments.length > 1 && (
        <SelectField
          label={t('ofPayment')}
          value={payment.id}
          onChange={({ target }) => setFrom(target.value)}
          choices={payments.map((one) => ({
            value: one.id,
            label: `${t(`method.${one.method}`)} ${money(leftOf(one))}`,
          }))}
        />
      )}
      <RadioRow
        label={t('refundWhat')}
        name="by"
        value={by}
        onChange={setBy}
        choices={[
          { value: 'lines', label: t('refundLines') },
          { value: 'amount', label: t('refundAmount') },
        ]}
      />
      {by === 'lines' ? (
        <LineChoice order={order} chosen={lineIds} onChange={setLineIds} />
      ) : (
        <MoneyField
          label={t('amount')}
          value={amount}
          onChange={setAmount}
          hint={t('atMost', { amount: money(leftOf(payment)) })}
          error={amount === undefined ? t('noAmount') : form.errorOf('amount')}
        />
      )}
      <MethodChoice value={method ?? payment.method} onChange={setMethod} methods={methodsFor(payment)} />
      <DrawerChoice drawers={drawers} value={drawerId} onChange={setDrawer} error={form.errorOf('drawerId')} />
      <TextArea label={t('reason')} name="reason" required maxLength={500} error={form.errorOf('reason')} />
      <FormFailure error={form.failure} />
      <Actions>
        <Button onClick={onClose}>{t('back')}</Button>
        <Button
          look="bad"
          type="submit"
          isBusy={form.isBusy}
          disabled={isCutOff || (by === 'lines' ? lineIds.length === 0 : !amount)}
        >
          {t('refund')}
        </Button>
      </Actions>
    </form>
  );
}

/** A voucher gets its money back only as a voucher. */
function methodsFor({ method }: Payment): PaymentMethod[] {
  return method === 'voucher' ? ['voucher'] : [...new Set<PaymentMethod>([method, 'cash'])];
}

function LineChoice({
  order,
  chosen,
  onChange,
}: {
  order: Order;
  chosen: readonly string[];
  onChange: (lineIds: readonly string[]) => void;
}) {
  const t = useTranslations('order');
  const { money } = useFormat();
  const lines = order.lines.filter(
    ({ voidedAt, amount, parentLineId }) => voidedAt === null && parentLineId === null && amount !== 0,
  );
  const toggle = (id: string): void =>
    onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <fieldset className="order__choices">
      <legend className="hidden-text">{t('refundLines')}</legend>
      {lines.map(({ id, quantity, name, amount }) => (
        <label key={id} className="order__choice">
          <input type="checkbox" checked={chosen.includes(id)} onChange={() => toggle(id)} />
          <span>
            {quantity} × {name}
          </span>
          <span className="number">{money(amount)}</span>
        </label>
      ))}
      <p className="muted">{t('refundLinesHint')}</p>
    </fieldset>
  );
}
