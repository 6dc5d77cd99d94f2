/** Why the API refused something, in the language of the page. */
import { useMemo } from 'react';
import { useLocale, useTranslations } from 'use-intl';
import type { Problem } from '../../../client/src/api.js';
import { ServioError } from '../../../client/src/client.js';

export type Fault = NonNullable<Problem['errors']>[number];

/** The message of each code of the API. */
const MESSAGE_OF_CODE: Readonly<Record<string, string>> = {
  malformed_request: 'internal',
  unauthenticated: 'session',
  invalid_credentials: 'wrongLogin',
  invalid_token: 'badToken',
  token_reused: 'session',
  forbidden: 'forbidden',
  not_found: 'notFound',
  method_not_allowed: 'internal',
  request_timeout: 'busy',
  email_taken: 'emailTaken',
  already_exists: 'exists',
  in_use: 'inUse',
  invalid_state: 'state',
  item_unavailable: 'unavailable',
  insufficient_stock: 'stock',
  restaurant_closed: 'closed',
  business_day_closed: 'dayClosed',
  amount_exceeds_due: 'overpaid',
  refund_exceeds_payment: 'overRefunded',
  already_refunded: 'refunded',
  code_refused: 'code',
  pairing_pending: 'busy',
  order_has_payments: 'hasPayments',
  events_expired: 'busy',
  order_has_documents: 'hasDocuments',
  exceeds_ordered: 'exceedsOrdered',
  idempotency_key_in_use: 'busy',
  idempotency_key_reused: 'internal',
  last_owner: 'lastOwner',
  version_mismatch: 'changed',
  payload_too_large: 'tooLarge',
  unsupported_media_type: 'internal',
  invalid_request: 'invalid',
  version_required: 'internal',
  rate_limited: 'tooMany',
  overloaded: 'busy',
  database_unavailable: 'busy',
  dependency_unavailable: 'busy',
  assistant_not_configured: 'noAssistant',
  messages_not_configured: 'noMessages',
  pool_empty: 'noCodes',
  internal_error: 'internal',
};

/** Messages that say all. Behind the others, the server's own words name the thing. */
const WHOLE: ReadonlySet<string> = new Set([
  'wrongLogin',
  'session',
  'emailTaken',
  'lastOwner',
  'changed',
  'tooMany',
  'busy',
  'noAssistant',
  'noMessages',
  'noCodes',
]);

interface Refusals {
  /** A refused request. */
  problem: (problem: Problem) => string;
  /** A refused value. */
  fault: (fault: Fault) => string;
  /** Any failure of a call. */
  error: (error: unknown) => string;
}

/**
 * The server's words are English. In that language they are shown as they are, because they know
 * names and figures; in others they stay behind a sentence of the page, as the last resort.
 */
export function useRefusals(): Refusals {
  const t = useTranslations();
  const isEnglish = useLocale() === 'en';
  return useMemo(() => {
    const problem = ({ code, detail }: Problem): string => {
      const name = MESSAGE_OF_CODE[code];
      // The doors bring the messages alone that they can need.
      if (isEnglish || name === undefined || !t.has(`refusal.${name}`)) return detail;
      const words = t(`refusal.${name}` as 'refusal.invalid');
      return WHOLE.has(name) ? words : withDetail(words, detail);
    };
    const fault = ({ rule, params, message }: Fault): string => {
      if (isEnglish) return message;
      // A newer server may know rules that this page does not.
      if (rule !== undefined && t.has(`fault.${rule}`))
        return t(`fault.${rule}` as 'fault.at_least', { limit: '', values: '', ...params });
      return withDetail(t('fault.other'), message);
    };
    const error = (failure: unknown): string =>
      failure instanceof ServioError ? problem(failure.problem) : t('failure.unreachable');
    return { problem, fault, error };
  }, [t, isEnglish]);
}

/** Isolated, because it is English in a text that may run from right to left. */
function withDetail(words: string, detail: string): string {
  return `${words} (\u2068${detail}\u2069)`;
}
