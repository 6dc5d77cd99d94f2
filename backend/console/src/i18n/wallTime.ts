/** Times as a clock on the restaurant's wall shows them: YYYY-MM-DDTHH:MM, without a zone. */

const MINUTE_MS = 60_000;

/** @returns the wall's time at an instant. @param zone an IANA zone, such as Europe/Berlin. */
export function wallTimeOf(instant: string | number | Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(new Date(instant));
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}`;
}

/**
 * The instant at which the wall shows a time: the first one where the clock is set back, and as
 * much later as the clock jumps where it is set forward.
 * @returns undefined for a text that is no time.
 */
export function instantOf(wallTime: string, zone: string): Date | undefined {
  const wanted = Date.parse(`${wallTime}Z`);
  if (Number.isNaN(wanted)) return undefined;
  const offsetAt = (ms: number): number =>
    Date.parse(`${wallTimeOf(ms, zone)}Z`) - Math.floor(ms / MINUTE_MS) * MINUTE_MS;
  // No zone is more than a day from UTC, and none changes its clock twice in two days.
  const [before, after] = [offsetAt(wanted - 86_400_000), offsetAt(wanted + 86_400_000)];
  const fitting = [before, after].map((offset) => wanted - offset).find((ms) => ms + offsetAt(ms) === wanted);
  return new Date(fitting ?? wanted - before);
}
