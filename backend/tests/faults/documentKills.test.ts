/**
 * Documents while workers are killed and the storage goes away: every one is read, and none is in
 * stock twice. Longer, on a machine of its own: `DOCUMENT_SECONDS=60 DOCUMENT_RATE=30 npm test --
 * --only tests documentKills`.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { FakeS3 } from '../support/fakeS3.js';
import { InvoiceDesk } from '../support/invoiceDesk.js';
import { WorkerProcess } from '../support/workerProcess.js';

const SECONDS = Number(process.env['DOCUMENT_SECONDS'] ?? 4);
const RATE = Number(process.env['DOCUMENT_RATE'] ?? 8);
const KILLED_EVERY_MS = 3_000;
const AWAY_MS = Math.min(10_000, SECONDS * 500);
const KILLS = Math.max(2, Math.floor((SECONDS * 1_000) / KILLED_EVERY_MS));
/** Leases of dead workers end after 20 s. */
const REST_MS = 240_000;
const UBL = 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2';

function invoiceOf(number: number): string {
  return `<Invoice xmlns="${UBL}"><ID>K-${number}</ID><IssueDate>2026-11-01</IssueDate><DocumentCurrencyCode>EUR</DocumentCurrencyCode>
    <AccountingSupplierParty><Party><PartyName><Name>Farm</Name></PartyName></Party></AccountingSupplierParty>
    <LegalMonetaryTotal><PayableAmount>10.00</PayableAmount></LegalMonetaryTotal>
    <InvoiceLine><ID>1</ID><InvoicedQuantity unitCode="KGM">5</InvoicedQuantity><LineExtensionAmount>10.00</LineExtensionAmount>
    <Item><Name>Potatoes</Name></Item></InvoiceLine></Invoice>`;
}

describe('documents whose workers are killed', () => {
  let api: TestApi;
  let s3: FakeS3;
  let at: InvoiceDesk;
  let worker: WorkerProcess | undefined;
  before(async () => {
    s3 = await FakeS3.start();
    api = await startApi({ documents: { files: s3.settings(), ocr: false } });
    at = new InvoiceDesk(api, (await api.restaurant({ currency: 'EUR' })).token);
    expectStatus(201, await api.post('/v1/inventory-items', { name: 'Potatoes', unit: 'kg' }, { token: at.token }));
  });
  after(async () => {
    await worker?.end('SIGKILL');
    await api.close();
    await s3.close();
  });

  const startWorker = (): Promise<WorkerProcess> =>
    WorkerProcess.start(api.database, {
      OCR: 'off',
      S3_BUCKET: s3.settings().bucket,
      S3_ENDPOINT: s3.endpoint,
      S3_REGION: s3.settings().region,
      S3_ACCESS_KEY_ID: s3.settings().credentials?.accessKeyId ?? '',
      S3_SECRET_ACCESS_KEY: s3.settings().credentials?.secretAccessKey ?? '',
    });

  /** As a client does: a refusal stores nothing, so the same file is sent again. */
  async function sent(number: number): Promise<string> {
    for (;;) {
      const answer = await at.upload({ [`${number}.xml`]: invoiceOf(number) });
      if (answer.status === 202) return answer.body.data[0].id;
      assert.ok([429, 503].includes(answer.status), `an upload was answered ${answer.status}`);
      await sleep(500);
    }
  }

  async function statuses(ids: readonly string[]): Promise<string[]> {
    const answers = await Promise.all(
      ids.map((id) => api.get(`/v1/supplier-invoices/${id}/status`, { token: at.token })),
    );
    return answers.map((answer) => expectStatus(200, answer).status);
  }

  test('all are read, posted once, and exact in the ledger', async () => {
    const count = SECONDS * RATE;
    const uploads: Promise<string>[] = [];
    const loading = (async () => {
      for (let number = 0; number < count; number += 1) {
        uploads.push(sent(number));
        await sleep(1_000 / RATE);
      }
    })();
    const away = (async () => {
      await sleep((SECONDS * 1_000) / 3);
      s3.failsWith = 503;
      await sleep(AWAY_MS);
      s3.failsWith = undefined;
    })();
    for (let kill = 0; kill < KILLS; kill += 1) {
      worker = await startWorker();
      await sleep(KILLED_EVERY_MS);
      await worker.end('SIGKILL');
    }
    await Promise.all([loading, away]);
    const ids = await Promise.all(uploads);
    assert.equal(new Set(ids).size, count);
    worker = await startWorker();
    const until = performance.now() + REST_MS;
    while ((await statuses(ids)).some((status) => status !== 'review') && performance.now() < until) await sleep(1_000);
    assert.deepEqual([...new Set(await statuses(ids))], ['review']);
    for (const id of ids) {
      assert.equal((await at.get(id)).lines.length, 1);
      await at.act(id, 'approve');
      await at.act(id, 'post');
    }
    assert.deepEqual((await at.stock())['Potatoes'], [String(count * 5), '200']);
    const receipts = expectStatus(200, await api.get('/v1/goods-receipts?limit=100', { token: at.token }));
    assert.equal(receipts.data.length, Math.min(count, 100));
    const audit: Json = expectStatus(200, await api.get('/v1/stock/audit', { token: at.token }));
    assert.deepEqual(audit.faults, []);
  });
});
