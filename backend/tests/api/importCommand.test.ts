import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { AppError } from '../../src/domain/shared/errors.js';
import { importFile } from '../../src/commands/importFile.js';
import { startApi, type TestApi } from '../support/api.js';
import { IMPORT_CHILD } from '../support/importChild.js';

const LINES = Number(process.env['SERVIO_IMPORT_LINES'] ?? 9_000);
/** Limit of Node's heap. All lines of the big file together would take several times as much. */
const HEAP_MB = 64;
const MAPPING = {
  orderId: 'order',
  time: { column: 'time' },
  item: 'item',
  choices: { column: 'extras', shape: 'list' },
  linePrice: 'price',
};
const HEADINGS = 'order,time,item,extras,price,note';

let api: TestApi;
let folder: string;

before(async () => {
  api = await startApi();
  folder = await mkdtemp(path.join(tmpdir(), 'servio-import-'));
});
after(async () => {
  await api.close();
  await rm(folder, { recursive: true });
});

async function write(name: string, content: string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, content);
  return file;
}

/** Runs the command in this process. */
async function run(args: string[], options: { restaurantId?: string; isTTY?: boolean } = {}) {
  const written = { out: '', err: '' };
  const streams = {
    out: { write: (text: string) => (written.out += text) },
    err: { write: (text: string) => (written.err += text), isTTY: options.isTTY },
  };
  const services = {
    imports: api.context.imports,
    findRestaurant: (wanted: string | undefined) =>
      wanted === 'nowhere'
        ? Promise.reject(new AppError('not_found', 'No such restaurant.'))
        : Promise.resolve({ id: options.restaurantId ?? '', name: 'Test Bistro' }),
  };
  const code = await importFile(['orders', ...args], services, streams);
  return { code, ...written };
}

describe('servio import orders', () => {
  test('imports a file and says what came of it', async () => {
    const { id } = await api.restaurant();
    const file = await write('may.csv', `${HEADINGS}\n1,2024-05-01,Soup,,1204.50,\n1,2024-05-01,Tea,,?,\n`);
    const mapping = await write('mapping.json', JSON.stringify(MAPPING));
    const dry = await run([file, '--mapping', mapping, '--dry-run'], { restaurantId: id });
    assert.equal(dry.code, 0, dry.err);
    assert.match(dry.out, /^Dry run, nothing stored: may\.csv into Test Bistro\n/);
    const { code, out, err } = await run([file, '--mapping', mapping], { restaurantId: id });
    assert.equal(code, 0);
    assert.equal(
      err,
      'may.csv:3: the price "?" is not an amount of money\n',
      'no progress bar where there is no terminal',
    );
    assert.match(out, /rows +2, of which faulty 1\n/);
    assert.match(out, /orders +1 created, 0 completed, 0 there already\n/);
    assert.match(out, /revenue +1204\.50 EUR\n/);
    const again = await run([file, '--mapping', mapping], { restaurantId: id });
    assert.match(again.out, /orders +0 created, 0 completed, 1 there already\n/);
  });

  test('draws a bar on a terminal and takes it away again', async () => {
    const { id } = await api.restaurant();
    const file = await write('june.csv', `${HEADINGS}\n1,2024-06-01,Soup,,4,\n`);
    const mapping = await write('mapping.json', JSON.stringify(MAPPING));
    const { err } = await run([file, '--mapping', mapping], { restaurantId: id, isTTY: true });
    assert.match(err, /\r\u001b\[Kreading \[#{30}\] 100 % {2}1 rows, 0 faulty/);
    assert.ok(err.endsWith('\r\u001b[K'));
  });

  test('refuses wrong usage, files and mappings, and says what is wrong', async () => {
    const { id: restaurantId } = await api.restaurant();
    const file = await write('july.csv', `${HEADINGS}\n1,2024-07-01,Soup,,4,\n`);
    const good = await write('mapping.json', JSON.stringify(MAPPING));
    const noJson = await write('none.json', '{');
    const wrong = await write('wrong.json', JSON.stringify({ ...MAPPING, unitPrice: 'price', itm: 'x' }));
    const other = await write('other.json', JSON.stringify({ ...MAPPING, item: 'dish', orderId: 'no' }));
    const cases: [args: string[], code: number, message: RegExp][] = [
      [[], 2, /Name one file\.\nUsage: servio import orders\|items\|recipes\|opening-stock FILE --mapping/],
      [[file, file, '--mapping', good], 2, /Name one file/],
      [[file], 2, /--mapping/],
      [[file, '--mapping', good, '--fast'], 2, /'--fast'/],
      [[file, '--mapping', path.join(folder, 'absent.json')], 1, /absent\.json/],
      [[path.join(folder, 'absent.csv'), '--mapping', good], 1, /absent\.csv/],
      [[file, '--mapping', noJson], 1, /none\.json is not valid JSON/],
      [[file, '--mapping', wrong], 1, /wrong\.json is not a valid mapping:\n(?:.*\n)*.*itm.*/],
      [
        [file, '--mapping', other],
        1,
        /mapping: orderId: There is no column "no"(?:.*\n)+.*mapping: item: There is no column "dish"/,
      ],
      [[file, '--mapping', good, '--restaurant', 'nowhere'], 1, /No such restaurant/],
    ];
    for (const [args, code, message] of cases) {
      const result = await run(args, { restaurantId });
      assert.equal(result.code, code, args.join(' '));
      assert.match(result.err, message);
      assert.equal(result.out, '');
    }
  });

  test(`streams ${LINES} lines in flat memory, lines of one order far apart`, async () => {
    const { id } = await api.restaurant();
    const file = path.join(folder, 'big.csv');
    await writeBigFile(file);
    const mapping = await write('big.json', JSON.stringify(MAPPING));
    const args = [`--max-old-space-size=${HEAP_MB}`, IMPORT_CHILD, api.database.appUrl, id, file, '--mapping', mapping];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const [code] = await once(child, 'close');
    assert.equal(code, 0, output);
    const [stored] = await withClient(api.database.ownerUrl, async (client) => {
      const orders = `select count(*)::int as orders, sum(total)::int as revenue from orders where restaurant_id = $1`;
      return (await client.query(orders, [id])).rows;
    });
    assert.deepEqual(stored, { orders: LINES / 3, revenue: revenueOfBigFile() }, output);
  });
});

/**
 * Writes three lines for each order, in three passes over the orders. The note column is not
 * mapped, but the reader must still read it.
 */
async function writeBigFile(file: string): Promise<void> {
  const stream = createWriteStream(file);
  stream.write(`${HEADINGS}\n`);
  const note = 'x'.repeat(7000);
  for (let line = 0; line < LINES; line += 1) {
    const order = line % (LINES / 3);
    const extras = line % 4 === 0 ? '' : `"Extra ${line % 5},Sauce ${line % 7}"`;
    const room = stream.write(
      `${order},2024-05-0${1 + (order % 9)},Item ${line % 50},${extras},${priceOf(line)},${note}\n`,
    );
    if (!room) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

function priceOf(line: number): string {
  return `${1 + (line % 20)}.${10 + (line % 90)}`;
}

function revenueOfBigFile(): number {
  let revenue = 0;
  for (let line = 0; line < LINES; line += 1) revenue += Number(priceOf(line).replace('.', ''));
  return revenue;
}
