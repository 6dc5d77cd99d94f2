import { assertPool, type CodePool, defaultsOf } from '../../domain/codePool/codePool.js';
import type { Edited } from '../../domain/shared/edited.js';
import { invalid } from '../../domain/shared/errors.js';
import { type SentFields, withoutUndefined } from '../../domain/shared/sentFields.js';

export type CodePoolInput = SentFields<Omit<CodePool, keyof Edited>>;

/**
 * A pool from a request: fields that were not sent keep their values or get the kind's defaults.
 */
export function buildPool(input: CodePoolInput, before: CodePool | undefined): Omit<CodePool, keyof Edited> {
  const kind = before?.kind ?? input.kind ?? 'pickup';
  const start = before ?? {
    name: '',
    kind,
    ...defaultsOf(kind),
    whenEmpty: 'refuse' as const,
    value: null,
    taxKind: kind === 'voucher' ? ('multi_purpose' as const) : null,
    expiresAfterDays: null,
    usesPerCode: null,
    coolDownSeconds: kind === 'table' ? 0 : null,
  };
  const pool = { ...start, ...withoutUndefined(input) };
  // A small target without a mark of its own: the usual quarter.
  const lowWater =
    input.lowWater ??
    (input.target === undefined ? pool.lowWater : Math.min(pool.lowWater, Math.trunc(input.target / 4)));
  const built = { ...pool, lowWater };
  assertPool(built);
  return built;
}

/** @throws AppError invalid_request when a claim's value does not fit the pool. */
export function assertValue(pool: CodePool, value: number | undefined): void {
  if (value === undefined) return;
  if (pool.kind !== 'voucher') throw invalid('/value', 'Only vouchers have a value. Leave it out.');
  if (pool.value !== null) throw invalid('/value', 'The pool sets the value of its codes. Leave it out.');
}
