import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Category, MenuItem } from '../../../../client/src/api.js';
import { useAsked } from '../../app/useAsked.js';
import { Button, IconButton } from '../../ui/Button.js';
import { Empty } from '../../ui/Empty.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { CategoryDialog } from './CategoryDialog.js';
import { BulkBar } from './BulkBar.js';
import { Items } from './Items.js';
import { ItemSheet } from './ItemSheet.js';
import type { Section } from './menuParts.js';
import { Mover, useDragging } from './Mover.js';
import { useMove } from './useMove.js';
import { useSelection } from './useSelection.js';

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
  const selection = useSelection();
  const canMove = !isSearch && !selection.isOn;
  const dragOf = useDragging(canMove && !isCutOff && !move.isBusy, move.move);
  const close = (): void => {
    setOpened(undefined);
    asked.close();
  };
  return (
    <>
      {sections.length > 0 && !selection.isOn && (
        <div className="no-print">
          <Button icon="list" disabled={isCutOff} onClick={selection.start}>
            {t('several')}
          </Button>
        </div>
      )}
      {selection.isOn && <BulkBar selection={selection} isCutOff={isCutOff} />}
      <FormFailure error={move.error} />
      {sections.length === 0 && <Empty icon="menu" title={t(isSearch ? 'noneFound' : 'none')} text={t('noneYet')} />}
      {sections.map(({ category, items }, at) => (
        <section
          key={category.id}
          className="card menu-section"
          aria-labelledby={`menu-${category.id}`}
          {...dragOf(at).row}
        >
          <div className="spread">
            <span className="menu-section__name">
              {dragOf(at).grip}
              <h2 id={`menu-${category.id}`}>{category.name}</h2>
            </span>
            <div className="row no-print">
              {selection.isOn && items.length > 0 && (
                <label className="checks__choice">
                  <input
                    type="checkbox"
                    checked={items.every(({ id }) => selection.has(id))}
                    onChange={() => selection.toggle(items.map(({ id }) => id))}
                  />
                  {t('chooseAll', { name: category.name })}
                </label>
              )}
              {canMove && (
                <Mover
                  name={category.name}
                  place={at}
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
            selection={selection}
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
