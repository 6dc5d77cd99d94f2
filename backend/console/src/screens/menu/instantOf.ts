/**
 * The instant of an hour on the restaurant's clock. Where the clock is put forward over it, the
 * hour after. @param date YYYY-MM-DD. @returns RFC 3339 in UTC.
 */
export function instantOf(date: string, hour: number, timeZone: string): string {
  const wanted = Date.parse(`${date}T${String(hour).padStart(2, '0')}:00:00Z`);
  // The zone's offset may differ between the guess and the result: the second round settles it.
  const guess = wanted - offsetAt(wanted, timeZone);
  return new Date(wanted - offsetAt(guess, timeZone)).toISOString();
}

/** Milliseconds that the zone is ahead of UTC. */
function offsetAt(instantMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(instantMs);
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  const local = `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}Z`;
  return Date.parse(local) - Math.floor(instantMs / 1_000) * 1_000;
}
