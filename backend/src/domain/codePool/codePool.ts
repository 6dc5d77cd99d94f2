/** Code pools: their kinds and settings, and the codes that were handed out. */
import type { MinorUnits } from '../number/money.js';
import type { Edited } from '../shared/edited.js';
import { invalid } from '../shared/errors.js';
import type { Prepaid } from '../order/lineCharges.js';
import { assertAlphabet, milliBitsOf, SPOKEN_LETTERS, spaceOf, VALUE_LETTERS } from './alphabet.js';
import type { CodeShape } from './codeMaking.js';

/**
 * `pickup`: short names for orders, without value. `voucher`: vouchers and gift codes. `table`:
 * signed tokens of tables. `imported`: codes from elsewhere, such as payment addresses.
 */
export const CODE_KINDS = ['pickup', 'voucher', 'table', 'imported'] as const;
export type CodeKind = (typeof CODE_KINDS)[number];

/**
 * VAT of vouchers (Directive 2006/112/EC, Art. 30a): `single_purpose` is taxed when it is issued,
 * `multi_purpose` when it is redeemed.
 */
export const TAX_KINDS = ['single_purpose', 'multi_purpose'] as const;
export type TaxKind = (typeof TAX_KINDS)[number];

/** `refuse`: 503 while the pool is empty. `generate`: makes a batch within the call. */
export const WHEN_EMPTY = ['refuse', 'generate'] as const;

export interface CodePool extends Edited {
  name: string;
  kind: CodeKind;
  alphabet: string;
  /** Letters before the check character. */
  length: number;
  target: number;
  lowWater: number;
  batch: number;
  whenEmpty: (typeof WHEN_EMPTY)[number];
  /** What each code is worth. Null: given with the claim, or nothing. */
  value: MinorUnits | null;
  taxKind: TaxKind | null;
  expiresAfterDays: number | null;
  /** Null: as often as the balance lasts; a voucher without a balance is used once. */
  usesPerCode: number | null;
  coolDownSeconds: number | null;
}

export const CODE_STATUSES = ['active', 'void', 'released', 'transferred'] as const;

/** A code that was handed out and has a record. */
export interface ClaimedCode {
  id: string;
  poolId: string;
  kind: CodeKind;
  /** The last characters of the code. */
  hint: string;
  status: (typeof CODE_STATUSES)[number];
  value: MinorUnits;
  balance: MinorUnits;
  usesLeft: number | null;
  taxKind: TaxKind | null;
  expiresAt: string | null;
  holder: string | null;
  /** The code that it replaces, and the one that replaces it. */
  fromCodeId: string | null;
  toCodeId: string | null;
  /** The line of an order that it, or the one that it replaces, was sold with. */
  orderLineId: string | null;
  /** For a single-purpose voucher sold with an order: the part of that sale that is its balance. */
  prepaid: Prepaid | null;
  businessDate: string;
  createdBy: string;
  createdAt: string;
  updatedAt: string;
}

export const MOVEMENT_KINDS = ['redeem', 'refund', 'void', 'expire', 'release', 'transfer'] as const;

export interface CodeMovement {
  id: string;
  codeId: string;
  kind: (typeof MOVEMENT_KINDS)[number];
  amount: MinorUnits;
  balanceAfter: MinorUnits;
  taxKind: TaxKind | null;
  orderId: string | null;
  paymentId: string | null;
  refundId: string | null;
  reason: string | null;
  businessDate: string;
  createdBy: string;
  createdAt: string;
}

/** 12 letters: a guesser with 100 tries a second needs 370 years per hit among a million. */
const MIN_VALUE_MILLI_BITS = 60_000;
/** A name must not return while the code before it is still on the counter. */
const MIN_NAMES = 1_000;
const MAX_NAMES = 2 ** 40;
export const MAX_CODES = 2_000_000;

const DEFAULTS: Record<CodeKind, Pick<CodePool, 'alphabet' | 'length' | 'target' | 'lowWater' | 'batch'>> = {
  pickup: { alphabet: SPOKEN_LETTERS, length: 4, target: 2_000, lowWater: 500, batch: 250 },
  voucher: { alphabet: VALUE_LETTERS, length: 15, target: 2_000, lowWater: 500, batch: 250 },
  table: { alphabet: VALUE_LETTERS, length: 24, target: 0, lowWater: 0, batch: 1 },
  imported: { alphabet: VALUE_LETTERS, length: 32, target: 0, lowWater: 0, batch: 250 },
};

export function defaultsOf(kind: CodeKind) {
  return DEFAULTS[kind];
}

/** Codes of these kinds are made by Servio, ahead of their claims. */
export function isGenerated(kind: CodeKind): boolean {
  return kind === 'pickup' || kind === 'voucher';
}

/** Codes of these kinds are never lost: their claims are committed before they are answered. */
export function isValued(kind: CodeKind): boolean {
  return kind === 'voucher' || kind === 'imported';
}

/** Vouchers are typed by people, so a check character finds their errors. */
export function shapeOf({ kind, alphabet, length }: Pick<CodePool, 'kind' | 'alphabet' | 'length'>): CodeShape {
  return { letters: alphabet, length, hasCheck: kind === 'voucher' };
}

/** @throws AppError invalid_request naming the field. */
export function assertPool(pool: Omit<CodePool, keyof Edited>): void {
  assertAlphabet(pool.alphabet);
  if (pool.lowWater > pool.target) throw invalid('/lowWater', 'Give at most the target.');
  if (pool.kind === 'voucher' && milliBitsOf(pool.alphabet, pool.length) < MIN_VALUE_MILLI_BITS)
    throw invalid('/length', 'Vouchers this short can be guessed. Give at least 12 letters of an alphabet of 32.');
  if (pool.kind === 'pickup') assertNames(pool);
  if (pool.kind !== 'voucher') assertPlain(pool);
  else if (pool.taxKind === null)
    throw invalid('/taxKind', 'Say whether the vouchers are single_purpose or multi_purpose.');
  if (pool.kind !== 'table' && pool.coolDownSeconds !== null)
    throw invalid('/coolDownSeconds', 'Only table tokens have a cool-down. Leave it out.');
  if (pool.whenEmpty === 'generate' && !isGenerated(pool.kind))
    throw invalid('/whenEmpty', 'Codes of this kind are not generated. Give "refuse".');
}

function assertNames({ alphabet, length, target }: Omit<CodePool, keyof Edited>): void {
  const names = spaceOf(alphabet, length);
  if (names < MIN_NAMES)
    throw invalid('/length', `There must be at least ${MIN_NAMES} different codes. Give more letters.`);
  if (names > MAX_NAMES) throw invalid('/length', 'Nobody reads a code that long aloud. Give fewer letters.');
  if (target * 2 > names) throw invalid('/target', `Give at most half of the ${names} codes that exist.`);
}

function assertPlain(pool: Omit<CodePool, keyof Edited>): void {
  for (const field of ['value', 'taxKind', 'expiresAfterDays', 'usesPerCode'] as const)
    if (pool[field] !== null) throw invalid(`/${field}`, 'Only vouchers have this. Leave it out.');
}
