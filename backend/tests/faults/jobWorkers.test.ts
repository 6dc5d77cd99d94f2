/**
 * Workers that die, freeze or stop: another one takes the job over, and its effects happen once.
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { csv, ImportClient, PLAIN } from '../support/importClient.js';
import { until } from '../support/jobRoom.js';
import { WorkerProcess } from '../support/workerProcess.js';

const ORDERS = 12_000;
/** The heartbeat of 10 s, and the supervision every 5 s. */
const TAKEOVER_MS = 15_000;

let api: TestApi;
let imports: ImportClient;
let home: TestRestaurant;
const workers: WorkerProcess[] = [];

before(async () => {
  api = await startApi();
  imports = new ImportClient(api);
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.end('SIGKILL');
});
after(() => api.close());

async function startWorker(): Promise<WorkerProcess> {
  const worker = await WorkerProcess.start(api.database);
  workers.push(worker);
  return worker;
}

/** A file of more than a megabyte becomes a job. */
async function sendLargeFile(): Promise<string> {
  home = await api.restaurant();
  const note = 'x'.repeat(60);
  const rows = Array.from({ length: ORDERS }, (_, order) => {
    const minute = String(order % 60).padStart(2, '0');
    return `${order},2025-03-${String(1 + (order % 28)).padStart(2, '0')}T12:${minute}:00,Dish ${order % 40} ${note},1,10.00`;
  });
  const answer = await imports.send(home.token, csv(...rows), PLAIN);
  assert.equal(answer.status, 202, answer.text);
  return answer.body.id;
}

const read = async (id: string): Promise<Json> =>
  expectStatus(200, await api.get(`/v1/jobs/${id}`, { token: home.token }));
const isIn = (id: string, state: string) => async (): Promise<boolean> => (await read(id)).state === state;

async function assertImportedOnce(id: string): Promise<void> {
  const { result } = await read(id);
  const done = expectStatus(200, await api.get(`/v1/imports/${result.importId}`, { token: home.token }));
  assert.equal(done.ordersCreated + done.ordersSkipped, ORDERS);
  await withClient(api.database.ownerUrl, async (client) => {
    const one = async (text: string): Promise<number> => (await client.query(text, [home.id])).rows[0].count;
    assert.equal(await one('select count(*)::int from orders where restaurant_id = $1'), ORDERS);
    assert.equal(
      await one(`select count(*)::int from (
        select restaurant_id, type from events union all select restaurant_id, type from event_feed) written
        where restaurant_id = $1 and type = 'import.finished'`),
      1,
    );
    assert.equal(await one('select count(*)::int from import_uploads where restaurant_id = $1'), 0);
    assert.equal(await one('select count(*)::int from import_upload_parts where restaurant_id = $1'), 0);
  });
}

describe('a worker in the middle of a job', () => {
  test('that is killed loses it to another one within 15 s', async () => {
    const first = await startWorker();
    const id = await sendLargeFile();
    await until(isIn(id, 'running'));
    const second = await startWorker();
    await until(async () => (await read(id)).progress > 0.5, 60_000);
    await first.end('SIGKILL');
    const killedAt = performance.now();
    await until(async () => (await read(id)).attempts === 2, 30_000);
    const takenAfterMs = Math.round(performance.now() - killedAt);
    console.log(`killed: taken over after ${takenAfterMs} ms`);
    assert.ok(takenAfterMs <= TAKEOVER_MS, `${takenAfterMs} ms`);
    await until(isIn(id, 'done'), 60_000);
    await assertImportedOnce(id);
    assert.equal(await second.end('SIGTERM'), 0, second.output);
  });

  test('that freezes loses it too, and stores nothing when it wakes', async () => {
    const first = await startWorker();
    const id = await sendLargeFile();
    await until(isIn(id, 'running'));
    const second = await startWorker();
    await until(async () => (await read(id)).progress > 0.1, 60_000);
    first.child.kill('SIGSTOP');
    const frozenAt = performance.now();
    await until(async () => (await read(id)).attempts === 2, 30_000);
    const takenAfterMs = Math.round(performance.now() - frozenAt);
    console.log(`frozen: taken over after ${takenAfterMs} ms`);
    assert.ok(takenAfterMs <= TAKEOVER_MS, `${takenAfterMs} ms`);
    first.child.kill('SIGCONT');
    await until(isIn(id, 'done'), 60_000);
    assert.equal(await first.end('SIGTERM'), 0, first.output);
    assert.equal(await second.end('SIGTERM'), 0, second.output);
    await assertImportedOnce(id);
  });

  test('that is told to stop gives it back, and another one goes on at once', async () => {
    const first = await startWorker();
    const id = await sendLargeFile();
    await until(isIn(id, 'running'));
    const startedAt = performance.now();
    const stopped = first.end('SIGTERM');
    const second = await startWorker();
    assert.equal(await stopped, 0, first.output);
    assert.ok(performance.now() - startedAt < 14_000);
    await until(isIn(id, 'done'), 60_000);
    await assertImportedOnce(id);
    assert.equal(await second.end('SIGTERM'), 0, second.output);
  });
});
