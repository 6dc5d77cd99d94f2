import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Order, Payment, PaymentInput, PaymentMethod } from '../../../../client/src/api.js';
import { useCall, useChange } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextField } from '../../ui/Field.js';
import { MoneyField } from '../../ui/MoneyField.js';
import { type Form, useForm } from '../../ui/useForm.js';
import { isOpen, takesDeposit } from './actions.js';
import { DrawerChoice, firstDrawer, useDrawers } from './DrawerChoice.js';
import { MethodChoice } from './MethodChoice.js';
import { MoneyActions } from './MoneyActions.js';
import { notesAbove } from './notes.js';
import { shareOf, type Split, SplitChoice } from './SplitChoice.js';
import { STALE } from './stale.js';
import { VoucherField } from './VoucherField.js';

/**
 * Takes payments: how, how much, and for cash the change to hand back. A bill is paid at once, in
 * equal parts, or by amounts, one payment after the other.
 */
export function PaymentDialog({ order, onClose }: { order: Order; onClose: () => void }) {
  const [round, setRound] = useState(0);
  const [split, setSplit] = useState<Split>({ kind: 'whole', parts: 2 });
  const next = (): void => {
    setRound(round + 1);
    setSplit(({ kind, parts }) => ({ kind, parts: Math.max(1, parts - 1) }));
  };
  return <OnePayment key={round} order={order} split={split} onSplit={setSplit} onNext={next} onClose={onClose} />;
}

interface OnePaymentProps {
  order: Order;
  split: Split;
  onSplit: (split: Split) => void;
  onNext: () => void;
  onClose: () => void;
}

function OnePayment({ order, split, onSplit, onNext, onClose }: OnePaymentProps) {
  const t = useTranslations('order');
  const { money, today } = useFormat();
  // One press of "Take payment", however often it is sent, is one payment.
  const [key] = useState(() => crypto.randomUUID());
  const [method, setMethod] = useState<PaymentMethod>('cash');
  const [due] = useState(order.dueTotal);
  const [typed, setTyped] = useState<number | undefined>(due);
  const share = shareOf(split, due, typed);
  const [given, setGiven] = useState<number | undefined>(share);
  const [tip, setTip] = useState<number | undefined>(0);
  const [code, setCode] = useState('');
  // The server decides until the person does.
  const [deposit, setDeposit] = useState<boolean>();
  const isDeposit = deposit ?? takesDeposit(order, today());
  const drawers = useDrawers();
  const [drawer, setDrawer] = useState<string>();
  const drawerId = drawer ?? firstDrawer(drawers);
  const [taken, setTaken] = useState<Payment>();
  const receipt = useCall('getOrderReceipt', { id: order.id });
  const cashDue = receipt.data?.dueTotal === due && share === due ? receipt.data.cashDue : (share ?? 0);
  const asked = method === 'cash' ? cashDue : (share ?? 0);
  const record = useChange('recordPayment', STALE);
  const form = useForm(async ({ reference = '' }) => {
    const amount = amountOf(method, given, share, { due, cashDue });
    if (amount === undefined || tip === undefined) return;
    const body: PaymentInput = {
      method,
      amount,
      ...(tip > 0 && { tip }),
      ...(method === 'card' || method === 'other' ? { reference: reference.trim() || null } : {}),
      ...(method === 'voucher' && code.trim() !== '' && { code: code.trim() }),
      ...(deposit !== undefined && { deposit }),
      ...(drawerId !== '' && { drawerId }),
    };
    setTaken((await record.mutateAsync({ id: order.id, body, key })).data);
  });
  const choose = (next: Split, amount: number | undefined): void => {
    onSplit(next);
    setTyped(amount);
    setGiven(shareOf(next, due, amount));
  };
  if (taken) {
    const back = share === due ? taken.change : Math.max(0, (given ?? 0) - (share ?? 0) - taken.tip);
    return (
      <Taken
        payment={taken}
        change={method === 'cash' ? back : 0}
        left={order.dueTotal}
        onNext={onNext}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog title={t('pay')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <p className="order__due">
          {t(share === due ? 'due' : 'share')} <strong className="number">{money(asked)}</strong>
        </p>
        {share !== due && <p className="muted">{t('ofBill', { amount: money(due) })}</p>}
        {method === 'cash' && cashDue !== share && <p className="muted">{t('roundedFrom', { amount: money(due) })}</p>}
        <SplitChoice split={split} due={due} amount={typed} onChange={choose} />
        <MethodChoice value={method} onChange={(chosen) => (setMethod(chosen), setGiven(share))} />
        {(method === 'cash' || split.kind === 'whole') && (
          <MoneyField
            label={t(method === 'cash' ? 'given' : 'amount')}
            value={given}
            onChange={setGiven}
            error={given === undefined ? t('noAmount') : form.errorOf('amount')}
          />
        )}
        {method === 'cash' && <Notes due={cashDue} onChoose={setGiven} />}
        <MoneyField
          label={t('tip')}
          value={tip}
          onChange={setTip}
          error={tip === undefined ? t('noAmount') : form.errorOf('tip')}
        />
        {method === 'voucher' && (
          <VoucherField
            code={code}
            onChange={setCode}
            onBalance={(balance) => setGiven(Math.min(balance, due))}
            form={form}
          />
        )}
        {(method === 'card' || method === 'other') && <Reference method={method} form={form} />}
        <DrawerChoice drawers={drawers} value={drawerId} onChange={setDrawer} error={form.errorOf('drawerId')} />
        {isOpen(order.status) && <DepositCheck isOn={isDeposit} onChange={setDeposit} />}
        {method === 'cash' && <Change given={given} due={cashDue} tip={tip ?? 0} />}
        <MoneyActions
          form={form}
          label={t('take')}
          isReady={given !== undefined && share !== undefined}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}

/**
 * The cash that is asked for means the exact rest of the bill: the server rounds it. Only the rest
 * of a bill gives change; of a share, no more than the share is booked.
 */
function amountOf(
  method: PaymentMethod,
  given: number | undefined,
  share: number | undefined,
  { due, cashDue }: { due: number; cashDue: number },
): number | undefined {
  if (given === undefined || share === undefined) return undefined;
  if (share !== due) return Math.min(given, share);
  return method === 'cash' && given === cashDue ? due : given;
}

function Reference({ method, form }: { method: PaymentMethod; form: Form }) {
  const t = useTranslations('order');
  return (
    <TextField
      label={t('reference')}
      hint={method === 'card' ? t('referenceHint') : undefined}
      name="reference"
      autoComplete="off"
      error={form.errorOf('reference')}
    />
  );
}

/** Money that comes before the meal: its taxes are due today. */
function DepositCheck({ isOn, onChange }: { isOn: boolean; onChange: (isOn: boolean) => void }) {
  const t = useTranslations('order');
  return (
    <label className="checks__choice">
      <input type="checkbox" checked={isOn} onChange={() => onChange(!isOn)} />
      {t('asDeposit')}
    </label>
  );
}

/** Amounts that a guest hands over: the exact one and the notes above it. */
function Notes({ due, onChoose }: { due: number; onChoose: (amount: number) => void }) {
  const t = useTranslations('order');
  const { money, minor } = useFormat();
  return (
    <div className="row" role="group" aria-label={t('handed')}>
      {[due, ...notesAbove(due, minor())].map((amount) => (
        <Button key={amount} onClick={() => onChoose(amount)}>
          {money(amount)}
        </Button>
      ))}
    </div>
  );
}

function Change({ given, due, tip }: { given: number | undefined; due: number; tip: number }) {
  const t = useTranslations('order');
  const { money } = useFormat();
  const change = (given ?? 0) - due;
  if (given === undefined || change <= 0) return null;
  return <p className="order__due">{t(tip > 0 ? 'changeBesideTip' : 'change', { amount: money(change) })}</p>;
}

/** The change is what counts now: it is shown large until the drawer is closed. */
function Taken({
  payment,
  change,
  left,
  onNext,
  onClose,
}: {
  payment: Payment;
  /** Cash to hand back. */
  change: number;
  /** What is still to be paid. */
  left: number;
  onNext: () => void;
  onClose: () => void;
}) {
  const t = useTranslations('order');
  const { money } = useFormat();
  return (
    <Dialog title={t('taken')} onClose={onClose}>
      <div className="order__taken">
        <p>{t('takenText', { amount: money(payment.amount + payment.tip), method: t(`method.${payment.method}`) })}</p>
        {change > 0 && (
          <p>
            {t('handBack')} <strong className="number">{money(change)}</strong>
          </p>
        )}
        {payment.prepaid?.kind === 'deposit' && <p className="muted">{t('asDeposit')}</p>}
        {payment.rounding !== 0 && <p className="muted">{t('roundingOf', { amount: money(payment.rounding) })}</p>}
        {left > 0 && <p>{t('left', { amount: money(left) })}</p>}
      </div>
      <Actions>
        <Button {...(left > 0 ? {} : { look: 'main' })} onClick={onClose}>
          {t('finished')}
        </Button>
        {left > 0 && (
          <Button look="main" icon="cash" onClick={onNext}>
            {t('nextPayment')}
          </Button>
        )}
      </Actions>
    </Dialog>
  );
}
