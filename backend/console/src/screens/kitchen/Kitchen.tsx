import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMay } from '../../app/me.js';
import { useAll } from '../../app/queries.js';
import { useShortcuts } from '../../app/shortcuts.js';
import { useStore } from '../../app/useStore.js';
import { useConnection } from '../../app/useConnection.js';
import { useFormat } from '../../i18n/format.js';
import { Empty } from '../../ui/Empty.js';
import { Notice } from '../../ui/Notice.js';
import { Region } from '../../ui/Region.js';
import { useRefusals } from '../../ui/refusals.js';
import { toast } from '../../ui/Toasts.js';
import { Bar } from './Bar.js';
import { AllDay, Done, Filter, SoldOut } from './Dialogs.js';
import { addTo, dropFrom, recalled, tick, ticks } from './marks.js';
import { ORDER_TYPES, settings } from './settings.js';
import { play } from './sound.js';
import { advance, refusals, takeBack } from './steps.js';
import { Ticket } from './Ticket.js';
import type { Ticket as TicketOf } from './tickets.js';
import { useClock } from './useClock.js';
import { MOST, useKitchen } from './useKitchen.js';
import { useOfflineStart } from './useOfflineStart.js';
import { useWakeLock } from './useWallScreen.js';

/** Time in which a bump can be undone. */
const UNDO_MS = 10_000;
const DIGITS = '1234567890'.split('');
/** Pixels that the picture moves within a day, so that nothing is burnt into the screen. */
const SHIFT_PX = 4;
const HOUR_MS = 3_600_000;

type Open = 'allDay' | 'done' | 'filter' | { soldOut: TicketOf };

/** The tickets of the kitchen, the oldest first. */
export function Screen() {
  const t = useTranslations('kitchen');
  const { query, isCut, keptAt, open, done } = useKitchen();
  const format = useFormat();
  const { zoom, isLight, types } = useStore(settings);
  const [shown, setShown] = useState<Open>();
  const close = useCallback(() => setShown(undefined), []);
  const actions = useActions();
  const shift = useClock((now) => Math.floor(now / HOUR_MS) % SHIFT_PX);
  useWakeLock();
  useAlarm();
  useOfflineStart();
  const grid = <Grid tickets={open} done={done} actions={actions} onShow={setShown} />;
  return (
    <div
      className="kitchen"
      data-theme={isLight ? 'light' : 'dark'}
      style={{ fontSize: `${zoom}%`, paddingBlockStart: shift, paddingInlineStart: shift }}
    >
      <Bar
        openCount={open.length}
        doneCount={done.length}
        isFiltered={types.length < ORDER_TYPES.length}
        onAllDay={() => setShown('allDay')}
        onDone={() => setShown('done')}
        onFilter={() => setShown('filter')}
      />
      {isCut && <Notice tone="warn">{t('isCut', { count: MOST })}</Notice>}
      {keptAt === undefined ? (
        <Region
          query={query}
          label={t('title')}
          isEmpty={() => open.length === 0}
          empty={<Empty icon="kitchen" title={t('noTickets')} text={t('noTicketsText')} />}
        >
          {() => grid}
        </Region>
      ) : (
        <>
          {query.error && <Notice tone="warn">{t('kept', { time: format.time(keptAt) })}</Notice>}
          {grid}
        </>
      )}
      {shown === 'allDay' && <AllDay tickets={open} onClose={close} />}
      {shown === 'done' && (
        <Done tickets={done} onClose={close} onRecall={actions.recall} onComplete={actions.complete} />
      )}
      {shown === 'filter' && <Filter onClose={close} />}
      {typeof shown === 'object' && <SoldOut ticket={shown.soldOut} onClose={close} />}
    </div>
  );
}

interface GridProps {
  tickets: readonly TicketOf[];
  done: readonly TicketOf[];
  actions: ReturnType<typeof useActions>;
  onShow: (open: Open) => void;
}

/** The tickets, and the keys of a bump bar. */
function Grid({ tickets, done, actions, onShow }: GridProps) {
  const [chosen, setChosen] = useState<string>();
  const allergens = useAllergens();
  const maySellOut = useMay('availability:write');
  const place = Math.max(
    0,
    tickets.findIndex(({ id }) => id === chosen),
  );
  const selected = tickets[place];
  const select = useCallback((id: string) => setChosen(id), []);
  const sellOut = useCallback((ticket: TicketOf) => onShow({ soldOut: ticket }), [onShow]);
  const move = (to: number): void => setChosen(tickets[Math.min(tickets.length - 1, Math.max(0, to))]?.id);
  useEffect(() => {
    document.querySelector('[data-selected]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  useShortcuts({
    ...Object.fromEntries(DIGITS.map((digit, at) => [digit, () => tickets[at] && setChosen(tickets[at].id)])),
    ArrowRight: () => move(place + (document.dir === 'rtl' ? -1 : 1)),
    ArrowLeft: () => move(place - (document.dir === 'rtl' ? -1 : 1)),
    ArrowDown: () => move(place + 1),
    ArrowUp: () => move(place - 1),
    Enter: () => selected && actions.bump(selected),
    ' ': () => selected && actions.tickNext(selected),
    Backspace: () => (done[0] ? actions.recall(done[0]) : undefined),
    a: () => onShow('allDay'),
    f: () => onShow('filter'),
    r: () => onShow('done'),
    x: () => selected && maySellOut && onShow({ soldOut: selected }),
  });
  return (
    <div className="kitchen-grid">
      {tickets.map((ticket, at) => (
        <Ticket
          key={ticket.id}
          ticket={ticket}
          digit={DIGITS[at]}
          isSelected={at === place}
          allergens={allergens}
          onSelect={select}
          onTick={actions.tickLine}
          onStart={actions.start}
          onBump={actions.bump}
          onSoldOut={maySellOut ? sellOut : undefined}
        />
      ))}
    </div>
  );
}

/** The actions of a ticket. Steps are kept and sent in the background. */
function useActions() {
  const t = useTranslations('kitchen');
  const refused = useStore(refusals);
  const words = useRefusals();
  useEffect(() => {
    if (refused) toast(t('refused', { detail: words.problem(refused.problem) }));
  }, [refused, t, words]);
  return useMemo(() => {
    const start = (ticket: TicketOf): void => {
      if (ticket.status === 'placed' || ticket.status === 'accepted')
        void advance(ticket.id, ticket.status, 'preparing');
    };
    const recall = (ticket: TicketOf): void => {
      void takeBack(ticket.id).then((wasHeld) => {
        if (!wasHeld) addTo(recalled, [ticket.id]);
      });
    };
    const tickLine = (ticket: TicketOf, lineId: string): void => {
      tick(lineId);
      start(ticket);
    };
    return {
      start,
      recall,
      tickLine,
      tickNext: (ticket: TicketOf): void => {
        const next = ticket.lines.find(({ id, isVoided }) => !isVoided && !ticks.get().includes(id));
        if (next) tickLine(ticket, next.id);
      },
      bump: (ticket: TicketOf): void => {
        if (recalled.get().has(ticket.id)) return dropFrom(recalled, [ticket.id]);
        void advance(ticket.id, ticket.status, 'ready', UNDO_MS);
        toast(t('bumped', { number: ticket.number }), { label: t('undo'), run: () => recall(ticket) }, UNDO_MS);
      },
      complete: (ticket: TicketOf): void => void advance(ticket.id, ticket.status, 'completed'),
    };
  }, [t]);
}

/** Allergens by the id of the dish. */
function useAllergens(): ReadonlyMap<string, readonly string[]> {
  const items = useAll('listMenuItems', { query: { limit: 100 } }, { enabled: useMay('menu:read'), most: 2_000 });
  const t = useTranslations('allergen');
  return useMemo(() => {
    const named = items.data?.map(
      (item) => [item.id, [...item.allergens.map((one) => t(one)), ...item.otherAllergens]] as const,
    );
    return new Map(named);
  }, [items.data, t]);
}

/** A screen that is not current is heard as well as seen. */
function useAlarm(): void {
  const { hasSound } = useStore(settings);
  const isOld = 'since' in useConnection();
  useEffect(() => {
    if (isOld && hasSound) play('stale');
  }, [isOld, hasSound]);
}
