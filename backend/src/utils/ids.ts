import { v7 } from 'uuid';

/** A new id: UUIDv7, so that rows of one time lie together in an index. It tells when it was made. */
export function newId(): string {
  return v7();
}
