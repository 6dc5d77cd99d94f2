/**
 * Reads times as other tills write them, and converts local times to instants.
 *
 * A time without an offset is in the restaurant's time zone. When the clock moves forward, a
 * skipped time counts as if the clock had not moved (02:30 becomes 03:30). When it moves back, a
 * time that occurs twice is the first of the two. This is the rule `compatible` of ECMAScript's
 * Temporal and the default of RFC 5545. A date without a time means noon, so that it is in the
 * business day of that date, whatever the cut-off hour up to 12.
 */
import { instantOf, type WallTime } from '../../domain/restaurant/wallClock.js';

/**
 * Reads a text in one format.
 * @returns milliseconds since 1970, or undefined when the text does not match.
 */
export type TimeReader = (text: string, timezone: string) => number | undefined;

const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;
/** With `yy`, 70 to 99 are in the last century. */
const CENTURY_TURN = 70;
const NOON = 12;
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const OFFSET = '(Z|[+-]\\d{2}(?::?\\d{2})?)';

type Field =
  | 'year'
  | 'month'
  | 'monthName'
  | 'day'
  | 'hour'
  | 'hour12'
  | 'minute'
  | 'second'
  | 'fraction'
  | 'half'
  | 'offset'
  | 'weekday';
type Parts = Partial<Record<Field, string>>;

interface Token {
  field: Field;
  pattern: string;
  /** May have one digit instead of two, unless another token is directly next to it. */
  flexible?: boolean;
}

const TOKENS: Record<string, Token> = {
  yyyy: { field: 'year', pattern: '(\\d{4})' },
  yy: { field: 'year', pattern: '(\\d{2})' },
  MMMM: { field: 'monthName', pattern: '([A-Za-z]{3,9})\\.?' },
  MMM: { field: 'monthName', pattern: '([A-Za-z]{3,9})\\.?' },
  MM: { field: 'month', pattern: '(\\d{2})', flexible: true },
  M: { field: 'month', pattern: '(\\d{1,2})' },
  dd: { field: 'day', pattern: '(\\d{2})', flexible: true },
  d: { field: 'day', pattern: '(\\d{1,2})' },
  HH: { field: 'hour', pattern: '(\\d{2})', flexible: true },
  H: { field: 'hour', pattern: '(\\d{1,2})' },
  hh: { field: 'hour12', pattern: '(\\d{2})', flexible: true },
  h: { field: 'hour12', pattern: '(\\d{1,2})' },
  mm: { field: 'minute', pattern: '(\\d{2})', flexible: true },
  m: { field: 'minute', pattern: '(\\d{1,2})' },
  ss: { field: 'second', pattern: '(\\d{2})', flexible: true },
  s: { field: 'second', pattern: '(\\d{1,2})' },
  S: { field: 'fraction', pattern: '(\\d{1,9})' },
  a: { field: 'half', pattern: '([AaPp])\\.?\\s?[Mm]\\.?' },
  E: { field: 'weekday', pattern: '(\\p{L}+)\\.?' },
  X: { field: 'offset', pattern: OFFSET },
};

/**
 * Prepares a format: `iso`, `unix` (seconds), `unix_ms`, or a pattern of yyyy yy MMMM MMM MM M dd d
 * HH H hh h mm m ss s SSS a EEE XXX, with other letters in single quotes.
 * @returns the reader, or the fault of the format in words.
 */
export function timeReader(format: string): TimeReader | { fault: string } {
  if (format === 'iso') return readIso;
  if (format === 'unix') return (text) => readUnix(text, 1000);
  if (format === 'unix_ms') return (text) => readUnix(text, 1);
  const compiled = compile(format);
  if ('fault' in compiled) return compiled;
  const { expression, fields } = compiled;
  return (text, timezone) => {
    const match = expression.exec(text.trim());
    if (!match) return undefined;
    const parts: Parts = {};
    fields.forEach((field, index) => {
      parts[field] = match[index + 1] ?? '';
    });
    return place(parts, timezone);
  };
}

function readIso(text: string, timezone: string): number | undefined {
  const match = ISO.exec(text.trim());
  if (!match) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '', offset = ''] = match;
  return place({ year, month, day, hour, minute, second, fraction, offset }, timezone);
}

function readUnix(text: string, unitMs: number): number | undefined {
  const match = /^(\d{1,14})(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, whole = '', fraction = ''] = match;
  const instant = Number(whole) * unitMs + (unitMs === 1000 ? millisecondsOf(fraction) : 0);
  return instant < Date.UTC(LAST_YEAR + 1, 0, 1) ? instant : undefined;
}

function compile(format: string): { expression: RegExp; fields: Field[] } | { fault: string } {
  const fields: Field[] = [];
  let pattern = '';
  const pieces = [...format.matchAll(/'([^']*)'|([A-Za-z])\2*|\s+|[^A-Za-z\s]/gu)];
  for (const [index, piece] of pieces.entries()) {
    const [text, literal] = piece;
    if (literal !== undefined) pattern += escape(literal === '' ? "'" : literal);
    else if (/^\s/u.test(text)) pattern += '\\s+';
    else if (!/^[A-Za-z]/.test(text)) pattern += escape(text);
    else {
      const token = TOKENS[text] ?? TOKENS[/^(?:S|E|X)+$/.test(text) ? text.slice(0, 1) : ''];
      if (!token) return { fault: `"${text}" is not part of a time format; put other letters in single quotes` };
      if (fields.includes(token.field)) return { fault: `"${text}" repeats a part of the time; name each part once` };
      const touches = [pieces[index - 1]?.[0], pieces[index + 1]?.[0]].some(
        (other) => other !== undefined && TOKENS[other] !== undefined,
      );
      pattern += token.flexible === true && !touches ? '(\\d{1,2})' : token.pattern;
      fields.push(token.field);
    }
  }
  const fault = incomplete(fields);
  return fault === undefined ? { expression: new RegExp(`^${pattern}$`, 'u'), fields } : { fault };
}

function incomplete(fields: readonly Field[]): string | undefined {
  const has = (field: Field) => fields.includes(field);
  if (!has('year') || !has('day') || has('month') === has('monthName'))
    return 'a time format needs a year (yyyy), a month (MM) and a day (dd)';
  if (has('hour') && has('hour12')) return 'a time format can have HH or hh, not both';
  if (has('hour12') !== has('half')) return 'hh needs a (am, pm), and a needs hh; use both together';
  if (has('minute') && !has('hour') && !has('hour12')) return 'mm are minutes and need hours (HH); months are MM';
  return undefined;
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** @returns undefined for a day or a time that does not exist. */
function place(parts: Parts, timezone: string): number | undefined {
  const wall = wallOf(parts);
  if (wall === undefined) return undefined;
  if (!parts.offset) return instantOf(wall, timezone);
  const { year, month, day, hour, minute, second, millisecond } = wall;
  return Date.UTC(year, month - 1, day, hour, minute, second, millisecond) - offsetMs(parts.offset);
}

function wallOf(parts: Parts): WallTime | undefined {
  const year = yearOf(parts.year ?? '');
  const month =
    parts.monthName === undefined ? Number(parts.month) : MONTHS.indexOf(parts.monthName.slice(0, 3).toLowerCase()) + 1;
  const day = Number(parts.day);
  const hour = hourOf(parts);
  const minute = Number(parts.minute ?? 0);
  const second = Number(parts.second ?? 0);
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 || day > daysIn(year, month))
    return undefined;
  if (hour === undefined || minute > 59 || second > 59) return undefined;
  return { year, month, day, hour, minute, second, millisecond: millisecondsOf(parts.fraction ?? '') };
}

function yearOf(text: string): number {
  if (text.length !== 2) return Number(text);
  return Number(text) + (Number(text) < CENTURY_TURN ? 2000 : 1900);
}

function hourOf(parts: Parts): number | undefined {
  if (parts.hour12 !== undefined) {
    const hour = Number(parts.hour12);
    if (hour < 1 || hour > 12) return undefined;
    return (hour % 12) + (parts.half?.toLowerCase() === 'p' ? 12 : 0);
  }
  if (parts.hour === undefined || parts.hour === '') return NOON;
  return Number(parts.hour) < 24 ? Number(parts.hour) : undefined;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function millisecondsOf(fraction: string): number {
  return Number(fraction.slice(0, 3).padEnd(3, '0'));
}

function offsetMs(text: string): number {
  if (text.toUpperCase() === 'Z') return 0;
  const digits = text.replaceAll(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2) || 0);
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}
