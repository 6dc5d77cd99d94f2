import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCall, useChange } from '../../app/queries.js';
import { TextField } from '../../ui/Field.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { useRested } from '../../ui/useRested.js';
import { isSent } from './actions.js';
import type { LineFormProps } from './lineForm.js';
import { MoneyActions } from './MoneyActions.js';
import { ReasonField } from './ReasonField.js';
import { Rehearsal } from './Rehearsal.js';
import { STALE } from './stale.js';

/** More or fewer of a line that is sold by the piece. */
export function QuantityForm({ order, line, onClose }: LineFormProps) {
  const t = useTranslations('order');
  const [key] = useState(() => crypto.randomUUID());
  const [typed, setTyped] = useState(String(line.quantity));
  const quantity = Number(typed);
  const isReady = Number.isInteger(quantity) && quantity > 0;
  const target = { id: order.id, lineId: line.id };
  const change = useChange('changeOrderLine', STALE);
  const after = useCall(
    'changeOrderLine',
    useRested({
      ...target,
      // The amounts do not depend on the words of the reason, which the server wants to see.
      body: { quantity: isReady ? quantity : Number(line.quantity), reason: '?' },
      query: { dryRun: true },
      ifMatch: `"${order.version}"`,
    }),
    { keeps: true, enabled: change.isIdle || change.isError },
  );
  const form = useForm(async ({ reason = '' }) => {
    if (!isReady) return;
    const body = { quantity, ...(reason.trim() !== '' && { reason: reason.trim() }) };
    await change.mutateAsync({ ...target, body, key });
    toast(t('lineChanged', { name: line.name }));
    onClose();
  });
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      <TextField
        label={t('units')}
        inputMode="numeric"
        autoComplete="off"
        dir="ltr"
        value={typed}
        onChange={({ target: field }) => setTyped(field.value)}
        error={form.errorOf('quantity')}
      />
      <ReasonField form={form} isRequired={isSent(order)} />
      <Rehearsal before={order} after={after} />
      <MoneyActions form={form} label={t('save')} isReady={isReady} onClose={onClose} />
    </form>
  );
}
