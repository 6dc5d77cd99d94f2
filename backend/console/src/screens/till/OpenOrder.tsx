import { useCallback } from 'react';
import { useTranslations } from 'use-intl';
import type { Order } from '../../../../client/src/api.js';
import { useMe } from '../../app/me.js';
import { useTagged } from '../../app/queries.js';
import { useShortcuts } from '../../app/shortcuts.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { Button } from '../../ui/Button.js';
import { Notice } from '../../ui/Notice.js';
import { OrderStatusChip } from '../../ui/OrderStatusChip.js';
import { Region } from '../../ui/Region.js';
import { toast } from '../../ui/Toasts.js';
import { Money } from '../../ui/Values.js';
import { isOpen } from '../order/actions.js';
import { Lines } from '../order/Lines.js';
import { Money as Payments } from '../order/MoneyParts.js';
import { PaymentChip } from '../order/PaymentChip.js';
import { Totals } from '../order/Totals.js';
import { Bar } from './Bar.js';
import { type Beside, Desk } from './Desk.js';
import { additionTo, type Draft, isWaiting, newDraft, NO_CUSTOMER } from './draft.js';
import { forget, keep } from './drafts.js';
import { DraftNotices, DraftPart } from './DraftPart.js';
import { OrderActions } from './OrderActions.js';
import { useOthersChanges } from './useOthersChanges.js';
import { usePrices } from './usePrices.js';
import { type Sending, useSending } from './useSending.js';
import { useNameOf } from './words.js';

interface OpenOrderProps {
  id: string;
  /** Lines that are to be added. */
  draft: Draft | undefined;
  onOpen: (id: string) => void;
  onLeave: () => void;
}

/** An order that is placed: more lines, changes, and its payment. */
export function OpenOrder({ id, draft, onOpen, onLeave }: OpenOrderProps) {
  const t = useTranslations();
  const tagged = useTagged('getOrder', { id });
  if (tagged.data)
    return (
      <Known
        order={tagged.data.data}
        etag={tagged.data.etag ?? ''}
        draft={draft}
        isOld={tagged.error !== null}
        onOpen={onOpen}
        onLeave={onLeave}
      />
    );
  return (
    <>
      <Bar title={t('order.title')} onBack={onLeave} />
      <div className="till-floor">
        <Region query={tagged} label={t('order.title')} lines={10}>
          {() => null}
        </Region>
      </div>
    </>
  );
}

interface KnownProps extends Omit<OpenOrderProps, 'id'> {
  order: Order;
  etag: string;
  /** It could not be loaded again. */
  isOld: boolean;
}

function Known({ order, etag, draft, isOld, onOpen, onLeave }: KnownProps) {
  const t = useTranslations();
  const nameOf = useNameOf();
  const { restaurant } = useMe();
  const addition = draft ?? additionTo(order, restaurant.id);
  const onSent = useCallback(({ number }: Order) => void toast(t('till.sent', { number })), [t]);
  const sending = useSending(draft, onSent);
  useShortcuts({ s: sending.send });
  return (
    <Desk
      draft={addition}
      title={nameOf(order)}
      text={t('order.name', { number: order.number })}
      isClosed={!isOpen(order.status)}
      first="ticket"
      sum={null}
      onLeave={onLeave}
      ticket={(beside) => (
        <Ticket
          order={order}
          etag={etag}
          draft={addition}
          isOld={isOld}
          sending={sending}
          onOpen={onOpen}
          onLeave={onLeave}
          {...beside}
        />
      )}
    />
  );
}

interface TicketProps extends Beside, Omit<KnownProps, 'draft'> {
  draft: Draft;
  sending: Sending;
}

function Ticket({ order, etag, draft, isOld, sending, onOpen, onLeave, taking, items }: TicketProps) {
  const t = useTranslations('till');
  const prices = usePrices(draft, items);
  const [others, forgetOthers] = useOthersChanges(order, draft);
  const hasMore = draft.lines.length > 0;
  const isClosed = !isOpen(order.status);
  return (
    <>
      <div className="till-ticket__head">
        <Facts order={order} />
        <span className="row">
          <OrderStatusChip status={order.status} />
          <PaymentChip order={order} />
        </span>
      </div>
      <div className="till-ticket__body">
        {isOld && <Notice tone="warn">{t('isOld')}</Notice>}
        {others.length > 0 && (
          <Notice tone="info">
            <strong>{t('others')}</strong>
            {others.map((text, place) => (
              // Two changes may have the same words.
              <span key={`${text} ${place}`}>{text}</span>
            ))}
            <Button onClick={forgetOthers}>{t('seen')}</Button>
          </Notice>
        )}
        {order.notes !== null && <p className="till-line__note">{order.notes}</p>}
        <Lines order={order} />
        {(hasMore || !isClosed) && (
          <section className="till-more" aria-labelledby="till-more" data-empty={!hasMore || undefined}>
            <h2 id="till-more">{t('newLines')}</h2>
            <DraftPart draft={draft} items={items} taking={taking} prices={prices} sending={sending} />
            {!hasMore && <p className="muted">{t('newLinesText')}</p>}
          </section>
        )}
        <Totals order={order} />
        {order.paidTotal > 0 && <Payments id={order.id} />}
      </div>
      <div className="till-ticket__foot">
        {isClosed && hasMore ? (
          <Stranded order={order} draft={draft} onOpen={onOpen} />
        ) : (
          <DraftNotices draft={draft} prices={prices} sending={sending} />
        )}
        {hasMore && !isClosed && <SendMore draft={draft} sending={sending} sum={prices.sum?.total} />}
        {!hasMore && <OrderActions order={order} etag={etag} onLeave={onLeave} />}
      </div>
    </>
  );
}

function Facts({ order: { type, guests, table, customer } }: { order: Order }) {
  const t = useTranslations();
  const facts = [
    t(`orderType.${type}`),
    ...(guests === null ? [] : [t('till.guests', { count: guests })]),
    ...(table !== null && customer?.name ? [customer.name] : []),
    ...(customer?.phone ? [customer.phone] : []),
  ];
  return <span className="muted">{facts.join(' · ')}</span>;
}

/** Sends the new lines. Their price is beside that of the order: the server adds them up. */
function SendMore({ draft, sending, sum }: { draft: Draft; sending: Sending; sum: number | undefined }) {
  const t = useTranslations('till');
  const isCutOff = useIsCutOff();
  return (
    <div className="till-ticket__actions">
      {!isWaiting(draft) && <Button onClick={() => void forget(draft.id)}>{t('dropLines')}</Button>}
      <Button look="main" icon="check" isBusy={sending.isBusy} disabled={isCutOff} onClick={sending.send}>
        {t('sendLines', { count: draft.lines.length })}
        {sum !== undefined && <Money amount={sum} />}
      </Button>
    </div>
  );
}

/** The order was closed by somebody else while lines for it were taken: they are not lost. */
function Stranded({ order, draft, onOpen }: { order: Order; draft: Draft; onOpen: (id: string) => void }) {
  const t = useTranslations();
  const { restaurant } = useMe();
  const move = (): void => {
    const { type, table, guests, customer } = order;
    const { name = '', phone = '', address = '' } = customer ?? NO_CUSTOMER;
    const head = { type, table: table ?? '', guests, customer: { name, phone, address }, notes: '' };
    const next = { ...newDraft(restaurant.id, head), lines: draft.lines };
    void keep(next)
      .then(() => forget(draft.id))
      .then(() => onOpen(next.id));
  };
  return (
    <Notice tone="warn">
      <span>{t('till.closedMeanwhile', { status: t(`orderStatus.${order.status}`) })}</span>
      <Button icon="plus" onClick={move}>
        {t('till.asNewOrder')}
      </Button>
      <Button onClick={() => void forget(draft.id)}>{t('till.dropLines')}</Button>
    </Notice>
  );
}
