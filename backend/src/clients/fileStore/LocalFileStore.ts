/** Files in a folder of this machine: the default, for one server or a shared disk. */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '../../domain/shared/errors.js';
import { assertKey, FileMissing, type FileStore, type Incoming } from './fileTypes.js';
import { bytesOf, Spool } from './Spool.js';

export class LocalFileStore implements FileStore {
  readonly #folder: string;
  readonly #spool: Spool;

  constructor(folder: string) {
    this.#folder = folder;
    // On the same disk, so that a file is moved to its key and not copied.
    this.#spool = new Spool(path.join(folder, '.incoming'));
  }

  async receive(stream: Readable): Promise<Incoming> {
    const { path: from, sha256, bytes } = await this.#spool.take(stream);
    return {
      sha256,
      bytes,
      read: () => bytesOf(from),
      keep: (key) => this.#keep(from, key),
      discard: () => rm(from, { force: true }),
    };
  }

  async read(key: string): Promise<Uint8Array<ArrayBuffer>> {
    const file = this.#pathOf(key);
    try {
      return await bytesOf(file);
    } catch (error) {
      throw isMissing(error) ? new FileMissing(key) : unavailable(error);
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.#pathOf(key), { force: true });
  }

  async close(): Promise<void> {
    // Holds nothing open.
  }

  async #keep(from: string, key: string): Promise<void> {
    const to = this.#pathOf(key);
    try {
      await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
      await rename(from, to);
      await sync(path.dirname(to));
    } catch (error) {
      throw unavailable(error);
    }
  }

  #pathOf(key: string): string {
    assertKey(key);
    return path.join(this.#folder, key);
  }
}

/** The name of a new file is lasting only when its folder is written too. */
async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function unavailable(cause: unknown): AppError {
  return new AppError('dependency_unavailable', 'The file storage does not answer. Try again shortly.', {
    cause,
    retryAfterSeconds: 5,
  });
}
