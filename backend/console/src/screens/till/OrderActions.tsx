import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Order } from '../../../../client/src/api.js';
import { useMe } from '../../app/me.js';
import { useShortcuts } from '../../app/shortcuts.js';
import { Button, IconButton } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import type { IconName } from '../../ui/icons.js';
import { Money } from '../../ui/Values.js';
import { isOpen, possibleActions } from '../order/actions.js';
import { CompOrderDialog } from '../order/CompForms.js';
import { OrderDiscountDialog } from '../order/DiscountForms.js';
import { EditDialog } from '../order/EditDialog.js';
import { PaymentDialog } from '../order/PaymentDialog.js';
import { ReasonDialog } from '../order/ReasonDialog.js';
import { ReceiptDialog } from '../order/ReceiptDialog.js';
import { RefundDialog } from '../order/RefundDialog.js';
import { CloseDialog } from './CloseDialog.js';

type Opened = 'more' | 'pay' | 'receipt' | 'edit' | 'discount' | 'comp' | 'cancel' | 'reopen' | 'refund' | 'close';

/** Everything that the person may do with a placed order; the money first. */
export function OrderActions({ order, etag, onLeave }: { order: Order; etag: string; onLeave: () => void }) {
  const t = useTranslations('till');
  const { scopes } = useMe();
  const [opened, setOpened] = useState<Opened>();
  const possible = possibleActions(order, scopes);
  const mayClose = isOpen(order.status) && scopes.includes('orders:advance');
  const isSettled = order.dueTotal <= 0;
  useShortcuts({
    ...(possible.pay && { p: () => setOpened('pay') }),
    r: () => setOpened('receipt'),
    ...(possible.edit && { e: () => setOpened('edit') }),
  });
  const close = (): void => setOpened(undefined);
  const more: [Opened, IconName, boolean][] = [
    ['edit', 'edit', possible.edit],
    ['discount', 'percent', possible.discount],
    ['comp', 'gift', possible.comp],
    ['close', 'check', mayClose && !isSettled],
    ['refund', 'undo', possible.refund],
    ['reopen', 'refresh', possible.reopen],
    ['cancel', 'trash', possible.cancel],
  ];
  const entries = more.filter(([, , isPossible]) => isPossible);
  return (
    <>
      <div className="till-ticket__actions">
        {entries.length > 0 && (
          <IconButton icon="more" label={t('moreActions')} aria-haspopup="dialog" onClick={() => setOpened('more')} />
        )}
        <Button icon="print" onClick={() => setOpened('receipt')}>
          {t('do.receipt')}
        </Button>
        {possible.pay && (
          <Button look="main" icon="cash" onClick={() => setOpened('pay')}>
            {t('do.pay')} <Money amount={order.dueTotal} />
          </Button>
        )}
        {mayClose && isSettled && (
          <Button look="main" icon="check" onClick={() => setOpened('close')}>
            {t('do.close')}
          </Button>
        )}
      </div>
      {opened === 'more' && (
        <Dialog title={t('moreActions')} onClose={close}>
          <div className="till-entries">
            {entries.map(([kind, icon]) => (
              <Button key={kind} icon={icon} isWide onClick={() => setOpened(kind)}>
                {t(`do.${kind}`)}
              </Button>
            ))}
          </div>
        </Dialog>
      )}
      {opened === 'pay' && <PaymentDialog order={order} onClose={close} />}
      {opened === 'receipt' && <ReceiptDialog order={order} onClose={close} />}
      {opened === 'edit' && <EditDialog order={order} etag={etag} onClose={close} />}
      {opened === 'discount' && <OrderDiscountDialog order={order} onClose={close} />}
      {opened === 'comp' && <CompOrderDialog order={order} onClose={close} />}
      {opened === 'refund' && <RefundDialog order={order} onClose={close} />}
      {opened === 'close' && <CloseDialog order={order} onClose={close} onDone={onLeave} />}
      {(opened === 'cancel' || opened === 'reopen') && <ReasonDialog kind={opened} order={order} onClose={close} />}
    </>
  );
}
