/** Local date and time at an instant in a time zone. */
export interface WallClock {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  /** 0 to 23. */
  hour: number;
  minute: number;
  second: number;
  /** `Mon` to `Sun`. */
  weekday: string;
}

const DAY_MS = 86_400_000;
/**
 * Zones change their offset on quarter hours, so one cached offset per quarter hour is enough.
 * Reading an offset costs microseconds.
 */
const QUARTER_MS = 900_000;
const MAX_REMEMBERED = 10_000;
const remembered = new Map<string, number>();
const MINUTE_MS = 60_000;
/** By zone, the minute that was read last: an order reads the present one three times. */
const lastMinutes = new Map<string, { startMs: number; clock: WallClock }>();

/** A wall-clock time in milliseconds, without its weekday. */
export interface WallTime extends Omit<WallClock, 'weekday'> {
  millisecond: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * Costs 0.1 us within the minute that was read last, and 5 us otherwise.
 * @param timezone an IANA name.
 * @throws RangeError for any other name.
 */
export function readWallClock(instant: Date, timezone: string): WallClock {
  const instantMs = instant.getTime();
  const startMs = Math.floor(instantMs / MINUTE_MS) * MINUTE_MS;
  let last = lastMinutes.get(timezone);
  if (last?.startMs !== startMs) {
    const clock = readFresh(new Date(startMs), timezone);
    // Before they had whole minutes, zones were ahead by odd seconds.
    if (clock.second !== 0) return readFresh(instant, timezone);
    last = { startMs, clock };
    if (lastMinutes.size >= MAX_REMEMBERED) lastMinutes.clear();
    lastMinutes.set(timezone, last);
  }
  return { ...last.clock, second: Math.floor((instantMs - startMs) / 1000) };
}

function readFresh(instant: Date, timezone: string): WallClock {
  const parts: Record<string, string> = {};
  for (const { type, value } of formatterFor(timezone).formatToParts(instant)) parts[type] = value;
  return {
    year: Number(parts['year']),
    month: Number(parts['month']),
    day: Number(parts['day']),
    hour: Number(parts['hour']),
    minute: Number(parts['minute']),
    second: Number(parts['second']),
    weekday: parts['weekday'] ?? '',
  };
}

export function isTimezone(name: string): boolean {
  try {
    formatterFor(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Creating a formatter costs about 50 microseconds, using it one. So one is kept per zone, of which
 * there are a few hundred. Zone names ignore case; the key is in lower case so that each spelling
 * does not get its own entry.
 */
function formatterFor(timezone: string): Intl.DateTimeFormat {
  const name = timezone.toLowerCase();
  let formatter = formatters.get(name);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(name, formatter);
  }
  return formatter;
}

/**
 * Milliseconds since 1970 of a wall-clock time. When the clock moves forward, a skipped time counts
 * as if the clock had not moved (02:30 becomes 03:30). When it moves back, a time that occurs twice
 * is the first of the two. This is `compatible` of ECMAScript's Temporal, the default of RFC 5545.
 */
export function instantOf(wall: WallTime, timezone: string): number {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second, wall.millisecond);
  const before = offsetAt(asUtc - DAY_MS, timezone);
  const after = offsetAt(asUtc + DAY_MS, timezone);
  // The offset before a change is tried first: it gives the first of two equal times and moves a
  // skipped time forward.
  if (offsetAt(asUtc - before, timezone) === before) return asUtc - before;
  return offsetAt(asUtc - after, timezone) === after ? asUtc - after : asUtc - before;
}

/** Offset of the wall clock from UTC at an instant, in milliseconds; positive when ahead. */
function offsetAt(instantMs: number, timezone: string): number {
  const quarter = Math.floor(instantMs / QUARTER_MS) * QUARTER_MS;
  const key = `${timezone} ${quarter}`;
  let offset = remembered.get(key);
  if (offset === undefined) {
    offset = wallClockAsUtc(quarter, timezone) - quarter;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(key, offset);
  }
  return offset;
}

function wallClockAsUtc(instantMs: number, timezone: string): number {
  const { year, month, day, hour, minute, second } = readFresh(new Date(instantMs), timezone);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * An instant in RFC 3339 with the offset of the zone: `2026-11-22T19:30:00.000+01:00`. In UTC, as
 * it is given, where the offset has odd seconds, as before 1900.
 * @param instant RFC 3339 in UTC.
 */
export function withOffset(instant: string, timezone: string): string {
  const instantMs = Date.parse(instant);
  const offset = offsetAt(instantMs, timezone);
  const local = new Date(instantMs + offset).toISOString();
  if (offset % MINUTE_MS !== 0 || local.length > instant.length) return instant;
  const minutes = Math.abs(offset) / MINUTE_MS;
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  const ahead = `${twoDigits(Math.trunc(minutes / 60))}:${twoDigits(minutes % 60)}`;
  return `${local.slice(0, -1)}${offset < 0 ? '-' : '+'}${ahead}`;
}
