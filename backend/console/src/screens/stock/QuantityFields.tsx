import { useTranslations } from 'use-intl';
import type { InventoryItem } from '../../../../client/src/api.js';
import { SelectField, TextField } from '../../ui/Field.js';

/** How much of an item, in one of its units. */
export function QuantityFields({ item, error }: { item: InventoryItem; error: string | undefined }) {
  const t = useTranslations('stock');
  const units = [item.unit, ...item.units.map(({ unit }) => unit)];
  return (
    <div className="stock-pair">
      <TextField label={t('quantity')} name="quantity" inputMode="decimal" autoComplete="off" required error={error} />
      <SelectField label={t('unit')} name="unit" choices={units.map((value) => ({ value, label: value }))} />
    </div>
  );
}
