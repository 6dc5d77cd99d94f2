import { useTranslations } from 'use-intl';
import type { MenuItem } from '../../../../client/src/api.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { useLabels } from './DietFields.js';
import { Mover, useDragging } from './Mover.js';
import { PriceCell } from './PriceCell.js';
import { Choose } from './Choose.js';
import type { Selection } from './useSelection.js';
import { useMove } from './useMove.js';

interface ItemsProps {
  categoryId: string;
  items: readonly MenuItem[];
  /** Only a part of the menu is shown, so nothing can be moved. */
  isSearch: boolean;
  isCutOff: boolean;
  selection: Selection;
  onOpen: (item: MenuItem) => void;
}

/** The items of a category: moved, priced in place, chosen for a change of several. */
export function Items({ categoryId, items, isSearch, isCutOff, selection, onOpen }: ItemsProps) {
  const t = useTranslations('menu');
  const move = useMove(
    items.map(({ id }) => id),
    (menuItemIds) => ({ menuItems: [{ categoryId, menuItemIds }] }),
  );
  const canMove = !isSearch && !selection.isOn;
  const dragOf = useDragging(canMove && !isCutOff && !move.isBusy, move.move);
  if (items.length === 0) return <p className="muted">{t('emptyCategory')}</p>;
  return (
    <>
      <FormFailure error={move.error} />
      <ul className="menu-items">
        {items.map((item, place) => (
          <li key={item.id} className="menu-items__item" {...dragOf(place).row}>
            {dragOf(place).grip}
            {canMove && (
              <Mover
                name={item.name}
                place={place}
                count={items.length}
                isDisabled={isCutOff || move.isBusy}
                onMove={move.move}
              />
            )}
            {selection.isOn && <Choose item={item} selection={selection} />}
            {item.picture && (
              <img
                className="menu-items__picture"
                src={item.picture.small}
                alt=""
                width="48"
                height="48"
                loading="lazy"
              />
            )}
            <button type="button" className="menu-items__name" onClick={() => onOpen(item)}>
              <span>{item.name}</span>
              <About item={item} />
            </button>
            <PriceCell item={item} isCutOff={isCutOff} onOpen={() => onOpen(item)} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** What else is known of a dish, in one line. */
function About({ item }: { item: MenuItem }) {
  const t = useTranslations('menu');
  const names = new Map<string, string>(useLabels().data?.allergens.map(({ code, name }) => [code, name]) ?? []);
  const allergens = [...item.allergens.map((code) => names.get(code) ?? code), ...item.otherAllergens].join(', ');
  const words = [item.isAvailable ? '' : t('outNow'), item.description, allergens, item.station];
  return <span className="muted">{words.filter(Boolean).join(' · ')}</span>;
}
