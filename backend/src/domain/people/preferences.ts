/** Settings that people and devices keep: Servio stores them and does not read them. */

/** Limit for one person or device in a restaurant. */
export const MAX_PREFERENCES = 50;
export const MAX_PREFERENCE_BYTES = 8_000;
const MAX_DEPTH = 8;

/** @returns what to change; undefined for a value that can be kept. */
export function preferenceFault(value: unknown): string | undefined {
  if (depthOf(value) > MAX_DEPTH) return `Use at most ${MAX_DEPTH} levels of objects and lists.`;
  if (new TextEncoder().encode(JSON.stringify(value)).length > MAX_PREFERENCE_BYTES)
    return `Give a value of at most ${MAX_PREFERENCE_BYTES} bytes.`;
  return undefined;
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Object.values(value).reduce((deepest: number, one) => Math.max(deepest, depthOf(one)), 0);
}
