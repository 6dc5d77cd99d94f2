/** Files leave the storage when nobody needs them, and never before, whatever dies in between. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { FakeS3 } from '../support/fakeS3.js';
import { InvoiceDesk } from '../support/invoiceDesk.js';
import { expectProblem } from '../support/problem.js';

const HOUR_MS = 3_600_000;
/** Demos are over by the database's clock too. */
const START = Date.now() - 100 * HOUR_MS;
const UBL = 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2';

function invoiceOf(number: string): string {
  return `<Invoice xmlns="${UBL}"><ID>${number}</ID><InvoiceLine><ID>1</ID><Item><Name>Peas</Name></Item></InvoiceLine></Invoice>`;
}

describe('files that nobody needs', () => {
  let api: TestApi;
  let s3: FakeS3;
  let at: InvoiceDesk;
  let now = START;
  before(async () => {
    s3 = await FakeS3.start();
    api = await startApi({ clock: () => new Date(now), documents: { files: s3.settings(), ocr: false } });
    at = new InvoiceDesk(api, (await api.restaurant()).token);
  });
  beforeEach(() => void (now = START));
  after(async () => {
    await api.close();
    await s3.close();
  });

  const asOwner = (text: string, values: unknown[] = []): Promise<Json[]> =>
    withClient(api.database.ownerUrl, async (owner) => (await owner.query(text, values)).rows);
  /** Lets thirty days, an hour or ten minutes pass for the files that wait, or looks at all. */
  const pass = (which: 'waiting' | 'all' = 'waiting') =>
    asOwner(
      `update storage.files set check_at = now() - interval '1 second' where check_at is not null or $1 = 'all'`,
      [which],
    );
  const remove = () => api.context.supplierInvoices.removeFiles(() => false);
  const stored = (sha256: string) => [...s3.objects.keys()].filter((key) => key.endsWith(sha256)).length;
  const fileOf = (id: string) => api.get(`/v1/supplier-invoices/${id}/file`, { token: at.token });

  async function rejected(number: string): Promise<Json> {
    const read = await at.read(`${number}.xml`, invoiceOf(number));
    return at.act(read.id, 'reject', { reason: 'spam' });
  }

  test('a rejected document keeps its file for thirty days, then says that it is gone', async () => {
    const document = await rejected('R1');
    const [waiting] = await asOwner(
      `select round(extract(epoch from check_at - now()) / 86400) as days from storage.files where file_key like '%' || $1`,
      [document.sha256],
    );
    assert.equal(Number(waiting?.days), 30);
    assert.equal(await remove(), 0);
    assert.equal(stored(document.sha256), 1);
    await pass();
    assert.equal(await remove(), 1);
    assert.equal(stored(document.sha256), 0);
    assert.ok((await at.get(document.id)).fileRemovedAt);
    expectProblem(404, await fileOf(document.id));
    const refused = await api.post(`/v1/supplier-invoices/${document.id}/reprocess`, {}, { token: at.token });
    assert.match(expectProblem(409, refused).detail, /Send it again/);
    const again = expectStatus(202, await at.upload({ 'again.xml': invoiceOf('R1') }));
    assert.deepEqual([again.data[0].id, again.data[0].isDuplicate], [document.id, true]);
    await at.act(document.id, 'reprocess');
    await api.context.supplierInvoices.readWaiting();
    const read = await at.get(document.id);
    assert.deepEqual([read.status, read.fileRemovedAt], ['review', null]);
    await pass('all');
    await remove();
    assert.equal(stored(document.sha256), 1);
    assert.deepEqual(await asOwner('select file_key from storage.files where check_at is not null'), []);
  });

  test('a file of several documents stays until all of them are rejected', async () => {
    const two = await at.read('two.xml', invoiceOf('P1'));
    await asOwner(
      `insert into supplier_invoices (restaurant_id, id, workflow_id, part, status, user_id, file_name, file_key, sha256, bytes, kind,
         uploaded_at, created_at, updated_at)
       select restaurant_id, gen_random_uuid(), workflow_id, 2, 'posted', user_id, file_name, file_key, sha256, bytes, kind, uploaded_at,
         created_at, updated_at
       from supplier_invoices where id = $1`,
      [two.id],
    );
    await at.act(two.id, 'reject', { reason: 'x' });
    await pass('all');
    await remove();
    assert.equal(stored(two.sha256), 1);
    assert.equal((await at.get(two.id)).fileRemovedAt, null);
  });

  test('the same bytes sent by many at once leave one file, and failed uploads leave none', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => at.upload({ 'x.xml': invoiceOf('M1') })));
    const [first] = answers.map((answer) => expectStatus(202, answer).data[0]);
    await api.context.supplierInvoices.readWaiting();
    // An upload whose process ended between the storage and the database.
    const [owner] = await asOwner('select restaurant_id as id from supplier_invoices where id = $1', [first.id]);
    const lost = `supplier-invoices/${owner?.id}/00000000-0000-7000-8000-000000000000/${'a'.repeat(64)}`;
    await asOwner('select note_stored_files(array[$1])', [lost]);
    const bucket = [...s3.objects.keys()][0]?.replace(/supplier-invoices.*/, '') ?? '';
    s3.objects.set(bucket + lost, Buffer.from('x'));
    await remove();
    assert.equal(stored('a'.repeat(64)), 1, 'an upload may still be under way');
    await pass();
    await remove();
    assert.equal(stored('a'.repeat(64)), 0);
    assert.equal(stored(first.sha256), 1);
    const headers = { authorization: `Bearer ${at.token}` };
    const file = await fetch(`${api.url}/v1/supplier-invoices/${first.id}/file`, { headers });
    assert.equal(await file.text(), invoiceOf('M1'));
  });

  test('files of a removed demo go after it', async () => {
    const demo = expectStatus(201, await api.post('/v1/demo-sessions', {}));
    // Demos may not upload; a document of theirs comes from elsewhere.
    const digest = 'd'.repeat(64);
    const key = `supplier-invoices/${demo.restaurant.id}/${demo.restaurant.id}/${digest}`;
    const bucket = [...s3.objects.keys()][0]?.replace(/supplier-invoices.*/, '') ?? '';
    s3.objects.set(bucket + key, Buffer.from('x'));
    await asOwner(
      `insert into supplier_invoices (restaurant_id, id, workflow_id, status, user_id, file_name, file_key, sha256, bytes, kind,
         uploaded_at, created_at, updated_at)
       values ($1, gen_random_uuid(), gen_random_uuid(), 'posted', 'x', 'x', $2, $3, 1, 'xml', now(), now(), now())`,
      [demo.restaurant.id, key, digest],
    );
    await pass('all');
    await remove();
    assert.equal(stored(digest), 1);
    now = START + 48 * HOUR_MS;
    await api.context.demo.removeExpired();
    assert.deepEqual(await asOwner('select id from restaurants where id = $1', [demo.restaurant.id]), []);
    assert.equal(stored(digest), 1);
    await remove();
    assert.equal(stored(digest), 0);
  });

  test('a storage that is away, and a worker that died with files taken, lose and keep nothing', async () => {
    const document = await rejected('K1');
    await pass();
    s3.failsWith = 503;
    await assert.rejects(remove(), /storage does not answer/);
    s3.failsWith = undefined;
    assert.equal(await remove(), 0, 'taken for ten minutes');
    assert.equal(stored(document.sha256), 1);
    await pass();
    // Taken by a worker that then died, before and after the file was gone.
    await asOwner('select claim_removable_files(50)');
    await pass();
    assert.equal(await remove(), 1);
    assert.equal(stored(document.sha256), 0);
    assert.deepEqual(await asOwner(`select 1 from storage.files where file_key like '%' || $1`, [document.sha256]), []);
    const metrics = await api.context.metrics.prometheus();
    assert.match(metrics, /servio_storage_duration_seconds_count\{operation="remove",outcome="failed"\} [1-9]/);
    assert.match(metrics, /servio_storage_duration_seconds_count\{operation="store",outcome="ok"\} [1-9]/);
    assert.match(metrics, /servio_stored_files_removed_total [1-9]/);
  });

  test('of a removal and a person who reads the document again at once, one wins', async () => {
    for (let round = 0; round < 8; round += 1) {
      const document = await rejected(`W${round}`);
      await pass();
      const [answer] = await Promise.all([
        api.post(`/v1/supplier-invoices/${document.id}/reprocess`, {}, { token: at.token }),
        remove(),
        remove(),
      ]);
      await api.context.supplierInvoices.readWaiting();
      const isKept = answer.status === 200;
      assert.ok(isKept || answer.status === 409, `${answer.status}`);
      assert.equal(stored(document.sha256), isKept ? 1 : 0);
      assert.equal((await at.get(document.id)).status, isKept ? 'review' : 'rejected');
    }
  });
});
