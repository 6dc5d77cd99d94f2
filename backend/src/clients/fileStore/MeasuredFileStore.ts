/** Tells how long the storage takes, whatever keeps the files. */
import type { Readable } from 'node:stream';
import { FileMissing, type FileStore, type Incoming } from './fileTypes.js';

export type StorageOperation = 'store' | 'read' | 'remove';
export type StorageObserver = (operation: StorageOperation, outcome: 'ok' | 'failed', durationMs: number) => void;

export class MeasuredFileStore implements FileStore {
  readonly #store: FileStore;
  readonly #observe: StorageObserver;

  constructor(store: FileStore, observe: StorageObserver) {
    this.#store = store;
    this.#observe = observe;
  }

  async receive(stream: Readable): Promise<Incoming> {
    const incoming = await this.#store.receive(stream);
    return {
      sha256: incoming.sha256,
      bytes: incoming.bytes,
      read: () => incoming.read(),
      keep: (key) => this.#measured('store', () => incoming.keep(key)),
      discard: () => incoming.discard(),
    };
  }

  read(key: string): Promise<Uint8Array<ArrayBuffer>> {
    return this.#measured('read', () => this.#store.read(key));
  }

  remove(key: string): Promise<void> {
    return this.#measured('remove', () => this.#store.remove(key));
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  /** A file that is not there is an answer of the storage. */
  async #measured<T>(operation: StorageOperation, work: () => Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      const result = await work();
      this.#observe(operation, 'ok', performance.now() - from);
      return result;
    } catch (error) {
      this.#observe(operation, error instanceof FileMissing ? 'ok' : 'failed', performance.now() - from);
      throw error;
    }
  }
}
