/** How lines and suppliers of papers are recognised again. */
import { nameKey } from '../shared/names.js';
import type { ReadInvoice, ReadLine } from './readInvoice.js';

const MAX_KEY_CHARS = 200;
/** Below it, two names share too little to propose one for the other. */
export const LEAST_LIKENESS = 0.45;
/** An article number of the supplier's own list. */
export const ARTICLE_SCORE = '0.95';
export const LEARNED_SCORE = '1';

/** What a mapping is learned by: the article number, else the GTIN, else the description. */
export function articleKey({ articleNumber, gtin, description }: ReadLine): string | undefined {
  const [kind, text] = articleNumber ? ['a', articleNumber] : gtin ? ['g', gtin] : ['n', description];
  const key = nameKey(text ?? '');
  return key === '' ? undefined : `${kind} ${key}`.slice(0, MAX_KEY_CHARS);
}

/**
 * How a supplier names itself: by its VAT number, else by its name. The VAT number counts first.
 */
export function identitiesOf({ supplier }: Pick<ReadInvoice, 'supplier'>): string[] {
  const vat = (supplier.vatId ?? '').toUpperCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  const name = nameKey(supplier.name ?? '').slice(0, MAX_KEY_CHARS);
  return [...(vat === '' ? [] : [`vat ${vat}`]), ...(name === '' ? [] : [`name ${name}`])];
}

/**
 * A name as it is compared: without accents, with `ss` for `ß`. The recognition of pictures knows
 * neither `ö` nor `ß`: it reads `Süßrahm` as `SuBrahm`.
 */
export function comparedName({ description, evidence }: Pick<ReadLine, 'description' | 'evidence'>): string {
  const isRecognised = evidence !== null && evidence.confidence < 1;
  const read = isRecognised ? description.replaceAll(/(?<=\p{Ll})B(?=\p{Ll}|\b)/gu, 'ss') : description;
  const bare = read
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '');
  return bare.normalize('NFC').replaceAll('ß', 'ss');
}

/** A line that takes money back without goods: a rebate, or a deposit with a negative price. */
export function isRebate({ unitPrice }: ReadLine): boolean {
  return unitPrice?.startsWith('-') ?? false;
}
