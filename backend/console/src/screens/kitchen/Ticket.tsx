import { memo } from 'react';
import { useTranslations } from 'use-intl';
import { useStore } from '../../app/useStore.js';
import { useFormat } from '../../i18n/format.js';
import { Button, IconButton } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { Icon } from '../../ui/Icon.js';
import type { IconName } from '../../ui/icons.js';
import { Line } from './Line.js';
import { recalled, ticks } from './marks.js';
import { type Age, ageOf, clockOf, type Ticket as TicketOf } from './tickets.js';
import { useClock } from './useClock.js';

interface TicketProps {
  ticket: TicketOf;
  /** Its key: 1 to 9, then 0. Absent from the eleventh on. */
  digit: string | undefined;
  isSelected: boolean;
  allergens: ReadonlyMap<string, readonly string[]>;
  onSelect: (id: string) => void;
  onTick: (ticket: TicketOf, lineId: string) => void;
  onStart: (ticket: TicketOf) => void;
  onBump: (ticket: TicketOf) => void;
  /** Absent for somebody who may not sell dishes out. */
  onSoldOut: ((ticket: TicketOf) => void) | undefined;
}

const AGES: Record<Age, IconName> = { later: 'clock', fresh: 'check', soon: 'clock', late: 'alert' };

/** An order as the kitchen reads it from two metres away. */
export const Ticket = memo(function Ticket(props: TicketProps) {
  const { ticket, digit, isSelected, allergens, onSelect, onTick, onStart, onBump, onSoldOut } = props;
  const t = useTranslations('kitchen');
  const age = useClock((now) => ageOf(ticket.since, now));
  const isShownAgain = useStore(recalled).has(ticket.id);
  const ticked = useStore(ticks);
  const isMade = ticket.lines.every(({ id, isVoided }) => isVoided || ticked.includes(id));
  const isNew = ticket.status === 'placed' || ticket.status === 'accepted';
  const titleId = `ticket-${ticket.id}`;
  return (
    <article
      className="kitchen-ticket"
      data-age={age}
      data-selected={isSelected || undefined}
      data-made={isMade || undefined}
      aria-labelledby={titleId}
      aria-current={isSelected || undefined}
      data-ticket={ticket.id}
    >
      <TicketHead ticket={ticket} digit={digit} age={age} titleId={titleId} onSelect={onSelect} />
      {ticket.notes !== null && <p className="kitchen-notes">{ticket.notes}</p>}
      <ul className="kitchen-lines">
        {ticket.lines.map((line) => (
          <Line
            key={line.id}
            line={line}
            allergens={allergens.get(line.menuItemId)}
            onTick={() => onTick(ticket, line.id)}
          />
        ))}
      </ul>
      <div className="kitchen-ticket__foot">
        {isNew && (
          <Button icon="kitchen" onClick={() => onStart(ticket)}>
            {t('start')}
          </Button>
        )}
        {onSoldOut && (
          <IconButton
            icon="soldOut"
            label={t('soldOutOf', { name: ticket.number })}
            onClick={() => onSoldOut(ticket)}
          />
        )}
        <Button className="kitchen-bump" look="main" icon="check" onClick={() => onBump(ticket)}>
          {t(isShownAgain ? 'putAway' : 'bump')}
        </Button>
      </div>
    </article>
  );
});

interface HeadProps {
  ticket: TicketOf;
  digit: string | undefined;
  age: Age;
  titleId: string;
  onSelect: (id: string) => void;
}

function TicketHead({ ticket, digit, age, titleId, onSelect }: HeadProps) {
  const t = useTranslations();
  const format = useFormat();
  const name =
    ticket.table === null ? (ticket.customer ?? t(`orderType.${ticket.type}`)) : t('table', { name: ticket.table });
  return (
    <header className="kitchen-head">
      <button type="button" className="kitchen-head__name" onClick={() => onSelect(ticket.id)}>
        <Icon name={ticket.type} />
        <h2 id={titleId}>
          <bdi>{name}</bdi>
        </h2>
        {digit !== undefined && <kbd aria-hidden="true">{digit}</kbd>}
      </button>
      <div className="kitchen-head__facts">
        <span className="kitchen-head__age number">
          <Icon name={AGES[age]} />
          <Clock since={ticket.since} />
          <span className="kitchen-head__word">{t(`kitchen.age.${age}`)}</span>
        </span>
        <span className="kitchen-head__number number">#{ticket.number}</span>
      </div>
      <div className="kitchen-head__facts">
        <span>
          {t(`orderType.${ticket.type}`)}
          {ticket.guests !== null && ` · ${t('kitchen.guests', { count: ticket.guests })}`}
          {ticket.scheduledFor !== null && ` · ${t('kitchen.wantedAt', { time: format.time(ticket.scheduledFor) })}`}
        </span>
        {ticket.isPending ? (
          <Chip icon="refresh">{t('kitchen.toSend')}</Chip>
        ) : (
          <Chip tone={ticket.status === 'placed' ? 'warn' : ticket.status === 'ready' ? 'ok' : 'info'}>
            {t(`orderStatus.${ticket.status}`)}
          </Chip>
        )}
      </div>
    </header>
  );
}

function Clock({ since }: { since: number }) {
  return <span role="timer">{useClock((now) => clockOf(since, now))}</span>;
}
