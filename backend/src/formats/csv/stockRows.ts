/**
 * Reads the cells of one record into an item, an ingredient or an opening stock, or returns the
 * fault.
 */
import { quoted, readCost, readDecimal, type Reading } from './moneyText.js';
import { nameKey } from '../../domain/shared/names.js';
import { formatQuantity, parseQuantity } from '../../domain/number/quantity.js';
import { isStockPolicy, type StockPolicy } from '../../domain/stock/stock.js';
import { type ItemUnit, STANDARD_UNITS } from '../../domain/inventory/units.js';
import { ratioOf } from '../../domain/number/ratio.js';
import type { IngredientRow, ItemRow, OpeningRow, RecipeName } from '../../domain/import/takeover.js';
import { nameReader, optionalNameReader, placesOf, type Read, shortCell } from './cells.js';
import type { ColumnFinder } from './fileColumns.js';
import type { ColumnName, FileLayout } from './fileMapping.js';
import type { Fixable, ItemMapping, OpeningMapping, RecipeMapping } from './stockMappings.js';

const MAX_NAME = 200;
const MAX_UNIT = 30;
const NO_WASTE = '0';

type RowOf<T> = Omit<T, 'line'>;

/** @param currency of the restaurant. */
export function itemReader(mapping: ItemMapping, find: ColumnFinder, currency: string): Read<RowOf<ItemRow>> {
  const name = nameReader(mapping.item, find, MAX_NAME, 'item');
  const unit = unitReader(mapping.unit, mapping, find, 'unit');
  const packs = packReader(mapping, find);
  const reorderPoint = amountReader(mapping.reorderPoint, mapping, find, 'reorder point');
  const parLevel = amountReader(mapping.parLevel, mapping, find, 'par level');
  const unitCost = costReader(mapping.cost, mapping, find, currency);
  const location = textReader(mapping.location, find, 'location');
  const policy = policyReader(mapping.policy, find);
  return (cells) =>
    allOf({
      name: name(cells),
      unit: required(unit(cells), 'the unit is empty'),
      units: packs(cells),
      reorderPoint: reorderPoint(cells),
      parLevel: parLevel(cells),
      unitCost: unitCost(cells),
      location: location(cells),
      policy: policy(cells),
    });
}

/** Reads the recipe target of a row, even when the rest of the row is faulty. */
export function recipeOfReader(mapping: RecipeMapping, find: ColumnFinder): Read<RecipeName> {
  const dish = textReader(mapping.dish, find, 'dish');
  const variant = textReader(mapping.variant, find, 'variant');
  const modifier = textReader(mapping.modifier, find, 'modifier');
  const preparation = textReader(mapping.preparation, find, 'preparation');
  return (cells) =>
    allOf({
      dish: dish(cells),
      variant: variant(cells),
      modifier: modifier(cells),
      preparation: preparation(cells),
    });
}

export function recipeReader(mapping: RecipeMapping, find: ColumnFinder): Read<RowOf<IngredientRow>> {
  const recipeOf = recipeOfReader(mapping, find);
  const yields = amountReader(mapping.yield, mapping, find, 'yield');
  const yieldUnit = unitReader(mapping.yieldUnit, mapping, find, 'unit of the yield');
  const ingredient = nameReader(mapping.ingredient, find, MAX_NAME, 'ingredient');
  const quantity = numberReader(mapping.quantity, mapping, find, 'quantity');
  const unit = unitReader(mapping.unit, mapping, find, 'unit');
  const waste = numberReader(mapping.waste, mapping, find, 'waste');
  return (cells) => {
    const name = recipeOf(cells);
    if ('fault' in name) return name;
    const row = allOf({
      yield: yields(cells),
      yieldUnit: yieldUnit(cells),
      ingredient: ingredient(cells),
      quantity: required(quantity(cells), 'the quantity is empty'),
      unit: unit(cells),
      wastePercent: orElse(waste(cells), NO_WASTE),
    });
    return 'fault' in row ? row : { value: { ...name.value, ...row.value } };
  };
}

/** @param currency of the restaurant. */
export function openingReader(mapping: OpeningMapping, find: ColumnFinder, currency: string): Read<RowOf<OpeningRow>> {
  const item = nameReader(mapping.item, find, MAX_NAME, 'item');
  const quantity = amountReader(mapping.quantity, mapping, find, 'quantity');
  const unit = unitReader(mapping.unit, mapping, find, 'unit');
  const unitCost = costReader(mapping.cost, mapping, find, currency);
  const location = textReader(mapping.location, find, 'location');
  return (cells) =>
    allOf({
      item: item(cells),
      quantity: required(quantity(cells), 'the quantity is empty'),
      unit: unit(cells),
      unitCost: unitCost(cells),
      location: location(cells),
    });
}

/** All values, or the first fault among them. */
function allOf<T extends object>(read: { [F in keyof T]: Reading<T[F]> }): Reading<T> {
  const values: Partial<T> = {};
  for (const field of Object.keys(read) as (keyof T)[]) {
    const reading = read[field];
    if ('fault' in reading) return reading;
    values[field] = reading.value;
  }
  // Every field was read above.
  return { value: values as T };
}

function required<T>(reading: Reading<T | undefined>, fault: string): Reading<T> {
  if ('fault' in reading) return reading;
  return reading.value === undefined ? { fault } : { value: reading.value };
}

function orElse<T>(reading: Reading<T | undefined>, value: T): Reading<T> {
  return 'fault' in reading ? reading : { value: reading.value ?? value };
}

function textReader(named: Fixable | undefined, find: ColumnFinder, what: string): Read<string | undefined> {
  if (typeof named === 'object') return () => ({ value: named.fixed });
  return optionalNameReader(named, find, what);
}

/** A standard unit in capitals counts as that unit: nobody means anything else by KG. */
function unitReader(
  named: Fixable | undefined,
  { unitNames }: { unitNames: Record<string, string> },
  find: ColumnFinder,
  what: string,
): Read<string | undefined> {
  const read = textReader(named, find, what);
  const known = new Map(STANDARD_UNITS.map((unit) => [unit, unit]));
  for (const [text, unit] of Object.entries(unitNames)) known.set(nameKey(text), unit);
  return (cells) => {
    const text = read(cells);
    if ('fault' in text || text.value === undefined) return text;
    const unit = known.get(nameKey(text.value)) ?? text.value;
    return unit.length > MAX_UNIT ? { fault: `the ${what} is longer than ${MAX_UNIT} characters` } : { value: unit };
  };
}

/** A number of either sign, in its shortest form; undefined for an empty cell. */
function numberReader(
  column: ColumnName | undefined,
  { decimalSeparator }: FileLayout,
  find: ColumnFinder,
  what: string,
): Read<string | undefined> {
  if (column === undefined) return () => ({ value: undefined });
  const place = find(column);
  return (cells) => {
    const text = shortCell(cells, place).replace(/\s*%$/, '');
    if (text === '') return { value: undefined };
    const read = readDecimal(text, decimalSeparator);
    return 'fault' in read ? { fault: `the ${what} ${read.fault}` } : quantityOf(read.value, text, what);
  };
}

function amountReader(
  column: ColumnName | undefined,
  layout: FileLayout,
  find: ColumnFinder,
  what: string,
): Read<string | undefined> {
  const read = numberReader(column, layout, find, what);
  return (cells) => {
    const number = read(cells);
    if ('fault' in number || !number.value?.startsWith('-')) return number;
    return { fault: `the ${what} ${quoted(number.value)} is negative` };
  };
}

function costReader(
  column: ColumnName | undefined,
  { decimalSeparator }: FileLayout,
  find: ColumnFinder,
  currency: string,
): Read<string | undefined> {
  if (column === undefined) return () => ({ value: undefined });
  const place = find(column);
  return (cells) => {
    const text = shortCell(cells, place);
    if (text === '') return { value: undefined };
    const read = readCost(text, currency, decimalSeparator);
    return 'fault' in read ? { fault: `the cost ${read.fault}` } : quantityOf(read.value, text, 'cost');
  };
}

function quantityOf(decimal: string, text: string, what: string): Reading<string> {
  const micros = parseQuantity(decimal.replace(/(?<=\.\d*[1-9])0+$/, '').replace(/\.0*$/, ''));
  if (micros === undefined)
    return { fault: `the ${what} ${quoted(text)} has too many digits, or more than six decimals` };
  return { value: formatQuantity(micros) };
}

function packReader(mapping: ItemMapping, find: ColumnFinder): Read<ItemUnit[]> {
  const sizes = placesOf(mapping.packSize ?? [], find);
  const units = [mapping.packUnit ?? []].flat().map((column) => unitReader(column, mapping, find, 'unit of the pack'));
  return (cells) => {
    const packs: ItemUnit[] = [];
    for (const [index, readUnit] of units.entries()) {
      const unit = readUnit(cells);
      if ('fault' in unit) return unit;
      const text = shortCell(cells, sizes[index] ?? 0);
      if (unit.value === undefined && text === '') continue;
      if (unit.value === undefined) return { fault: 'the unit of the pack is empty, but its size is not' };
      const size = readDecimal(text, mapping.decimalSeparator);
      if ('fault' in size) return { fault: `the size of the pack ${size.fault}` };
      const { numerator, denominator } = ratioOf(size.value.replace(/\.$/, ''));
      packs.push({ unit: unit.value, numerator: String(numerator), denominator: String(denominator) });
    }
    return { value: packs };
  };
}

function policyReader(named: Fixable | undefined, find: ColumnFinder): Read<StockPolicy | undefined> {
  const read = textReader(named, find, 'policy');
  return (cells) => {
    const text = read(cells);
    if ('fault' in text) return text;
    if (text.value === undefined) return { value: undefined };
    const policy = nameKey(text.value).replaceAll(/[\s-]/g, '_');
    if (isStockPolicy(policy)) return { value: policy };
    return { fault: `the policy ${quoted(text.value)} is not known: use forbid, allow_negative or auto_86` };
  };
}
