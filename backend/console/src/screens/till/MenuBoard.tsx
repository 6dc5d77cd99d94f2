import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Menu, MenuCategory, MenuCategoryItem } from '../../../../client/src/api.js';
import { useShortcuts } from '../../app/shortcuts.js';
import { Empty } from '../../ui/Empty.js';
import { Icon } from '../../ui/Icon.js';
import { type DraftLine, portionsIn } from './draft.js';
import { closedReason, found } from './menuOf.js';
import { Tile } from './Tile.js';
import { useArrowKeys } from './useArrowKeys.js';

const DIGITS = '123456789'.split('');

interface MenuBoardProps {
  menu: Menu;
  /** Their portions are no longer there for others. */
  lines: readonly DraftLine[];
  onTake: (item: MenuCategoryItem) => void;
}

/** The menu by categories, and by typing. */
export function MenuBoard({ menu, lines, onTake }: MenuBoardProps) {
  const t = useTranslations('till');
  const [search, setSearch] = useState('');
  const [chosen, setChosen] = useState<string>();
  const grid = useRef<HTMLDivElement>(null);
  const all = found(menu.categories, '');
  const shown = search.trim() === '' ? all.filter(({ id }) => id === (chosen ?? all[0]?.id)) : found(all, search);
  useArrowKeys(grid, '.till-tile');
  useShortcuts(Object.fromEntries(DIGITS.map((digit, place) => [digit, () => setChosen(all[place]?.id)])));
  const take = (item: MenuCategoryItem): void => {
    if (closedReason(item, portionsIn(lines, item.id)) === undefined) onTake(item);
  };
  const takeFirst = (): void => {
    const first = shown
      .flatMap(({ items }) => items)
      .find((item) => closedReason(item, portionsIn(lines, item.id)) === undefined);
    if (search.trim() === '' || !first) return;
    setSearch('');
    onTake(first);
  };
  const onKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') takeFirst();
    else if (event.key === 'ArrowDown') grid.current?.querySelector<HTMLElement>('button')?.focus();
    else if (event.key === 'Escape' && search === '') event.currentTarget.blur();
    else if (event.key === 'Escape') setSearch('');
    else return;
    event.preventDefault();
  };
  return (
    <section className="till-menu" aria-label={t('menu')}>
      <div className="till-menu__search">
        <Icon name="search" />
        <input
          className="input"
          type="search"
          enterKeyHint="done"
          autoComplete="off"
          aria-label={t('search')}
          placeholder={t('search')}
          value={search}
          onChange={({ target }) => setSearch(target.value)}
          onKeyDown={onKey}
        />
        <kbd aria-hidden="true">/</kbd>
      </div>
      <Categories
        categories={all}
        shownId={search.trim() === '' ? shown[0]?.id : undefined}
        onShow={(id) => (setChosen(id), setSearch(''))}
      />
      <div className="till-menu__items" ref={grid}>
        {shown.map((category) => (
          <section key={category.id} aria-label={category.name}>
            {search.trim() !== '' && <h2>{category.name}</h2>}
            <div className="till-grid">
              {category.items.map((item) => (
                <Tile key={item.id} item={item} taken={portionsIn(lines, item.id)} onPress={() => take(item)} />
              ))}
            </div>
          </section>
        ))}
        {shown.length === 0 && (
          <Empty
            icon="search"
            title={t(search.trim() === '' ? 'noMenu' : 'noMatch')}
            text={t(search.trim() === '' ? 'noMenuText' : 'noMatchText')}
          />
        )}
      </div>
    </section>
  );
}

function Categories({
  categories,
  shownId,
  onShow,
}: {
  categories: readonly MenuCategory[];
  shownId: string | undefined;
  onShow: (id: string) => void;
}) {
  const t = useTranslations('till');
  return (
    <div className="till-menu__categories" role="group" aria-label={t('categories')}>
      {categories.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          className="till-category"
          aria-pressed={id === shownId}
          onClick={() => onShow(id)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
