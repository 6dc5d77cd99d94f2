/** From invoiced units to stock units: `PATAT FRITES 10KG`, two pieces, is 20 kg. */
import { formatQuantity, fitsQuantity, toMicros } from '../number/quantity.js';
import { multiply, ONE, type Ratio, ratio, ratioOf } from '../number/ratio.js';
import { dimensionOf, type StockUnits, unitFactor } from '../inventory/units.js';

/** Codes of UN/ECE Recommendation 20 and words on invoices, by our units. */
const WORDS: Record<string, string> = {
  KGM: 'kg',
  KG: 'kg',
  KILO: 'kg',
  KGS: 'kg',
  GRM: 'g',
  G: 'g',
  GR: 'g',
  GRAM: 'g',
  MGM: 'mg',
  LTR: 'l',
  L: 'l',
  LT: 'l',
  LITER: 'l',
  LITRE: 'l',
  LITRO: 'l',
  MLT: 'ml',
  ML: 'ml',
  CLT: 'cl',
  CL: 'cl',
  DLT: 'dl',
  DL: 'dl',
  LBR: 'lb',
  LB: 'lb',
  LBS: 'lb',
  ONZ: 'oz',
  OZ: 'oz',
  GLL: 'gal',
  GAL: 'gal',
  PT: 'pt',
  QT: 'qt',
  DZN: 'dozen',
  DOZ: 'dozen',
  H87: 'piece',
  C62: 'piece',
  EA: 'piece',
  PCE: 'piece',
  PCS: 'piece',
  PC: 'piece',
  ST: 'piece',
  STK: 'piece',
  STCK: 'piece',
  XPP: 'piece',
  NAR: 'piece',
  NMB: 'piece',
  ONE: 'piece',
  PZ: 'piece',
  UNIT: 'piece',
  UNITS: 'piece',
  PIECE: 'piece',
};
const SIZES = 'kg|kilo|gram|gr|g|ltr|liter|litre|lt|l|ml|cl|dl|lbs?|oz|gal';
/** `6 x 0,75 L`, `24x33cl`. */
const MULTIPLE = new RegExp(`(\\d{1,4})\\s*[x×*]\\s*(\\d{1,5}(?:[.,]\\d{1,4})?)\\s*(${SIZES})\\b`, 'i');
/** `10KG`, `3,5 kg`, `500 g`. */
const SINGLE = new RegExp(`(?<![\\d.,])(\\d{1,5}(?:[.,]\\d{1,4})?)\\s*(${SIZES})\\b`, 'i');
/** `50 ST`, `12 pcs`. */
const COUNT = /(?<![\d.,])(\d{1,4})\s*(?:st|stk|pcs|stuks|pack|pz|pl)\b/i;

/** Our unit for the code or word of an invoice; undefined for one that only the supplier knows. */
export function unitOf(word: string | null): string | undefined {
  return word === null ? undefined : WORDS[word.trim().toUpperCase().replace(/\.$/, '')];
}

/**
 * Stock units in one invoiced unit, as decimal text.
 * @returns undefined when nothing tells: a person says it once.
 */
export function packOf(item: StockUnits, unit: string | null, description: string): string | undefined {
  const factor = factorOf(item, unit, description);
  if (!factor || factor.numerator <= 0n || !fitsQuantity(factor)) return undefined;
  const text = formatQuantity(toMicros(factor));
  return text === '0' ? undefined : text;
}

function factorOf(item: StockUnits, unit: string | null, description: string): Ratio | undefined {
  const invoiced = unitOf(unit);
  const isMeasured = invoiced !== undefined && dimensionOf(invoiced) !== 'count';
  const direct = (isMeasured ? unitFactor(item, invoiced) : undefined) ?? ownUnit(item, unit);
  if (direct) return direct;
  const size = sizeIn(description);
  const bySize = size && unitFactor(item, size.unit);
  if (size && bySize) return multiply(size.quantity, bySize);
  const perPiece = unitFactor(item, 'piece');
  if (perPiece) return multiply(countIn(description), perPiece);
  // A word such as bottle: one invoiced unit is one of them.
  return dimensionOf(item.unit) === undefined ? ONE : undefined;
}

function ownUnit(item: StockUnits, unit: string | null): Ratio | undefined {
  const name = unit?.trim().toLowerCase();
  const own = item.units.find((one) => one.unit.toLowerCase() === name);
  return own && unitFactor(item, own.unit);
}

function sizeIn(description: string): { quantity: Ratio; unit: string } | undefined {
  const multiple = MULTIPLE.exec(description);
  const [count, size, word] = multiple
    ? [multiple[1], multiple[2], multiple[3]]
    : ['1', ...(SINGLE.exec(description)?.slice(1) ?? [])];
  const unit = unitOf(word ?? null);
  if (count === undefined || size === undefined || unit === undefined) return undefined;
  return { quantity: multiply(ratio(BigInt(count)), ratioOf(size.replace(',', '.'))), unit };
}

function countIn(description: string): Ratio {
  const count = COUNT.exec(description)?.[1];
  return count === undefined || /^0+$/.test(count) ? ONE : ratio(BigInt(count));
}
