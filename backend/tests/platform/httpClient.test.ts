import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Timeout } from '../../src/decorators/Performance.js';
import { AppError } from '../../src/domain/shared/errors.js';
import { Egress, isPublicAddress } from '../../src/services/httpClient/egress.js';
import { HttpStatusError, type OutsideCall } from '../../src/services/httpClient/messages.js';
import { HttpClientService, type HttpClientOptions } from '../../src/services/HttpClientService.js';
import { closePolicies, policy } from '../../src/utils/resilience.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  closePolicies();
  for (const close of closers.splice(0).reverse()) await close();
});

interface Fake {
  url: string;
  hostPort: string;
  sockets: Set<Socket>;
  most: number;
  requests: { request: IncomingMessage; body: string }[];
}

/** A server of somebody else, with whatever faults `answer` has. */
async function startFake(
  answer: (request: IncomingMessage, response: ServerResponse, body: string) => void,
): Promise<Fake> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      fake.requests.push({ request, body });
      answer(request, response, body);
    });
  });
  server.on('connection', (socket) => {
    fake.sockets.add(socket);
    fake.most = Math.max(fake.most, fake.sockets.size);
    socket.on('close', () => fake.sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is never a string.
  const hostPort = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fake: Fake = { url: `http://${hostPort}`, hostPort, sockets: new Set(), most: 0, requests: [] };
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return fake;
}

function startClient(fake: Fake | undefined, options: Partial<HttpClientOptions> = {}) {
  const calls: OutsideCall[] = [];
  const client = new HttpClientService({
    allowedHosts: fake ? [fake.hostPort] : [],
    onCall: (call) => calls.push(call),
    ...options,
  });
  closers.push(() => client.close());
  return { client, outcomes: () => calls.map(({ endpoint, outcome }) => `${endpoint} ${outcome}`) };
}

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => assert.fail('should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AppError, String(error));
  return error;
}

/**
 * Asserts that no connection that carried a request is left. undici opens a new one in advance
 * after an abort.
 */
async function assertHungUp(fake: Fake): Promise<void> {
  const open = (): number => fake.requests.filter(({ request }) => !request.socket.destroyed).length;
  for (let waited = 0; open() > 0 && waited < 2_000; waited += 20) await sleep(20);
  assert.equal(open(), 0);
}

/** Short waits, so that a test of repeats takes no time. */
const quick = { name: 'fake', baseMs: 5, capMs: 3_000 };

test('sends a request and reads the whole answer, whatever its status, timed under its name', async () => {
  const fake = await startFake((request, response, body) => {
    response.writeHead(request.url === '/missing' ? 404 : 200, {
      'content-type': 'application/json',
      'x-said': 'hello',
    });
    response.end(JSON.stringify({ method: request.method, body, agent: request.headers['user-agent'] }));
  });
  const { client, outcomes } = startClient(fake);
  const sent = await client.request('fake.send', `${fake.url}/x`, { method: 'POST', body: 'ü' });
  assert.deepEqual(sent.json(), { method: 'POST', body: 'ü', agent: 'servio' });
  assert.equal(sent.headers.get('x-said'), 'hello');
  assert.equal((await client.request('fake.read', `${fake.url}/missing`)).status, 404);
  assert.deepEqual(outcomes(), ['fake.send 2xx', 'fake.read 4xx']);
});

test('opens at most 50 connections to one origin and keeps 10 of them when idle', async () => {
  const fake = await startFake((_request, response) => setTimeout(() => response.end('ok'), 20));
  const { client } = startClient(fake);
  await Promise.all(Array.from({ length: 120 }, () => client.request('fake', fake.url)));
  assert.equal(fake.most, 50);
  for (let waited = 0; fake.sockets.size > 10 && waited < 3_000; waited += 50) await sleep(50);
  assert.equal(fake.sockets.size, 10);
  const kept = new Set(fake.sockets);
  await client.request('fake', fake.url);
  assert.deepEqual(new Set(fake.sockets), kept, 'and uses them again');
});

test('follows no redirect unless asked to', async () => {
  const fake = await startFake((request, response) => {
    if (request.url === '/') response.writeHead(302, { location: '/there' });
    response.end(request.url);
  });
  const { client } = startClient(fake);
  const stayed = await client.request('fake', fake.url);
  assert.deepEqual([stayed.status, stayed.headers.get('location')], [302, '/there']);
  assert.equal((await client.request('fake', fake.url, { redirect: 'follow' })).text(), '/there');
  const viaFetch = await client.fetchAs('sdk')(fake.url);
  assert.equal(viaFetch.status, 302);
});

test('calls no address that is not public, unless its host and port are allowed', async () => {
  const fake = await startFake((_request, response) => response.end('secret'));
  const { port } = new URL(fake.url);
  const { client, outcomes } = startClient(undefined);
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '0x7f.1', '0', '169.254.169.254']) {
    const error = await failure(client.request('user', `http://${host}:${port}/`));
    assert.equal(error.code, 'forbidden', host);
  }
  await assert.rejects(client.fetchAs('sdk')(fake.url), /fetch failed/);
  assert.equal(fake.requests.length, 0);
  assert.equal(fake.most, 0, 'not even a connection');
  assert.ok(outcomes().every((outcome) => outcome.endsWith('blocked')));

  const allowed = startClient(undefined, { allowedHosts: [`LOCALHOST:${port}`] });
  assert.equal((await allowed.client.request('user', `http://localhost:${port}/`)).text(), 'secret');
  assert.equal((await failure(allowed.client.request('user', fake.url))).code, 'forbidden');
  assert.throws(() => startClient(undefined, { allowedHosts: ['localhost'] }), /host:port/);
});

test('a redirect or a name that leads inside is stopped when it connects', async () => {
  const inside = await startFake((_request, response) => response.end('secret'));
  const outside = await startFake((_request, response) => response.writeHead(302, { location: inside.url }).end());
  const { client } = startClient(outside);
  assert.equal((await failure(client.request('user', outside.url, { redirect: 'follow' }))).code, 'forbidden');

  const rebinding = startClient(undefined, {
    resolve: (_name, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
  });
  const { port } = new URL(inside.url);
  assert.equal((await failure(rebinding.client.request('user', `http://rebind.test:${port}`))).code, 'forbidden');
  assert.equal(inside.requests.length, 0);
});

test('a name is looked up once, and the connection is made to what was checked', () => {
  const answers = [['10.0.0.1', '1.1.1.1', '::1', '1.0.0.1'], ['10.0.0.1']];
  const egress = new Egress({ allowed: [] }, (_name, done) =>
    done(
      null,
      (answers.shift() ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    ),
  );
  egress.lookup('mixed.test', { all: true }, (error, addresses) => {
    assert.equal(error, null);
    assert.deepEqual(
      (addresses as LookupAddress[]).map(({ address }) => address),
      ['1.1.1.1', '1.0.0.1'],
    );
  });
  assert.equal(answers.length, 1);
  egress.lookup('mixed.test', {}, (error) => assert.ok(error instanceof AppError && error.code === 'forbidden'));
});

test('tells public addresses from all others', () => {
  const inside =
    '0.0.0.0 10.1.2.3 100.64.0.1 127.255.255.255 169.254.169.254 172.31.255.255 192.168.0.1 192.0.2.1 198.19.0.1 224.0.0.1 ' +
    '255.255.255.255 :: ::1 ::ffff:10.0.0.1 ::ffff:a00:1 fe80::1 fc00::1 fd12::1 ff02::1 64:ff9b::a00:1 2002:a00:1:: ' +
    '2001:db8::1 2001::1';
  const outside = ['1.1.1.1', '100.128.0.1', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '::ffff:1.1.1.1'];
  assert.deepEqual(inside.split(' ').filter(isPublicAddress), []);
  assert.deepEqual(outside.filter(isPublicAddress), outside);
});

test('calls only http and https, without credentials', async () => {
  const { client } = startClient(undefined);
  for (const url of ['ftp://example.org', 'file:///etc/passwd', 'data:,x', 'no address', 'http://me:pw@example.org/'])
    assert.equal((await failure(client.request('user', url))).code, 'invalid_request', url);
});

test('stops reading an answer that is too large, also when it is small on the wire', async () => {
  const fake = await startFake((request, response) => {
    if (request.url === '/gzip') {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(3_000_000)));
      return;
    }
    const write = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      response.once('drain', write);
    };
    write();
  });
  const { client } = startClient(fake);
  for (const path of ['/endless', '/gzip']) {
    const error = await failure(client.request('fake', fake.url + path, {}, { maxResponseBytes: 1_000_000 }));
    assert.match(error.message, /larger than 1000000 bytes/);
  }
  await assertHungUp(fake);
});

test('gives up on a server that hangs, and hangs up', async () => {
  const fake = await startFake((request, response) => {
    if (request.url === '/body') response.write('begun…');
  });
  const { client, outcomes } = startClient(fake);
  for (const path of ['/silent', '/body']) {
    const error = await failure(client.request('fake', fake.url + path, {}, { timeoutMs: 50 }));
    assert.equal(error.code, 'dependency_unavailable');
  }
  await assertHungUp(fake);
  assert.deepEqual(outcomes(), ['fake timeout', 'fake timeout']);
});

test('the time limit of a method and the signal of a caller end the connection', async () => {
  const fake = await startFake(() => undefined);
  const { client } = startClient(fake);
  class Hurried {
    @Timeout(50, 'Try again.')
    async call(): Promise<unknown> {
      await Promise.resolve();
      return client.request('fake', fake.url);
    }
  }
  assert.equal((await failure(new Hurried().call())).message, 'Try again.');
  const caller = new AbortController();
  const call = client.request('fake', fake.url, { signal: caller.signal });
  setTimeout(() => caller.abort(new Error('left')), 50);
  await assert.rejects(call, /left/);
  await assertHungUp(fake);
});

test('under a policy 429, 5xx and lost connections are repeated; what remains names the status', async () => {
  const faults = [
    (_: IncomingMessage, response: ServerResponse) => response.writeHead(429, { 'retry-after': '0' }).end(),
    (request: IncomingMessage) => request.socket.destroy(),
    (_: IncomingMessage, response: ServerResponse) => response.end('third time lucky'),
  ];
  const fake = await startFake((request, response) => faults[fake.requests.length - 1]?.(request, response));
  const { client, outcomes } = startClient(fake);
  const lucky = await client.request('fake', fake.url, {}, { policy: policy(quick) });
  assert.equal(lucky.text(), 'third time lucky');
  assert.deepEqual(outcomes(), ['fake 4xx', 'fake failed', 'fake 2xx']);

  const down = await startFake((_request, response) => response.writeHead(503).end('back at noon'));
  const other = startClient(down);
  const error = await failure(other.client.request('fake', down.url, {}, { policy: policy(quick) }));
  assert.equal(error.code, 'dependency_unavailable');
  assert.ok(error.cause instanceof HttpStatusError);
  assert.deepEqual([error.cause.status, error.cause.excerpt], [503, 'back at noon']);
  assert.equal(down.requests.length, 3);
});

test('under a policy a POST that may have been carried out is repeated only with an Idempotency-Key', async () => {
  const fake = await startFake((request) => request.socket.destroy());
  const { client } = startClient(fake);
  const send = (headers: Record<string, string>): Promise<AppError> =>
    failure(client.request('fake', fake.url, { method: 'POST', body: 'x', headers }, { policy: policy(quick) }));
  await send({});
  assert.equal(fake.requests.length, 1);
  await send({ 'Idempotency-Key': 'k' });
  assert.equal(fake.requests.length, 4);
});

test('what is not HTTP, and a server that is not there, are failures that may pass', async () => {
  const fake = await startFake((request) => request.socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
  const { client } = startClient(fake);
  const garbage = await failure(client.request('fake', fake.url, {}, { policy: policy(quick) }));
  assert.equal(garbage.code, 'dependency_unavailable');
  assert.equal(fake.requests.length, 3);

  const { client: other } = startClient(undefined, { allowedHosts: ['127.0.0.1:1'] });
  assert.equal((await failure(other.request('fake', 'http://127.0.0.1:1/'))).code, 'dependency_unavailable');
});

test('closing waits for what is under way, and ends what does not', async (t) => {
  const fake = await startFake((request, response) => {
    if (request.url === '/slow') setTimeout(() => response.end('finished'), 100);
  });
  const { client } = startClient(fake);
  const slow = client.request('fake', `${fake.url}/slow`);
  await sleep(20);
  await client.close();
  assert.equal((await slow).text(), 'finished');

  const { client: other } = startClient(fake);
  const hung = failure(other.request('fake', fake.url));
  await sleep(20);
  let now = performance.now();
  // A second goes by at each look at the clock.
  t.mock.method(performance, 'now', () => (now += 1_000));
  await other.close();
  assert.equal((await hung).code, 'dependency_unavailable');
});

test('an SDK is given a fetch that sends its forms and keeps to our connections', async () => {
  const fake = await startFake((_request, response, body) => response.end(String(body.includes('invoice.pdf'))));
  const { client, outcomes } = startClient(fake);
  const form = new FormData();
  form.append('purpose', 'read');
  form.append('file', new Blob(['%PDF']), 'invoice.pdf');
  const response = await client.fetchAs('openai')(fake.url, { method: 'POST', body: form });
  assert.equal(await response.text(), 'true');
  assert.match(fake.requests[0]?.request.headers['content-type'] ?? '', /^multipart\/form-data; boundary=/);
  assert.deepEqual(outcomes(), ['openai 2xx']);
});
