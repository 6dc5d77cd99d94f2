/**
 * Pictures of dishes: made safe and small, shown to everybody, stored once and removed with their
 * last dish.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { withClient } from '../../src/config/database.js';
import { FileReading } from '../../src/services/supplierInvoice/FileReading.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { FakeS3 } from '../support/fakeS3.js';
import { expectProblem } from '../support/problem.js';

const HEIC = fileURLToPath(new URL('../../../backend/tests/samples/german-receipt.heic', import.meta.url));

describe('pictures of dishes', () => {
  let api: TestApi;
  let s3: FakeS3;
  let token: string;
  const { get, patch, refused } = new Factories(() => ({ api, token }));
  before(async () => {
    s3 = await FakeS3.start();
    api = await startApi({ documents: { files: s3.settings(), ocr: false } });
    ({ token } = await api.restaurant());
  });
  after(async () => {
    await api.close();
    await s3.close();
  });

  /** A photo whose left half is red, and its right half of a shade that makes its bytes its own. */
  function photo(
    shade: number,
    width = 60,
    height = 40,
    type: 'image/jpeg' | 'image/png' | 'image/webp' = 'image/png',
  ) {
    const canvas = createCanvas(width, height);
    const context = canvas.getContext('2d');
    context.fillStyle = 'red';
    context.fillRect(0, 0, width / 2, height);
    context.fillStyle = `rgb(0, ${shade}, 255)`;
    context.fillRect(width / 2, 0, width / 2, height);
    return type === 'image/jpeg' ? canvas.toBuffer(type) : canvas.toBuffer(type as 'image/png');
  }

  /** The JPEG as a camera writes it that was held upright, with a place in its metadata. */
  function turned(jpeg: Buffer): Buffer {
    const turn = Buffer.from('MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0', 'latin1');
    const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), turn, Buffer.from('GPS 52.5200 13.4050')]);
    const head = Buffer.from([0xff, 0xe1, (exif.length + 2) >> 8, (exif.length + 2) & 255]);
    return Buffer.concat([jpeg.subarray(0, 2), head, exif, jpeg.subarray(2)]);
  }

  function send(bytes: Uint8Array, options: { token?: string; name?: string; part?: string } = {}): Promise<Answer> {
    const form = new FormData();
    form.set(options.part ?? 'file', new Blob([new Uint8Array(bytes)]), options.name ?? 'dish.jpg');
    return api.post('/v1/pictures', undefined, { token: options.token ?? token, raw: form });
  }
  const upload = async (bytes: Uint8Array): Promise<Json> => expectStatus(201, await send(bytes));
  const seen = (address: string, headers: Record<string, string> = {}) => fetch(api.url + address, { headers });
  const asOwner = (text: string): Promise<Json[]> =>
    withClient(api.database.ownerUrl, async (owner) => (await owner.query(text)).rows);
  const removeFiles = async (): Promise<number> => {
    await asOwner(`update storage.files set check_at = now() - interval '1 second' where check_at is not null`);
    return api.context.supplierInvoices.removeFiles(() => false);
  };
  const files = (id: string): number => [...s3.objects.keys()].filter((key) => key.includes(id)).length;

  test('become three sizes, upright and without metadata, for everybody and for good', async () => {
    const sent = turned(Buffer.from(photo(1, 2_000, 1_000, 'image/jpeg')));
    const picture = await upload(sent);
    const sides: [string, number, number][] = [
      ['small', 160, 320],
      ['medium', 400, 800],
      ['large', 800, 1_600],
    ];
    for (const [size, width, height] of sides) {
      const answer = await seen(picture[size]);
      assert.equal(answer.status, 200);
      const bytes = Buffer.from(await answer.arrayBuffer());
      assert.equal(answer.headers.get('content-type'), 'image/webp');
      assert.match(answer.headers.get('cache-control') ?? '', /public, max-age=31536000, immutable/);
      assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin');
      assert.ok(!bytes.includes('Exif') && !bytes.includes('GPS'));
      const image = await loadImage(bytes);
      assert.deepEqual([image.width, image.height], [width, height], size);
      const canvas = createCanvas(width, height);
      canvas.getContext('2d').drawImage(image, 0, 0);
      const [red = 0, , blue = 0] = canvas.getContext('2d').getImageData(width / 2, 10, 1, 1).data;
      assert.ok(red > 200 && blue < 60, 'the left half is on top');
      const etag = answer.headers.get('etag') ?? '';
      const again = await seen(picture[size], { 'if-none-match': etag });
      assert.deepEqual([again.status, await again.text(), again.headers.get('etag')], [304, '', etag]);
    }
    const small = await upload(photo(2, 60, 40, 'image/webp'));
    const image = await loadImage(Buffer.from(await (await seen(small['large'])).arrayBuffer()));
    assert.deepEqual([image.width, image.height], [60, 40], 'nothing is enlarged');
    const heic = await upload(await readFile(HEIC));
    assert.equal((await seen(heic['medium'])).status, 200);
    for (const address of [
      picture['small'].replace(/.{4}\/small/, '0000/small'),
      picture['small'].replace('small', 'huge'),
    ])
      assert.ok([404, 422].includes((await seen(address)).status), address);
  });

  test('are stored once, shown on the menu, and removed with their last dish', async () => {
    const picture = await upload(photo(3));
    const many = await Promise.all(Array.from({ length: 4 }, () => upload(photo(4))));
    assert.equal(new Set(many.map(({ id }) => id)).size, 1, 'of four at once all have one');
    const keys = `from storage.files where file_key like '%' || '${picture['id'].split('.').at(-1)}' || '%'`;
    await asOwner(`update storage.files set check_at = now() where file_key in (select file_key ${keys})`);
    assert.deepEqual(await upload(photo(3)), picture);
    const [kept] = await asOwner(`select count(*)::int as n ${keys} and check_at > now() + interval '23 hours'`);
    assert.equal(kept?.['n'], 3, 'sent again, it has another day');
    assert.equal(files(picture['id']), 3);
    const [soup, stew] = [await api.item(token, { pictureId: picture['id'] }), await api.item(token)];
    assert.deepEqual(soup['picture'], picture);
    await patch(`/v1/menu-items/${stew['id']}`, { pictureId: picture['id'] });
    const { categories } = await get('/v1/menu');
    const shown = categories.flatMap((one: Json) => one.items).filter((one: Json) => one.picture !== null);
    assert.deepEqual(
      shown.map((one: Json) => one.picture),
      [picture, picture],
    );
    const other = await api.restaurant();
    const theirs = expectStatus(201, await send(photo(3), { token: other.token }));
    assert.notEqual(theirs.id, picture['id'], 'each restaurant has its own');
    const body = { name: 'Stolen', price: 1, categoryId: soup['categoryId'], pictureId: theirs.id };
    assert.equal((await refused(404, '/v1/menu-items', body)).errors[0].pointer, '/pictureId');

    await removeFiles();
    assert.equal(files(picture['id']), 3, 'two dishes have it');
    assert.equal(files(theirs.id), 0, 'a day has passed, and no dish has it');
    assert.equal((await patch(`/v1/menu-items/${stew['id']}`, { pictureId: null })).picture, null);
    await removeFiles();
    assert.equal((await seen(picture['small'])).status, 200);
    expectStatus(204, await api.delete(`/v1/menu-items/${soup['id']}`, undefined, { token }));
    await removeFiles();
    assert.equal(files(picture['id']), 0);
    assert.equal((await seen(picture['small'])).status, 404);
    const back = await upload(photo(3));
    assert.notEqual(back['id'], picture['id'], 'an address is never used again');
    assert.equal((await seen(back['small'])).status, 200);
  });

  test('that are none, or too much to open, are refused before anything is stored', async () => {
    const stored = [...s3.objects.keys()];
    const bomb = photo(5);
    // The header of a PNG says how many pixels there are: 30,000 x 30,000.
    bomb.writeUInt32BE(30_000, 16);
    bomb.writeUInt32BE(30_000, 20);
    const cases: [number, Uint8Array][] = [
      [415, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
      [415, Buffer.from('%PDF-1.7')],
      [415, Buffer.from('just a text')],
      [422, Buffer.alloc(0)],
      [422, bomb],
      [422, photo(5).subarray(0, 60)],
      [422, photo(5).subarray(0, -9)],
      [422, turned(Buffer.from(photo(5, 600, 400, 'image/jpeg'))).subarray(0, -2)],
      [422, photo(5, 60, 40, 'image/webp').subarray(0, -1)],
      [422, Buffer.concat([photo(5), Buffer.from('PK\x05\x06'), Buffer.alloc(18)])],
      [413, Buffer.alloc(15_000_001)],
    ];
    for (const [status, bytes] of cases) expectProblem(status, await send(bytes), `${status} ${bytes.length}`);
    expectProblem(422, await send(photo(5), { part: 'picture' }));
    expectProblem(415, await api.post('/v1/pictures', { file: 'x' }, { token }));
    const reader = await api.post('/v1/api-keys', { name: 'r', scopes: ['menu:read'] }, { token });
    expectProblem(403, await send(photo(5), { token: reader.body.secret }));
    assert.deepEqual([...s3.objects.keys()], stored);
  });

  test('leave nothing half-done when the storage or the database fails', async () => {
    const count = async () => (await asOwner('select count(*)::int as n from menu_pictures'))[0]?.['n'];
    const before = await count();
    s3.failsWith = 500;
    try {
      const problem = expectProblem(503, await send(photo(6)));
      assert.equal(problem.code, 'dependency_unavailable');
    } finally {
      s3.failsWith = undefined;
    }
    assert.equal(await count(), before);
    const known = new Set(s3.objects.keys());
    // As a process that is killed between the files and the row.
    await withClient(api.database.ownerUrl, async (holder) => {
      await holder.query('begin');
      await holder.query('lock table menu_pictures in exclusive mode');
      expectProblem(503, await send(photo(7)));
      await holder.query('rollback');
    });
    assert.equal(await count(), before);
    const orphans = [...s3.objects.keys()].filter((key) => !known.has(key));
    assert.equal(orphans.length, 3);
    await removeFiles();
    assert.ok(orphans.every((key) => !s3.objects.has(key)));
    assert.equal((await seen((await upload(photo(7)))['small'])).status, 200);
  });

  test('of one restaurant never take all threads', async () => {
    const reading = new FileReading({ threads: 1 });
    const small = new Uint8Array(photo(30));
    let done = 0;
    const large = [20, 21].map((seed) => new Uint8Array(photo(seed, 5_000, 4_000, 'image/jpeg')));
    const pile = large.map((bytes) => reading.resize('busy', bytes, [1_600]).then(() => (done += 1)));
    await reading.check('quiet', small, 'dish.png');
    assert.equal(done, 0, 'the small file of the other restaurant waited for a large one');
    await Promise.all(pile);
    await reading.close();
  });
});
