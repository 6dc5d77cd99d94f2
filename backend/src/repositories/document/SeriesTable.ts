import { query, type Tx, violatedConstraint } from '../../config/database.js';
import type { DocumentSeries } from '../../domain/document/documentSeries.js';
import { AppError } from '../../domain/shared/errors.js';
import { PlainTable } from '../plainTable.js';

const TABLE = 'document_series';

const isNumbered = query<{ numbered: boolean }>(
  'documentSeries.isNumbered',
  `select exists (select 1 from document_counters where restaurant_id = $1 and series_id = $2) as numbered`,
);

export class SeriesTable extends PlainTable<DocumentSeries> {
  // A change or deletion of a series waits for transactions that number documents, and vice versa.
  readonly #live = query<DocumentSeries>(
    'documentSeries.listLive',
    `${this.selection} where restaurant_id = $1 and deleted_at is null order by id for key share`,
  );
  readonly #any = query<DocumentSeries>(
    'documentSeries.findAny',
    `${this.selection} where restaurant_id = $1 and id = $2`,
  );
  // The columns of an ordinary insertion. `on conflict`: another call may have provided the series.
  readonly #provide = query(
    'documentSeries.provide',
    `insert into document_series (restaurant_id, id, type, location, register, prefix, reset, kind, start_number, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)
     on conflict do nothing`,
  );

  constructor() {
    super({
      noun: 'documentSeries',
      table: TABLE,
      columns: {
        type: 'type',
        location: 'location',
        register: 'register',
        prefix: 'prefix',
        reset: 'reset',
        kind: 'kind',
        startNumber: 'start_number',
      },
    });
  }

  override insert(restaurantId: string, tx: Tx, series: DocumentSeries): Promise<void> {
    return super.insert(restaurantId, tx, series).catch(refuse);
  }

  override update(restaurantId: string, tx: Tx, series: DocumentSeries): Promise<void> {
    return super.update(restaurantId, tx, series).catch(refuse);
  }

  /** The live series, usually a handful. They cannot change until the transaction ends. */
  live(restaurantId: string, tx: Tx): Promise<DocumentSeries[]> {
    return tx.many(this.#live, [restaurantId]);
  }

  /** The series, deleted or not: documents of deleted series remain. */
  any(restaurantId: string, tx: Tx, id: string): Promise<DocumentSeries | undefined> {
    return tx.maybeOne(this.#any, [restaurantId, id]);
  }

  /** Stores a series unless its place or its prefix is already in use. */
  async provide(restaurantId: string, tx: Tx, series: DocumentSeries): Promise<void> {
    const { id, type, location, register, prefix, reset, kind, startNumber, createdAt } = series;
    await tx.run(this.#provide, [
      restaurantId,
      id,
      type,
      location,
      register,
      prefix,
      reset,
      kind,
      startNumber,
      createdAt,
    ]);
  }

  /** Whether the series has ever given a number. */
  async isNumbered(restaurantId: string, tx: Tx, id: string): Promise<boolean> {
    return (await tx.one(isNumbered, [restaurantId, id])).numbered;
  }
}

function refuse(error: unknown): never {
  const constraint = violatedConstraint(error);
  if (constraint === 'document_series_prefix_key') {
    const message = 'Another series uses or used this prefix. Choose another prefix, so that no number exists twice.';
    throw new AppError('already_exists', message, { cause: error, errors: [{ pointer: '/prefix', message }] });
  }
  if (constraint !== 'document_series_place_key') throw error;
  const message = 'A series for this type, location and register already exists. Change that series.';
  throw new AppError('already_exists', message, { cause: error, errors: [{ pointer: '/type', message }] });
}
