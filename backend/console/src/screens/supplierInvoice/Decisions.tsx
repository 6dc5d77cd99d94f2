import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { SupplierInvoice } from '../../../../client/src/api.js';
import { ServioError } from '../../../../client/src/client.js';
import { useChange } from '../../app/queries.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextArea } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { type Fault, useRefusals } from '../../ui/refusals.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';

const STALE = ['getSupplierInvoice', 'listSupplierInvoices', 'listSuppliers'] as const;
interface DialogProps {
  invoice: SupplierInvoice;
  onClose: () => void;
}

/** Approval teaches Servio the supplier and the items; what is missing is listed. */
export function ApproveDialog({ invoice, onClose }: DialogProps) {
  const t = useTranslations();
  const [skipUnmatched, setSkip] = useState(false);
  const [acceptDuplicate, setAccept] = useState(false);
  const approve = useChange('approveSupplierInvoice', STALE);
  const open = invoice.lines.filter(({ isStock, match }) => isStock && !match?.packQuantity).length;
  const missing = approve.error instanceof ServioError ? (approve.error.problem.errors ?? []) : [];
  const send = (): void =>
    approve.mutate(
      { id: invoice.id, body: { skipUnmatched, acceptDuplicate }, ifMatch: `"${invoice.version}"` },
      {
        onSuccess: () => {
          toast(t('supplierInvoice.approved'));
          onClose();
        },
      },
    );
  return (
    <Dialog title={t('supplierInvoice.approve')} onClose={onClose}>
      <p>{t('supplierInvoice.approveText')}</p>
      {open > 0 && (
        <label className="supplier-invoice__tick">
          <input type="checkbox" checked={skipUnmatched} onChange={({ target }) => setSkip(target.checked)} />
          {t('supplierInvoice.skipUnmatched', { count: open })}
        </label>
      )}
      {invoice.duplicates.length > 0 && (
        <label className="supplier-invoice__tick">
          <input type="checkbox" checked={acceptDuplicate} onChange={({ target }) => setAccept(target.checked)} />
          {t('supplierInvoice.acceptDuplicate')}
        </label>
      )}
      {missing.length === 0 && <FormFailure error={approve.error} />}
      {missing.length > 0 && (
        <Notice tone="bad">
          <strong>{t('supplierInvoice.notYet')}</strong>
          <ul className="supplier-invoice__faults">
            {missing.map((one) => (
              <li key={one.pointer}>
                <Missing invoice={invoice} fault={one} />
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Actions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button look="main" isBusy={approve.isPending} onClick={send}>
          {t('supplierInvoice.approve')}
        </Button>
      </Actions>
    </Dialog>
  );
}

/**
 * Fields that are missing, in the words of this page; the server's words name fields of the API.
 */
function Missing({ invoice, fault }: { invoice: SupplierInvoice; fault: Fault }) {
  const t = useTranslations('supplierInvoice.missing');
  const refusals = useRefusals();
  const { pointer } = fault;
  const place = /^\/lines\/(\d+)\/match$/.exec(pointer)?.[1];
  const line = invoice.lines.find(({ position }) => String(position) === place);
  if (line) return t(line.match ? 'pack' : 'item', { position: line.position, name: line.description.slice(0, 60) });
  const field = pointer.slice(1);
  return t.has(field) ? t(field) : refusals.fault(fault);
}

/** Asks why; the answer is kept with the paper. */
export function ReasonDialog({ kind, invoice, onClose }: DialogProps & { kind: 'reject' | 'reverse' }) {
  const t = useTranslations();
  const change = useChange(kind === 'reject' ? 'rejectSupplierInvoice' : 'reverseSupplierInvoice', STALE);
  const form = useForm(async ({ reason = '' }) => {
    await change.mutateAsync({ id: invoice.id, body: { reason: reason.trim() }, ifMatch: `"${invoice.version}"` });
    onClose();
  });
  return (
    <Dialog title={t(`supplierInvoice.${kind}`)} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <p>{t(`supplierInvoice.${kind}Text`)}</p>
        <TextArea
          label={t('supplierInvoice.reason')}
          name="reason"
          required
          maxLength={500}
          error={form.errorOf('reason')}
        />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="bad" type="submit" isBusy={form.isBusy}>
            {t(`supplierInvoice.${kind}`)}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
