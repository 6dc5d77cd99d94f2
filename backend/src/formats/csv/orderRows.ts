/** Reads the cells of one record into one order line, or returns the fault. */
import { type ChoiceFormat, readChoices } from './choiceText.js';
import { type ImportedPrice, priceByLine, priceByUnit, priceOfMeasured } from '../../domain/import/importedLine.js';
import type { OrderType } from '../../domain/menu/menu.js';
import { MAX_AMOUNT } from '../../domain/number/money.js';
import type { Measured, MeasureUnit } from '../../domain/order/measure.js';
import { unitCodeOf } from '../eInvoice/unitCodes.js';
import { quoted, readMeasured, readMoney, readQuantity } from './moneyText.js';
import { nameKey, tidyName } from '../../domain/shared/names.js';
import { timeReader } from './timeText.js';
import {
  faultOfCells,
  MAX_NAME_CHARS,
  nameReader,
  optionalNameReader,
  placesOf,
  type Read,
  shortCell,
} from './cells.js';
import type { ColumnFinder } from './fileColumns.js';
import type { Mapping } from './orderMapping.js';

export interface ImportedRow extends ImportedPrice {
  /** Order number on the other till. */
  orderKey: string;
  /** Milliseconds since 1970. */
  orderedAt: number;
  orderType: OrderType;
  item: string;
  category: string | undefined;
  variant: string | undefined;
  /** Codes and texts, by the legend of the mapping. */
  allergens: readonly string[];
  choices: string[];
  quantity: number;
  /** Of a line that was sold by weight or the like. */
  measured?: Measured;
}

/** `orderKey` names the incomplete order when it could be read. */
export type RowReading = { row: ImportedRow } | { fault: string; orderKey: string | undefined };

export interface RowContext {
  /** The restaurant's currency. */
  currency: string;
  timezone: string;
  /** The file has bytes that are invalid in its encoding; they were read as U+FFFD. */
  damaged: boolean;
}

const MAX_KEY_CHARS = 100;
const MAX_ITEM_CHARS = 200;
const MAX_CHOICES_CHARS = 5000;
/** As in the menu routes. */
const MAX_ALLERGENS = 50;
const MAX_ALLERGEN_CHARS = 50;
const DEFAULT_TYPE: OrderType = 'takeaway';

/** Prepares a row reader. Everything that does not depend on the row is decided here, once. */
export function rowReader(
  mapping: Mapping,
  find: ColumnFinder,
  context: RowContext,
): (cells: readonly string[]) => RowReading {
  const readKey = keyReader(mapping, find);
  const readTime = orderTimeReader(mapping, find, context.timezone);
  const readItem = nameReader(mapping.item, find, MAX_ITEM_CHARS, 'item');
  const readCategory = optionalNameReader(mapping.category, find, 'category');
  const readVariant = optionalNameReader(mapping.variant, find, 'variant');
  const readLineChoices = choicesReader(mapping, find);
  const readAllergens = allergensReader(mapping, find);
  const readPrice = priceReader(mapping, find, context.currency);
  const readType = orderTypeReader(mapping, find);
  const checkCurrency = currencyReader(mapping, find, context.currency);

  return (cells) => {
    const fault = faultOfCells(cells, context.damaged);
    if (fault !== undefined) return { fault, orderKey: undefined };
    const key = readKey(cells);
    if ('fault' in key) return { fault: key.fault, orderKey: undefined };
    const orderKey = key.value;
    const time = readTime(cells);
    if ('fault' in time) return { fault: time.fault, orderKey };
    const item = readItem(cells);
    if ('fault' in item) return { fault: item.fault, orderKey };
    const category = readCategory(cells);
    if ('fault' in category) return { fault: category.fault, orderKey };
    const variant = readVariant(cells);
    if ('fault' in variant) return { fault: variant.fault, orderKey };
    const choices = readLineChoices(cells);
    if ('fault' in choices) return { fault: choices.fault, orderKey };
    const allergens = readAllergens(cells);
    if ('fault' in allergens) return { fault: allergens.fault, orderKey };
    const currency = checkCurrency(cells);
    if ('fault' in currency) return { fault: currency.fault, orderKey };
    const price = readPrice(cells);
    if ('fault' in price) return { fault: price.fault, orderKey };
    const type = readType(cells);
    if ('fault' in type) return { fault: type.fault, orderKey };
    return {
      row: {
        orderKey,
        orderedAt: time.value,
        orderType: type.value,
        item: item.value,
        category: category.value,
        variant: variant.value,
        allergens: allergens.value,
        choices: choices.value,
        ...price.value,
      },
    };
  };
}

function keyReader(mapping: Mapping, find: ColumnFinder): Read<string> {
  const places = placesOf(mapping.orderId, find);
  return (cells) => {
    const parts = places.map((place) => tidyName(cells[place] ?? ''));
    if (parts.some((part) => part === '')) return { fault: 'the order id is empty' };
    const key = parts.join('-');
    return key.length > MAX_KEY_CHARS
      ? { fault: `the order id is longer than ${MAX_KEY_CHARS} characters` }
      : { value: key };
  };
}

function orderTimeReader(mapping: Mapping, find: ColumnFinder, timezone: string): Read<number> {
  const { time } = mapping;
  if ('fixed' in time) {
    const fixed = readerOf('iso')(time.fixed, timezone);
    if (fixed === undefined) throw new Error('the mapping was not validated');
    return () => ({ value: fixed });
  }
  const places = placesOf(time.column, find);
  const formats = Array.isArray(time.format) ? time.format : [time.format];
  const readers = formats.map(readerOf);
  return (cells) => {
    const text = places
      .map((place) => (cells[place] ?? '').trim())
      .join(' ')
      .trim();
    if (text === '') return { fault: 'the time is empty' };
    for (const reader of readers) {
      const instant = reader(text, timezone);
      if (instant !== undefined) return { value: instant };
    }
    return { fault: `the time ${quoted(text)} does not match the format ${formats.join(' or ')}` };
  };
}

function readerOf(format: string) {
  const reader = timeReader(format);
  if (typeof reader !== 'function') throw new Error('the mapping was not validated');
  return reader;
}

function choicesReader({ choices }: Mapping, find: ColumnFinder): Read<string[]> {
  if (!choices) return () => ({ value: [] });
  const places = placesOf(choices.column, find);
  const none = new Set(['', ...choices.none.map(nameKey)]);
  const format: ChoiceFormat = { shape: choices.shape, separator: choices.separator };
  return (cells) => {
    const names: string[] = [];
    for (const place of places) {
      const text = cells[place] ?? '';
      if (none.has(nameKey(text))) continue;
      if (text.length > MAX_CHOICES_CHARS)
        return { fault: `the choices are longer than ${MAX_CHOICES_CHARS} characters` };
      const read = readChoices(text, format);
      if ('fault' in read) return { fault: `the choices: ${read.fault}` };
      names.push(...read.value);
    }
    const isLong = names.some((name) => name.length > MAX_NAME_CHARS);
    return isLong ? { fault: `a choice is longer than ${MAX_NAME_CHARS} characters` } : { value: names };
  };
}

function allergensReader({ allergens }: Mapping, find: ColumnFinder): Read<readonly string[]> {
  const nothing = { value: [] };
  if (!allergens) return () => nothing;
  const place = find(allergens.column);
  const legend = new Map(Object.entries(allergens.legend).map(([sign, meaning]) => [nameKey(sign), meaning]));
  return (cells) => {
    const words = (cells[place] ?? '').split(allergens.separator ?? /[,;/]/).map(tidyName);
    const value = words.filter((word) => word !== '').map((word) => legend.get(nameKey(word)) ?? word);
    if (value.length > MAX_ALLERGENS) return { fault: `there are more than ${MAX_ALLERGENS} allergens` };
    const isLong = value.some((word) => word.length > MAX_ALLERGEN_CHARS);
    return isLong ? { fault: `an allergen is longer than ${MAX_ALLERGEN_CHARS} characters` } : { value };
  };
}

function priceReader(
  mapping: Mapping,
  find: ColumnFinder,
  currency: string,
): Read<ImportedPrice & Pick<ImportedRow, 'quantity' | 'measured'>> {
  const { quantity: quantityColumn, unitPrice, linePrice, decimalSeparator } = mapping;
  const quantityPlace = quantityColumn === undefined ? undefined : find(quantityColumn);
  const column = unitPrice ?? linePrice;
  if (column === undefined) throw new Error('the mapping was not validated');
  const pricePlace = find(column);
  const unitPlace = mapping.unit === undefined ? undefined : find(mapping.unit);
  return (cells) => {
    const unit =
      unitPlace === undefined || quantityPlace === undefined ? undefined : unitIn(shortCell(cells, unitPlace));
    if (unit !== undefined && quantityPlace !== undefined) {
      const measured = readMeasured(shortCell(cells, quantityPlace), decimalSeparator);
      if ('fault' in measured) return { fault: `the quantity ${measured.fault}` };
      const read = readMoney(shortCell(cells, pricePlace), currency, decimalSeparator);
      if ('fault' in read) return { fault: `the price ${read.fault}` };
      const given = unitPrice === undefined ? { linePrice: read.value } : { unitPrice: read.value };
      const priced = priceOfMeasured(given, { quantity: measured.value, unit });
      if (priced.amount > MAX_AMOUNT) return { fault: 'price times quantity is too large' };
      return { value: { ...priced, quantity: 1 } };
    }
    const quantity =
      quantityPlace === undefined ? { value: 1 } : readQuantity(shortCell(cells, quantityPlace), decimalSeparator);
    if ('fault' in quantity) return { fault: `the quantity ${quantity.fault}` };
    const price = readMoney(shortCell(cells, pricePlace), currency, decimalSeparator);
    if ('fault' in price) return { fault: `the price ${price.fault}` };
    if (unitPrice !== undefined && price.value * quantity.value > MAX_AMOUNT)
      return { fault: 'price times quantity is too large' };
    const priced =
      unitPrice === undefined ? priceByLine(price.value, quantity.value) : priceByUnit(price.value, quantity.value);
    return { value: { ...priced, quantity: quantity.value } };
  };
}

const UNITS_BY_CODE: Readonly<Record<string, MeasureUnit>> = {
  KGM: 'kg',
  GRM: 'g',
  LBR: 'lb',
  ONZ: 'oz',
  LTR: 'l',
  DLT: 'dl',
  CLT: 'cl',
  MLT: 'ml',
  MTR: 'm',
  HUR: 'h',
};

/** Undefined for pieces. */
function unitIn(text: string): MeasureUnit | undefined {
  return UNITS_BY_CODE[unitCodeOf(text) ?? ''];
}

function currencyReader({ currency: column }: Mapping, find: ColumnFinder, currency: string): Read<undefined> {
  if (column === undefined) return () => ({ value: undefined });
  const place = find(column);
  return (cells) => {
    const code = (cells[place] ?? '').trim().toUpperCase();
    if (code === '' || code === currency) return { value: undefined };
    return { fault: `the currency is ${quoted(code)}, but the restaurant uses ${currency}` };
  };
}

function orderTypeReader({ type }: Mapping, find: ColumnFinder): Read<OrderType> {
  if (!type) return () => ({ value: DEFAULT_TYPE });
  if ('fixed' in type) return () => ({ value: type.fixed });
  const place = find(type.column);
  const known = new Map<string, OrderType>([
    ['dine_in', 'dine_in'],
    ['takeaway', 'takeaway'],
    ['delivery', 'delivery'],
    ['catering', 'catering'],
  ]);
  for (const [text, value] of Object.entries(type.values)) known.set(nameKey(text), value);
  return (cells) => {
    const text = cells[place] ?? '';
    const value = known.get(nameKey(text)) ?? known.get(nameKey(text).replaceAll(/[\s-]/g, '_')) ?? type.otherwise;
    if (value) return { value };
    return { fault: `the type ${quoted(text)} is not known: list it in type.values, or set type.otherwise` };
  };
}
