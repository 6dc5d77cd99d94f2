import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { CompInput, Order } from '../../../../client/src/api.js';
import { useCall, useChange } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextField } from '../../ui/Field.js';
import { toast } from '../../ui/Toasts.js';
import { type Form, useForm } from '../../ui/useForm.js';
import { compable } from './actions.js';
import type { LineFormProps } from './lineForm.js';
import { MoneyActions } from './MoneyActions.js';
import { ReasonField } from './ReasonField.js';
import { Rehearsal } from './Rehearsal.js';
import { STALE } from './stale.js';
import { useRested } from '../../ui/useRested.js';

/** Gives a line, or some units of it, for nothing: it keeps its price and its reason. */
export function LineCompForm({ order, line, onClose }: LineFormProps) {
  const t = useTranslations('order');
  const [key] = useState(() => crypto.randomUUID());
  const [units, setUnits] = useState(String(line.quantity));
  const target = { id: order.id, lineId: line.id };
  const part = partOf(units, line);
  const change = useChange('compOrderLine', STALE);
  const after = useCall(
    'compOrderLine',
    useRested({
      ...target,
      query: { dryRun: true },
      body: { reason: '?', ...part },
      ifMatch: `"${order.version}"`,
    }),
    { keeps: true, enabled: change.isIdle || change.isError },
  );
  const form = useForm(async (values) => {
    await change.mutateAsync({ ...target, body: { ...reasonsOf(values), ...part }, key });
    toast(t('lineComped', { name: line.name }));
    onClose();
  });
  // Lines that belong to another one are given whole.
  const isDivisible = line.parentLineId === null && (line.unit !== null || Number(line.quantity) > 1);
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      {isDivisible && (
        <TextField
          label={t(line.unit === null ? 'units' : 'unitsOf', { unit: line.unit ?? '' })}
          inputMode="decimal"
          autoComplete="off"
          value={units}
          onChange={({ target: field }) => setUnits(field.value)}
          error={form.errorOf('quantity')}
        />
      )}
      <Reasons form={form} />
      <Rehearsal before={order} after={after} />
      <MoneyActions form={form} label={t('lineActions.comp')} onClose={onClose} />
    </form>
  );
}

/** Units of the line, as the server takes them; all of them if nothing else is typed. */
function partOf(text: string, { quantity, unit }: LineFormProps['line']): Pick<CompInput, 'quantity'> {
  const typed = text.trim().replace(',', '.');
  if (typed === '' || typed === String(quantity)) return {};
  return { quantity: unit === null && Number.isInteger(Number(typed)) ? Number(typed) : typed };
}

function reasonsOf({ reason = '', allowedBy = '' }: Record<string, string>): CompInput {
  return { reason: reason.trim(), ...(allowedBy.trim() !== '' && { allowedBy: allowedBy.trim() }) };
}

function Reasons({ form }: { form: Form }) {
  const t = useTranslations('order');
  return (
    <>
      <ReasonField form={form} isRequired />
      <TextField
        label={t('allowedBy')}
        hint={t('allowedByHint')}
        name="allowedBy"
        maxLength={120}
        autoComplete="off"
        error={form.errorOf('allowedBy')}
      />
    </>
  );
}

/**
 * Gives all of an order for nothing, line by line under one reason. Where one is refused, those
 * before it are given, and the next press continues.
 */
export function CompOrderDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const t = useTranslations('order');
  const { money } = useFormat();
  const [key] = useState(() => crypto.randomUUID());
  const change = useChange('compOrderLine', STALE);
  const lines = compable(order);
  const form = useForm(async (values) => {
    for (const line of lines)
      await change.mutateAsync({ id: order.id, lineId: line.id, body: reasonsOf(values), key: `${key}-${line.id}` });
    toast(t('orderComped'));
    onClose();
  });
  return (
    <Dialog title={t('compAll')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <ul className="order__moved" aria-label={t('lines')}>
          {lines.map((line) => (
            <li key={line.id}>
              <span>
                {line.quantity} × {line.name}
              </span>
              <span className="number">{money(line.amount)}</span>
            </li>
          ))}
        </ul>
        <Reasons form={form} />
        <MoneyActions form={form} label={t('compAll')} isReady={lines.length > 0} onClose={onClose} />
      </form>
    </Dialog>
  );
}
