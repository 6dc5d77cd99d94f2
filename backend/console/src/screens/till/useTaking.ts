import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MenuCategoryItem } from '../../../../client/src/api.js';
import { toast } from '../../ui/Toasts.js';
import { changed, type Draft, type DraftLine, isWaiting, withLine } from './draft.js';
import { draftOf, keep } from './drafts.js';
import { asks } from './menuOf.js';
import type { Place } from '../order/PlaceFields.js';

/** An item whose wishes are asked for; with a line: that of the draft that is changed. */
export interface Asked {
  item: MenuCategoryItem;
  line: DraftLine | undefined;
}

export interface Taking {
  /** Takes an item, or asks for its wishes first. */
  take: (item: MenuCategoryItem) => void;
  save: (line: DraftLine) => void;
  setQuantity: (line: DraftLine, quantity: number) => void;
  remove: (line: DraftLine) => void;
  asked: Asked | undefined;
  ask: (asked: Asked | undefined) => void;
  /** The course and the seat of what is taken next. */
  place: Place;
  setPlace: (place: Partial<Place>) => void;
  /** The last thing that happened, for a screen reader. */
  said: string;
}

/** Lines of a draft: taken, changed and removed. Each change is kept at once. */
export function useTaking(draft: Draft): Taking {
  const t = useTranslations('till');
  const [asked, ask] = useState<Asked>();
  const [place, setPlace] = useState<Place>({ course: null, seat: null });
  const [said, say] = useState('');
  const edit = (change: (lines: readonly DraftLine[]) => readonly DraftLine[]): void => {
    const current = draftOf(draft.id) ?? draft;
    if (isWaiting(current)) return void toast(t('waitForAnswer'));
    void keep(changed(current, { lines: change(current.lines) }));
  };
  const replace = (line: DraftLine, next: readonly DraftLine[]): void =>
    edit((lines) => lines.flatMap((one) => (one.key === line.key ? next : [one])));
  const add = (line: DraftLine): void => {
    edit((lines) => withLine(lines, line));
    say(t('added', { name: line.name }));
  };
  const remove = (line: DraftLine): void => {
    replace(line, []);
    const undo = { label: t('undo'), run: () => add({ ...line, key: crypto.randomUUID() }) };
    toast(t('removed', { name: line.name }), undo);
  };
  return {
    take: (item) => (asks(item) ? ask({ item, line: undefined }) : add(lineOfOne(item, place))),
    save: (line) => {
      if (asked?.line) replace(asked.line, [line]);
      else add(line);
      ask(undefined);
    },
    setQuantity: (line, quantity) => {
      if (quantity === 0) return remove(line);
      replace(line, [{ ...line, quantity, key: crypto.randomUUID() }]);
    },
    remove,
    asked,
    ask,
    place,
    setPlace: (changes) => setPlace((before) => ({ ...before, ...changes })),
    said,
  };
}

function lineOfOne(item: MenuCategoryItem, place: Place): DraftLine {
  return {
    ...place,
    key: crypto.randomUUID(),
    isSent: false,
    menuItemId: item.id,
    variantId: undefined,
    quantity: 1,
    modifiers: [],
    notes: '',
    name: item.name,
    details: [],
  };
}
