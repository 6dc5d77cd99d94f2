import type { Faults } from './Faults.js';

interface Place {
  /** The pointer to the list of ids. */
  pointer: string;
  /** E.g. `category`. */
  what: string;
  faults: Faults;
}

/**
 * The things in the order of the ids; notes ids that are unknown, given twice or left out. With
 * faults, the things as they were.
 */
export function reordered<T extends { id: string }>(
  things: readonly T[],
  ids: readonly string[],
  { pointer, what, faults }: Place,
): T[] {
  const left = new Map(things.map((thing) => [thing.id, thing]));
  const known = new Set(left.keys());
  const placed: T[] = [];
  for (const [index, id] of ids.entries()) {
    const thing = left.get(id);
    left.delete(id);
    if (thing) placed.push(thing);
    else if (known.has(id)) faults.wrong(`${pointer}/${index}`, 'This id is given twice. Give each id once.');
    else faults.missing(`${pointer}/${index}`, what);
  }
  const [missing] = left.keys();
  if (missing !== undefined)
    faults.wrong(pointer, `Name each ${what} exactly once: ${left.size} are left out, the first is ${missing}.`);
  return placed.length === things.length ? placed : [...things];
}
