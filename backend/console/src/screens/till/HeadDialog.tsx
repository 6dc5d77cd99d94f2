import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ListedOrder } from '../../../../client/src/api.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextArea, TextField } from '../../ui/Field.js';
import { Notice } from '../../ui/Notice.js';
import { RadioRow } from '../../ui/RadioRow.js';
import { amountFrom } from '../../ui/amount.js';
import { instantOf, wallTimeOf } from '../../i18n/wallTime.js';
import { useMe } from '../../app/me.js';
import type { DraftHead } from './draft.js';

const TYPES = ['dine_in', 'takeaway', 'delivery', 'catering'] as const;
const MOST_GUESTS = 10_000;

interface HeadDialogProps {
  head: DraftHead;
  isNew: boolean;
  /** Orders that are open, to find a table that has one. */
  orders: readonly ListedOrder[];
  onSave: (head: DraftHead) => void;
  onOpen: (order: ListedOrder) => void;
  onClose: () => void;
}

/** Who the order is for. */
export function HeadDialog({ head, isNew, orders, onSave, onOpen, onClose }: HeadDialogProps) {
  const t = useTranslations('till');
  const types = useTranslations('orderType');
  const [typed, setTyped] = useState({ ...head, guests: head.guests === null ? '' : `${head.guests}` });
  const { timezone } = useMe().restaurant;
  const [wall, setWall] = useState(head.scheduledFor ? wallTimeOf(head.scheduledFor, timezone) : '');
  const wanted = useRef<HTMLInputElement>(null);
  const [isTimeFaulty, setTimeFaulty] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const change = (changes: Partial<typeof typed>): void => setTyped((before) => ({ ...before, ...changes }));
  const guests = typed.guests.trim() === '' ? null : amountFrom(typed.guests, 0);
  const isGuestsFaulty = guests === undefined || (guests !== null && (guests < 1 || guests > MOST_GUESTS));
  const isHere = typed.type === 'dine_in';
  const other = isHere ? openAt(orders, typed.table) : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    // A date without its time has no value, and the browser says that something was typed.
    const isHalf = wanted.current?.validity.badInput === true;
    setTimeFaulty(isHalf);
    if (isHalf) return wanted.current?.focus();
    const scheduledFor = instantOf(wall, timezone)?.toISOString() ?? null;
    if (!isGuestsFaulty) onSave({ ...typed, table: isHere ? typed.table : '', guests: guests ?? null, scheduledFor });
  };
  return (
    <Dialog title={t(isNew ? 'new' : 'head')} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <RadioRow
          label={t('type')}
          name="type"
          value={typed.type}
          onChange={(type) => change({ type })}
          choices={TYPES.map((type) => ({ value: type, label: types(type) }))}
        />
        {isHere && (
          <div className="till-head__row">
            <TextField
              label={t('tableName')}
              ref={first}
              autoComplete="off"
              maxLength={50}
              value={typed.table}
              onChange={({ target }) => change({ table: target.value })}
            />
            <TextField
              label={t('guestCount')}
              inputMode="numeric"
              autoComplete="off"
              value={typed.guests}
              error={isGuestsFaulty ? t('guestsFault') : undefined}
              onChange={({ target }) => change({ guests: target.value })}
            />
          </div>
        )}
        {other && (
          <Notice tone="info">
            <span>{t('tableHasOrder', { name: typed.table.trim() })}</span>
            <Button icon="onward" onClick={() => onOpen(other)}>
              {t('openIt')}
            </Button>
          </Notice>
        )}
        <CustomerFields type={typed.type} value={typed.customer} onChange={(customer) => change({ customer })} />
        <TextField
          ref={wanted}
          type="datetime-local"
          label={t('wantedAt')}
          hint={t('wantedAtHint', { zone: timezone })}
          error={isTimeFaulty ? t('wantedAtFault') : undefined}
          value={wall}
          onChange={({ target }) => setWall(target.value)}
        />
        <TextArea
          label={t('orderNotes')}
          rows={2}
          maxLength={1000}
          value={typed.notes}
          onChange={({ target }) => change({ notes: target.value })}
        />
        <Actions>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button look="main" type="submit">
            {t(isNew ? 'begin' : 'save')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

function CustomerFields({
  type,
  value,
  onChange,
}: {
  type: DraftHead['type'];
  value: DraftHead['customer'];
  onChange: (value: DraftHead['customer']) => void;
}) {
  const t = useTranslations('till');
  const field = (name: keyof DraftHead['customer'], inputMode: 'text' | 'tel' = 'text') => (
    <TextField
      label={t(`customer.${name}`)}
      inputMode={inputMode}
      autoComplete="off"
      value={value[name]}
      onChange={({ target }) => onChange({ ...value, [name]: target.value })}
    />
  );
  return (
    <>
      <div className="till-head__row">
        {field('name')}
        {type !== 'dine_in' && field('phone', 'tel')}
      </div>
      {(type === 'delivery' || type === 'catering') && field('address')}
    </>
  );
}

/** The open order of a table; the server does not tell capitals apart either. */
function openAt(orders: readonly ListedOrder[], table: string): ListedOrder | undefined {
  const wanted = table.trim().toLocaleLowerCase();
  return wanted === '' ? undefined : orders.find((order) => order.table?.toLocaleLowerCase() === wanted);
}
