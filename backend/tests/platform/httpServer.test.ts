/**
 * Requests that the HTTP server answers itself and connections that it ends: real sockets, and a
 * clock that the test sets.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import express from 'express';
import { createLogger } from '../../src/config/logger.js';
import { Serving } from '../../src/process/serving.js';
import { createHttpServer, type HttpServerOptions } from '../../src/process/serving/httpServer.js';
import { readBytes } from '../../src/middleware/body.js';
import { errorHandler } from '../../src/middleware/errorHandler.js';
import { requestContext } from '../../src/middleware/requestContext.js';
import { readUpload } from '../../src/middleware/upload.js';
import { networkOf } from '../../src/utils/network.js';
import { expectProblem } from '../support/problem.js';
import { openConnection, type OpenConnection } from '../support/rawHttp.js';

const HELLO = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const post = (length: number) => `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${length}\r\n\r\n{`;

const sayHello: RequestListener = (_request, response) => {
  response.end('hello');
};

describe('the HTTP server', () => {
  let server: Server | undefined;
  let nowMs = 0;
  const connections: OpenConnection[] = [];

  beforeEach(() => {
    nowMs = 1_000;
    mock.method(performance, 'now', () => nowMs);
  });
  afterEach(async () => {
    mock.timers.reset();
    mock.restoreAll();
    for (const { end } of connections.splice(0)) end();
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
    server = undefined;
  });

  async function serve(take: RequestListener, options: Partial<HttpServerOptions> = {}): Promise<string> {
    server = createHttpServer(take, { connectionsPerAddress: Infinity, ...options });
    await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
    // A TCP server's address is never a string.
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function open(url: string, bytes: string, from?: string): Promise<OpenConnection> {
    const connection = await openConnection(url, bytes, from);
    connections.push(connection);
    return connection;
  }

  /** Lets the server's clock go on, a second at a time. */
  function pass(seconds: number): void {
    for (let second = 0; second < seconds; second += 1) {
      nowMs += 1_000;
      mock.timers.tick(1_000);
    }
  }

  test('answers what its parser refuses as a problem, and closes', async () => {
    const url = await serve(sayHello);
    const head = 'POST / HTTP/1.1\r\nHost: x\r\n';
    for (const [status, bytes] of [
      [400, 'nonsense\r\n\r\n'],
      [400, 'BREW /tea HTTP/1.1\r\nHost: x\r\n\r\n'],
      [400, 'GET / HTTP/1.1\r\n\r\n'],
      [400, 'GET / HTTP/1.1\r\nHost: x\r\nA b: c\r\n\r\n'],
      [400, `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
      [400, `${head}Content-Length: x\r\n\r\n`],
      [400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
      [405, 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n'],
      [417, 'GET / HTTP/1.1\r\nHost: x\r\nExpect: the-best\r\n\r\n'],
      [431, `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
      [431, `GET / HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(50_000)}\r\n`],
    ] as const) {
      const { answer, closed } = await open(url, bytes);
      expectProblem(status, await answer, bytes.slice(0, 60));
      assert.equal((await answer).headers.get('connection'), 'close');
      await closed;
    }
  });

  test('answers chunks that are broken or carry too much beside their content while the body is awaited', async () => {
    const url = await serve((request) => request.resume());
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
    for (const [status, bytes] of [
      [400, 'zz\r\n'],
      [413, `1;${'x'.repeat(20_000)}\r\n{\r\n`],
    ] as const) {
      const { answer, closed } = await open(url, head + bytes);
      expectProblem(status, await answer, bytes.slice(0, 20));
      await closed;
    }
  });

  test('says nothing in place of an answer that somebody waits for', async () => {
    let response: Parameters<RequestListener>[1] | undefined;
    const url = await serve((_request, given) => {
      response = given;
    });
    const { answer, closed } = await open(url, `${HELLO}nonsense\r\n\r\n`);
    await closed;
    await assert.rejects(answer, /closed after ""/);
    assert.ok(response);
  });

  test('lets who is still sending read the answer that comes first, and uses the connection again', async () => {
    const url = await serve(sayHello);
    const { answer, send } = await open(url, post(5_000_000));
    assert.equal((await answer).text, 'hello');
    send('x'.repeat(4_999_999) + HELLO.replace('GET / ', 'GET /again '));
    const [again] = await new Promise<[{ url?: string }]>((resolve) =>
      server?.once('request', (request: { url?: string }) => resolve([request])),
    );
    assert.equal(again.url, '/again');
  });

  test('ends a connection 15 seconds after the answer when the body has not come by then', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    const url = await serve(sayHello);
    const [silent, whole] = [await open(url, post(100_000)), await open(url, HELLO)];
    assert.equal((await silent.answer).text, 'hello');
    assert.equal((await whole.answer).text, 'hello');
    let isClosed = false;
    void silent.closed.then(() => (isClosed = true));
    pass(15);
    silent.send('x');
    await turn();
    assert.equal(isClosed, false);
    pass(2);
    await silent.closed;
    whole.send(HELLO);
    await new Promise((resolve) => server?.once('request', resolve));
  });

  test('tells of an answer that is complete and that nobody fetches, and ends it after two minutes', async () => {
    mock.timers.enable({ apis: ['setInterval'] });
    const answered: string[] = [];
    const large = Buffer.alloc(64_000_000, 'x');
    const url = await serve((_request, response) => response.end(large), {
      onAnswered: ({ url: path }) => answered.push(path ?? ''),
    });
    const taken = new Promise((resolve) => server?.once('request', resolve));
    const { pause } = await open(url, HELLO);
    pause();
    await taken;
    pass(1);
    assert.deepEqual(answered, ['/']);
    pass(120);
    assert.equal(await connectionsOf(server), 1);
    pass(1);
    await turn();
    assert.equal(await connectionsOf(server), 0);
  });

  test('refuses connections of one address beyond its bound, and no others', async () => {
    const url = await serve(sayHello, { connectionsPerAddress: 3 });
    const mine = [];
    for (let count = 0; count < 3; count += 1) mine.push(await open(url, HELLO, '127.0.0.2'));
    for (const { answer } of mine) assert.equal((await answer).status, 200);
    const fourth = await open(url, HELLO, '127.0.0.2');
    expectProblem(429, await fourth.answer);
    await fourth.closed;
    assert.equal((await (await open(url, HELLO, '127.0.0.3')).answer).status, 200);
    mine[0]?.end();
    while ((await connectionsOf(server)) > 3) await turn();
    assert.equal((await (await open(url, HELLO, '127.0.0.2')).answer).status, 200);
  });
});

describe('requests whose body is awaited', () => {
  let serving: Serving;
  let url: string;
  let arrived = 0;
  let release: (() => void)[] = [];
  let uploading: IncomingMessage | undefined;
  const connections: OpenConnection[] = [];

  beforeEach(async () => {
    // No delay of the event loop decides here.
    mock.method(performance, 'now', () => 1_000);
    [arrived, release, uploading] = [0, [], undefined];
    const app = express();
    app.get('/', (_request, response) => {
      response.send('hello');
    });
    app.post('/', async (request, response) => {
      arrived += 1;
      const bytes = await readBytes(request, response, 1_000);
      await new Promise<void>((resolve) => release.push(resolve));
      response.send(bytes.toString());
    });
    app.put('/', async (request, response) => {
      uploading = request;
      const { file } = await readUpload(request, response, { file: 'file', texts: [], maxFileBytes: 1_000_000 });
      response.send(file?.name);
    });
    app.use(errorHandler(() => undefined));
    serving = new Serving({ trustProxyHops: 0, rateLimitMultiplier: 100 });
    const all = express().use(requestContext(createLogger('silent')).enter, app);
    serving.serve(all);
    url = `http://127.0.0.1:${await serving.listen(0, '127.0.0.1')}`;
  });
  afterEach(async () => {
    mock.timers.reset();
    mock.restoreAll();
    for (const { end } of connections.splice(0)) end();
    await serving.close(0);
  });

  async function open(count: number, bytes: string): Promise<OpenConnection[]> {
    const opened = await Promise.all(Array.from({ length: count }, () => openConnection(url, bytes)));
    connections.push(...opened);
    return opened;
  }

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await turn();
  }

  test('take no place among those under way, which is given when the body is here, as far as there are places', async () => {
    const waiting = await open(420, post(2));
    await until(() => arrived === 420);
    assert.equal(serving.overload.stats().inFlight, 0);
    assert.equal(await (await fetch(url)).text(), 'hello');
    for (const { send } of waiting) send('}');
    await until(() => release.length === 400 && serving.overload.stats().refused === 20);
    assert.equal(serving.overload.stats().inFlight, 400);
    for (const go of release) go();
    const answers = await Promise.all(waiting.map(({ answer }) => answer));
    assert.equal(answers.filter(({ status, text }) => status === 200 && text === '{}').length, 400);
    for (const answer of answers.filter(({ status }) => status !== 200)) expectProblem(503, answer);
    await until(() => serving.overload.stats().inFlight === 0);
  });

  test('have 15 seconds, are told so, and the connection closes', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    const [slow] = await open(1, post(900));
    await until(() => arrived === 1);
    mock.timers.tick(14_999);
    slow?.send('"');
    await turn();
    assert.equal(serving.overload.stats().inFlight, 0);
    mock.timers.tick(1);
    const answer = await slow?.answer;
    assert.ok(answer);
    expectProblem(408, answer);
    assert.equal(answer.headers.get('connection'), 'close');
    mock.timers.tick(2_000);
    await slow?.closed;
  });

  describe('a file', () => {
    let folder: string;
    const tmpdir = process.env['TMPDIR'];
    const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n';
    const end = '\r\n--b--\r\n';

    beforeEach(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'servio-upload-'));
      process.env['TMPDIR'] = folder;
      mock.timers.enable({ apis: ['setInterval'] });
    });
    afterEach(async () => {
      if (tmpdir === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = tmpdir;
      await rm(folder, { recursive: true });
    });

    async function upload(bytes: number): Promise<OpenConnection> {
      const length = part.length + bytes + end.length;
      const type = 'Content-Type: multipart/form-data; boundary=b';
      const [connection] = await open(
        1,
        `PUT / HTTP/1.1\r\nHost: x\r\n${type}\r\nContent-Length: ${length}\r\n\r\n${part}`,
      );
      assert.ok(connection);
      await until(() => uploading !== undefined);
      return connection;
    }

    async function arrive(connection: OpenConnection, bytes: number): Promise<void> {
      const before = uploading?.socket.bytesRead ?? 0;
      connection.send('x'.repeat(bytes));
      await until(() => (uploading?.socket.bytesRead ?? 0) >= before + bytes);
    }

    test('may take its time while 150 kB come in each 15 seconds', async () => {
      const connection = await upload(450_000);
      for (let stretch = 0; stretch < 3; stretch += 1) {
        await arrive(connection, 150_000);
        assert.equal(serving.overload.stats().inFlight, 0);
        if (stretch < 2) mock.timers.tick(15_000);
      }
      connection.send(end);
      const answer = await connection.answer;
      assert.deepEqual([answer.status, answer.text], [200, 'a.csv']);
    });

    test('that comes more slowly is told so and leaves nothing on the disk', async () => {
      const connection = await upload(450_000);
      await arrive(connection, 150_000);
      mock.timers.tick(15_000);
      await arrive(connection, 100_000);
      assert.equal((await readdir(folder)).length, 1);
      mock.timers.tick(15_000);
      expectProblem(408, await connection.answer);
      connection.end();
      while ((await readdir(folder)).length > 0) await turn();
    });

    test('that is here when all places are taken leaves nothing on the disk', async () => {
      const connection = await upload(100);
      const others = Array.from({ length: 400 }, () => serving.overload.admit('normal'));
      assert.ok(others.every(Boolean));
      connection.send('x'.repeat(100) + end);
      expectProblem(503, await connection.answer);
      while ((await readdir(folder)).length > 0) await turn();
      for (const _ of others) serving.overload.done();
    });
  });

  test('that are given up by their sender leave nothing behind', async () => {
    const waiting = await open(30, post(900));
    await until(() => arrived === 30);
    for (const { end } of waiting) end();
    await Promise.all(waiting.map(({ closed }) => closed));
    await until(() => serving.overload.stats().inFlight === 0);
    assert.equal(release.length, 0);
  });
});

function connectionsOf(server: Server | undefined): Promise<number> {
  return new Promise((resolve, reject) =>
    server?.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}

test('a network is an IPv4 address, or the site of an IPv6 one', () => {
  for (const [address, network] of [
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2233:4455:6677:8899:aabb', '2001:0db8:0001:22'],
    ['2001:DB8:1:22ff::1', '2001:0db8:0001:22'],
    ['2001:db8:1:23ff::1', '2001:0db8:0001:23'],
    ['::1', '0000:0000:0000:00'],
    ['fe80::1%eth0', 'fe80:0000:0000:00'],
  ] as const)
    assert.equal(networkOf(address), network, address);
});
