/** What a file store is, whatever keeps the files. */
import type { Readable } from 'node:stream';

/** A file on its way in: counted, hashed and on the local disk, but under no key yet. */
export interface Incoming {
  readonly sha256: string;
  readonly bytes: number;
  /** The whole file. */
  read(): Promise<Uint8Array<ArrayBuffer>>;
  /** Stores it under a key. The same bytes under the same key again change nothing. */
  keep(key: string): Promise<void>;
  /** Removes what is left of it here; nothing after `keep`. May be called more than once. */
  discard(): Promise<void>;
}

export interface FileStore {
  /** Takes a file in as it arrives: in pieces, never whole in memory. */
  receive(stream: Readable): Promise<Incoming>;
  /**
   * @throws FileMissing when nothing is under the key.
   * @throws AppError dependency_unavailable when the store does not answer.
   */
  read(key: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Removes a file; no error when there is none. */
  remove(key: string): Promise<void>;
  close(): Promise<void>;
}

export class FileMissing extends Error {
  constructor(key: string) {
    super(`no file is stored under ${key}`);
    this.name = 'FileMissing';
  }
}

const KEY = /^[a-z0-9][a-z0-9_-]*(?:\/[a-z0-9][a-z0-9_-]*)*$/;

/** Keys are made by this server. Anything else is a fault of ours. @throws Error. */
export function assertKey(key: string): void {
  if (!KEY.test(key) || key.length > 200) throw new Error(`${JSON.stringify(key)} is no key of the file store`);
}
