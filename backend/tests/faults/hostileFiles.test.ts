/** Files that nobody should send: refused within a second, and nothing is stored. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import { withClient } from '../../src/config/database.js';
import { expectStatus, startApi, type TestApi } from '../support/api.js';
import { InvoiceDesk } from '../support/invoiceDesk.js';
import { watchOwnLoop } from '../support/loopWatch.js';
import { Lateness } from '../support/patience.js';
import { expectProblem } from '../support/problem.js';

const UBL = 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2';

/** A PDF of objects, with a table of their places. */
function pdfOf(objects: readonly (string | Buffer)[]): Buffer<ArrayBuffer> {
  const parts: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const places: number[] = [];
  let at = 9;
  for (const [index, object] of objects.entries()) {
    places.push(at);
    const whole = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), Buffer.from(object), Buffer.from('\nendobj\n')]);
    parts.push(whole);
    at += whole.length;
  }
  const rows = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(Buffer.from(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`));
  parts.push(Buffer.from(`trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${at}\n%%EOF\n`));
  return Buffer.concat(parts);
}

const PAGE = '<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>';
const PAGES = '<</Type/Pages/Kids[3 0 R]/Count 1>>';

/** Packed objects, where a search in the bytes finds nothing. */
function packed(objects: Record<number, string>): Buffer {
  const bodies = Object.values(objects);
  let offset = 0;
  const index = Object.keys(objects)
    .map((number, place) => {
      const entry = `${number} ${offset}`;
      offset += (bodies[place] ?? '').length + 1;
      return entry;
    })
    .join(' ');
  const head = `${index} `;
  const stream = deflateSync(`${head}${bodies.join(' ')}`);
  const dictionary = `<</Type/ObjStm/N ${bodies.length}/First ${head.length}/Filter/FlateDecode/Length ${stream.length}>>`;
  return Buffer.concat([Buffer.from(`${dictionary}\nstream\n`), stream, Buffer.from('\nendstream')]);
}

/** A PDF whose action is only in packed objects, with a packed table of places. */
function pdfWithPackedScript(): Buffer<ArrayBuffer> {
  const objects = {
    1: '<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>',
    2: PAGES,
    3: PAGE,
    4: '<</S/JavaScript/JS(app.alert\\(1\\))>>',
  };
  const head = Buffer.from('%PDF-1.7\n');
  const five = Buffer.concat([Buffer.from('5 0 obj\n'), packed(objects), Buffer.from('\nendobj\n')]);
  const place = (value: number, type: number, last: number): Buffer =>
    Buffer.from([type, value >> 8, value & 255, last]);
  const at = head.length + five.length;
  const table = deflateSync(
    Buffer.concat([
      place(0, 0, 255),
      place(5, 2, 0),
      place(5, 2, 1),
      place(5, 2, 2),
      place(5, 2, 3),
      place(head.length, 1, 0),
      place(at, 1, 0),
    ]),
  );
  const six = `6 0 obj\n<</Type/XRef/Size 7/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length ${table.length}>>\nstream\n`;
  return Buffer.concat([
    head,
    five,
    Buffer.from(six),
    table,
    Buffer.from(`\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`),
  ]);
}

function pdfWithBomb(): Buffer<ArrayBuffer> {
  const zeros = deflateSync(Buffer.alloc(200_000_000), { level: 9 });
  const attachment = Buffer.concat([
    Buffer.from(`<</Type/EmbeddedFile/Filter/FlateDecode/Length ${zeros.length}>>\nstream\n`),
    zeros,
    Buffer.from('\nendstream'),
  ]);
  const names = '<</EmbeddedFiles<</Names[(x.xml)<</Type/Filespec/F(x.xml)/EF<</F 4 0 R>>>>]>>>>';
  return pdfOf([`<</Type/Catalog/Pages 2 0 R/Names${names}>>`, PAGES, PAGE, attachment]);
}

function pngOf(width: number, height: number): Buffer<ArrayBuffer> {
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1_000_000))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const ZIP_END = Buffer.concat([Buffer.from([0x50, 0x4b, 5, 6]), Buffer.alloc(18)]);
const XML = `<Invoice xmlns="${UBL}"><ID>1</ID></Invoice>`;

const HOSTILE: [
  what: string,
  name: string,
  content: () => Buffer<ArrayBuffer> | string,
  status: number,
  reason: RegExp,
][] = [
  [
    'entities that grow',
    'laughs.xml',
    () =>
      `<!DOCTYPE x [${Array.from({ length: 10 }, (_, n) => `<!ENTITY a${n + 1} "${`&a${n};`.repeat(10)}">`).join('')}]><x>&a10;</x>`,
    422,
    /DOCTYPE/,
  ],
  [
    'an outside entity',
    'xxe.xml',
    () => `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Invoice xmlns="${UBL}"><ID>&e;</ID></Invoice>`,
    422,
    /DOCTYPE/,
  ],
  ['depth', 'deep.xml', () => '<a>'.repeat(1_000_000), 422, /nested/],
  ['elements', 'wide.xml', () => `<a>${'<b/>'.repeat(3_000_000)}</a>`, 422, /elements/],
  ['ill-formed XML', 'broken.xml', () => '<a><b></a>', 422, /well-formed/],
  [
    'a zip archive',
    'bomb.zip',
    () => Buffer.concat([Buffer.from('PK\x03\x04'), deflateSync(Buffer.alloc(1_000_000))]),
    415,
    /PDF, JPEG/,
  ],
  ['a gzip archive', 'bomb.xml.gz', () => Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]), 415, /PDF, JPEG/],
  ['a picture of 50,000 x 50,000', 'huge.png', () => pngOf(50_000, 50_000), 422, /pixels/],
  [
    'a picture without a header',
    'empty.png',
    () => Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    422,
    /size of this picture/,
  ],
  [
    '10,000 pages',
    'long.pdf',
    () =>
      pdfOf([
        '<</Type/Catalog/Pages 2 0 R>>',
        `<</Type/Pages/Kids[${Array.from({ length: 10_000 }, (_, n) => `${n + 3} 0 R`).join(' ')}]/Count 10000>>`,
        ...Array.from({ length: 10_000 }, () => PAGE),
      ]),
    422,
    /10000 pages/,
  ],
  [
    'a PDF with a script',
    'js.pdf',
    () => pdfOf(['<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>', PAGES, PAGE]),
    422,
    /scripts/,
  ],
  [
    'a script with a written-out name',
    'js2.pdf',
    () => pdfOf(['<</Type/Catalog/Pages 2 0 R/OpenAction<</S/J#61vaScript/J#53(app.alert\\(1\\))>>>>', PAGES, PAGE]),
    422,
    /scripts/,
  ],
  ['a script in packed objects', 'js3.pdf', pdfWithPackedScript, 422, /scripts/],
  [
    'a program to start',
    'launch.pdf',
    () => pdfOf(['<</Type/Catalog/Pages 2 0 R/OpenAction<</S/Launch/F(cmd.exe)>>>>', PAGES, PAGE]),
    422,
    /scripts/,
  ],
  ['an attachment that unpacks to 200 MB', 'bomb.pdf', pdfWithBomb, 422, /unpacks/],
  ['a damaged PDF', 'broken.pdf', () => '%PDF-1.7\nnothing else', 422, /damaged/],
  [
    'a PDF that is also an archive',
    'both.pdf',
    () => Buffer.concat([pdfOf(['<</Type/Catalog/Pages 2 0 R>>', PAGES, PAGE]), ZIP_END]),
    422,
    /zip/,
  ],
  [
    'a picture that is also a PDF',
    'both.png',
    () => Buffer.concat([pngOf(10, 10).subarray(0, 33), Buffer.from('%PDF-1.7')]),
    422,
    /also a PDF/,
  ],
  [
    'a picture that is also a page',
    'both.jpg',
    () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 40]), Buffer.from('<script>alert(1)</script>')]),
    422,
    /web page/,
  ],
  ['a program', 'invoice.pdf', () => Buffer.concat([Buffer.from('MZ'), Buffer.alloc(1_000)]), 415, /PDF, JPEG/],
  ['a web page', 'invoice.xml', () => '<!doctype html><html><script>alert(1)</script></html>', 415, /PDF, JPEG/],
  ['nothing', 'empty.pdf', () => '', 422, /empty/],
  ['a text', 'invoice.txt', () => 'pay me', 415, /PDF, JPEG/],
];

describe('files that nobody should send', () => {
  let api: TestApi;
  let at: InvoiceDesk;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'servio-hostile-'));
    api = await startApi({ documents: { files: { folder } } });
    at = new InvoiceDesk(api, (await api.restaurant()).token);
    // The threads have their code then, as in a server that has been running for a while.
    const warm = pdfOf(['<</Type/Catalog/Pages 2 0 R/X(1)>>', PAGES, PAGE]);
    const pdfs = Array.from({ length: 8 }, (_, n) => [`${n}.pdf`, Buffer.concat([warm, Buffer.from(`%${n}`)])]);
    await at.upload({ ...Object.fromEntries(pdfs), 'warm.txt': 'x' });
  });
  after(async () => {
    await api.close();
    await rm(folder, { recursive: true });
  });

  const rows = () =>
    withClient(api.database.ownerUrl, async (owner) => (await owner.query('select 1 from supplier_invoices')).rowCount);

  /** Files are removed behind the answer. */
  async function nothingLeft(): Promise<void> {
    for (let tries = 0; tries < 100 && (await readdir(path.join(folder, '.incoming'))).length > 0; tries += 1)
      await sleep(20);
    assert.deepEqual(await readdir(path.join(folder, '.incoming')), []);
  }

  for (const [what, name, content, status, reason] of HOSTILE) {
    test(`refuses ${what} within a second, stores nothing and stalls nobody`, async () => {
      const file = content();
      // The best of several rounds: a cold compiler and other processes compute, too.
      let [tookMs, stallMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      for (let round = 0; round < 4 && (tookMs >= 1_000 || stallMs >= 50); round += 1) {
        const form = new FormData();
        form.append('files', new Blob([file]), name);
        const lateness = new Lateness();
        const stopWatch = watchOwnLoop();
        const from = performance.now();
        const answer = await api.post('/v1/supplier-invoices', undefined, { token: at.token, raw: form });
        tookMs = Math.min(tookMs, performance.now() - from - lateness.ms);
        stallMs = Math.min(stallMs, stopWatch());
        lateness.end();
        const { detail } = expectProblem(status, answer, what);
        assert.match(detail, reason);
      }
      assert.ok(tookMs < 1_000, `${what} took ${Math.round(tookMs)} ms`);
      assert.ok(stallMs < 50, `${what} stalled the loop for ${Math.round(stallMs)} ms`);
      assert.equal(await rows(), 0);
      await nothingLeft();
      assert.deepEqual(
        (await readdir(folder)).filter((entry) => entry !== '.incoming'),
        [],
      );
    });
  }

  test('names with paths and line breaks lose them', async () => {
    const form = new FormData();
    form.append('files', new Blob([XML]), '../../etc/pass\r\nwd: x.xml');
    const { data } = expectStatus(
      202,
      await api.post('/v1/supplier-invoices', undefined, { token: at.token, raw: form }),
    );
    assert.doesNotMatch(data[0].fileName, /[/\\\r\n\0]/);
    const kept = await readdir(path.join(folder, 'supplier-invoices'), { recursive: true });
    assert.ok(
      kept.every((entry) => /^[0-9a-f-]{36}(?:\/[0-9a-f-]{36}(?:\/[0-9a-f]{64})?)?$/.test(entry)),
      kept.join(),
    );
  });

  test('a name with a byte that nothing can store is refused', async () => {
    const form = new FormData();
    form.append('files', new Blob([XML]), 'a\0b.xml');
    expectProblem(400, await api.post('/v1/supplier-invoices', undefined, { token: at.token, raw: form }));
  });

  test('too many files, and one that is too large, are refused before they are stored', async () => {
    const many = Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`${n}.xml`, `${XML}<!--${n}-->`]));
    expectProblem(413, await at.upload(many));
    expectProblem(413, await at.upload({ 'large.xml': Buffer.alloc(21_000_000, ' ') }));
    await nothingLeft();
  });
});
