/** The console as it is served: the answer of each address, and its policy. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { startApi, type TestApi } from '../support/api.js';

const PAGE = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

describe('the pages of the console', () => {
  let api: TestApi;
  before(async () => {
    api = await startApi();
  });
  after(() => api.close());

  /** Unlike fetch, it unpacks nothing and follows no redirection. */
  function raw(path: string, headers: Record<string, string> = {}, method = 'GET') {
    return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
      const sent = request(api.url + path, { headers, method }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      sent.on('error', reject).end();
    });
  }

  test('every address of a screen answers the page, with the strict policy and an ETag', async () => {
    const root = await raw('/', PAGE);
    assert.deepEqual([root.status, root.headers['location']], [302, '/console']);
    for (const path of ['/console', '/console/', '/console/kitchen', '/console/orders/42']) {
      const { status, headers, body } = await raw(path, PAGE);
      assert.deepEqual([status, headers['content-type']], [200, 'text/html; charset=utf-8'], path);
      assert.match(body.toString(), /<script type="module" src="\/console\/assets\/start-\w+\.js">/);
      assert.doesNotMatch(body.toString(), /<script>|<style|style="| on\w+=/);
      assert.equal(headers['cache-control'], 'no-cache');
      assert.match(
        String(headers['content-security-policy']),
        /^default-src 'none';script-src 'self';style-src 'self';/,
      );
      assert.match(
        String(headers['content-security-policy']),
        /frame-ancestors 'none';require-trusted-types-for 'script'$/,
      );
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
      assert.match(String(headers['permissions-policy']), /screen-wake-lock=\(self\)/);
      assert.equal((await raw(path, { ...PAGE, 'if-none-match': String(headers['etag']) })).status, 304, path);
    }
  });

  test('assets are compressed by the build and may be kept for ever', async () => {
    const page = (await raw('/console', PAGE)).body.toString();
    const paths = [...page.matchAll(/(?:src|href)="(\/console\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
    assert.ok(paths.length >= 2);
    for (const path of paths) {
      const plain = await raw(path);
      assert.equal(plain.status, 200, path);
      assert.match(String(plain.headers['content-type']), /^text\/(?:javascript|css)/, path);
      assert.equal(plain.headers['cache-control'], 'public, max-age=31536000, immutable');
      assert.equal(plain.headers['x-content-type-options'], 'nosniff');
      const [br, gzip] = [
        await raw(path, { 'accept-encoding': 'gzip, deflate, br, zstd' }),
        await raw(path, { 'accept-encoding': 'gzip' }),
      ];
      assert.deepEqual([br.headers['content-encoding'], gzip.headers['content-encoding']], ['br', 'gzip'], path);
      assert.ok(brotliDecompressSync(br.body).equals(plain.body) && gunzipSync(gzip.body).equals(plain.body), path);
      assert.equal((await raw(path, { 'accept-encoding': 'br;q=0, gzip' })).headers['content-encoding'], 'gzip');
      const head = await raw(path, {}, 'HEAD');
      assert.deepEqual([head.status, head.body.length], [200, 0]);
    }
  });

  test('an unknown asset, a program that asks for no page, and a way out of the folder are a 404', async () => {
    const asked: [path: string, headers: Record<string, string>, method?: string][] = [
      ['/console/assets/console-AAAAAAAA.js', PAGE],
      ['/console/assets/index.html', PAGE],
      ['/console/missing.js', PAGE],
      ['/console/kitchen', { accept: 'application/json' }],
      ['/console/kitchen', { accept: '*/*' }],
      ['/console/assets/..%2f..%2fopenapi.json', PAGE],
      ['/console/..%2fopenapi.json', PAGE],
      ['/console', PAGE, 'POST'],
    ];
    for (const [path, headers, method] of asked) {
      const answer = await raw(path, headers, method);
      assert.equal(answer.status, 404, `${method ?? 'GET'} ${path}`);
      assert.equal(JSON.parse(answer.body.toString()).code, 'not_found', path);
    }
    assert.equal((await raw('/console/%zz', PAGE)).status, 400);
  });
});
