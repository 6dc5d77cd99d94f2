/**
 * How soon after a load an event may cause the next one. Orders come one by one: each is shown at
 * once. Where they come without end, a screen must not use up its calls of a minute (300 for a
 * person, of which other tabs need some).
 */

/** The least time between two loads of the same operation, and the same after many of them. */
const REST_MS = 400;
const BUSY_REST_MS = 1_000;
const MANY = 150;
const WINDOW_MS = 60_000;

/** When calls were made, the oldest first. */
const made: number[] = [];

/** @param calls as many as the load makes. */
export function noteLoad(calls: number, now = Date.now()): void {
  while (made[0] !== undefined && made[0] < now - WINDOW_MS) made.shift();
  for (let call = 0; call < calls; call += 1) made.push(now);
}

/** Milliseconds until what was loaded at `lastAt` may be loaded again; 0 or less: now. */
export function restAfter(lastAt: number, now = Date.now()): number {
  const recent = made.filter((at) => at > now - WINDOW_MS).length;
  return lastAt + (recent < MANY ? REST_MS : BUSY_REST_MS) - now;
}
