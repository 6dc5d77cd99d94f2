import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MenuItem } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { client } from '../../app/session.js';
import { useFormat } from '../../i18n/format.js';
import { amountFrom, amountText } from '../../ui/amount.js';
import { Button } from '../../ui/Button.js';
import { Conflict, isConflict } from '../../ui/Conflict.js';
import { useRefusals } from '../../ui/refusals.js';
import { toast } from '../../ui/Toasts.js';
import { tagOf } from './menuParts.js';

interface Draft {
  text: string;
  /** The version that the person saw when they began to type. */
  seen: MenuItem;
}

interface PriceCellProps {
  item: MenuItem;
  isCutOff: boolean;
  onOpen: () => void;
}

/**
 * The price in its field: Enter or leaving it saves, Escape forgets. Variants have their prices in
 * the sheet.
 */
export function PriceCell({ item, isCutOff, onOpen }: PriceCellProps) {
  const t = useTranslations('menu');
  const { money, minor, decimalSign } = useFormat();
  const digits = String(minor()).length - 1;
  const [draft, setDraft] = useState<Draft>();
  const [conflict, setConflict] = useState<{ price: number; theirs: MenuItem }>();
  const change = useChange('changeMenuItem', ['listMenuItems']);
  const refusals = useRefusals();
  if (item.variants.length > 0) {
    const prices = item.variants.map(({ price }) => price);
    const [least, most] = [Math.min(...prices), Math.max(...prices)];
    return <Button look="quiet" onClick={onOpen}>{`${money(least)} – ${money(most)}`}</Button>;
  }
  const save = (price: number, seen: MenuItem): void =>
    change.mutate(
      { id: item.id, body: { price }, ifMatch: tagOf(seen) },
      {
        onSuccess: () => {
          setConflict(undefined);
          toast(t('priceSaved', { name: item.name, price: money(price) }));
        },
        onError: (error) => {
          if (!isConflict(error)) return toast(t('notChanged', { name: item.name, why: refusals.error(error) }));
          void client.call('getMenuItem', { id: item.id }).then(({ data }) => setConflict({ price, theirs: data }));
        },
      },
    );
  const finish = (): void => {
    const price = draft && amountFrom(draft.text, digits);
    setDraft(undefined);
    if (draft && price !== undefined && price !== draft.seen.price) save(price, draft.seen);
  };
  const isWrong = draft !== undefined && amountFrom(draft.text, digits) === undefined;
  return (
    <>
      <input
        className="input menu-price number"
        dir="ltr"
        inputMode="decimal"
        autoComplete="off"
        aria-label={t('priceOf', { name: item.name })}
        aria-invalid={isWrong || undefined}
        disabled={isCutOff}
        value={draft?.text ?? amountText(item.price, digits, decimalSign)}
        onFocus={(event) => {
          setDraft({ text: event.currentTarget.value, seen: item });
          event.currentTarget.select();
        }}
        onChange={({ target }) => setDraft((before) => ({ text: target.value, seen: before?.seen ?? item }))}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') setDraft({ text: amountText(item.price, digits, decimalSign), seen: item });
        }}
      />
      {conflict && (
        <Conflict
          differences={[{ label: t('price'), mine: money(conflict.price), theirs: money(conflict.theirs.price) }]}
          isBusy={change.isPending}
          onTake={() => setConflict(undefined)}
          onKeep={() => save(conflict.price, conflict.theirs)}
        />
      )}
    </>
  );
}
