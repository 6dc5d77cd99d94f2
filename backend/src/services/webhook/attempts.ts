/** One attempt: what is sent, and what its answer means. */
import { AppError } from '../../domain/shared/errors.js';
import type { WebhookSecrets } from '../../domain/webhook/webhookEndpoint.js';
import { retryAfterFailure } from '../../domain/webhook/retries.js';
import type { AttemptResult, DueDelivery } from '../../repositories/webhook/DeliveryQueue.js';
import { causesOf, codesOf, retryAfterSecondsOf } from '../../utils/resilience/classify.js';
import { isTimeLimit } from '../../utils/resilience/signalScope.js';
import type { HttpResponse } from '../httpClient/messages.js';
import { UNREADABLE } from './EndpointVault.js';

const ANSWER_CHARS = 500;
const GONE = 410;
/** Statuses whose Retry-After is obeyed. */
const BUSY = new Set([429, 503]);
/** Shorter texts are part of ordinary words. */
const SECRET_CHARS = 6;
const UNSENT = {
  isDelivered: false,
  status: null,
  durationMs: 0,
  answer: null,
  againMs: null,
  restMs: 0,
  isGone: false,
} as const;
const EXPIRED = 'The event is over 30 days old and is no longer kept.';

/** The event as in GET /v1/events. */
export function bodyOf({ position, eventId, type, subject, subjectId, data, createdAt }: DueDelivery): string {
  return JSON.stringify({ position, id: eventId, type, subject, subjectId, data, createdAt });
}

/** What follows from an answer. @param chance -1,000 to 1,000, for the jitter. */
export function resultOf(
  delivery: DueDelivery,
  parts: WebhookSecrets,
  { answer, durationMs, chance }: { answer: HttpResponse | Error; durationMs: number; chance: number },
): AttemptResult {
  const isAnswer = !(answer instanceof Error);
  const status = isAnswer ? answer.status : null;
  const isDelivered = status !== null && status >= 200 && status < 300;
  const retryAfterSeconds = isAnswer && BUSY.has(answer.status) ? retryAfterSecondsOf(answer) : undefined;
  const retry = retryAfterFailure({
    attempts: delivery.attempts + 1,
    failuresInRow: delivery.failures + 1,
    retryAfterMs: retryAfterSeconds === undefined ? undefined : Math.ceil(retryAfterSeconds * 1_000),
    chance,
  });
  return {
    isDelivered,
    status,
    durationMs: Math.round(durationMs),
    fault: isDelivered ? null : faultOf(answer),
    answer: isAnswer ? cutAnswer(answer, parts) : null,
    againMs: isDelivered ? null : retry.againMs,
    restMs: isDelivered ? 0 : retry.restMs,
    isGone: status === GONE,
  };
}

/** For an event that is no longer kept: there is nothing to send. */
export function expired(): AttemptResult {
  return { ...UNSENT, fault: EXPIRED };
}

/**
 * For an endpoint whose secrets cannot be read: nothing can be signed. @param chance as in
 * `resultOf`.
 */
export function unsigned({ attempts, failures }: DueDelivery, chance: number): AttemptResult {
  const retry = retryAfterFailure({
    attempts: attempts + 1,
    failuresInRow: failures + 1,
    retryAfterMs: undefined,
    chance,
  });
  return { ...UNSENT, ...retry, fault: UNREADABLE };
}

function faultOf(answer: HttpResponse | Error): string {
  if (!(answer instanceof Error)) {
    if (answer.status === GONE) return 'The receiver answered 410: it wants no more webhooks.';
    if (answer.status >= 300 && answer.status < 400) return 'The receiver answered a redirect, which is not followed.';
    return 'The receiver did not answer with a status from 200 to 299.';
  }
  if (causesOf(answer).some(isTimeLimit)) return 'The receiver did not answer within 15 seconds.';
  if (answer instanceof AppError && answer.code === 'forbidden') return answer.message;
  const code = codesOf(answer).find((one) => one !== 'dependency_unavailable');
  return `The receiver could not be reached${code === undefined ? '' : ` (${code})`}.`;
}

/** The beginning of the answer, without secrets that the receiver has sent back. */
function cutAnswer(answer: HttpResponse, { secrets, headers }: WebhookSecrets): string {
  const hidden = [...secrets.map(({ text }) => text), ...Object.values(headers)]
    .flatMap((text) => [text, text.replace(/^whsec_/, ''), text.replace(/^(?:Bearer|Basic) /i, '')])
    .filter((text) => text.length >= SECRET_CHARS);
  let text = answer.text();
  for (const secret of hidden) text = text.replaceAll(secret, '[redacted]');
  // PostgreSQL's text holds no zero, and no half of a pair of surrogates, which the cut may leave.
  return Buffer.from(text.replaceAll('\u0000', '').slice(0, ANSWER_CHARS)).toString();
}
