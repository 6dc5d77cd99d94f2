import { useTranslations } from 'use-intl';
import type { SupplierInvoice, SupplierInvoiceLine, SupplierInvoiceLinePatch } from '../../../../client/src/api.js';
import { useAll, useChange } from '../../app/queries.js';
import { Actions, Button } from '../../ui/Button.js';
import { Sheet } from '../../ui/Dialog.js';
import { SelectField, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { toast } from '../../ui/Toasts.js';
import { type Form, useForm } from '../../ui/useForm.js';
import { changed, decimalOfTyped, textOf } from './typed.js';

const STALE = ['getSupplierInvoice', 'listSupplierInvoices'] as const;
const TEXTS = ['description', 'articleNumber', 'unit'] as const;
const NUMBERS = ['quantity', 'unitPrice', 'netAmount'] as const;
/** The choice for freight, deposits and the like. */
const NO_STOCK = 'none';

interface LineSheetProps {
  invoice: SupplierInvoice;
  /** Absent: a line that was not read. */
  line: SupplierInvoiceLine | undefined;
  canChange: boolean;
  onClose: () => void;
}

/** Corrects a line, and says which item of the store room it is. */
export function LineSheet({ invoice, line, canChange, onClose }: LineSheetProps) {
  const t = useTranslations();
  const { id, version } = invoice;
  const ifMatch = `"${version}"`;
  const change = useChange('changeSupplierInvoiceLine', STALE);
  const add = useChange('addSupplierInvoiceLine', STALE);
  const remove = useChange('removeSupplierInvoiceLine', STALE);
  const form = useForm(async (values) => {
    const body = patchOf(line, values);
    if (!line) await add.mutateAsync({ id, ifMatch, body: { ...body, description: values['description'] ?? '' } });
    else if (Object.keys(body).length > 0) await change.mutateAsync({ id, position: line.position, body, ifMatch });
    toast(t('supplierInvoice.lineSaved'));
    onClose();
  });
  const title = line ? t('supplierInvoice.line', { position: line.position }) : t('supplierInvoice.addLine');
  return (
    <Sheet title={title} onClose={onClose}>
      {line?.evidence && <blockquote className="supplier-invoice__quote">{line.evidence.text}</blockquote>}
      <form className="stack" onSubmit={form.onSubmit}>
        <Item line={line} form={form} canChange={canChange} />
        {[...TEXTS, ...NUMBERS].map((name) => (
          <TextField
            key={name}
            label={t(`supplierInvoice.field.${name}`)}
            name={name}
            required={name === 'description'}
            readOnly={!canChange}
            {...(NUMBERS.some((one) => one === name) ? { inputMode: 'decimal', dir: 'ltr' } : {})}
            defaultValue={line?.[name] ?? ''}
            error={form.errorOf(name)}
          />
        ))}
        <FormFailure error={form.failure ?? remove.error} />
        {canChange && (
          <Actions>
            {line && (
              <Button
                look="bad"
                icon="trash"
                isBusy={remove.isPending}
                onClick={() => remove.mutate({ id, position: line.position, ifMatch }, { onSuccess: onClose })}
              >
                {t('supplierInvoice.removeLine')}
              </Button>
            )}
            <Button look="main" type="submit" isBusy={form.isBusy}>
              {t('save')}
            </Button>
          </Actions>
        )}
      </form>
    </Sheet>
  );
}

function Item({ line, form, canChange }: Pick<LineSheetProps, 'line' | 'canChange'> & { form: Form }) {
  const t = useTranslations('supplierInvoice');
  const items = useAll('listInventoryItems', { query: { limit: 100 } }, { most: 5_000 });
  const known = line?.match;
  const sorted = items.data?.toSorted((a, b) => a.name.localeCompare(b.name)) ?? [];
  return (
    <>
      <SelectField
        // The choices come later than the form: then it begins with the one that is chosen now.
        key={sorted.length}
        label={t('item')}
        name="item"
        disabled={!canChange}
        defaultValue={line && !line.isStock ? NO_STOCK : (known?.inventoryItemId ?? '')}
        error={form.errorOf('match/inventoryItemId')}
        choices={[
          { value: '', label: t('noItem') },
          { value: NO_STOCK, label: t('noStock') },
          ...sorted.map(({ id, name, unit }) => ({ value: id, label: `${name} (${unit})` })),
        ]}
      />
      <TextField
        label={t('pack')}
        name="packQuantity"
        readOnly={!canChange}
        inputMode="decimal"
        dir="ltr"
        hint={t('packHint')}
        defaultValue={known?.packQuantity ?? ''}
        error={form.errorOf('match/packQuantity')}
      />
    </>
  );
}

function patchOf(line: SupplierInvoiceLine | undefined, values: Record<string, string>): SupplierInvoiceLinePatch {
  const { item = '' } = values;
  const pack = decimalOfTyped(values['packQuantity']);
  const isSame = item === (line?.match?.inventoryItemId ?? '') && pack === (line?.match?.packQuantity ?? null);
  const match = item === '' ? null : { inventoryItemId: item, ...(pack === null ? {} : { packQuantity: pack }) };
  const texts = {
    description: values['description'] ?? '',
    articleNumber: textOf(values['articleNumber']),
    unit: textOf(values['unit']),
    // A number that nobody touched stays as the document states it: "7.90" is not sent as "7.9".
    ...Object.fromEntries(
      NUMBERS.map((name) => [name, values[name] === line?.[name] ? values[name] : decimalOfTyped(values[name])]),
    ),
    isStock: item !== NO_STOCK,
  };
  const before = line ?? { isStock: true };
  return { ...changed(texts, { ...before }), ...(item === NO_STOCK || isSame ? {} : { match }) };
}
