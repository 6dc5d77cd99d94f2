import { useTranslations } from 'use-intl';
import { useChange } from '../../app/queries.js';
import { useStore } from '../../app/useStore.js';
import { Button } from '../../ui/Button.js';
import { Dialog, Sheet } from '../../ui/Dialog.js';
import { Empty } from '../../ui/Empty.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Switch } from '../../ui/Switch.js';
import { toast } from '../../ui/Toasts.js';
import { ticks } from './marks.js';
import { change, ORDER_TYPES, settings } from './settings.js';
import { allDay, type Ticket } from './tickets.js';

interface ClosingProps {
  onClose: () => void;
}

/** How many of each dish are still to be made. */
export function AllDay({ tickets, onClose }: ClosingProps & { tickets: readonly Ticket[] }) {
  const t = useTranslations('kitchen');
  const sums = allDay(tickets, new Set(useStore(ticks)));
  return (
    <Sheet title={t('allDayTitle')} onClose={onClose}>
      {sums.length === 0 && <Empty icon="check" title={t('nothingOpen')} />}
      <ul className="kitchen-sums">
        {sums.map(({ name, count }) => (
          <li key={name}>
            <strong className="number">{count}</strong> {name}
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

interface DoneProps extends ClosingProps {
  tickets: readonly Ticket[];
  onRecall: (ticket: Ticket) => void;
  onComplete: (ticket: Ticket) => void;
}

/** Tickets that are ready: to be shown again, or handed over. */
export function Done({ tickets, onClose, onRecall, onComplete }: DoneProps) {
  const t = useTranslations();
  return (
    <Sheet title={t('kitchen.doneTitle')} onClose={onClose}>
      {tickets.length === 0 && <Empty icon="undo" title={t('kitchen.nothingDone')} />}
      <ul className="kitchen-done">
        {tickets.map((ticket) => (
          <li key={ticket.id} className="kitchen-done__ticket">
            <strong>
              {ticket.table === null
                ? (ticket.customer ?? t(`orderType.${ticket.type}`))
                : t('table', { name: ticket.table })}
            </strong>
            <span className="muted number">#{ticket.number}</span>
            <span className="kitchen-done__lines muted">
              {ticket.lines.map(({ quantity, name }) => `${quantity} ${name}`).join(', ')}
            </span>
            <Button icon="undo" onClick={() => onRecall(ticket)}>
              {t('kitchen.recall')}
            </Button>
            {!ticket.isPending && (
              <Button look="main" icon="check" onClick={() => onComplete(ticket)}>
                {t('kitchen.complete')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Sheet>
  );
}

/** Which types of orders this screen shows. */
export function Filter({ onClose }: ClosingProps) {
  const t = useTranslations();
  const { types } = useStore(settings);
  const toggle = (type: (typeof types)[number]): void => {
    const chosen = types.includes(type) ? types.filter((one) => one !== type) : [...types, type];
    // A screen that shows nothing at all would look like a quiet evening.
    if (chosen.length > 0) change({ types: chosen });
  };
  return (
    <Dialog title={t('kitchen.filterTitle')} onClose={onClose}>
      <ul className="kitchen-types">
        {ORDER_TYPES.map((type) => (
          <li key={type} className="spread">
            <span aria-hidden="true">{t(`orderType.${type}`)}</span>
            <Switch isOn={types.includes(type)} label={t(`orderType.${type}`)} onChange={() => toggle(type)} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** Takes a dish of a ticket off the menu. It needs the server: a queue could sell it meanwhile. */
export function SoldOut({ ticket, onClose }: ClosingProps & { ticket: Ticket }) {
  const t = useTranslations('kitchen');
  const change = useChange('setMenuItemAvailability', ['listMenuItems', 'getMenu']);
  const items = new Map(ticket.lines.map(({ menuItemId, name }) => [menuItemId, name]));
  const sellOut = (id: string, name: string): void =>
    change.mutate(
      { id, body: { isAvailable: false } },
      {
        onSuccess: () => {
          toast(t('isSoldOut', { name }));
          onClose();
        },
      },
    );
  return (
    <Dialog title={t('soldOutTitle')} onClose={onClose}>
      <p>{t('soldOutText')}</p>
      {[...items].map(([id, name]) => (
        <Button key={id} look="bad" icon="soldOut" isWide isBusy={change.isPending} onClick={() => sellOut(id, name)}>
          {name}
        </Button>
      ))}
      <FormFailure error={change.error} />
    </Dialog>
  );
}
