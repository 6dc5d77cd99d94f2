import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Document } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextArea } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';

interface CreditDialogProps {
  document: Document;
  /** Gets the id of the credit note. */
  onDone: (id: string) => void;
  onClose: () => void;
}

/** Takes a document back, whole or the chosen lines of it, by a credit note with its own number. */
export function CreditDialog({ document: one, onDone, onClose }: CreditDialogProps) {
  const t = useTranslations('documents');
  const { money } = useFormat();
  const isCutOff = useIsCutOff();
  const [key] = useState(() => crypto.randomUUID());
  const [positions, setPositions] = useState<readonly number[]>(one.lines.map(({ position }) => position));
  const credit = useChange('creditDocument', ['getDocument', 'listDocuments', 'getOrder']);
  const form = useForm(async ({ reason = '' }) => {
    const chosen = one.lines.filter(({ position }) => positions.includes(position));
    const lines = chosen.map(({ position, quantity }) => ({ position, quantity }));
    const isWhole = chosen.length === one.lines.length;
    const body = { reason: reason.trim(), ...(!isWhole && { lines }) };
    const { data } = await credit.mutateAsync({ id: one.id, query: { issue: true }, body, key });
    toast(t('credited', { number: data.number ?? '' }));
    onClose();
    onDone(data.id);
  });
  const toggle = (position: number): void =>
    setPositions(
      positions.includes(position) ? positions.filter((other) => other !== position) : [...positions, position],
    );
  return (
    <Dialog title={t('creditTitle', { number: one.number ?? '' })} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        {isCutOff && <Notice tone="warn">{t('noCreditOffline')}</Notice>}
        <p>{t('creditText')}</p>
        <fieldset className="documents__choices">
          <legend>{t('lines')}</legend>
          {one.lines.map(({ position, quantity, description, amount }) => (
            <label key={position} className="documents__choice">
              <input type="checkbox" checked={positions.includes(position)} onChange={() => toggle(position)} />
              <span>
                {quantity} × {description}
              </span>
              <span className="number">{money(amount, one.currency)}</span>
            </label>
          ))}
        </fieldset>
        <TextArea label={t('reason')} name="reason" required maxLength={500} error={form.errorOf('reason')} />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button look="bad" type="submit" isBusy={form.isBusy} disabled={isCutOff || positions.length === 0}>
            {t('credit')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
