/**
 * Invoices of suppliers under load: half XML, half PDF with XML, 100 kB each, sent at a fixed rate
 * whatever the answers take. Measures from the beginning of an upload until the document is ready
 * for review, against the promise. Also the documents that wait, errors, connections and memory.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import { withClient } from '../src/config/database.js';
import type { BenchResult } from './result.js';
import { setStage, type Stage } from './support/stage.js';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 60);
const RATES = (process.env['BENCH_RATES'] ?? '10,25,30,50').split(',').map(Number);
const BYTES = 100_000;
/** Time for the last documents, which counts as waiting. */
const REST_MS = 30_000;
const LINES = 20;
const UBL = 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2';

/** From the upload to the review, in milliseconds, and the rate that has more slack. */
const PROMISED_MS = (rate: number): number => (rate > 30 ? 1_000 : 3_000);

interface Sent {
  at: number;
  id: string | undefined;
}

export async function run(): Promise<BenchResult[]> {
  const stage = await setStage();
  const results: BenchResult[] = [];
  try {
    // The first files load the code of the threads.
    await load(stage, 4, 3);
    for (const rate of RATES) results.push(await measure(stage, rate));
  } finally {
    await stage.close();
  }
  return results;
}

async function measure(stage: Stage, rate: number): Promise<BenchResult> {
  const before = await memoryOf(stage);
  const { sent, mostWaiting, mostBusy } = await load(stage, rate, SECONDS);
  const ready = await readyTimes(stage);
  const took = sent.flatMap(({ at, id }) => {
    const end = id === undefined ? undefined : ready.get(id);
    return end === undefined ? [] : [end - at];
  });
  const sorted = took.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  const failed = sent.length - took.length;
  const figures = `p50 ${Math.round(at(0.5))} ms, p99 ${Math.round(at(0.99))} ms, failed ${failed} of ${sent.length}`;
  const state = `most waiting ${mostWaiting}, connections ${mostBusy} of 20, memory ${before} to ${await memoryOf(stage)} MB`;
  console.log(`  ${rate}/s: ${figures}, ${state}`);
  const promised = PROMISED_MS(rate);
  return {
    name: `invoices at ${rate}/s ready for review, p99`,
    ratio: promised / at(0.99),
    target: 1,
    baseline: `the promise of ${promised / 1000} s`,
    unit: 'ms',
    median: at(0.99),
    baselineMedian: promised,
  };
}

async function load(stage: Stage, rate: number, seconds: number) {
  const files = await Promise.all(Array.from({ length: rate * seconds }, (_, n) => fileOf(n)));
  const sent: Sent[] = [];
  let [mostWaiting, mostBusy, isOver] = [0, 0, false];
  const watch = (async () => {
    while (!isOver) {
      const { waiting, busy } = await stateOf(stage);
      mostWaiting = Math.max(mostWaiting, waiting);
      mostBusy = Math.max(mostBusy, busy);
      await sleep(100);
    }
  })();
  const from = performance.now();
  const calls: Promise<void>[] = [];
  for (const [index, file] of files.entries()) {
    const waitMs = from + (index * 1000) / rate - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    const one: Sent = { at: Date.now(), id: undefined };
    sent.push(one);
    calls.push(
      upload(stage, file).then(
        (id) => void (one.id = id),
        () => undefined,
      ),
    );
  }
  await Promise.all(calls);
  for (const until = performance.now() + REST_MS; performance.now() < until && (await stateOf(stage)).waiting > 0; )
    await sleep(50);
  isOver = true;
  await watch;
  return { sent, mostWaiting, mostBusy };
}

async function upload({ servio, token }: Stage, { name, bytes }: { name: string; bytes: Buffer<ArrayBuffer> }) {
  const form = new FormData();
  form.append('files', new Blob([bytes]), name);
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${servio.url}/v1/supplier-invoices`, { method: 'POST', headers, body: form });
  if (response.status !== 202) throw new Error(`an upload was answered ${response.status}`);
  // The answer of the API.
  const { data } = (await response.json()) as { data: { id: string }[] };
  return data[0]?.id;
}

/** As the application's role, in the restaurant. */
function inRestaurant<Row extends object>({ appUrl, restaurantId }: Stage, text: string): Promise<Row[]> {
  return withClient(appUrl, async (client) => {
    await client.query("select set_config('app.restaurant_id', $1, false)", [restaurantId]);
    return (await client.query<Row>(text)).rows;
  });
}

async function stateOf(stage: Stage): Promise<{ waiting: number; busy: number }> {
  const [state] = await inRestaurant<{ waiting: number; busy: number }>(
    stage,
    `select (select count(*)::integer from supplier_invoices where status in ('received', 'extracting')) as waiting,
       (select count(*)::integer from pg_stat_activity where application_name = 'servio' and state <> 'idle') as busy`,
  );
  return state ?? { waiting: 0, busy: 0 };
}

async function readyTimes(stage: Stage): Promise<Map<string, number>> {
  const rows = await inRestaurant<{ id: string; at: string }>(
    stage,
    "select id, (extract(epoch from updated_at) * 1000)::bigint::text as at from supplier_invoices where status = 'review'",
  );
  return new Map(rows.map(({ id, at }) => [id, Number(at)]));
}

/** Resident memory of the server, in MB. */
async function memoryOf({ servio }: Stage): Promise<number> {
  const text = await (await fetch(`${servio.url}/health/metrics`)).text();
  return Math.round(Number(/^servio_process_resident_memory_bytes (\S+)/m.exec(text)?.[1]) / 1e6);
}

async function fileOf(number: number): Promise<{ name: string; bytes: Buffer<ArrayBuffer> }> {
  const xml = invoiceOf(`${Date.now()}-${number}`);
  if (number % 2 === 0) return { name: 'invoice.xml', bytes: Buffer.from(xml) };
  return { name: 'invoice.pdf', bytes: await pdfOf(xml.replace(/<Note>.*?<\/Note>/s, '')) };
}

function invoiceOf(number: string): string {
  const line = (n: number): string =>
    `<InvoiceLine><ID>${n}</ID><InvoicedQuantity unitCode="KGM">5</InvoicedQuantity><LineExtensionAmount>10.00</LineExtensionAmount>` +
    `<Item><Name>Goods number ${n}</Name><SellersItemIdentification><ID>A${n}</ID></SellersItemIdentification></Item>` +
    '<Price><PriceAmount>2.00</PriceAmount></Price></InvoiceLine>';
  const lines = Array.from({ length: LINES }, (_, n) => line(n + 1)).join('');
  const note = randomBytes((BYTES - lines.length) >> 1).toString('hex');
  return (
    `<Invoice xmlns="${UBL}"><ID>${number}</ID><IssueDate>2026-11-01</IssueDate><Note>${note}</Note>` +
    '<DocumentCurrencyCode>EUR</DocumentCurrencyCode><AccountingSupplierParty><Party><PartyName><Name>Farm</Name></PartyName></Party>' +
    '</AccountingSupplierParty><LegalMonetaryTotal><TaxInclusiveAmount>200.00</TaxInclusiveAmount></LegalMonetaryTotal>' +
    `${lines}</Invoice>`
  );
}

function pdfOf(xml: string): Promise<Buffer<ArrayBuffer>> {
  const document = new PDFDocument({ compress: true });
  document.file(Buffer.from(xml), { name: 'factur-x.xml', type: 'application/xml' });
  document.file(randomBytes(BYTES - 10_000), { name: 'logo.bin' });
  document.text('Invoice');
  for (let n = 1; n <= LINES; n += 1) document.text(`Goods number ${n}   5 kg   2.00   10.00`);
  document.text('Total 200.00');
  document.end();
  const pieces: Buffer[] = [];
  return new Promise((resolve, reject) => {
    document.on('data', (piece: Buffer) => pieces.push(piece));
    document.on('end', () => resolve(Buffer.concat(pieces)));
    document.on('error', reject);
  });
}
