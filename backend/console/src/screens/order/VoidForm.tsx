import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCall, useChange } from '../../app/queries.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { isSent } from './actions.js';
import type { LineFormProps } from './lineForm.js';
import { MoneyActions } from './MoneyActions.js';
import { ReasonField } from './ReasonField.js';
import { Rehearsal } from './Rehearsal.js';
import { STALE } from './stale.js';

/** Takes a line off the bill. It stays in the order, struck through, with its reason. */
export function VoidForm({ order, line, onClose }: LineFormProps) {
  const t = useTranslations('order');
  const [key] = useState(() => crypto.randomUUID());
  const target = { id: order.id, lineId: line.id };
  // The amounts do not depend on the words of the reason, which the server wants to see.
  const change = useChange('voidOrderLine', STALE);
  const after = useCall(
    'voidOrderLine',
    { ...target, query: { dryRun: true }, body: { reason: '?' }, ifMatch: `"${order.version}"` },
    { enabled: change.isIdle || change.isError },
  );
  const form = useForm(async ({ reason = '' }) => {
    await change.mutateAsync({ ...target, body: reason.trim() === '' ? {} : { reason: reason.trim() }, key });
    toast(t('lineVoided', { name: line.name }));
    onClose();
  });
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      <p className="muted">{t('voidText')}</p>
      <ReasonField form={form} isRequired={isSent(order)} />
      <Rehearsal before={order} after={after} />
      <MoneyActions form={form} label={t('lineActions.void')} isBad onClose={onClose} />
    </form>
  );
}
