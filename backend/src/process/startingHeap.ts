/** Memory of a start: a server that waits needs no room for the waste of its start. */
import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the part of the heap for new objects as small as it begins, until `letHeapGrow`. Most
 * objects of a start stay, and the room that it would take for the others, 24 MB, is never given
 * back. It must come before the code of the application is loaded.
 *
 * To switch the optimizing compiler off meanwhile (`--no-opt`) would save 4 MB more, but functions
 * that ran before stay unoptimized in Node 24 when it is on again.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * From now on the part for new objects grows with the load, to its largest size at once. V8 doubles
 * it by default, each time when as much as its size has survived: of menus from memory nearly
 * nothing does, so every 100 of them made a collection, and now every 700 do.
 */
export function letHeapGrow(): void {
  setFlagsFromString('--semi-space-growth-factor=16');
}
