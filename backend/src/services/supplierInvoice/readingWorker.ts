/**
 * The reading thread: it opens files of strangers, so that a slow or hostile one delays nobody and
 * ends with its thread.
 */
import type { FileKind } from '../../formats/received/fileKind.js';
import { checkFile, type FileContent, pictureOf, readFile, resizedPicture } from '../../formats/received/readFile.js';
import { Unreadable } from '../../formats/received/unreadable.js';

export type ReadingJob =
  | { task: 'check'; bytes: Uint8Array<ArrayBuffer>; name: string }
  | { task: 'read'; bytes: Uint8Array<ArrayBuffer>; kind: FileKind }
  | { task: 'picture'; bytes: Uint8Array<ArrayBuffer>; kind: FileKind; page: number }
  | { task: 'resize'; bytes: Uint8Array<ArrayBuffer>; sides: readonly number[] };

export type ReadingResult =
  | { kind: FileKind | null }
  | FileContent
  | { png: Uint8Array | null }
  | { sizes: Uint8Array[] | null }
  | { unreadable: string };

/** Errors lose their class on the way out of a thread, so a refusal is a result. */
async function work(job: ReadingJob): Promise<ReadingResult> {
  try {
    switch (job.task) {
      case 'check':
        return await checkFile(job.bytes, job.name);
      case 'read':
        return await readFile(job.bytes, job.kind);
      case 'picture':
        return { png: (await pictureOf(job.bytes, job.kind, job.page)) ?? null };
      case 'resize':
        return { sizes: (await resizedPicture(job.bytes, job.sides)) ?? null };
    }
  } catch (error) {
    if (error instanceof Unreadable) return { unreadable: error.message };
    throw error;
  }
}

// Piscina calls the default export of the file.
// oxlint-disable-next-line import/no-default-export
export default work;
