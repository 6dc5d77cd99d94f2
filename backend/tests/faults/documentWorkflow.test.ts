/** Documents of suppliers while workers, the storage and the scanner fail: each ends once. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { createLogger } from '../../src/config/logger.js';
import { type Context, createContext } from '../../src/context.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { TEST_SECRET } from '../support/database.js';
import { FakeS3 } from '../support/fakeS3.js';
import { InvoiceDesk } from '../support/invoiceDesk.js';
import { expectProblem } from '../support/problem.js';

const UBL = 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2';
const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

function invoiceOf(number: string, note = ''): string {
  return `<Invoice xmlns="${UBL}"><ID>${number}</ID><IssueDate>2026-11-01</IssueDate><DocumentCurrencyCode>EUR</DocumentCurrencyCode>
    <Note>${note}</Note>
    <AccountingSupplierParty><Party><PartyName><Name>Farm</Name></PartyName></Party></AccountingSupplierParty>
    <LegalMonetaryTotal><PayableAmount>10.00</PayableAmount></LegalMonetaryTotal>
    <InvoiceLine><ID>1</ID><InvoicedQuantity unitCode="KGM">5</InvoicedQuantity><LineExtensionAmount>10.00</LineExtensionAmount>
    <Item><Name>Potatoes</Name></Item><Price><PriceAmount>2.00</PriceAmount></Price></InvoiceLine></Invoice>`;
}

/** A daemon of ClamAV that knows one virus. */
class FakeClamd {
  isAway = false;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<FakeClamd> {
    const server = createServer();
    const fake = new FakeClamd(server);
    server.on('connection', (socket) => {
      if (fake.isAway) return void socket.destroy();
      const pieces: Buffer[] = [];
      socket.on('data', (piece: Buffer) => {
        pieces.push(piece);
        const sent = Buffer.concat(pieces);
        if (!sent.subarray(0, 10).equals(Buffer.from('zINSTREAM\0')) || !sent.subarray(-4).equals(Buffer.alloc(4)))
          return;
        socket.end(sent.includes(EICAR) ? 'stream: Eicar-Test-Signature FOUND\0' : 'stream: OK\0');
      });
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  get address(): { host: string; port: number } {
    // A TCP server's address is never a string.
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

describe('the way of documents while parts fail', () => {
  let api: TestApi;
  let at: InvoiceDesk;
  let s3: FakeS3;
  let clamd: FakeClamd;
  let other: Context;
  before(async () => {
    s3 = await FakeS3.start();
    clamd = await FakeClamd.start();
    api = await startApi({ documents: { files: s3.settings(), clamd: clamd.address, ocr: false } });
    other = createContext({
      appUrl: api.database.appUrl,
      secret: TEST_SECRET,
      log: createLogger('silent'),
      documents: { files: s3.settings(), clamd: clamd.address, ocr: false },
    });
    at = new InvoiceDesk(api, (await api.restaurant()).token);
  });
  after(async () => {
    await api.close();
    // Closing a context closes the policies of the process.
    await other.close();
    await s3.close();
    await clamd.close();
  });

  const endLeases = () =>
    withClient(api.database.ownerUrl, (owner) =>
      owner.query(
        "update supplier_invoices set leased_until = now() - interval '1 second' where leased_until is not null",
      ),
    );
  const readAll = () => api.context.supplierInvoices.readWaiting();

  test('nobody gets a file before it is scanned, and a virus is removed', async () => {
    const { data } = expectStatus(
      202,
      await at.upload({ 'bad.xml': invoiceOf('V1', EICAR), 'good.xml': invoiceOf('V2') }),
    );
    const [bad, good] = data.map(({ id }: Json) => id);
    expectProblem(409, await api.get(`/v1/supplier-invoices/${good}/file`, { token: at.token }));
    await readAll();
    assert.equal((await at.get(good)).status, 'review');
    const refused = await at.get(bad);
    assert.equal(refused.status, 'failed');
    assert.match(refused.failure, /Eicar-Test-Signature/);
    assert.equal([...s3.objects.keys()].filter((key) => key.endsWith(refused.sha256)).length, 0);
  });

  test('documents wait while the scanner or the storage is away, and are read when they are back', async () => {
    const { data } = expectStatus(202, await at.upload({ 'a.xml': invoiceOf('W1') }));
    clamd.isAway = true;
    await readAll();
    assert.equal((await at.get(data[0].id)).status, 'extracting');
    clamd.isAway = false;
    s3.failsWith = 503;
    await endLeases();
    await readAll();
    assert.equal((await at.get(data[0].id)).status, 'extracting');
    const upload = await at.upload({ 'b.xml': invoiceOf('W2') });
    expectProblem(503, upload);
    s3.failsWith = undefined;
    await endLeases();
    await readAll();
    assert.equal((await at.get(data[0].id)).status, 'review');
    expectStatus(202, await at.upload({ 'b.xml': invoiceOf('W2') }));
    await readAll();
  });

  test('two workers and a dead one read each document once', async () => {
    const files = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`${n}.xml`, invoiceOf(`T${n}`)]));
    const { data } = expectStatus(202, await at.upload(files));
    // A worker that took all of them, and died.
    await withClient(api.database.ownerUrl, (owner) => owner.query('select claim_supplier_invoices(null, 1000, 90)'));
    await readAll();
    assert.equal((await at.get(data[0].id)).status, 'extracting');
    await endLeases();
    await Promise.all([readAll(), other.supplierInvoices.readWaiting(), readAll()]);
    for (const { id } of data) {
      const read = await at.get(id);
      assert.equal(read.status, 'review');
      assert.equal(read.lines.length, 1);
    }
  });

  test('of many who post or approve at once, one does', async () => {
    const potatoes = expectStatus(
      201,
      await api.post('/v1/inventory-items', { name: 'Potatoes', unit: 'kg' }, { token: at.token }),
    );
    const first = await at.read('p1.xml', invoiceOf('P1'));
    const twin = await at.read('p1 again.xml', invoiceOf('P1', 'sent again'));
    assert.equal(first.lines[0].match.inventoryItemId, potatoes.id);
    const approve = (id: string) => api.post(`/v1/supplier-invoices/${id}/approve`, {}, { token: at.token });
    const approvals = await Promise.all([first.id, twin.id, first.id, twin.id].map(approve));
    assert.deepEqual(
      approvals.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 409, 409, 409],
    );
    const { id } = approvals.find(({ status }) => status === 200)?.body ?? {};
    const post = () => api.post(`/v1/supplier-invoices/${id}/post`, {}, { token: at.token });
    const posts = await Promise.all(Array.from({ length: 8 }, post));
    assert.deepEqual(
      posts.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 409, 409, 409, 409, 409, 409, 409],
    );
    assert.deepEqual((await at.stock())['Potatoes'], ['5', '200']);
    const undo = () => api.post(`/v1/supplier-invoices/${id}/reverse`, { reason: 'test' }, { token: at.token });
    const reversals = await Promise.all(Array.from({ length: 8 }, undo));
    assert.equal(reversals.filter(({ status }) => status === 200).length, 1);
    assert.equal((await at.stock())['Potatoes']?.[0], '0');
  });

  test('too many waiting documents are refused with a time to come back', async () => {
    const { id } = await api.restaurant();
    await withClient(api.database.ownerUrl, (owner) =>
      owner.query(
        `insert into supplier_invoices (restaurant_id, id, workflow_id, status, user_id, file_name, file_key, sha256, bytes, kind, uploaded_at,
           created_at, updated_at)
         select r.id, gen_random_uuid(), gen_random_uuid(), 'received', 'test', 'x', 'x', encode(sha256(n::text::bytea), 'hex'), 1, 'xml', now(), now(),
           now()
         from restaurants r, generate_series(1, 500) n where r.id <> $1`,
        [id],
      ),
    );
    expectProblem(429, await at.upload({ 'late.xml': invoiceOf('L1') }));
    await withClient(api.database.ownerUrl, (owner) =>
      owner.query("delete from supplier_invoices where user_id = 'test'"),
    );
  });
});
