import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Discount, Order } from '../../../../client/src/api.js';
import { refresh, useChange } from '../../app/queries.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button, IconButton } from '../../ui/Button.js';
import { isConflict } from '../../ui/Conflict.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { MoneyField } from '../../ui/MoneyField.js';
import { Notice } from '../../ui/Notice.js';
import { RadioRow } from '../../ui/RadioRow.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';

const STALE = ['getOrder', 'listOrders', 'getOrderReceipt', 'listOrderHistory'] as const;

interface DiscountDialogProps {
  order: Order;
  etag: string;
  onClose: () => void;
}

/** Discounts of the whole order, each to the remainder of the one before. */
export function DiscountDialog({ order, etag, onClose }: DiscountDialogProps) {
  const t = useTranslations('till');
  const isCutOff = useIsCutOff();
  const [kind, setKind] = useState<'percent' | 'amount'>('percent');
  const [amount, setAmount] = useState<number | undefined>(0);
  const [isOther, setOther] = useState(false);
  const change = useChange('changeOrder', STALE);
  const save = async (discounts: readonly Discount[]): Promise<void> => {
    setOther(false);
    try {
      await change.mutateAsync({ id: order.id, body: { discounts: [...discounts] }, ifMatch: etag });
      toast(t('discountSaved'));
      onClose();
    } catch (error) {
      if (!isConflict(error)) throw error;
      // What is shown is then the newest, and the next press is for it.
      await refresh(STALE);
      setOther(true);
    }
  };
  const form = useForm(async ({ percent = '', name = '' }) => {
    const value = kind === 'percent' ? { percent: percent.trim().replace(',', '.') } : { amount: amount ?? 0 };
    await save([...order.discounts, { ...value, ...(name.trim() !== '' && { name: name.trim() }) }]);
  });
  return (
    <Dialog title={t('do.discount')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        {isCutOff && <Notice tone="warn">{t('noChangeOffline')}</Notice>}
        {isOther && <Notice tone="warn">{t('otherChange')}</Notice>}
        <Given
          discounts={order.discounts}
          onChange={(next) => void save(next).catch(({ message }: Error) => toast(message))}
        />
        <RadioRow
          label={t('discountKind')}
          name="kind"
          value={kind}
          onChange={setKind}
          choices={[
            { value: 'percent', label: t('percent') },
            { value: 'amount', label: t('amount') },
          ]}
        />
        {kind === 'percent' ? (
          <TextField
            label={t('percent')}
            name="percent"
            inputMode="decimal"
            autoComplete="off"
            dir="ltr"
            required
            error={form.errorOf('discounts')}
          />
        ) : (
          <MoneyField label={t('amount')} value={amount} onChange={setAmount} error={form.errorOf('discounts')} />
        )}
        <TextField label={t('discountName')} name="name" autoComplete="off" maxLength={100} />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button look="main" type="submit" isBusy={form.isBusy} disabled={isCutOff || amount === undefined}>
            {t('giveDiscount')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

/** Discounts that the order has; each can be taken back. */
function Given({
  discounts,
  onChange,
}: {
  discounts: readonly Discount[];
  onChange: (discounts: readonly Discount[]) => void;
}) {
  const t = useTranslations('till');
  const { money, number } = useFormat();
  if (discounts.length === 0) return null;
  return (
    <ul>
      {discounts.map(({ name, percent, amount }, place) => {
        const value =
          percent === undefined
            ? money(amount ?? 0)
            : number(Number(percent) / 100, { style: 'percent', maximumFractionDigits: 3 });
        const text = [value, name].filter(Boolean).join(' · ');
        return (
          // Discounts have no id: their place is what tells them apart.
          <li key={`${text} ${place}`} className="spread">
            <span>{text}</span>
            <IconButton
              icon="trash"
              label={t('dropDiscount', { name: text })}
              onClick={() => onChange(discounts.filter((_, at) => at !== place))}
            />
          </li>
        );
      })}
    </ul>
  );
}
