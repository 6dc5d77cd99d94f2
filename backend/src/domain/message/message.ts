/** Messages to guests and staff: kinds, states, consent, quiet hours. */
import type { LocalTime } from '../restaurant/localTime.js';

export const MESSAGE_KINDS = [
  'order_ready',
  'low_stock_digest',
  'day_close',
  'invitation',
  'password_reset',
  'email_change',
  'email_change_notice',
  'receipt',
  'reminder',
  'marketing',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Kinds with texts of their own, which a restaurant may replace. */
export const TEMPLATE_KINDS = [
  'order_ready',
  'low_stock_digest',
  'day_close',
  'invitation',
  'password_reset',
  'email_change',
  'email_change_notice',
  'receipt',
] as const;
export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

export const MESSAGE_STATUSES = [
  'queued',
  'sending',
  'unknown',
  'sent',
  'delivered',
  'failed',
  'suppressed',
  'expired',
] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

export type Channel = 'sms' | 'email';

/** Kinds that wait for the morning. A ready order is worthless then, so it never waits. */
const WAITS_FOR_MORNING: ReadonlySet<MessageKind> = new Set<MessageKind>(['low_stock_digest', 'reminder', 'marketing']);
/** Kinds that are never sent again, and whose text must not stay: it holds a secret. */
const HOLDS_SECRET: ReadonlySet<MessageKind> = new Set<MessageKind>(['invitation', 'password_reset', 'email_change']);

const HOUR_MS = 3_600_000;
/** How long a message is worth something. */
const WORTH_MS: Record<MessageKind, number> = {
  order_ready: 4 * HOUR_MS,
  low_stock_digest: 24 * HOUR_MS,
  day_close: 72 * HOUR_MS,
  invitation: 72 * HOUR_MS,
  password_reset: 12 * HOUR_MS,
  email_change: HOUR_MS,
  email_change_notice: 72 * HOUR_MS,
  receipt: 72 * HOUR_MS,
  reminder: 24 * HOUR_MS,
  marketing: 72 * HOUR_MS,
};

export function worthMs(kind: MessageKind): number {
  return WORTH_MS[kind];
}

export function holdsSecret(kind: MessageKind): boolean {
  return HOLDS_SECRET.has(kind);
}

/**
 * Minutes until a message of this kind may be sent; 0: now.
 * @param from, to `HH:MM` of the quiet hours, which may end on the next day.
 */
export function quietMinutes(
  kind: MessageKind,
  { minute }: Pick<LocalTime, 'minute'>,
  from: string,
  to: string,
): number {
  if (!WAITS_FOR_MORNING.has(kind)) return 0;
  const [start, end] = [minutesOf(from), minutesOf(to)];
  if (start === end) return 0;
  const isQuiet = start < end ? minute >= start && minute < end : minute >= start || minute < end;
  return isQuiet ? (end - minute + 1440) % 1440 : 0;
}

function minutesOf(text: string): number {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
}

/** Order of the states. A late or repeated report never moves a message back. */
const RANK: Record<MessageStatus, number> = {
  queued: 0,
  sending: 1,
  unknown: 2,
  sent: 3,
  delivered: 5,
  failed: 4,
  suppressed: 4,
  expired: 4,
};

export function isForward(from: MessageStatus, to: MessageStatus): boolean {
  return RANK[to] > RANK[from];
}

/** The state that a provider's report means; undefined: nothing new. */
export function statusOfReport(report: string): MessageStatus | undefined {
  if (report === 'delivered' || report === 'read') return 'delivered';
  if (report === 'undelivered' || report === 'failed') return 'failed';
  if (
    report === 'sent' ||
    report === 'delivering' ||
    report === 'queued' ||
    report === 'accepted' ||
    report === 'sending'
  )
    return 'sent';
  return undefined;
}

/** What an error code of Twilio demands (https://www.twilio.com/docs/api/errors). */
export type CodeMeaning = 'retry_once' | 'stop' | 'withdraw' | 'pause' | 'busy';

export function meaningOfCode(code: number): CodeMeaning {
  // The handset is away; it may come back.
  if (code === 30003) return 'retry_once';
  // The person has said STOP to the carrier.
  if (code === 21610) return 'withdraw';
  // The carrier filters the sender, or the sender is not registered.
  if (code === 30007 || code === 30034) return 'pause';
  if (code === 20429) return 'busy';
  return 'stop';
}

/** Words that Twilio itself acts on, and those of the languages in which texts are sent. */
const STOP_WORDS = new Set(
  'STOP UNSUBSCRIBE END QUIT STOPALL REVOKE OPTOUT CANCEL STOPP ENDE ABMELDEN ARRET ARRÊT ALTO BAJA PARAR CANCELA FERMA BASTA หยุด إيقاف توقف 停止 配信停止 退订 停 중지 수신거부'.split(
    ' ',
  ),
);
const START_WORDS = new Set(['START', 'UNSTOP']);

/** @param optOutType as Twilio's Advanced Opt-Out reports it, which knows more words than we do. */
export function meaningOfText(text: string, optOutType: string | undefined): 'stop' | 'start' | 'other' {
  if (optOutType === 'STOP') return 'stop';
  if (optOutType === 'START') return 'start';
  const word = text
    .trim()
    .replace(/[.!]+$/, '')
    .toUpperCase();
  if (STOP_WORDS.has(word)) return 'stop';
  return START_WORDS.has(word) ? 'start' : 'other';
}

/** Typographic marks make a whole text UCS-2, which halves its room. */
const PLAIN_MARKS: Record<string, string> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201a': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u201e': '"',
  '\u00ab': '"',
  '\u00bb': '"',
  '\u2013': '-',
  '\u2014': '-',
  '\u2026': '...',
  '\u00a0': ' ',
  '\u202f': ' ',
};

export function plainMarks(text: string): string {
  return text.replaceAll(
    /[\u2018\u2019\u201a\u201c-\u201e\u00ab\u00bb\u2013\u2014\u2026\u00a0\u202f]/g,
    (mark) => PLAIN_MARKS[mark] ?? mark,
  );
}
