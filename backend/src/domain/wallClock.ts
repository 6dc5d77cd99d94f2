/** What a clock on the wall shows, somewhere, at an instant. */
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

const formatters = new Map<string, Intl.DateTimeFormat>();

/** @param timezone an IANA name. @throws RangeError for any other. */
export function readWallClock(instant: Date, timezone: string): WallClock {
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
 * Making a formatter costs about 50 microseconds, using it one: kept per zone, of which there are a few hundred. Names may be
 * written in capitals or not, in any mixture, and each mixture must not have a place of its own.
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
