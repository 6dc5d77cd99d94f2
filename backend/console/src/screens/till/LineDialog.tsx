import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Order, OrderLine } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useChange } from '../../app/queries.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { RadioRow } from '../../ui/RadioRow.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { type Place, PlaceFields } from './PlaceFields.js';
import { Stepper } from './Stepper.js';

const STALE = ['getOrder', 'listOrders', 'getOrderReceipt', 'listOrderHistory'] as const;
const REASONS = ['mistake', 'changedMind', 'complaint'] as const;

type Kind = 'void' | 'quantity' | 'wish' | 'discount' | 'comp';

/** Changes a line that is placed: none, fewer, another wish, cheaper, or for nothing. */
export function LineDialog({ order, line, onClose }: { order: Order; line: OrderLine; onClose: () => void }) {
  const t = useTranslations('till');
  const isCutOff = useIsCutOff();
  const kinds = useKinds(line);
  const [kind, setKind] = useState<Kind>('void');
  const [quantity, setQuantity] = useState(Number(line.quantity));
  const [reason, setReason] = useState('');
  const [place, setPlace] = useState<Place>({ course: line.course, seat: line.seat });
  // One press, however often it is sent, is one change.
  const [key] = useState(() => crypto.randomUUID());
  const change = useLineChange(order.id, line, key);
  const hasReason = kind !== 'discount' && kind !== 'wish';
  const form = useForm(async ({ percent = '', notes = '' }) => {
    const typed = { ...place, quantity, reason: reason.trim(), notes: notes.trim() };
    await change(kind, { ...typed, percent: percent.trim().replace(',', '.') });
    toast(t(`did.${kind}`, { name: line.name }));
    onClose();
  });
  return (
    <Dialog title={line.name} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        {isCutOff && <Notice tone="warn">{t('noChangeOffline')}</Notice>}
        <RadioRow
          label={t('lineAction')}
          name="kind"
          value={kind}
          onChange={setKind}
          choices={kinds.map((value) => ({ value, label: t(`lineActions.${value}`) }))}
        />
        {kind === 'quantity' && (
          <Stepper label={t('quantity')} value={quantity} least={1} most={999} onChange={setQuantity} />
        )}
        {kind === 'discount' && (
          <TextField
            label={t('percent')}
            name="percent"
            inputMode="decimal"
            autoComplete="off"
            dir="ltr"
            required
            error={form.errorOf('discounts')}
          />
        )}
        {kind === 'wish' && (
          <>
            <TextField
              label={t('lineNotes')}
              name="notes"
              autoComplete="off"
              maxLength={1000}
              defaultValue={line.notes ?? ''}
              error={form.errorOf('notes')}
            />
            <div className="till-head__row">
              <PlaceFields
                type={order.type}
                value={place}
                onChange={(next) => setPlace((before) => ({ ...before, ...next }))}
              />
            </div>
          </>
        )}
        {hasReason && (
          <Reason
            value={reason}
            onChange={setReason}
            isRequired={kind === 'comp' || order.status !== 'placed'}
            error={form.errorOf('reason')}
          />
        )}
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button look={kind === 'void' ? 'bad' : 'main'} type="submit" isBusy={form.isBusy} disabled={isCutOff}>
            {t(`lineActions.${kind}`)}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

/** Each role sees only what it may do. */
function useKinds({ kind, unit, comp }: OrderLine): Kind[] {
  const mayComp = useMay('refunds:write');
  const isSold = kind === 'item' || kind === 'set';
  return [
    'void',
    ...(unit === null ? (['quantity'] as const) : []),
    'wish',
    ...(isSold ? (['discount'] as const) : []),
    ...(mayComp && isSold && comp === null ? (['comp'] as const) : []),
  ];
}

interface Typed extends Place {
  quantity: number;
  reason: string;
  notes: string;
  percent: string;
}

function useLineChange(id: string, { id: lineId, discounts }: OrderLine, key: string) {
  const remove = useChange('voidOrderLine', STALE);
  const edit = useChange('changeOrderLine', STALE);
  const comp = useChange('compOrderLine', STALE);
  return async (kind: Kind, { quantity, reason, percent, notes, ...place }: Typed): Promise<void> => {
    const one = { id, lineId, key };
    const because = reason === '' ? {} : { reason };
    if (kind === 'void') await remove.mutateAsync({ ...one, body: because });
    else if (kind === 'comp') await comp.mutateAsync({ ...one, body: { reason } });
    else if (kind === 'quantity') await edit.mutateAsync({ ...one, body: { quantity, ...because } });
    else if (kind === 'wish')
      await edit.mutateAsync({ ...one, body: { ...place, notes: notes === '' ? null : notes } });
    else await edit.mutateAsync({ ...one, body: { discounts: [...discounts, { percent }] } });
  };
}

/** Common reasons by one press; others are typed. */
function Reason({
  value,
  onChange,
  isRequired,
  error,
}: {
  value: string;
  onChange: (value: string) => void;
  isRequired: boolean;
  error: string | undefined;
}) {
  const t = useTranslations('till');
  return (
    <>
      <TextField
        label={t('reason')}
        autoComplete="off"
        maxLength={500}
        required={isRequired}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        error={error}
      />
      <div className="row" role="group" aria-label={t('commonReasons')}>
        {REASONS.map((name) => (
          <Button key={name} onClick={() => onChange(t(`reasons.${name}`))}>
            {t(`reasons.${name}`)}
          </Button>
        ))}
      </div>
    </>
  );
}
