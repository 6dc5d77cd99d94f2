import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Category, MenuItem } from '../../../../client/src/api.js';
import { useAsked } from '../../app/useAsked.js';
import { Button, IconButton } from '../../ui/Button.js';
import { Empty } from '../../ui/Empty.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { CategoryDialog } from './CategoryDialog.js';
import { ItemSheet } from './ItemSheet.js';
import type { Section } from './menuParts.js';
import { PriceCell } from './PriceCell.js';
import { useMove } from './useMove.js';

interface EditorProps {
  sections: readonly Section[];
  /** Only a part of the menu is shown, so nothing can be moved. */
  isSearch: boolean;
  isCutOff: boolean;
}

type Open = { item: MenuItem } | { newIn: string } | { category: Category | undefined };

/** Items by category with their prices; a name opens the rest. */
export function Editor({ sections, isSearch, isCutOff }: EditorProps) {
  const t = useTranslations('menu');
  const [opened, setOpened] = useState<Open>();
  const asked = useAskedItem(sections);
  const categories = sections.map(({ category }) => category);
  const move = useMove(
    categories.map(({ id }) => id),
    (categoryIds) => ({ categoryIds }),
  );
  const open = opened ?? asked.open;
  const close = (): void => {
    setOpened(undefined);
    asked.close();
  };
  return (
    <>
      <FormFailure error={move.error} />
      {sections.length === 0 && <Empty icon="menu" title={t(isSearch ? 'noneFound' : 'none')} text={t('noneYet')} />}
      {sections.map(({ category, items }) => (
        <section key={category.id} className="card menu-section" aria-labelledby={`menu-${category.id}`}>
          <div className="spread">
            <h2 id={`menu-${category.id}`}>{category.name}</h2>
            <div className="row no-print">
              {!isSearch && (
                <Mover
                  name={category.name}
                  place={categories.indexOf(category)}
                  count={categories.length}
                  isDisabled={isCutOff || move.isBusy}
                  onMove={move.move}
                />
              )}
              <IconButton
                icon="edit"
                label={t('editCategory', { name: category.name })}
                disabled={isCutOff}
                onClick={() => setOpened({ category })}
              />
              <Button icon="plus" disabled={isCutOff} onClick={() => setOpened({ newIn: category.id })}>
                {t('newItem')}
              </Button>
            </div>
          </div>
          <Items
            categoryId={category.id}
            items={items}
            isSearch={isSearch}
            isCutOff={isCutOff}
            onOpen={(item) => setOpened({ item })}
          />
        </section>
      ))}
      {!isSearch && (
        <div className="row no-print">
          <Button icon="plus" disabled={isCutOff} onClick={() => setOpened({ category: undefined })}>
            {t('newCategory')}
          </Button>
        </div>
      )}
      {open && 'item' in open && <ItemSheet item={open.item} categories={categories} onClose={close} />}
      {open && 'newIn' in open && <ItemSheet newIn={open.newIn} categories={categories} onClose={close} />}
      {open && 'category' in open && (
        <CategoryDialog category={open.category} position={categories.length} onClose={close} />
      )}
    </>
  );
}

/** The item that the address names, or a new one: the command palette leads there. */
function useAskedItem(sections: readonly Section[]): { open: Open | undefined; close: () => void } {
  const [wish, setWish] = useAsked('new');
  const [id, setId] = useAsked('item');
  const item = sections.flatMap(({ items }) => items).find((one) => one.id === id);
  const [first] = sections;
  const open = item ? { item } : wish === 'item' && first ? { newIn: first.category.id } : undefined;
  const close = (): void => {
    if (wish !== undefined) setWish(undefined);
    if (id !== undefined) setId(undefined);
  };
  return { open, close };
}

interface ItemsProps {
  categoryId: string;
  items: readonly MenuItem[];
  isSearch: boolean;
  isCutOff: boolean;
  onOpen: (item: MenuItem) => void;
}

function Items({ categoryId, items, isSearch, isCutOff, onOpen }: ItemsProps) {
  const t = useTranslations('menu');
  const move = useMove(
    items.map(({ id }) => id),
    (menuItemIds) => ({ menuItems: [{ categoryId, menuItemIds }] }),
  );
  if (items.length === 0) return <p className="muted">{t('emptyCategory')}</p>;
  return (
    <>
      <FormFailure error={move.error} />
      <ul className="menu-items">
        {items.map((item, place) => (
          <li key={item.id} className="menu-items__item">
            {!isSearch && (
              <Mover
                name={item.name}
                place={place}
                count={items.length}
                isDisabled={isCutOff || move.isBusy}
                onMove={move.move}
              />
            )}
            <button type="button" className="menu-items__name" onClick={() => onOpen(item)}>
              <span>{item.name}</span>
              <span className="muted">
                {[item.description, [...item.allergens, ...item.otherAllergens].join(', '), item.station]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </button>
            <PriceCell item={item} isCutOff={isCutOff} onOpen={() => onOpen(item)} />
          </li>
        ))}
      </ul>
    </>
  );
}

interface MoverProps {
  name: string;
  place: number;
  count: number;
  isDisabled: boolean;
  onMove: (place: number, to: number) => void;
}

/** Buttons instead of dragging: they work with keys, with a thumb and with a screen reader. */
function Mover({ name, place, count, isDisabled, onMove }: MoverProps) {
  const t = useTranslations('menu');
  return (
    <span className="menu-mover no-print">
      <IconButton
        icon="up"
        label={t('up', { name })}
        disabled={isDisabled || place === 0}
        onClick={() => onMove(place, place - 1)}
      />
      <IconButton
        icon="down"
        label={t('down', { name })}
        disabled={isDisabled || place === count - 1}
        onClick={() => onMove(place, place + 1)}
      />
    </span>
  );
}
