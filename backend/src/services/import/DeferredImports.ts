/**
 * Imports of large files: the request stores the file and is answered with a job, and a worker runs
 * the import. The file waits in the database, because the worker may be on another machine.
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LONG_DEADLINE_MS, type Tx } from '../../config/database.js';
import { Track } from '../../decorators/Performance.js';
import type { Import } from '../../domain/import/import.js';
import type { Attempt, Job } from '../../domain/job/jobKinds.js';
import { type ActorKind, type Call, NO_RESTAURANT, systemCall } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';
import type { KindMapping } from '../../formats/csv/stockMappings.js';
import type { StoredUpload, UploadTable } from '../../repositories/import/UploadTable.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import type { ImportRequest, ImportService } from '../ImportService.js';
import type { JobService } from '../JobService.js';
import type { UnitOfWork } from '../UnitOfWork.js';

/** Larger files are imported by a job. */
const MOST_BYTES_AT_ONCE = 1_000_000;
const PART_BYTES = 1_000_000;
/** Files of one restaurant that wait or run: a gigabyte at most. */
const MOST_OPEN = 5;
/** Longest time that sending a file may take. */
const INCOMPLETE_MS = 3_600_000;
const SWEEP_RESTAURANTS = 500;
const LONG = { deadlineMs: LONG_DEADLINE_MS };

interface Dependencies {
  unitOfWork: UnitOfWork;
  uploads: UploadTable;
  imports: Pick<ImportService, 'run' | 'runWith'>;
  jobs: Pick<JobService, 'send' | 'finish' | 'findWithin'>;
  clock: Clock;
}

export interface DeferredRun {
  attempt: Attempt;
  restaurantId: string;
  uploadId: string;
  signal: AbortSignal;
  progress: (share: number) => void;
}

export class DeferredImports {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Imports a small file at once, and sends a job for a large one. @throws AppError as both do. */
  async receive(call: Call, request: ImportRequest): Promise<{ finished: Import } | { job: Job }> {
    const { size } = await stat(request.path);
    if (size > MOST_BYTES_AT_ONCE) return { job: await this.defer(call, request) };
    return { finished: await this.#deps.imports.run(call, request) };
  }

  /**
   * Stores the file, then sends the job in one transaction with the answer.
   * @throws AppError overloaded when too many files of the restaurant wait or run.
   */
  @Track('imports.defer')
  async defer(call: Call, request: ImportRequest): Promise<Job> {
    const { unitOfWork, uploads, jobs, clock } = this.#deps;
    const answered = await unitOfWork.storedAnswer<Job>(call);
    if (answered) return answered;
    const { kind, fileName, mapping, dryRun } = request;
    const createdBy = `${call.actor.kind}:${call.actor.id}`;
    const upload = { id: newId(), kind, fileName, mapping, dryRun, createdBy };
    const begin = async (tx: Tx) => {
      await this.#makeRoom(call, tx);
      await uploads.insert(call.restaurantId, tx, upload, clock());
    };
    await unitOfWork.step(call, begin, LONG);
    try {
      await this.#storeParts(call, upload.id, request.path);
      return await unitOfWork.run(call, async (tx) => {
        const payload = { restaurantId: call.restaurantId, uploadId: upload.id };
        const jobId = await jobs.send(tx, 'import.run', payload);
        await uploads.close(call.restaurantId, tx, upload.id, jobId);
        return jobs.findWithin(tx, call.restaurantId, jobId);
      });
    } finally {
      // Nothing to do when the job was sent. A repeated request may have been faster, or we failed.
      await unitOfWork.step(call, (tx) => uploads.deleteOpen(call.restaurantId, tx, upload.id), LONG).catch(ignore);
    }
  }

  /**
   * Imports the file of a job. The upload is removed, and the job completed, in the transaction
   * that finishes the import.
   * @throws AppError as the import does; JobLost.
   */
  @Track('imports.runDeferred')
  async run({ attempt, restaurantId, uploadId, signal, progress }: DeferredRun): Promise<void> {
    const { unitOfWork, uploads, imports, jobs } = this.#deps;
    const own = systemCall(restaurantId, attempt.id);
    const upload = await unitOfWork.read(own, (tx) => uploads.find(restaurantId, tx, uploadId));
    if (!upload) throw fileGone();
    const folder = await mkdtemp(path.join(tmpdir(), 'servio-import-'));
    try {
      const file = path.join(folder, 'file');
      await this.#writeFile(own, upload, file, signal);
      const call: Call = { ...own, actor: actorOf(upload) };
      await imports.runWith(call, {
        ...mappingOf(upload),
        path: file,
        fileName: upload.fileName,
        dryRun: upload.dryRun,
        signal,
        onProgress: ({ phase, done, total }) => progress((phase === 'reading' ? 0 : 0.5) + half(done, total)),
        onFinish: async (tx, importId) => {
          await uploads.delete(restaurantId, tx, uploadId);
          await jobs.finish(tx, attempt, { importId });
        },
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Removes files that no job will read. @param isStopping asked between two transactions. */
  @Track('imports.forgetUploads')
  async forget(isStopping: () => boolean): Promise<void> {
    const { unitOfWork, uploads, clock } = this.#deps;
    const before = new Date(clock().getTime() - INCOMPLETE_MS);
    let behind: string | undefined;
    while (!isStopping()) {
      const sweep = await unitOfWork.run(systemCall(NO_RESTAURANT, 'uploads'), (tx) =>
        uploads.forget(tx, before, behind, SWEEP_RESTAURANTS),
      );
      if (!sweep) return;
      behind = sweep.lastRestaurantId;
    }
  }

  /** A file that only a retry would need makes room for a new one. @throws AppError overloaded. */
  async #makeRoom({ restaurantId }: Call, tx: Tx): Promise<void> {
    const { uploads } = this.#deps;
    await uploads.lockAll(restaurantId, tx);
    if ((await uploads.count(restaurantId, tx)) < MOST_OPEN) return;
    if (!(await uploads.deleteSpare(restaurantId, tx))) throw tooMany();
  }

  async #storeParts(call: Call, id: string, file: string): Promise<void> {
    const { unitOfWork, uploads } = this.#deps;
    let ordinal = 0;
    // Without an encoding, chunks are Buffers; each but the last is full.
    for await (const bytes of createReadStream(file, { highWaterMark: PART_BYTES })) {
      const part = ordinal;
      const store = (tx: Tx) => uploads.insertPart(call.restaurantId, tx, id, part, bytes as Buffer);
      await unitOfWork.step(call, store, LONG);
      ordinal += 1;
    }
  }

  async #writeFile(call: Call, upload: StoredUpload, file: string, signal: AbortSignal): Promise<void> {
    const { unitOfWork, uploads } = this.#deps;
    const target = await open(file, 'wx', 0o600);
    try {
      for (let ordinal = 0; ; ordinal += 1) {
        signal.throwIfAborted();
        const part = await unitOfWork.read(call, (tx) => uploads.part(call.restaurantId, tx, upload.id, ordinal));
        if (!part) break;
        await target.appendFile(part);
      }
    } finally {
      await target.close();
    }
  }
}

function tooMany(): AppError {
  const message = `${MOST_OPEN} large files of this restaurant wait or run already. Nothing was stored. Send this one when a job has ended, or end one with POST /v1/jobs/{id}/cancel.`;
  return new AppError('overloaded', message, { retryAfterSeconds: 60 });
}

function fileGone(): AppError {
  return new AppError('not_found', 'The file of this job is no longer kept. Send it again with POST /v1/imports.');
}

function mappingOf({ kind, mapping }: StoredUpload): KindMapping {
  // Checked by the schema of this kind before it was stored.
  return { kind, mapping } as KindMapping;
}

function actorOf({ createdBy }: StoredUpload): Call['actor'] {
  const [kind = '', id = ''] = createdBy.split(':');
  // Written by `defer` from an actor.
  return { kind: kind as ActorKind, id };
}

/** The sweep deletes it. */
function ignore(): void {}

function half(done: number, total: number): number {
  return total === 0 ? 0 : Math.min(done / total, 1) / 2;
}
