import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { expectStatus, startApi, type TestApi } from '../support/api.js';
import { csv, ImportClient, PLAIN } from '../support/importClient.js';
import { expectProblem } from '../support/problem.js';

let api: TestApi;
let client: ImportClient;

before(async () => {
  api = await startApi();
  client = new ImportClient(api);
});
after(() => api.close());

describe('imported twice', () => {
  test('a file adds nothing, and no item that was deleted since', async () => {
    const { token } = await api.restaurant();
    const file = csv('1,2024-05-01,Soup,1,4', '2,2024-05-01,Tea,2,2');
    const first = await client.run(token, file);
    const [item] = await client.list(token, '/v1/menu-items');
    const removed = await api.delete(`/v1/menu-items/${item.id}`, undefined, {
      token,
      headers: { 'if-match': `"${item.version}"` },
    });
    assert.equal(removed.status, 204, removed.text);
    const again = await client.run(token, file);
    assert.deepEqual([first.ordersCreated, first.ordersSkipped], [2, 0]);
    assert.deepEqual(
      [
        again.rows,
        again.ordersCreated,
        again.ordersSkipped,
        again.linesCreated,
        again.units,
        again.revenue,
        again.menuItemsCreated,
      ],
      [2, 0, 2, 0, 0, 0, 0],
    );
    assert.equal((await client.list(token, '/v1/menu-items')).length, 1);
    assert.equal((await client.sales(token, '2024-05-01')).revenue, 800);
  });

  test('the same numbers of another till are other orders', async () => {
    const { token } = await api.restaurant();
    await client.run(token, csv('1,2024-05-01,Soup,1,4'));
    const other = await client.run(token, csv('1,2024-05-01,Soup,1,4'), { ...PLAIN, source: 'bar' });
    assert.deepEqual([other.ordersCreated, other.menuItemsCreated], [1, 0]);
  });

  test('a mended file completes the orders that had faulty rows', async () => {
    const { token } = await api.restaurant();
    const broken = csv(
      '1,2024-05-01,Soup,1,4',
      '1,2024-05-01,Tea,2,??',
      '2,2024-05-01,Free,1,0',
      '2,2024-05-01,Tea,1,?',
    );
    const mended = csv(
      '1,2024-05-01,Soup,1,4',
      '1,2024-05-01,Tea,2,2',
      '2,2024-05-01,Free,1,0',
      '2,2024-05-01,Tea,1,2',
    );
    await client.run(token, broken);
    const before = await client.ordersByKey(token);
    const dry = await client.run(token, mended, PLAIN, { dryRun: true });
    const result = await client.run(token, mended);
    for (const { ordersCreated, ordersCompleted, ordersSkipped, linesCreated, units, revenue } of [dry, result]) {
      assert.deepEqual(
        [ordersCreated, ordersCompleted, ordersSkipped, linesCreated, units, revenue],
        [0, 2, 0, 2, 3, 600],
      );
    }
    for (const [key, total] of [
      ['1', 800],
      ['2', 200],
    ] as const) {
      const order = (await client.ordersByKey(token)).get(key);
      assert.deepEqual(
        [order.number, order.total, order.paidTotal, order.dueTotal],
        [before.get(key).number, total, total, 0],
      );
      assert.equal(order.lines.length, 2);
      assert.equal(order.version, 2);
      const payments = await client.rows('select amount, tendered from payments where order_id = $1', [order.id]);
      assert.deepEqual(payments, [{ amount: total, tendered: total }]);
    }
    const again = await client.run(token, mended);
    assert.deepEqual([again.ordersCompleted, again.ordersSkipped], [0, 2]);
  });

  test('a file that holds the mended rows alone does not replace the order', async () => {
    const { token } = await api.restaurant();
    await client.run(token, csv('1,2024-05-01,Soup,1,4', '1,2024-05-01,Cake,1,3', '1,2024-05-01,Tea,2,??'));
    const result = await client.run(token, csv('1,2024-05-01,Tea,2,2'));
    assert.deepEqual([result.ordersCompleted, result.ordersSkipped], [0, 1]);
    assert.equal((await client.ordersByKey(token)).get('1').total, 700);
  });

  test('an order that somebody has touched since stays as it is', async () => {
    const { token } = await api.restaurant();
    await client.run(token, csv('1,2024-05-01,Soup,1,4', '1,2024-05-01,Tea,2,??'));
    const order = (await client.ordersByKey(token)).get('1');
    expectStatus(200, await api.post(`/v1/orders/${order.id}/reopen`, {}, { token }));
    const result = await client.run(token, csv('1,2024-05-01,Soup,1,4', '1,2024-05-01,Tea,2,2'));
    assert.deepEqual([result.ordersCompleted, result.ordersSkipped], [0, 1]);
    assert.equal((await client.ordersByKey(token)).get('1').total, 400);
  });

  test('and at once, every order is stored by one of the two', async () => {
    const { token, id } = await api.restaurant();
    const orders = Array.from({ length: 1200 }, (_, index) => `${index},2024-05-01,Item ${index % 7},1,4.00`);
    const results = await Promise.all([1, 2, 3].map(() => client.run(token, csv(...orders))));
    const sum = (field: string) => results.reduce((total, result) => total + result[field], 0);
    assert.deepEqual([sum('ordersCreated'), sum('ordersSkipped')], [1200, 2400]);
    assert.deepEqual([sum('revenue'), sum('menuItemsCreated')], [480_000, 7]);
    const [stored] = await client.rows(
      `select count(*)::int as orders, count(distinct number)::int as numbers, max(number) as last, sum(total)::int as total
       from orders where restaurant_id = $1`,
      [id],
    );
    assert.deepEqual(stored, { orders: 1200, numbers: 1200, last: 'IMP-2024-05-1200', total: 480_000 });
    assert.equal((await client.list(token, '/v1/menu-items')).length, 7);
  });
});

describe('a request', () => {
  test('repeated with its Idempotency-Key gets the first answer, with another file a refusal', async () => {
    const { token } = await api.restaurant();
    const headers = { 'idempotency-key': randomUUID() };
    const file = csv('1,2024-05-01,Soup,1,4');
    const first = await client.send(token, file, PLAIN, { headers });
    const again = await client.send(token, file, PLAIN, { headers });
    assert.equal(expectStatus(201, first).ordersCreated, 1);
    assert.deepEqual(expectStatus(201, again), first.body);
    assert.equal(again.headers.get('idempotent-replayed'), 'true');
    for (const other of [
      client.send(token, csv('2,2024-05-01,Soup,1,4'), PLAIN, { headers }),
      client.send(token, file, PLAIN, { headers, dryRun: true }),
    ]) {
      assert.equal(expectProblem(422, await other).code, 'idempotency_key_reused');
    }
  });

  test('sent twice at once with one Idempotency-Key is worked on once', async () => {
    const { token } = await api.restaurant();
    const headers = { 'idempotency-key': randomUUID() };
    const file = csv(...Array.from({ length: 300 }, (_, index) => `${index},2024-05-01,Soup,1,4`));
    const answers = await Promise.all([1, 2, 3].map(() => client.send(token, file, PLAIN, { headers })));
    for (const answer of answers) {
      if (answer.status === 409) assert.equal(expectProblem(409, answer).code, 'idempotency_key_in_use');
      else assert.equal(expectStatus(201, answer).ordersCreated, 300);
    }
    assert.ok(answers.some((answer) => answer.status === 201));
  });

  test('may carry the mapping as a file, as curl sends it', async () => {
    const { token } = await api.restaurant();
    const form = new FormData();
    form.set('mapping', new Blob([`\uFEFF${JSON.stringify(PLAIN)}`]), 'mapping.json');
    form.set('file', new Blob([csv('1,2024-05-01,Soup,1,4')]), '../../Käse "1".csv');
    form.set('kind', 'orders');
    const result = expectStatus(201, await api.post('/v1/imports', undefined, { token, raw: form }));
    assert.deepEqual([result.ordersCreated, result.fileName, result.kind], [1, 'Käse "1".csv', 'orders']);
  });

  test('leaves no temporary file, whether it is answered, refused or broken off', async () => {
    const { token } = await api.restaurant();
    const folder = await mkdtemp(path.join(tmpdir(), 'servio-upload-'));
    const usual = process.env['TMPDIR'];
    process.env['TMPDIR'] = folder;
    try {
      await client.run(token, csv('1,2024-05-01,Soup,1,4'));
      await client.send(token, csv('1,2024-05-01,Soup,1,4'), { ...PLAIN, item: 'nothing' });
      await client.send(token, csv('1,2024-05-01,Soup,1,4'), 'no json');
      await breakOff(token);
      // Deleting begins when the answer is out, so it may end a moment after it.
      for (let tries = 0; tries < 100 && (await readdir(folder)).length > 0; tries += 1) await wait(20);
      assert.deepEqual(await readdir(folder), []);
    } finally {
      if (usual === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = usual;
      await rm(folder, { recursive: true });
    }
  });

  test('that ended is in the audit log and the event feed, with the menu it made', async () => {
    const { token, id } = await api.restaurant();
    const result = await client.run(token, csv('1,2024-05-01,Soup,1,4'));
    const events = await client.rows('select type, subject_id, data from events where restaurant_id = $1 order by id', [
      id,
    ]);
    const types = events.map((event) => event.type);
    assert.deepEqual(types.slice(-3), ['category.created', 'menu_item.created', 'import.finished']);
    assert.deepEqual([events.at(-1)?.subject_id, events.at(-1)?.data.ordersCreated], [result.id, 1]);
  });

  test('whose import stopped without a word is shown as interrupted, and its rows are cleared by the next', async () => {
    const { token, id } = await api.restaurant();
    const { id: importId } = await client.run(token, csv('1,2024-05-01,Soup,1,4'));
    const setHeartbeat = (age: string) =>
      client.rows(
        `update imports set status = 'processing', finished_at = null, heartbeat_at = now() - $2::interval where id = $1`,
        [importId, age],
      );
    const status = async () => expectStatus(200, await api.get(`/v1/imports/${importId}`, { token })).status;
    await setHeartbeat('30 seconds');
    assert.equal(await status(), 'processing');
    await setHeartbeat('2 minutes');
    assert.equal(await status(), 'interrupted');
    await client.rows(
      `insert into import_rows (restaurant_id, import_id, line, order_key, is_faulty) values ($1, $2, 2, '1', true)`,
      [id, importId],
    );
    await client.run(token, csv('2,2024-05-01,Soup,1,4'));
    assert.deepEqual(await client.rows('select 1 from import_rows where restaurant_id = $1', [id]), []);
  });
});

/** Begins to send a file and goes away. */
async function breakOff(token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'multipart/form-data; boundary=x' };
  const upload = request(`${api.url}/v1/imports`, {
    method: 'POST',
    headers: { ...headers, 'content-length': 10_000 },
  });
  upload.on('error', () => undefined);
  upload.write(`--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${'order,'.repeat(500)}`);
  await wait(100);
  const closed = new Promise((resolve) => upload.once('close', resolve));
  upload.destroy();
  await closed;
}
