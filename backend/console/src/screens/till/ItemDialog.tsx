import { type FormEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MenuCategoryItem, OrderType } from '../../../../client/src/api.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { type Chosen, firstChoice, lacks } from './choices.js';
import { type DraftLine, lineOf } from './draft.js';
import { Group, Variants } from './Groups.js';
import { PlaceFields } from '../order/PlaceFields.js';
import { Quantity } from './Quantity.js';
import { usePreview } from './usePreview.js';
import { detailsOf } from './words.js';

interface ItemDialogProps {
  item: MenuCategoryItem;
  type: OrderType;
  /** As it was ordered, or the course and the seat of a new one. */
  line: Pick<DraftLine, 'course' | 'seat'> & Partial<DraftLine>;
  /** Portions that are left for this line. */
  left: number | null;
  onSave: (line: DraftLine) => void;
  onRemove: (() => void) | undefined;
  onClose: () => void;
}

/** The wishes for one item: its size, its modifiers by their rules, how many, for whom. */
export function ItemDialog({ item, type, line, left, onSave, onRemove, onClose }: ItemDialogProps) {
  const t = useTranslations('till');
  const form = useRef<HTMLFormElement>(null);
  const [isChecked, setChecked] = useState(false);
  const { wish, change } = useWish(item, line);
  const groups = item.modifierGroups.filter(({ modifiers }) => modifiers.length > 0);
  const isMissing = item.variants.length > 0 && wish.variantId === undefined;
  const isComplete = !isMissing && !groups.some((group) => lacks(group, wish.chosen)) && wish.quantity !== '';
  const asked = lineFrom(item, wish);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (isComplete) return onSave({ ...asked, key: crypto.randomUUID(), isSent: false });
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[data-faulty] input')?.focus());
  };
  return (
    <Dialog title={item.name} size="large" onClose={onClose}>
      <form ref={form} className="till-wish" onSubmit={submit} noValidate>
        <Facts item={item} />
        {item.variants.length > 0 && (
          <Variants
            variants={item.variants}
            value={wish.variantId}
            onChange={(variantId) => change({ variantId })}
            isMissing={isChecked && isMissing}
          />
        )}
        {groups.map((group) => (
          <Group
            key={group.id}
            group={group}
            chosen={wish.chosen}
            onChange={(chosen) => change({ chosen })}
            isChecked={isChecked}
          />
        ))}
        <div className="till-wish__row">
          <Quantity item={item} value={wish.quantity} left={left} onChange={(quantity) => change({ quantity })} />
          <PlaceFields type={type} value={wish} onChange={change} />
        </div>
        <TextField
          label={t('lineNotes')}
          autoComplete="off"
          maxLength={1000}
          value={wish.notes}
          onChange={({ target }) => change({ notes: target.value })}
        />
        <Total type={type} line={isComplete ? asked : undefined} isNew={onRemove === undefined} onRemove={onRemove} />
      </form>
    </Dialog>
  );
}

interface Wish {
  variantId: string | undefined;
  chosen: Chosen;
  /** Empty while it is none. */
  quantity: number | string;
  notes: string;
  course: number | null;
  seat: number | null;
}

function useWish(item: MenuCategoryItem, line: ItemDialogProps['line']) {
  const [wish, setWish] = useState<Wish>(() => ({
    variantId: line.variantId ?? (item.variants.length === 1 ? item.variants[0]?.id : undefined),
    chosen: line.modifiers
      ? new Map(line.modifiers.map(({ modifierId, quantity }) => [modifierId, quantity]))
      : firstChoice(item.modifierGroups),
    quantity: line.quantity ?? (item.unit === null ? 1 : ''),
    notes: line.notes ?? '',
    course: line.course,
    seat: line.seat,
  }));
  return { wish, change: (changes: Partial<Wish>) => setWish((before) => ({ ...before, ...changes })) };
}

function lineFrom(item: MenuCategoryItem, { chosen, ...wish }: Wish): Omit<DraftLine, 'key' | 'isSent'> {
  const modifiers = [...chosen].map(([modifierId, quantity]) => ({ modifierId, quantity }));
  return {
    ...wish,
    menuItemId: item.id,
    modifiers,
    name: item.name,
    details: detailsOf(item, wish.variantId, modifiers),
  };
}

function Facts({ item }: { item: MenuCategoryItem }) {
  const t = useTranslations();
  const allergens = [...item.allergens.map((one) => t(`allergen.${one}`)), ...item.otherAllergens];
  if (item.description === null && allergens.length === 0 && item.parts.length === 0) return null;
  return (
    <div className="muted">
      {item.description !== null && <p>{item.description}</p>}
      {item.parts.length > 0 && <p>{item.parts.map(({ quantity, name }) => `${quantity} × ${name}`).join(', ')}</p>}
      {allergens.length > 0 && <p>{t('till.allergens', { names: allergens.join(', ') })}</p>}
    </div>
  );
}

/** The price of this line, from the server, and the button that takes it. */
function Total({
  type,
  line,
  isNew,
  onRemove,
}: {
  type: OrderType;
  line: Omit<DraftLine, 'key' | 'isSent'> | undefined;
  isNew: boolean;
  onRemove: (() => void) | undefined;
}) {
  const t = useTranslations('till');
  const { money } = useFormat();
  const isCutOff = useIsCutOff();
  const body = line && { type, lines: [lineOf({ ...line, key: '', isSent: false })] };
  const { query, current } = usePreview(isCutOff ? undefined : body);
  return (
    <>
      {line && !isCutOff && <FormFailure error={query.error} />}
      <div className="till-wish__foot">
        <Actions>
          {onRemove && (
            <Button icon="trash" onClick={onRemove}>
              {t('remove')}
            </Button>
          )}
          <Button look="main" type="submit">
            {t(isNew ? 'add' : 'change')}
            {current && <span className="number">{money(current.subtotal)}</span>}
          </Button>
        </Actions>
      </div>
    </>
  );
}
