import { systemCall } from '../../domain/shared/call.js';
import type { DocumentSeries } from '../../domain/document/documentSeries.js';
import type { DocumentRepository } from '../../repositories/DocumentRepository.js';
import type { Counter } from '../../repositories/document/DocumentNumbers.js';
import type { UnitOfWork } from '../UnitOfWork.js';

/**
 * Numbers fetched at once. Those left when the process ends are a gap, as are those of a document
 * that is not issued after all.
 */
const BLOCK = 100;

interface Wanted {
  series: DocumentSeries;
  period: string;
  count: number;
}

/** Thrown when memory holds too few numbers: the caller fetches a block and starts again. */
export class NoFastNumbers extends Error {
  readonly wanted: Wanted;

  constructor(wanted: Wanted) {
    super('no numbers of a fast series in memory');
    this.wanted = wanted;
  }
}

/**
 * Numbers of fast series, from blocks that are fetched in transactions of their own, like a
 * PostgreSQL sequence with a cache. A sequence for each series and month would be thousands of
 * objects, which the application has no right to create.
 */
export class FastNumbers {
  readonly #deps: { unitOfWork: UnitOfWork; repository: DocumentRepository };
  readonly #blocks = new Map<string, { next: number; last: number }>();

  constructor(deps: { unitOfWork: UnitOfWork; repository: DocumentRepository }) {
    this.#deps = deps;
  }

  /** @throws NoFastNumbers. */
  take(wanted: Wanted): Counter {
    const { series, period, count } = wanted;
    const block = this.#blocks.get(`${series.id} ${period}`);
    if (!block || block.last - block.next + 1 < count) throw new NoFastNumbers(wanted);
    block.next += count;
    return { lastNumber: block.next - 1, lastHash: '' };
  }

  /** Fetches nothing if the series has changed since: it may be gapless now. */
  async fetch(restaurantId: string, { series, period }: Wanted): Promise<void> {
    const { unitOfWork, repository } = this.#deps;
    const raised = await unitOfWork.run(systemCall(restaurantId, 'document_numbers'), async (tx) => {
      const live = await repository.series.live(restaurantId, tx);
      if (!live.some(({ id, version }) => id === series.id && version === series.version)) return null;
      return repository.numbers.raise(restaurantId, tx, series, period, BLOCK);
    });
    if (!raised) return;
    const last = raised.lastNumber;
    this.#blocks.set(`${series.id} ${period}`, { next: last - BLOCK + 1, last });
  }
}
