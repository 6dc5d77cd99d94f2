import { v7 } from 'uuid';

/**
 * A new id: UUIDv7, so that rows of one time are adjacent in an index. It reveals the time when it
 * was made.
 */
export function newId(): string {
  return v7();
}
