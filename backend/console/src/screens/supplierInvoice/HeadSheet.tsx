import { useContext } from 'react';
import { useTranslations } from 'use-intl';
import type { SupplierInvoice, SupplierInvoicePatch } from '../../../../client/src/api.js';
import { useAll, useChange } from '../../app/queries.js';
import { PlaceContext, useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Sheet } from '../../ui/Dialog.js';
import { SelectField, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { useForm } from '../../ui/useForm.js';
import { changed, decimalOfTyped, textOf } from './typed.js';

const STALE = ['getSupplierInvoice', 'listSupplierInvoices'] as const;
const TOTALS = ['net', 'tax', 'gross'] as const;

/** Corrects what was read of the head. */
export function HeadSheet({ invoice, onClose }: { invoice: SupplierInvoice; onClose: () => void }) {
  const t = useTranslations();
  const change = useChange('changeSupplierInvoice', STALE);
  const form = useForm(async (values) => {
    const body = patchOf(invoice, values);
    if (Object.keys(body).length > 0)
      await change.mutateAsync({ id: invoice.id, body, ifMatch: `"${invoice.version}"` });
    onClose();
  });
  const field = (name: 'number' | 'issueDate' | 'dueDate' | 'currency', type = 'text') => (
    <TextField
      label={t(`supplierInvoice.field.${name}`)}
      name={name}
      type={type}
      defaultValue={invoice[name] ?? ''}
      error={form.errorOf(name)}
    />
  );
  return (
    <Sheet title={t('supplierInvoice.correct')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <SelectField
          label={t('supplierInvoice.kind')}
          name="documentType"
          defaultValue={invoice.documentType}
          error={form.errorOf('documentType')}
          choices={(['unknown', 'invoice', 'credit_note'] as const)
            .filter((value) => value !== 'unknown' || invoice.documentType === 'unknown')
            .map((value) => ({ value, label: t(`supplierInvoice.type.${value}`) }))}
        />
        <Links invoice={invoice} errorOf={form.errorOf} />
        {field('number')}
        {field('issueDate', 'date')}
        {field('dueDate', 'date')}
        {field('currency')}
        <Rate invoice={invoice} error={form.errorOf('exchangeRate')} />
        {TOTALS.map((name) => (
          <TextField
            key={name}
            label={t(`supplierInvoice.${name}`)}
            name={name}
            inputMode="decimal"
            dir="ltr"
            defaultValue={invoice.totals[name] ?? ''}
            error={form.errorOf(`totals/${name}`)}
          />
        ))}
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Sheet>
  );
}

/** The supplier, and the delivery that this paper prices. */
function Links({ invoice, errorOf }: { invoice: SupplierInvoice; errorOf: (name: string) => string | undefined }) {
  const t = useTranslations('supplierInvoice');
  const { moment } = useFormat();
  const supplierId = invoice.supplier.id ?? undefined;
  const suppliers = useAll('listSuppliers', { query: { limit: 100 } }, { most: 1_000 });
  const receipts = useAll(
    'listGoodsReceipts',
    { query: { limit: 100, supplierId } },
    { most: 100, enabled: supplierId !== undefined },
  );
  const asRead = t('asRead', { name: invoice.supplier.name ?? '–' });
  const open = receipts.data?.filter(({ status }) => status !== 'reversed') ?? [];
  // The fields begin with what is chosen now; they wait for their choices.
  if (!suppliers.data || (supplierId !== undefined && !receipts.data)) return null;
  return (
    <>
      <SelectField
        label={t('supplier')}
        name="supplierId"
        defaultValue={supplierId ?? ''}
        error={errorOf('supplierId')}
        choices={[{ value: '', label: asRead }, ...suppliers.data.map(({ id, name }) => ({ value: id, label: name }))]}
      />
      {open.length > 0 && (
        <SelectField
          label={t('delivery')}
          name="goodsReceiptId"
          hint={t('deliveryHint')}
          defaultValue={invoice.goodsReceiptId ?? ''}
          error={errorOf('goodsReceiptId')}
          choices={[
            { value: '', label: t('noDelivery') },
            ...open.map(({ id, number, reference, receivedAt }) => ({
              value: id,
              label: [number, reference, moment(receivedAt)].filter(Boolean).join(' · '),
            })),
          ]}
        />
      )}
      {invoice.documentType === 'credit_note' && (
        <SelectField
          label={t('returned')}
          name="goodsReturned"
          defaultValue={String(invoice.goodsReturned ?? '')}
          error={errorOf('goodsReturned')}
          choices={[
            { value: '', label: '–' },
            { value: 'true', label: t('goodsBack') },
            { value: 'false', label: t('priceOnly') },
          ]}
        />
      )}
    </>
  );
}

/** Asked for only where the paper has another currency. */
function Rate({ invoice, error }: { invoice: SupplierInvoice; error: string | undefined }) {
  const t = useTranslations('supplierInvoice');
  const { currency } = useContext(PlaceContext);
  if (invoice.currency === null || invoice.currency === currency) return null;
  return (
    <TextField
      label={t('rate', { theirs: invoice.currency, ours: currency })}
      name="exchangeRate"
      inputMode="decimal"
      dir="ltr"
      defaultValue={invoice.exchangeRate ?? ''}
      error={error}
    />
  );
}

function patchOf(invoice: SupplierInvoice, values: Record<string, string>): SupplierInvoicePatch {
  const links = {
    ...('supplierId' in values && { supplierId: textOf(values['supplierId']) }),
    ...('goodsReceiptId' in values && { goodsReceiptId: textOf(values['goodsReceiptId']) }),
    ...('exchangeRate' in values && { exchangeRate: decimalOfTyped(values['exchangeRate']) }),
    ...(values['goodsReturned'] && { goodsReturned: values['goodsReturned'] === 'true' }),
  };
  const type = values['documentType'];
  const head: SupplierInvoicePatch = {
    ...links,
    ...((type === 'invoice' || type === 'credit_note') && { documentType: type }),
    number: textOf(values['number']),
    issueDate: textOf(values['issueDate']),
    dueDate: textOf(values['dueDate']),
    currency: textOf(values['currency']),
  };
  const totals = changed(
    Object.fromEntries(
      TOTALS.map((name) => [name, values[name] === invoice.totals[name] ? values[name] : decimalOfTyped(values[name])]),
    ),
    { ...invoice.totals },
  );
  const body = changed(head, { ...invoice, supplierId: invoice.supplier.id });
  return Object.keys(totals).length > 0 ? { ...body, totals } : body;
}
