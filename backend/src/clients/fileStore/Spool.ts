/** Takes files in on the local disk, and hashes them on the way. */
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** No upload takes that long: the process that took it in has ended. */
const LEFT_BEHIND_MS = 3_600_000;

export interface Spooled {
  path: string;
  sha256: string;
  bytes: number;
}

export class Spool {
  readonly #folder: string;
  #isReady: Promise<void> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws the error of the stream; nothing is left then. */
  async take(stream: Readable): Promise<Spooled> {
    await (this.#isReady ??= this.#prepare());
    const file = path.join(this.#folder, randomUUID());
    const hash = createHash('sha256');
    let bytes = 0;
    const measure = new Transform({
      transform(piece: Buffer, _encoding, done) {
        hash.update(piece);
        bytes += piece.length;
        done(null, piece);
      },
    });
    try {
      await pipeline(stream, measure, createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true }));
    } catch (error) {
      await rm(file, { force: true });
      throw error;
    }
    return { path: file, sha256: hash.digest('hex'), bytes };
  }

  /** Makes the folder, and removes what killed processes have left in it. */
  async #prepare(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const oldest = Date.now() - LEFT_BEHIND_MS;
    for (const name of await readdir(this.#folder)) {
      const file = path.join(this.#folder, name);
      const found = await stat(file).catch(() => undefined);
      if (found?.isFile() && found.mtimeMs < oldest) await rm(file, { force: true });
    }
  }
}

/** A file as bytes that another thread may take over. */
export async function bytesOf(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const buffer = await readFile(file);
  // Small files share one block of memory with others, which must not be handed on.
  return buffer.byteLength === buffer.buffer.byteLength ? new Uint8Array(buffer.buffer) : new Uint8Array(buffer);
}
