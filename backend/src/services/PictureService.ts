/** Pictures of dishes: made smaller in a thread, without metadata, and kept in the file store. */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { FileMissing, type FileStore, type Incoming } from '../clients/FileStore.js';
import { Track } from '../decorators/Performance.js';
import {
  type Picture,
  PICTURE_SIZES,
  pictureKey,
  pictureNamed,
  pictureOf,
  type PictureSize,
} from '../domain/menu/picture.js';
import { type Call, systemCall } from '../domain/shared/call.js';
import { AppError, invalid, notFound } from '../domain/shared/errors.js';
import { Unreadable } from '../formats/received/unreadable.js';
import type { PictureRepository } from '../repositories/PictureRepository.js';
import type { Clock } from '../utils/clock.js';
import type { FileReading } from './supplierInvoice/FileReading.js';
import type { UnitOfWork } from './UnitOfWork.js';

/** Limit for one restaurant: a thousand take some 300 MB. */
const MAX_PICTURES = 1_000;
const SIZES: readonly PictureSize[] = ['small', 'medium', 'large'];

export type { Incoming } from '../clients/FileStore.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: PictureRepository;
  files: FileStore;
  fileReading: FileReading;
  clock: Clock;
}

export class PictureService {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Takes one file in while it arrives. */
  takeIn(stream: Readable): Promise<Incoming> {
    return this.#deps.files.receive(stream);
  }

  /**
   * Makes and stores the sizes of a picture; the same bytes again are the same picture. Files are
   * noted before they are stored, and the picture is there after all of them are: what a failure
   * leaves behind is removed.
   * @throws AppError unsupported_media_type, invalid_request for a picture that nobody should open;
   *   invalid_state when there is no room; dependency_unavailable when the storage does not answer.
   */
  @Track('picture.add')
  async add(call: Call, file: Incoming): Promise<Picture> {
    const { restaurantId } = call;
    const known = await this.#kept(restaurantId, file.sha256);
    if (known) return present(restaurantId, known);
    await this.#assertRoom(restaurantId);
    const id = await this.#store(restaurantId, file);
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const picture = { id, sha256: file.sha256, at: clock() };
      // When two send the same bytes at once, both have the picture of the first.
      return present(restaurantId, await repository.insert(restaurantId, tx, picture));
    });
  }

  /**
   * A size of a picture, for everybody who knows its name.
   * @throws AppError not_found; dependency_unavailable when the storage does not answer.
   */
  @Track('picture.read')
  async read(name: string, size: PictureSize): Promise<Uint8Array> {
    const { restaurantId, pictureId } = pictureNamed(name);
    try {
      return await this.#deps.files.read(pictureKey(restaurantId, pictureId, size));
    } catch (error) {
      if (error instanceof FileMissing) throw notFound('picture');
      throw error;
    }
  }

  /** A picture with the same bytes. Without a dish, it stays as long as one that is new. */
  async #kept(restaurantId: string, sha256: string): Promise<string | undefined> {
    const { unitOfWork, repository, clock } = this.#deps;
    if (!(await unitOfWork.read({ restaurantId }, (tx) => repository.has(restaurantId, tx, sha256)))) return undefined;
    return unitOfWork.step(systemCall(restaurantId, 'pictures'), (tx) =>
      repository.keep(restaurantId, tx, sha256, clock()),
    );
  }

  async #assertRoom(restaurantId: string): Promise<void> {
    const { unitOfWork, repository } = this.#deps;
    const { pictures, isDemo } = await unitOfWork.read({ restaurantId }, (tx) => repository.room(restaurantId, tx));
    if (isDemo) throw new AppError('forbidden', 'A demo takes no pictures: everybody could publish some with it.');
    if (pictures < MAX_PICTURES) return;
    throw new AppError(
      'invalid_state',
      `This restaurant has ${MAX_PICTURES} pictures. Take some off their dishes first: set "pictureId" to null.`,
    );
  }

  /** @returns the id under which all sizes are stored. */
  async #store(restaurantId: string, file: Incoming): Promise<string> {
    const { unitOfWork, repository, files } = this.#deps;
    const sizes = await this.#resized(restaurantId, file);
    // Whoever knows the id may see the picture, so it is random in all its digits.
    const id = randomUUID();
    const keys = SIZES.map((size) => pictureKey(restaurantId, id, size));
    await unitOfWork.step(systemCall(restaurantId, 'pictures'), (tx) => repository.files.note(tx, keys));
    for (const [index, key] of keys.entries()) {
      const incoming = await files.receive(Readable.from([sizes[index]]));
      try {
        await incoming.keep(key);
      } finally {
        await incoming.discard();
      }
    }
    return id;
  }

  async #resized(restaurantId: string, file: Incoming): Promise<Uint8Array[]> {
    if (file.bytes === 0) throw invalid('/file', 'This file is empty.');
    const sides = SIZES.map((size) => PICTURE_SIZES[size]);
    try {
      const sizes = await this.#deps.fileReading.resize(restaurantId, await file.read(), sides);
      if (sizes) return sizes;
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      throw invalid('/file', error.message);
    }
    const message = 'Send a JPEG, PNG, WebP or HEIC file.';
    throw new AppError('unsupported_media_type', message, { errors: [{ pointer: '/file', message }] });
  }
}

function present(restaurantId: string, id: string): Picture {
  const picture = pictureOf(restaurantId, id);
  if (!picture) throw new Error('a stored picture has no id');
  return picture;
}
