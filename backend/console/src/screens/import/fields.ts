/** Fields of each kind of import, and the columns that are probably theirs. */
import type { ImportKind } from '../../../../client/src/api.js';
import type { Head } from './readHead.js';

export interface ImportField {
  name: string;
  isRequired?: boolean;
  /** Headings that name it, in the languages of tills. */
  known: RegExp;
}

const ITEM = /^(item|product|article|artikel|produkt|name)|item.?name|product.?name|bezeichnung|الصنف/i;
const QUANTITY = /quantity|^qty|menge|anzahl|الكمية/i;
const UNIT = /^(unit|einheit|uom)|الوحدة/i;

export const FIELDS: Record<ImportKind, readonly ImportField[]> = {
  orders: [
    { name: 'orderId', isRequired: true, known: /order.?(id|no|number)|^(id|ticket|bon|beleg)|bestell.?(nr|nummer)/i },
    { name: 'time', isRequired: true, known: /time|date|datum|zeit|تاريخ/i },
    { name: 'item', isRequired: true, known: ITEM },
    { name: 'quantity', known: QUANTITY },
    { name: 'unitPrice', known: /unit.?price|product.?price|einzelpreis|^price|^preis/i },
    { name: 'linePrice', known: /line.?(price|total)|item.?price|^total|^summe|^betrag/i },
    { name: 'category', known: /categ|kategorie|warengruppe/i },
    { name: 'variant', known: /variant|size|größe/i },
  ],
  inventory_items: [
    { name: 'item', isRequired: true, known: ITEM },
    { name: 'unit', isRequired: true, known: UNIT },
    { name: 'packUnit', known: /pack.?unit|gebinde/i },
    { name: 'packSize', known: /pack.?size|inhalt/i },
    { name: 'reorderPoint', known: /reorder|mindest/i },
    { name: 'parLevel', known: /^par|soll/i },
    { name: 'cost', known: /cost|preis|price/i },
    { name: 'location', known: /location|lager|ort/i },
  ],
  recipes: [
    { name: 'dish', known: /dish|gericht|menu/i },
    { name: 'variant', known: /variant|size|größe/i },
    { name: 'preparation', known: /preparation|zubereitung/i },
    { name: 'modifier', known: /modifier|option/i },
    { name: 'ingredient', isRequired: true, known: /ingredient|zutat/i },
    { name: 'quantity', isRequired: true, known: QUANTITY },
    { name: 'unit', known: UNIT },
    { name: 'waste', known: /waste|verlust|schwund/i },
    { name: 'yield', known: /^yield$|ergibt|ausbeute/i },
    { name: 'yieldUnit', known: /yield.?unit/i },
  ],
  opening_stock: [
    { name: 'item', isRequired: true, known: ITEM },
    { name: 'quantity', isRequired: true, known: QUANTITY },
    { name: 'unit', known: UNIT },
    { name: 'cost', known: /cost|preis|price/i },
    { name: 'location', known: /location|lager|ort/i },
  ],
};

/** Numbers of columns from 1, by the field. */
export type Columns = Readonly<Record<string, number | undefined>>;

/** Each column is guessed for one field at most. */
export function guess(kind: ImportKind, { headings }: Head): Columns {
  const taken = new Set<number>();
  const found: Record<string, number> = {};
  for (const { name, known } of FIELDS[kind]) {
    const at = headings.findIndex((heading, place) => !taken.has(place) && known.test(heading));
    const isSecondPrice = name === 'linePrice' && found['unitPrice'] !== undefined;
    if (at < 0 || isSecondPrice) continue;
    taken.add(at);
    found[name] = at + 1;
  }
  return found;
}

/** The form of a time, as in docs/import.md. */
export function guessFormat(sample: string): string {
  const text = sample.trim();
  if (/^\d{13}$/.test(text)) return 'unix_ms';
  if (/^\d{10}$/.test(text)) return 'unix';
  const day = [
    [/^\d\d\.\d\d\.\d{4}/, 'dd.MM.yyyy'],
    [/^\d\d\/\d\d\/\d{4}/, 'dd/MM/yyyy'],
  ] as const;
  const found = day.find(([form]) => form.test(text))?.[1];
  if (found === undefined) return 'iso';
  return `${found}${/ \d\d:\d\d:\d\d/.test(text) ? ' HH:mm:ss' : / \d\d:\d\d/.test(text) ? ' HH:mm' : ''}`;
}
