/** What redeeming a code takes from it, and when it is refused. Amounts are minor units. */
import { formatMinor, type MinorUnits } from '../number/money.js';
import { AppError, invalid } from '../shared/errors.js';
import type { Prepaid } from '../order/lineCharges.js';
import { minusPrepaid, partOfPrepaid, plusPrepaid } from '../order/voucherPrepaid.js';
import type { ClaimedCode } from './codePool.js';

/**
 * Error for a code that cannot be used. Unknown, spent, expired and void codes look alike, so that
 * a guesser learns nothing.
 * @param hint a reason, for callers who may read codes anyway.
 */
export function codeRefused(hint = 'Check its letters, and ask a manager if it should be valid.'): AppError {
  return new AppError('code_refused', `This code cannot be used. ${hint}`);
}

/** Reason why a code cannot be used now; undefined when it can. */
export function obstacleOf(code: ClaimedCode, now: Date): string | undefined {
  if (code.status !== 'active') return `It is ${code.status}.`;
  if (code.expiresAt !== null && Date.parse(code.expiresAt) <= now.getTime()) return `It expired at ${code.expiresAt}.`;
  if (code.usesLeft === 0) return 'It was used as often as it may be.';
  if (code.value > 0 && code.balance === 0) return 'Nothing is left on it.';
  return undefined;
}

/**
 * The code after a redemption, and the part of its sale that the redemption took.
 * @param amount to take; absent: all that is left.
 * @throws AppError invalid_request; code_refused when less is left.
 */
export function redeemed(
  code: ClaimedCode,
  amount: MinorUnits | undefined,
  currency: string,
): { after: ClaimedCode; prepaid: Prepaid | null } {
  if (code.value === 0 && amount !== undefined && amount > 0)
    throw invalid('/amount', 'This code has no value. Leave the amount out.');
  const taken = amount ?? code.balance;
  if (code.value > 0 && taken === 0) throw invalid('/amount', 'Redeem at least one minor unit.');
  if (taken > code.balance) throw codeRefused(`Only ${formatMinor(code.balance, currency)} ${currency} is left on it.`);
  const prepaid = code.prepaid && partOfPrepaid(code.prepaid, taken);
  const after = {
    ...code,
    balance: code.balance - taken,
    usesLeft: code.usesLeft === null ? null : code.usesLeft - 1,
    prepaid: code.prepaid && prepaid && minusPrepaid(code.prepaid, prepaid),
  };
  return { after, prepaid };
}

/** Time in which a guest can use what was given back onto an expired voucher. */
const GRACE_MS = 30 * 24 * 3_600_000;

/**
 * The code after a refund onto it. An expired one is valid for another thirty days: the guest must
 * be able to use the money.
 * @param isWhole the whole redemption came back, so its use does as well.
 * @param prepaid the part of its sale that comes back with the amount.
 */
export function refunded(
  code: ClaimedCode,
  { amount, isWhole, prepaid }: { amount: MinorUnits; isWhole: boolean; prepaid: Prepaid | null },
  now: Date,
): ClaimedCode {
  const grace = new Date(now.getTime() + GRACE_MS).toISOString();
  const expires = code.expiresAt;
  const balance = code.balance + amount;
  return {
    ...code,
    balance,
    prepaid: prepaid ? plusPrepaid(code.prepaid, prepaid) : code.prepaid,
    // Only a code that replaces another one gets more back than it began with.
    value: Math.max(code.value, balance),
    usesLeft: code.usesLeft === null || !isWhole ? code.usesLeft : code.usesLeft + 1,
    expiresAt: expires === null || expires > grace ? expires : Date.parse(expires) <= now.getTime() ? grace : expires,
  };
}
