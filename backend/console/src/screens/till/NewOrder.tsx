import { useCallback, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Order } from '../../../../client/src/api.js';
import { useShortcuts } from '../../app/shortcuts.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { ConfirmButton } from '../../ui/ConfirmButton.js';
import { Empty } from '../../ui/Empty.js';
import { toast } from '../../ui/Toasts.js';
import { Money } from '../../ui/Values.js';
import { Totals } from '../order/Totals.js';
import { type Beside, Desk } from './Desk.js';
import { changed, type Draft, isWaiting } from './draft.js';
import { forget, keep } from './drafts.js';
import { DraftNotices, DraftPart } from './DraftPart.js';
import { HeadDialog } from './HeadDialog.js';
import { useOpenOrders } from './useOpenOrders.js';
import { usePreview } from './usePreview.js';
import { usePrices } from './usePrices.js';
import { type Sending, useSending } from './useSending.js';
import { useNameOf } from './words.js';
import { orderOf } from './draft.js';

interface NewOrderProps {
  draft: Draft;
  onOpen: (id: string, options?: { replace: boolean }) => void;
  onLeave: () => void;
}

/** An order that is taken and not placed yet. */
export function NewOrder({ draft, onOpen, onLeave }: NewOrderProps) {
  const t = useTranslations();
  const nameOf = useNameOf();
  const [isHeadOpen, setHeadOpen] = useState(false);
  const onSent = useCallback(
    ({ id, number }: Order) => {
      toast(t('till.placed', { number }));
      onOpen(id, { replace: true });
    },
    [t, onOpen],
  );
  const sending = useSending(draft, onSent);
  useShortcuts({ s: sending.send, e: () => setHeadOpen(true) });
  const leave = (): void => {
    onLeave();
    // Nothing was said yet, so nothing is lost.
    if (draft.lines.length === 0) void forget(draft.id);
  };
  return (
    <>
      <Desk
        draft={draft}
        title={nameOf(draft)}
        text={t('till.draft')}
        first="menu"
        sum={<Sum draft={draft} />}
        onLeave={leave}
        ticket={(beside) => (
          <Ticket draft={draft} sending={sending} onHead={() => setHeadOpen(true)} onDiscard={leave} {...beside} />
        )}
      />
      {isHeadOpen && <Head draft={draft} onOpen={onOpen} onClose={() => setHeadOpen(false)} />}
    </>
  );
}

/** The total on the button of a phone. */
function Sum({ draft }: { draft: Draft }) {
  const { last } = usePreview(draft.lines.length === 0 ? undefined : orderOf(draft));
  return last ? <Money amount={last.total} /> : null;
}

function Head({ draft, onOpen, onClose }: { draft: Draft; onOpen: (id: string) => void; onClose: () => void }) {
  const t = useTranslations('till');
  const orders = useOpenOrders();
  const { type, table, guests, customer, notes, scheduledFor = null } = draft;
  return (
    <HeadDialog
      head={{ type, table, guests, customer, notes, scheduledFor }}
      isNew={false}
      orders={orders.data ?? []}
      onOpen={({ id }) => onOpen(id)}
      onClose={onClose}
      onSave={(head) => {
        if (isWaiting(draft)) toast(t('waitForAnswer'));
        else void keep(changed(draft, head));
        onClose();
      }}
    />
  );
}

interface TicketProps extends Beside {
  draft: Draft;
  sending: Sending;
  onHead: () => void;
  onDiscard: () => void;
}

function Ticket({ draft, sending, onHead, onDiscard, taking, items }: TicketProps) {
  const t = useTranslations('till');
  const prices = usePrices(draft, items);
  const isCutOff = useIsCutOff();
  const facts = useFacts(draft);
  const discard = (): void => {
    onDiscard();
    void forget(draft.id);
  };
  return (
    <>
      <div className="till-ticket__head">
        <Button look="quiet" icon="edit" className="till-ticket__name" onClick={onHead}>
          <span className="hidden-text">{t('head')}:</span>
          <span>{facts}</span>
        </Button>
      </div>
      <div className="till-ticket__body">
        {draft.notes !== '' && <p className="till-line__note">{draft.notes}</p>}
        <DraftPart draft={draft} items={items} taking={taking} prices={prices} sending={sending} />
        {draft.lines.length === 0 && <Empty icon="menu" title={t('noLines')} text={t('noLinesText')} />}
      </div>
      <div className="till-ticket__foot">
        <DraftNotices draft={draft} prices={prices} sending={sending} onHead={onHead} />
        {prices.sum && (
          <div className={prices.isCurrent ? undefined : 'till-old'} aria-busy={!prices.isCurrent}>
            <Totals order={prices.sum} />
          </div>
        )}
        <div className="till-ticket__actions">
          {draft.lines.length > 0 && !isWaiting(draft) && (
            <ConfirmButton isBusy={false} onConfirm={discard}>
              {t('discard')}
            </ConfirmButton>
          )}
          <Button
            look="main"
            icon="check"
            isBusy={sending.isBusy}
            disabled={isCutOff || draft.lines.length === 0}
            onClick={sending.send}
          >
            {t('place')}
          </Button>
        </div>
      </div>
    </>
  );
}

function useFacts({ type, guests, table, customer, scheduledFor }: Draft): string {
  const t = useTranslations();
  const { moment } = useFormat();
  return [
    t(`orderType.${type}`),
    ...(guests === null ? [] : [t('till.guests', { count: guests })]),
    ...(table !== '' && customer.name !== '' ? [customer.name] : []),
    ...(scheduledFor ? [t('order.scheduled', { time: moment(scheduledFor) })] : []),
  ].join(' · ');
}
