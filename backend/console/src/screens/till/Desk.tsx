import { type ReactNode, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MenuCategoryItem } from '../../../../client/src/api.js';
import { useCall } from '../../app/queries.js';
import { useShortcuts } from '../../app/shortcuts.js';
import { Button } from '../../ui/Button.js';
import { Region } from '../../ui/Region.js';
import { Bar } from './Bar.js';
import { type Draft, portionsIn } from './draft.js';
import { ItemDialog } from './ItemDialog.js';
import { MenuBoard } from './MenuBoard.js';
import { itemsOf } from './menuOf.js';
import { type Taking, useTaking } from './useTaking.js';

/** What the ticket beside the menu is made of. */
export interface Beside {
  taking: Taking;
  items: ReadonlyMap<string, MenuCategoryItem>;
}

interface DeskProps {
  draft: Draft;
  title: string;
  text: string;
  /** The order cannot be added to any more. */
  isClosed?: boolean;
  /** The part that a phone shows first. */
  first: 'menu' | 'ticket';
  /** Beside the way to the ticket on a phone. */
  sum: ReactNode;
  ticket: (beside: Beside) => ReactNode;
  onLeave: () => void;
}

/** The menu and the ticket: beside each other, or one after the other on a phone. */
export function Desk({ draft, title, text, isClosed, first, sum, ticket, onLeave }: DeskProps) {
  const t = useTranslations('till');
  const menu = useCall('getMenu', { query: { orderType: draft.type } }, { keeps: true });
  const items = useMemo(() => itemsOf(menu.data), [menu.data]);
  const taking = useTaking(draft);
  const [shown, setShown] = useState(first);
  useShortcuts({ t: onLeave });
  return (
    <>
      <Bar title={title} text={text} onBack={onLeave} />
      <div className="till-desk" data-shown={shown} data-closed={isClosed || undefined}>
        {!isClosed && (
          <Region query={menu} label={t('menu')} lines={10}>
            {(known) => <MenuBoard menu={known} lines={draft.lines} onTake={taking.take} />}
          </Region>
        )}
        <aside className="till-ticket" aria-label={t('ticket')}>
          {ticket({ taking, items })}
        </aside>
      </div>
      {!isClosed && (
        <div className="till-switch">
          <Button
            isWide
            look={shown === 'menu' ? 'main' : 'quiet'}
            icon={shown === 'menu' ? 'orders' : 'menu'}
            onClick={() => setShown(shown === 'menu' ? 'ticket' : 'menu')}
          >
            {t(shown === 'menu' ? 'showTicket' : 'showMenu', { count: draft.lines.length })}
            {shown === 'menu' && sum}
          </Button>
        </div>
      )}
      <p className="hidden-text" role="status">
        {taking.said}
      </p>
      <Wishes draft={draft} taking={taking} />
    </>
  );
}

/** The dialog of the item that was pressed. */
function Wishes({ draft, taking }: { draft: Draft; taking: Taking }) {
  const { asked } = taking;
  if (!asked) return null;
  const { item, line } = asked;
  const others = portionsIn(draft.lines, item.id) - (typeof line?.quantity === 'number' ? line.quantity : 0);
  return (
    <ItemDialog
      key={line?.key ?? item.id}
      item={item}
      type={draft.type}
      line={line ?? taking.place}
      left={item.remaining === null ? null : item.remaining - others}
      onSave={taking.save}
      onRemove={
        line &&
        (() => {
          taking.ask(undefined);
          taking.remove(line);
        })
      }
      onClose={() => taking.ask(undefined)}
    />
  );
}
