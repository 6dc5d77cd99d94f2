/**
 * Document numbers. Measures the group commit for a hundred callers on one series against the same
 * statements in one transaction per document, with the counter first, and against a sequence, which
 * leaves gaps. Also measures whether a million documents make it slower.
 */
import { query, type Tx, withClient } from '../src/config/database.js';
import { createLogger } from '../src/config/logger.js';
import { type Context, createContext } from '../src/context.js';
import { systemCall } from '../src/domain/shared/call.js';
import { sellerOf } from '../src/domain/document/parties.js';
import { canonicalForm } from '../src/domain/document/documentHash.js';
import { formatNumber } from '../src/domain/document/documentNumber.js';
import { DocumentRepository } from '../src/repositories/DocumentRepository.js';
import { EventRepository } from '../src/repositories/EventRepository.js';
import { newId } from '../src/utils/ids.js';
import { sha256 } from '../src/utils/secrets.js';
import type { BenchResult } from './result.js';
import { cleanUp } from './support/cleanup.js';
import { openDatabase, SECRET } from './support/database.js';
import { interleave } from './support/load.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const MANY = Number(process.env['BENCH_DOCUMENTS'] ?? 1_000_000);
const CALLERS = 100;
const TOGETHER = 3_000;
const ALONE = 1_000;
const PERIOD = '2026-11';
const nextValue = query<{ value: number }>('bench.nextval', `select nextval('bench_numbers')::int as value`);

/** How a single-document transaction gets its number. */
type Draw = (tx: Tx) => Promise<{ lastNumber: number; lastHash: string }>;

interface Place {
  context: Context;
  ownerUrl: string;
  restaurantId: string;
  seriesId: string;
}

export async function run(): Promise<BenchResult[]> {
  const { adminUrl, appUrl } = await openDatabase();
  await withClient(adminUrl, (owner) =>
    owner.query('create sequence bench_numbers; grant usage on sequence bench_numbers to servio_app'),
  );
  const context = createContext({ appUrl, secret: SECRET, log: createLogger('silent') });
  try {
    const [few, own, sequence, many] = [
      await placeOf(context, adminUrl),
      await placeOf(context, adminUrl),
      await placeOf(context, adminUrl),
      await placeOf(context, adminUrl),
    ];
    await fill(many, MANY);
    return await measure({ few, own, sequence, many });
  } finally {
    await context.close();
    await cleanUp();
  }
}

async function measure(places: Record<'few' | 'own' | 'sequence' | 'many', Place>): Promise<BenchResult[]> {
  const repository = new DocumentRepository();
  const { own, sequence } = places;
  const counterFirst: Draw = (tx) =>
    repository.numbers.raise(own.restaurantId, tx, { id: own.seriesId, startNumber: 1 }, PERIOD, 1);
  const fromSequence: Draw = async (tx) => ({ lastNumber: (await tx.one(nextValue, [])).value, lastHash: '' });
  const figures = await interleave(ROUNDS, {
    together: () => rateOf(places.few, TOGETHER, together(places.few)),
    counterFirst: () => rateOf(own, ALONE, alone(own, counterFirst)),
    sequence: () => rateOf(sequence, ALONE, alone(sequence, fromSequence)),
    many: () => rateOf(places.many, TOGETHER, together(places.many)),
  });
  const result = (name: string, median: number, baseline: string, baselineMedian: number, target: number) => {
    return { name, ratio: median / baselineMedian, target, baseline, unit: 'documents/s', median, baselineMedian };
  };
  const name = `${CALLERS} callers issue documents of one series`;
  return [
    result(name, figures.together, 'a transaction each, counter first', figures.counterFirst, 5),
    result(name, figures.together, 'a transaction each, numbers of a sequence', figures.sequence, 0.8),
    result(`${name} that holds ${MANY}`, figures.many, 'the same in a new series', figures.together, 0.9),
  ];
}

/** Documents a second; all callers take from one list of drafts. */
async function rateOf(place: Place, count: number, issue: (id: string) => Promise<unknown>): Promise<number> {
  const ids = await drafts(place, count);
  const startedAt = performance.now();
  const caller = async () => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) await issue(id);
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return (count / (performance.now() - startedAt)) * 1000;
}

function together({ context, restaurantId }: Place) {
  const call = systemCall(restaurantId, 'bench');
  return (id: string) => context.documents.issue(call, id);
}

/** The same statements, one transaction per document. */
function alone({ context, restaurantId, seriesId }: Place, draw: Draw) {
  const [repository, events] = [new DocumentRepository(), new EventRepository()];
  const call = systemCall(restaurantId, 'bench');
  const issue = async (tx: Tx, id: string) => {
    const { lastNumber: counter, lastHash } = await draw(tx);
    const [[draft], settings] = await Promise.all([
      repository.numbers.lockAll(restaurantId, tx, [id]),
      context.restaurants.settings(tx, restaurantId),
      repository.series.live(restaurantId, tx),
    ]);
    if (!draft) throw new Error('a draft is missing');
    const issuedAt = new Date().toISOString();
    const numbering = { seriesId, period: PERIOD, counter, number: formatNumber('B', PERIOD, counter), issuedAt };
    const moment = { businessDate: '2026-11-22', issuedBy: 'bench', seller: sellerOf(settings), issueToken: newId() };
    const document = { ...draft, ...numbering, ...moment, previousHash: lastHash };
    document.hash = sha256(canonicalForm(restaurantId, document));
    tx.defer(
      repository.numbers.issue(restaurantId, tx, { seriesId, period: PERIOD, lastHash: document.hash }, [document]),
    );
    const data = { documentId: id, number: document.number, hash: document.hash };
    const fact = { type: 'document.issued', subject: 'document', subjectId: id, data } as const;
    tx.defer(events.append(restaurantId, tx, new Date(), [{ call, fact }]));
  };
  return (id: string) => context.database.transaction(restaurantId, (tx) => issue(tx, id), { deadlineMs: 30_000 });
}

async function placeOf(context: Context, ownerUrl: string): Promise<Place> {
  const registered = await context.auth.register(systemCall('00000000-0000-0000-0000-000000000000', 'bench'), {
    email: `${newId()}@example.com`,
    password: 'a password for measuring',
    name: 'Bench',
    restaurantName: 'Bench',
    currency: 'EUR',
    timezone: 'Europe/Berlin',
  });
  const restaurantId = registered.restaurant.id;
  const input = { type: 'invoice', prefix: 'B' } as const;
  const series = await context.documents.series.create(systemCall(restaurantId, 'bench'), input);
  return { context, ownerUrl, restaurantId, seriesId: series.id };
}

const LINES = JSON.stringify(
  [1, 2, 3].map((position) => ({
    position,
    kind: 'item',
    description: `Dish ${position} with its sauce`,
    quantity: '2',
    unit: null,
    unitPrice: 1_250,
    discounts: [],
    taxes: [],
    originalPosition: null,
    grossAmount: 2_500,
    discountAmount: 0,
    amount: 2_500,
    taxAmount: 0,
  })),
);

async function drafts({ ownerUrl, restaurantId }: Place, count: number): Promise<string[]> {
  return withClient(ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ id: string }>(
      `insert into documents (restaurant_id, id, type, status, currency, lines, subtotal, discount_total, tax_total, tax_included_total, total,
         created_by, created_at, updated_at)
       select $1, uuidv7(), 'invoice', 'draft', 'EUR', $2, 7500, 0, 0, 0, 7500, 'bench', now(), now() from generate_series(1, $3)
       returning id`,
      [restaurantId, LINES, count],
    );
    return rows.map((row) => row.id);
  });
}

/** Inserts documents that were issued earlier. */
async function fill({ ownerUrl, restaurantId, seriesId }: Place, count: number): Promise<void> {
  await withClient(ownerUrl, async (owner) => {
    await owner.query(
      `insert into documents (restaurant_id, id, type, status, series_id, period, counter, number, business_date, issued_at, hash, currency,
         lines, subtotal, discount_total, tax_total, tax_included_total, total, created_by, created_at, updated_at)
       select $1, uuidv7(), 'invoice', 'issued', $2, to_char(now() at time zone 'Europe/Berlin' - interval '4 hours', 'YYYY-MM'), n, 'B-' || n,
         current_date, now(), md5(n::text), 'EUR', $3, 7500, 0, 0, 0, 7500, 'bench', now(), now()
       from generate_series(1, $4::int) n`,
      [restaurantId, seriesId, LINES, count],
    );
    await owner.query(
      `insert into document_counters (restaurant_id, series_id, period, last_number, last_hash)
       select restaurant_id, series_id, period, max(counter), 'filled' from documents
       where series_id = $1 group by 1, 2, 3`,
      [seriesId],
    );
    await owner.query('vacuum (analyze) documents');
    // Otherwise these background writes would be measured with the next round.
    await owner.query('checkpoint');
  });
}
