/**
 * Sends lists and reports as CSV or XLSX: page after page of the same handler, as they are read.
 */
import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { AppError } from '../../../domain/shared/errors.js';
import type { Call } from '../../../domain/shared/call.js';
import type { Cell } from '../../../formats/table/cell.js';
import { csvTable } from '../../../formats/table/csvTable.js';
import { xlsxTable } from '../../../formats/table/xlsxTable.js';
import type { RestaurantService } from '../../../services/RestaurantService.js';
import { FairQueue } from '../../../utils/fairQueue.js';
import { Pace } from '../../../utils/turns.js';
import { lastLong } from '../liveAnswer.js';
import { cellsOf, headerOf, type Locale, type Table } from './columns.js';

export const EXPORT_FORMATS = ['csv', 'xlsx'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_TYPES: Record<ExportFormat, string> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** Exports that are open at the same time for one restaurant, and in the process. */
const OPEN_EACH = 2;
const OPEN = 24;
/** Pages that are read at the same time: a slow reader keeps its export open, and no such place. */
const PAGES = 4;
const MAX_WAITING_EACH = 4;
const REFUSAL = 'Too many exports are running. Wait until one of them has ended, then try again.';
const MAX_WAIT_MS = 10_000;
/** Rows that are written in one turn of the event loop at most. */
const BATCH_ROWS = 20;
/** A reader that takes nothing for so long is gone. */
const STALLED_MS = 60_000;
const MAX_MS = 10 * 60_000;
const MAX_TITLE_CHARS = 25;
/**
 * On the end of an answer: some six of the server and five of the pipeline. Node warns above ten.
 */
const MAX_LISTENERS = 20;

/** A page of the answer, before it is JSON. */
type Page = Record<string, unknown>;

export interface ExportOrder {
  table: Table;
  format: ExportFormat;
  call: Call;
  request: Request;
  response: Response;
  /** Path of the endpoint, which names the file. */
  path: string;
  /** Checked filters, with the `cursor` at which the export begins. */
  query: Record<string, unknown>;
  /** Reads one page. */
  read: (query: Record<string, unknown>) => Promise<unknown>;
}

export class ListExports {
  readonly #restaurants: RestaurantService;
  readonly #gate = new FairQueue({
    atOnceEach: OPEN_EACH,
    atOnce: OPEN,
    maxWaitingEach: MAX_WAITING_EACH,
    maxWaiting: OPEN * MAX_WAITING_EACH,
    maxWaitMs: MAX_WAIT_MS,
    refusal: REFUSAL,
    retryAfterSeconds: 10,
  });
  readonly #pages = new FairQueue({
    atOnceEach: OPEN_EACH,
    atOnce: PAGES,
    maxWaitingEach: OPEN_EACH,
    refusal: REFUSAL,
  });

  constructor({ restaurants }: { restaurants: RestaurantService }) {
    this.#restaurants = restaurants;
  }

  /**
   * Sends the whole list. Failures before the first page are answered; later ones cut the
   * connection, so that no reader takes a part for the whole.
   * @throws AppError overloaded, and those of the list.
   */
  send(sent: ExportOrder): Promise<void> {
    const { restaurantId } = sent.call;
    const read: ExportOrder['read'] = (query) => this.#pages.run(restaurantId, () => sent.read(query));
    const order = { ...sent, read };
    return this.#gate.run(restaurantId, async () => {
      const { currency, timezone } = await this.#restaurants.get(order.call);
      const pages = pagesOf(order);
      const first = await pages.next();
      const { request, response, format } = order;
      response.status(200).set({
        'content-type': format === 'csv' ? `${EXPORT_TYPES.csv}; charset=utf-8` : EXPORT_TYPES.xlsx,
        'content-disposition': `attachment; filename="${nameOf(order)}.${format}"`,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      if (request.method === 'HEAD') {
        response.end();
        return;
      }
      lastLong(request);
      await this.#write(order, { currency, timezone }, resumed(first, pages));
    });
  }

  async #write(order: ExportOrder, locale: Locale, pages: AsyncGenerator<Page>): Promise<void> {
    const { table, format, response } = order;
    const batches = batchesOf(order, locale, pages);
    const header = headerOf(table);
    const bytes =
      format === 'csv'
        ? csvTable(header, batches)
        : xlsxTable(nameOf(order).slice(0, MAX_TITLE_CHARS), header, batches);
    setMaxListeners(MAX_LISTENERS, response);
    response.setTimeout(STALLED_MS, () => response.destroy());
    try {
      await pipeline(Readable.from(bytes, { objectMode: false }), response, { signal: AbortSignal.timeout(MAX_MS) });
    } catch (error) {
      // The reader has left, or was too slow.
      if (response.destroyed && order.call.gone?.aborted) return;
      throw error instanceof Error && error.name === 'AbortError' ? tooSlow() : error;
    }
  }
}

function tooSlow(): AppError {
  return new AppError('request_timeout', 'The export took longer than ten minutes. Narrow it by filters.');
}

async function* pagesOf({ table, query, read }: ExportOrder): AsyncGenerator<Page, undefined> {
  if (!table.isPaged) {
    yield (await read(query)) as Page; // The endpoint's answer is an object: `tableOf` has found its fields.
    return undefined;
  }
  let cursor: unknown = query['cursor'];
  do {
    const page = (await read({ ...query, limit: table.pageRows, cursor })) as Page; // As above.
    yield page;
    cursor = page['nextCursor'];
  } while (typeof cursor === 'string');
  return undefined;
}

async function* resumed(first: IteratorResult<Page>, rest: AsyncGenerator<Page>): AsyncGenerator<Page> {
  if (first.done) return;
  yield first.value;
  yield* rest;
}

/** The cells of all rows, some at a time, in turns with the other work of the process. */
async function* batchesOf(
  { table, call }: ExportOrder,
  locale: Locale,
  pages: AsyncGenerator<Page>,
): AsyncGenerator<Cell[][]> {
  const pace = Pace.begun(call.restaurantId);
  for await (const page of pages) {
    const rows = page[table.rows] as readonly unknown[]; // `tableOf` has found it.
    const currency = typeof page['currency'] === 'string' ? page['currency'] : locale.currency;
    for (let start = 0; start < rows.length; start += BATCH_ROWS) {
      if (pace.isUp) await pace.rest();
      yield rows.slice(start, start + BATCH_ROWS).map((row) => cellsOf(table, row, { ...locale, currency }));
    }
  }
}

/**
 * Words of the path and days of the query, without an ending: ASCII letters, digits and hyphens.
 */
function nameOf({ path, query }: ExportOrder): string {
  const words = path.split('/').filter((word) => word !== '' && word !== 'v1' && !word.startsWith('{'));
  const days = ['businessDate', 'from', 'to'].flatMap((field) =>
    typeof query[field] === 'string' ? [query[field].slice(0, 10)] : [],
  );
  return [...words, ...new Set(days)].join('-').replaceAll(/[^A-Za-z0-9-]/g, '');
}
