import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Order } from '../../../../client/src/api.js';
import { useMe } from '../../app/me.js';
import { useChange } from '../../app/queries.js';
import { Button } from '../../ui/Button.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { toast } from '../../ui/Toasts.js';
import { type Possible, possibleActions, type Step } from './actions.js';
import { CompOrderDialog } from './CompForms.js';
import { OrderDiscountDialog } from './DiscountForms.js';
import { EditDialog } from './EditDialog.js';
import { KeepDepositDialog, WriteOffDialog } from './GivingUp.js';
import { PaymentDialog } from './PaymentDialog.js';
import { CompleteDialog, ReasonDialog } from './ReasonDialog.js';
import { ReceiptDialog } from './ReceiptDialog.js';
import { RefundDialog } from './RefundDialog.js';

type Open = 'pay' | 'receipt' | 'complete' | (typeof MORE)[number][0];

/** Needed less often. */
const MORE = [
  ['edit', 'edit'],
  ['discount', 'percent'],
  ['comp', 'gift'],
  ['refund', 'undo'],
  ['reopen', 'refresh'],
  ['writeOff', 'erase'],
  ['keepDeposit', 'cash'],
  ['cancel', 'trash'],
] as const;

/** The next step and the money first. */
export function ActionBar({ order, etag }: { order: Order; etag: string }) {
  const t = useTranslations('order');
  const { scopes } = useMe();
  const possible = possibleActions(order, scopes);
  const [open, setOpen] = useState<Open>();
  const close = (): void => setOpen(undefined);
  return (
    <div className="stack no-print">
      <div className="order__actions">
        {possible.step && <StepButton order={order} step={possible.step} onDue={() => setOpen('complete')} />}
        {possible.pay && (
          <Button icon="cash" {...(possible.step ? {} : { look: 'main' })} onClick={() => setOpen('pay')}>
            {t('pay')}
          </Button>
        )}
        <Button icon="print" onClick={() => setOpen('receipt')}>
          {t('receipt')}
        </Button>
        <More possible={possible} onOpen={setOpen} />
      </div>
      {open === 'pay' && <PaymentDialog order={order} onClose={close} />}
      {open === 'refund' && <RefundDialog order={order} onClose={close} />}
      {open === 'edit' && <EditDialog order={order} etag={etag} onClose={close} />}
      {open === 'discount' && <OrderDiscountDialog order={order} onClose={close} />}
      {open === 'comp' && <CompOrderDialog order={order} onClose={close} />}
      {open === 'writeOff' && <WriteOffDialog order={order} onClose={close} />}
      {open === 'keepDeposit' && <KeepDepositDialog order={order} onClose={close} />}
      {open === 'receipt' && <ReceiptDialog order={order} onClose={close} />}
      {open === 'complete' && <CompleteDialog order={order} onClose={close} />}
      {(open === 'cancel' || open === 'reopen') && <ReasonDialog kind={open} order={order} onClose={close} />}
    </div>
  );
}

/** Needed less often, and so without a frame. */
function More({ possible, onOpen }: { possible: Possible; onOpen: (open: Open) => void }) {
  const t = useTranslations('order');
  return MORE.filter(([kind]) => possible[kind]).map(([kind, icon]) => (
    <Button key={kind} look="quiet" icon={icon} onClick={() => onOpen(kind)}>
      {t(kind === 'comp' ? 'compAll' : kind === 'discount' ? 'discountOrder' : kind)}
    </Button>
  ));
}

function StepButton({ order, step, onDue }: { order: Order; step: Step; onDue: () => void }) {
  const t = useTranslations();
  const change = useChange(step, ['getOrder', 'listOrders', 'listOrderHistory']);
  const run = (): void => {
    // Whoever leaves without paying is seen before, not after.
    if (step === 'completeOrder' && order.dueTotal > 0) return onDue();
    change.mutate(
      { id: order.id },
      { onSuccess: ({ data }) => toast(t('order.done', { status: t(`orderStatus.${data.status}`) })) },
    );
  };
  return (
    <>
      <Button look="main" icon="check" isBusy={change.isPending} onClick={run}>
        {t(`order.step.${step}`)}
      </Button>
      {change.error && <FormFailure error={change.error} />}
    </>
  );
}
