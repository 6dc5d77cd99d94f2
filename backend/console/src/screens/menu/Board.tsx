import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MenuItem } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useChange } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Button, IconButton } from '../../ui/Button.js';
import { Icon } from '../../ui/Icon.js';
import { Switch } from '../../ui/Switch.js';
import { useRefusals } from '../../ui/refusals.js';
import { toast } from '../../ui/Toasts.js';
import { AvailabilityDialog } from './AvailabilityDialog.js';
import { BulkBar } from './BulkBar.js';
import { Choose } from './Choose.js';
import type { Section } from './menuParts.js';
import { type Selection, useSelection } from './useSelection.js';

/** Long enough to notice the wrong dish. */
const UNDO_MS = 10_000;

/** All dishes with a switch each: what is sold out first, since it is what people look for. */
export function Board({ sections, isCutOff }: { sections: readonly Section[]; isCutOff: boolean }) {
  const t = useTranslations('menu');
  const mayChange = useMay('availability:write');
  const selection = useSelection();
  const out = sections.flatMap(({ items }) => items.filter((item) => !isOnSale(item)));
  const shared = { isCutOff, selection };
  return (
    <>
      {mayChange && !selection.isOn && (
        <div className="no-print">
          <Button icon="list" disabled={isCutOff} onClick={selection.start}>
            {t('several')}
          </Button>
        </div>
      )}
      {selection.isOn && <BulkBar selection={selection} isCutOff={isCutOff} />}
      {out.length > 0 && <Group id="out" title={t('soldOut', { count: out.length })} items={out} {...shared} isOut />}
      {sections.map(({ category, items }) => {
        const onSale = items.filter(isOnSale);
        if (onSale.length === 0) return null;
        return <Group key={category.id} id={category.id} title={category.name} items={onSale} {...shared} />;
      })}
    </>
  );
}

/** Whether guests can order it, apart from its hours. */
function isOnSale({ isAvailable, isOutOfStock, availability }: MenuItem): boolean {
  return isAvailable && !isOutOfStock && availability.remaining !== 0;
}

interface GroupProps {
  id: string;
  title: string;
  items: readonly MenuItem[];
  isCutOff: boolean;
  selection: Selection;
  isOut?: boolean;
}

function Group({ id, title, items, isCutOff, selection, isOut }: GroupProps) {
  return (
    <section className="stack" aria-labelledby={`menu-${id}`}>
      <h2 id={`menu-${id}`} className={isOut ? 'menu-board__out' : undefined}>
        {isOut && <Icon name="soldOut" />}
        {title}
      </h2>
      <ul className="menu-board">
        {items.map((item) => (
          <Dish key={item.id} item={item} isCutOff={isCutOff} selection={selection} />
        ))}
      </ul>
    </section>
  );
}

interface DishProps {
  item: MenuItem;
  isCutOff: boolean;
  selection: Selection;
}

function Dish({ item, isCutOff, selection }: DishProps) {
  const t = useTranslations('menu');
  const [isOpen, setOpen] = useState(false);
  const mayChange = useMay('availability:write');
  const change = useChange('setMenuItemAvailability', ['listMenuItems']);
  const refusals = useRefusals();
  const onSale = isOnSale(item);
  const set = (isAvailable: boolean): void => {
    // Whoever puts a dish back on sale after its last portion means: do not count any more.
    const remaining = isAvailable && item.availability.remaining === 0 ? { remaining: null } : {};
    change.mutate(
      { id: item.id, body: { isAvailable, ...remaining } },
      {
        onSuccess: () =>
          toast(
            t(isAvailable ? 'nowOn' : 'nowOut', { name: item.name }),
            isAvailable ? undefined : { label: t('undo'), run: () => set(true) },
            UNDO_MS,
          ),
        onError: (error) => toast(t('notChanged', { name: item.name, why: refusals.error(error) })),
      },
    );
  };
  return (
    <li className="card menu-dish" data-out={!onSale || undefined}>
      <div className="menu-dish__text">
        <span className="menu-dish__name">{item.name}</span>
        <State item={item} />
      </div>
      {selection.isOn && <Choose item={item} selection={selection} />}
      {mayChange && !selection.isOn && (
        <>
          <IconButton
            icon="clock"
            label={t('details', { name: item.name })}
            disabled={isCutOff}
            onClick={() => setOpen(true)}
          />
          <Switch
            isOn={change.isPending ? !onSale : onSale}
            label={t('onSale', { name: item.name })}
            isDisabled={isCutOff || (item.isOutOfStock && item.isAvailable)}
            onChange={set}
          />
        </>
      )}
      {isOpen && <AvailabilityDialog item={item} onClose={() => setOpen(false)} />}
    </li>
  );
}

/** Why it is sold out, for how long, or how many are left. */
function State({ item }: { item: MenuItem }) {
  const t = useTranslations('menu');
  const { moment, number } = useFormat();
  const { isAvailable, isOutOfStock, availability } = item;
  if (isAvailable && isOutOfStock) return <span className="menu-dish__state">{t('noIngredients')}</span>;
  if (availability.remaining === 0) return <span className="menu-dish__state">{t('lastSold')}</span>;
  if (!isAvailable && availability.until !== null)
    return <span className="menu-dish__state">{t('outUntil', { time: moment(availability.until) })}</span>;
  if (!isAvailable) return <span className="menu-dish__state">{t('outNow')}</span>;
  if (availability.remaining === null) return null;
  return (
    <span className="muted">
      {t('left', { count: availability.remaining, number: number(availability.remaining) })}
    </span>
  );
}
