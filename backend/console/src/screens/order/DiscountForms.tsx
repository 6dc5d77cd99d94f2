import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Discount, Order } from '../../../../client/src/api.js';
import { useCall, useChange } from '../../app/queries.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextField } from '../../ui/Field.js';
import { MoneyField } from '../../ui/MoneyField.js';
import { RadioRow } from '../../ui/RadioRow.js';
import { toast } from '../../ui/Toasts.js';
import { type Form, useForm } from '../../ui/useForm.js';
import type { LineFormProps } from './lineForm.js';
import { MoneyActions } from './MoneyActions.js';
import { Rehearsal } from './Rehearsal.js';
import { STALE } from './stale.js';
import { useRested } from '../../ui/useRested.js';

interface Draft {
  by: 'percent' | 'amount' | 'none';
  percent: string;
  amount: number | undefined;
  name: string;
}

/** A discount of one line. It replaces those that the line has. */
export function LineDiscountForm({ order, line, onClose }: LineFormProps) {
  const t = useTranslations('order');
  const [key] = useState(() => crypto.randomUUID());
  const [draft, setDraft] = useState(() => draftOf(line.discounts));
  const discounts = discountsOf(draft);
  const target = { id: order.id, lineId: line.id };
  const change = useChange('changeOrderLine', STALE);
  const after = useCall(
    'changeOrderLine',
    useRested({
      ...target,
      body: { discounts: discounts ?? [] },
      query: { dryRun: true },
      ifMatch: `"${order.version}"`,
    }),
    { keeps: true, enabled: change.isIdle || change.isError },
  );
  const form = useForm(async () => {
    if (!discounts) return;
    await change.mutateAsync({ ...target, body: { discounts }, key });
    toast(t('discountSaved'));
    onClose();
  });
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      <DiscountFields draft={draft} onChange={setDraft} form={form} had={line.discounts.length > 0} />
      <Rehearsal before={order} after={after} />
      <MoneyActions form={form} label={t('save')} isReady={discounts !== undefined} onClose={onClose} />
    </form>
  );
}

/** A discount of the whole order. Two people who change it at once do not undo each other. */
export function OrderDiscountDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useTranslations('order');
  const [key] = useState(() => crypto.randomUUID());
  const [draft, setDraft] = useState(() => draftOf(order.discounts));
  const discounts = discountsOf(draft);
  const target = { id: order.id, ifMatch: `"${order.version}"` };
  const change = useChange('changeOrder', STALE);
  const after = useCall(
    'changeOrder',
    useRested({ ...target, body: { discounts: discounts ?? [] }, query: { dryRun: true } }),
    { keeps: true, enabled: change.isIdle || change.isError },
  );
  const form = useForm(async () => {
    if (!discounts) return;
    await change.mutateAsync({ ...target, body: { discounts }, key });
    toast(t('discountSaved'));
    onClose();
  });
  return (
    <Dialog title={t('discountOrder')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <DiscountFields draft={draft} onChange={setDraft} form={form} had={order.discounts.length > 0} />
        <Rehearsal before={order} after={after} />
        <MoneyActions form={form} label={t('save')} isReady={discounts !== undefined} onClose={onClose} />
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  draft: Draft;
  onChange: (draft: Draft) => void;
  form: Form;
  /** There is a discount that can be taken away. */
  had: boolean;
}

function DiscountFields({ draft, onChange, form, had }: FieldsProps) {
  const t = useTranslations('order');
  const choices = [
    { value: 'percent', label: t('discountPercent') },
    { value: 'amount', label: t('discountAmount') },
    { value: 'none', label: t('discountNone') },
  ] as const;
  return (
    <>
      <RadioRow
        label={t('discount')}
        name="by"
        value={draft.by}
        onChange={(by: Draft['by']) => onChange({ ...draft, by })}
        choices={choices.filter(({ value }) => had || value !== 'none')}
      />
      {draft.by === 'percent' && (
        <TextField
          label={t('percent')}
          inputMode="decimal"
          autoComplete="off"
          dir="ltr"
          value={draft.percent}
          onChange={({ target }) => onChange({ ...draft, percent: target.value })}
          error={form.errorOf('discounts')}
        />
      )}
      {draft.by === 'amount' && (
        <MoneyField
          label={t('amount')}
          value={draft.amount}
          onChange={(amount) => onChange({ ...draft, amount })}
          error={draft.amount === undefined ? t('noAmount') : form.errorOf('discounts')}
        />
      )}
      {draft.by !== 'none' && (
        <TextField
          label={t('discountName')}
          hint={t('discountNameHint')}
          maxLength={120}
          value={draft.name}
          onChange={({ target }) => onChange({ ...draft, name: target.value })}
        />
      )}
    </>
  );
}

function draftOf([first]: readonly Discount[]): Draft {
  return {
    by: first?.amount === undefined ? 'percent' : 'amount',
    percent: String(first?.percent ?? ''),
    amount: first?.amount ?? 0,
    name: first?.name ?? '',
  };
}

/** @returns undefined while a figure is missing; the server checks the figure itself. */
function discountsOf({ by, percent, amount, name }: Draft): Discount[] | undefined {
  const named = name.trim() === '' ? {} : { name: name.trim() };
  if (by === 'none') return [];
  if (by === 'amount') return amount === undefined || amount === 0 ? undefined : [{ ...named, amount }];
  const rate = percent.trim().replace(',', '.').replace('%', '').trim();
  return rate === '' ? undefined : [{ ...named, percent: rate }];
}
