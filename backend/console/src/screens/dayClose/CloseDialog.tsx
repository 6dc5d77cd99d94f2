import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { BusinessDay, BusinessDayCloseInput } from '../../../../client/src/api.js';
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
import { Difference } from './CashCount.js';

type Accepted = 'acceptOpenOrders' | 'acceptOpenShifts' | 'acceptEarly';

interface CloseDialogProps {
  day: BusinessDay;
  /** Undefined: nobody counted. */
  counted: number | undefined;
  onClose: () => void;
}

/** The close is final. Each unusual point is confirmed. */
export function CloseDialog({ day, counted, onClose }: CloseDialogProps) {
  const t = useTranslations('dayClose');
  const format = useFormat();
  const isCutOff = useIsCutOff();
  const [key] = useState(() => crypto.randomUUID());
  const [accepted, setAccepted] = useState<readonly Accepted[]>([]);
  const toAccept = pointsOf(day, format.today());
  const close = useChange('closeBusinessDay', ['getBusinessDay', 'listBusinessDays', 'getBusinessDaySummary']);
  const form = useForm(async ({ notes = '' }) => {
    const body: BusinessDayCloseInput = {
      ...(notes.trim() !== '' && { notes: notes.trim() }),
      ...(counted !== undefined && { countedCash: counted }),
      ...Object.fromEntries(accepted.map((point) => [point, true])),
    };
    const { data } = await close.mutateAsync({ date: day.date, body, key });
    toast(t('closed', { number: data.number ?? '' }));
    onClose();
  });
  const toggle = (point: Accepted): void =>
    setAccepted(accepted.includes(point) ? accepted.filter((one) => one !== point) : [...accepted, point]);
  return (
    <Dialog title={t('closeTitle', { day: format.day(day.date) })} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        {isCutOff && <Notice tone="warn">{t('noCloseOffline')}</Notice>}
        <p>{t('closeText')}</p>
        {counted === undefined ? (
          <Notice tone="warn">{t('notCounted')}</Notice>
        ) : (
          <p className="spread">
            {t('countedOf', { counted: format.money(counted), expected: format.money(day.cash.expected) })}
            <Difference amount={counted - Number(day.cash.expected)} />
          </p>
        )}
        {toAccept.map((point) => (
          <label key={point} className="day-close__accept">
            <input type="checkbox" checked={accepted.includes(point)} onChange={() => toggle(point)} />
            <span>{t(point, { count: day.unfinishedOrders.count, shifts: day.shifts?.open ?? 0 })}</span>
          </label>
        ))}
        <TextArea label={t('notes')} name="notes" maxLength={1_000} error={form.errorOf('notes')} />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button
            look="main"
            type="submit"
            isBusy={form.isBusy}
            disabled={isCutOff || toAccept.some((point) => !accepted.includes(point))}
          >
            {t('closeNow')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

/** Points that the server refuses unless somebody says that they know. */
function pointsOf({ date, unfinishedOrders, shifts }: BusinessDay, today: string): Accepted[] {
  const { open, unsettled = 0 } = unfinishedOrders;
  return [
    ...(open + unsettled > 0 ? (['acceptOpenOrders'] as const) : []),
    ...((shifts?.open ?? 0) > 0 ? (['acceptOpenShifts'] as const) : []),
    ...(date >= today ? (['acceptEarly'] as const) : []),
  ];
}
