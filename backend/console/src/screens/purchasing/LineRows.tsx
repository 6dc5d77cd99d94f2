import { useTranslations } from 'use-intl';
import type { InventoryItem, SupplierItem } from '../../../../client/src/api.js';
import { useAll } from '../../app/queries.js';
import { Button, IconButton } from '../../ui/Button.js';
import { SelectField, TextField } from '../../ui/Field.js';
import { MoneyField } from '../../ui/MoneyField.js';
import { type LineDraft, newLine, unitsOf } from './orderLines.js';

interface LineRowsProps {
  supplierId: string;
  lines: readonly LineDraft[];
  onChange: (lines: readonly LineDraft[]) => void;
  error: string | undefined;
}

/** What is ordered: first what the supplier is known to sell, then everything else. */
export function LineRows({ supplierId, lines, onChange, error }: LineRowsProps) {
  const t = useTranslations('purchasing');
  const items = useAll('listInventoryItems', { query: { limit: 100 } }, { most: 2_000 });
  const offers = useAll(
    'listItemsOfSupplier',
    { id: supplierId, query: { limit: 100 } },
    { enabled: supplierId !== '', most: 1_000 },
  );
  const sold = new Map(offers.data?.map((offer) => [offer.inventoryItemId, offer]) ?? []);
  const sorted = (items.data ?? []).toSorted(
    (a, b) => Number(sold.has(b.id)) - Number(sold.has(a.id)) || a.name.localeCompare(b.name),
  );
  return (
    <fieldset className="purchasing__rows">
      <legend>{t('lines')}</legend>
      {lines.map((line, at) => (
        <Row
          key={line.key}
          line={line}
          number={at + 1}
          items={sorted}
          sold={sold}
          onChange={(change) => onChange(lines.with(at, { ...line, ...change }))}
          onRemove={() => onChange(lines.toSpliced(at, 1))}
        />
      ))}
      {error !== undefined && <p className="field__error">{error}</p>}
      <div>
        <Button icon="plus" onClick={() => onChange([...lines, newLine()])}>
          {t('addLine')}
        </Button>
      </div>
    </fieldset>
  );
}

interface RowProps {
  line: LineDraft;
  number: number;
  items: readonly InventoryItem[];
  sold: ReadonlyMap<string, SupplierItem>;
  onChange: (change: Partial<LineDraft>) => void;
  onRemove: () => void;
}

function Row({ line, number, items, sold, onChange, onRemove }: RowProps) {
  const t = useTranslations('purchasing');
  const item = items.find(({ id }) => id === line.inventoryItemId);
  const offer = sold.get(line.inventoryItemId);
  const units = unitsOf(item, offer);
  const choose = (id: string): void => {
    const units = unitsOf(
      items.find((one) => one.id === id),
      sold.get(id),
    );
    onChange({ inventoryItemId: id, unit: units[0] ?? '', unitPrice: sold.get(id)?.lastPrice ?? undefined });
  };
  return (
    <div className="purchasing__row" role="group" aria-label={t('lineNumber', { number })}>
      <SelectField
        label={t('item')}
        value={line.inventoryItemId}
        onChange={({ target }) => choose(target.value)}
        choices={[
          { value: '', label: '–' },
          ...items.map(({ id, name }) => ({ value: id, label: sold.has(id) ? `${name} ★` : name })),
        ]}
      />
      <TextField
        label={t('quantity')}
        inputMode="decimal"
        autoComplete="off"
        value={line.quantity}
        onChange={({ target }) => onChange({ quantity: target.value })}
      />
      <SelectField
        label={t('unit')}
        value={line.unit}
        onChange={({ target }) => onChange({ unit: target.value })}
        choices={units.map((value) => ({ value, label: value }))}
      />
      <MoneyField
        // Another item has another price.
        key={line.inventoryItemId}
        label={t('price')}
        value={line.unitPrice}
        onChange={(unitPrice) => onChange({ unitPrice })}
      />
      <IconButton icon="trash" label={t('removeLine', { number })} onClick={onRemove} />
    </div>
  );
}
