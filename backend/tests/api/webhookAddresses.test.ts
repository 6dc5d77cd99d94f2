/**
 * Addresses of receivers that lead to the inside are refused when they are saved, with the reason,
 * and again at each connection.
 */
import assert from 'node:assert/strict';
import type { LookupAddress } from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import os, { type NetworkInterfaceInfo } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { HttpClientService } from '../../src/services/HttpClientService.js';
import { expectStatus, startApi, type TestApi } from '../support/api.js';
import { expectProblem } from '../support/problem.js';
import { Receiver } from '../support/receiver.js';

/** Names of a resolver that nobody trusts. */
const NAMES: Record<string, string[]> = {
  'loop.example.com': ['127.0.0.1'],
  'loop6.example.com': ['::1'],
  'mapped.example.com': ['::ffff:127.0.0.1'],
  'metadata.example.com': ['169.254.169.254'],
  'private.example.com': ['10.0.0.8', '192.168.1.1'],
  'mixed.example.com': ['10.0.0.8', '93.184.216.34'],
  'outside.example.com': ['93.184.216.34'],
  localhost: ['127.0.0.1', '::1'],
};

/** Ways to write an address of the inside; the first ones are all 127.0.0.1. */
const INSIDE =
  `127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 0x7f.1 0177.0.0.1 0177.1 017700000001 127.0.0.1.
  １２７.０.０.１ 127。0。0。1 127．0．0．1 ①②⑦.⓪.⓪.① [::1] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1]
  [64:ff9b::7f00:1] [64:ff9b::127.0.0.1] [2002:7f00:1::] [fec0::1] [fe80::1] [fc00::1] [fd00:ec2::254] [ff02::1] [::]
  0 0.0.0.0 0x0 10.0.0.1 012.0.0.1 167772161 172.16.0.1 192.168.0.1 100.64.0.1 169.254.169.254 0xa9fea9fe 2852039166
  224.0.0.1 255.255.255.255 198.18.0.1`
    .split(/\s+/)
    .map((host) => `http://${host}/hook`);
const INSIDE_NAMES = Object.keys(NAMES).filter((name) => !/^(?:mixed|outside)/.test(name));

describe('addresses of receivers', () => {
  let api: TestApi;
  let canary: Receiver;
  let token: string;

  before(async () => {
    canary = await Receiver.start();
    api = await startApi({
      publicUrl: 'https://servio.example.com/',
      resolve: (name, done) => {
        const found = NAMES[name]?.map(
          (address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }),
        );
        if (found) done(null, found);
        else
          done(Object.assign(new Error('unknown'), { code: name.startsWith('slow') ? 'EAI_AGAIN' : 'ENOTFOUND' }), []);
      },
    });
    token = (await api.restaurant()).token;
  });
  after(async () => {
    await api.close();
    await canary.close();
  });

  const save = (url: string) => api.post('/v1/webhook-endpoints', { url }, { token });

  test('of 44 spellings and of names that lead inside are refused, with the reason at the field', async () => {
    assert.equal(INSIDE.length, 44);
    const names = INSIDE_NAMES.map((name) => `https://${name}/hook`);
    for (const url of [
      ...INSIDE,
      ...names,
      ...INSIDE.map((one) => one.replace('/hook', `:${canary.url().split(':')[2]}`)),
    ]) {
      const problem = expectProblem(422, await save(url));
      assert.equal(problem.errors[0].pointer, '/url', url);
      assert.match(problem.errors[0].message, /public address|address such as|begins with/, url);
    }
    assert.equal(canary.received.length, 0);
  });

  test('are refused with an odd port, with credentials, of an unknown name, of Servio itself', async () => {
    for (const [url, reason] of [
      ...[1, 22, 25, 53, 110, 389, 445, 587, 993, 1023].map((port) => [
        `https://outside.example.com:${port}/`,
        /^Port \d+/,
      ]),
      ['https://me:pw@outside.example.com/', /credentials/],
      ['https://outside.example.com/#x', /fragment/],
      ['ftp://outside.example.com/', /https:\/\//],
      ['https://unknown.example.com/', /No server has the name/],
      ['https://servio.example.com/v1/orders', /Servio itself/],
      ['https://SERVIO.example.com.:8443/', /Servio itself/],
    ] as [string, RegExp][])
      assert.match(expectProblem(422, await save(url)).errors[0].message, reason, url);
    assert.equal(expectProblem(503, await save('https://slow.example.com/')).code, 'dependency_unavailable');
    for (const port of [80, 443, 1024, 8443, 65535])
      expectStatus(201, await save(`https://outside.example.com:${port}/`));
    expectStatus(201, await save('http://mixed.example.com/'));
  });

  test('are checked again at each connection: a saved name may lead inside later', async () => {
    const { port } = new URL(canary.url());
    NAMES['later.example.com'] = ['93.184.216.34'];
    const body = { url: `http://later.example.com:${port}/`, types: ['order.placed'] };
    const { id } = expectStatus(201, await api.post('/v1/webhook-endpoints', body, { token }));
    NAMES['later.example.com'] = ['127.0.0.1'];
    expectStatus(204, await api.post(`/v1/webhook-endpoints/${id}/test`, undefined, { token }));
    await api.context.events.relay();
    await api.context.webhookDispatcher.dispatch();
    await api.context.webhookDispatcher.close();
    const { data } = expectStatus(200, await api.get(`/v1/webhook-deliveries?endpointId=${id}`, { token }));
    assert.match(data[0].attempts[0].fault, /later\.example\.com is not a public address/);
    assert.equal(canary.received.length, 0);
    const { rows } = await withClient(api.database.ownerUrl, (client) =>
      client.query<{ failures: number }>('select failures from webhook_queues where endpoint_id = $1', [id]),
    );
    assert.deepEqual(rows, [{ failures: 1 }]);
  });

  test('are not those of this machine’s own network cards, although they are public', async (t) => {
    const card: NetworkInterfaceInfo = {
      address: '93.184.216.34',
      family: 'IPv4',
      internal: false,
      netmask: '255.255.255.0',
      mac: '00:00:00:00:00:00',
      cidr: null,
    };
    const mocked = t.mock.method(os, 'networkInterfaces', () => ({ eth0: [card] }));
    // Named imports see the mock only after this.
    syncBuiltinESMExports();
    for (const url of ['https://outside.example.com/', 'http://93.184.216.34:8080/'])
      assert.match(expectProblem(422, await save(url)).errors[0].message, /not a public address/, url);
    mocked.mock.restore();
    syncBuiltinESMExports();
    expectStatus(201, await save('https://outside.example.com/'));
  });
});

test('a client with a host of its own setting reaches that host and port, and nothing else', async () => {
  const [own, other] = [await Receiver.start(), await Receiver.start()];
  const http = new HttpClientService({
    allowedHosts: [own.hostPort],
    onlyAllowedHosts: true,
    onCall: () => undefined,
    resolve: (_name, done) => done(null, [{ address: '93.184.216.34', family: 4 }]),
  });
  assert.equal((await http.request('model', own.url('/v1'))).status, 204);
  own.behaviours.set('/away', (response) => response.writeHead(307, { location: other.url() }).end());
  for (const url of [other.url(), 'https://api.example.com/', `http://localhost:${new URL(own.url()).port}/`])
    await assert.rejects(http.request('model', url), { code: 'forbidden' }, url);
  await assert.rejects(http.request('model', own.url('/away'), { redirect: 'follow' }), { code: 'forbidden' });
  assert.equal(other.received.length, 0);
  await http.close();
  await Promise.all([own.close(), other.close()]);
});
