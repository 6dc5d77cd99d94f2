/** A start reads few files, and no library that most servers never use. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, TEST_SECRET, type TestDatabase } from '../support/database.js';
import { makeDataDir, removeDataDir, ServerProcess } from '../support/serverProcess.js';

const BUILT = fileURLToPath(new URL('../../src/', import.meta.url));
/** Loaded with their first use. Together they would double the memory of a server that waits. */
const HEAVY =
  '@aws-sdk @gutenye @napi-rs @node-rs bidi-js fontkit heic-decode nodemailer onnxruntime-node openai pdfjs-dist pdfkit piscina qrcode saxes sharp swagger-ui-dist twilio undici'.split(
    ' ',
  );
/** 70 with background work on Node 20; 1,950 when nothing is joined. */
const MOST_FILES = 120;

describe('the start of a server', () => {
  let database: TestDatabase;
  let dataDir: string;
  before(async () => {
    database = await createTestDatabase();
    dataDir = await makeDataDir();
  });
  after(async () => {
    await database.drop();
    await removeDataDir(dataDir);
  });

  test('reads few files, and none of a heavy library', async () => {
    const watch = new URL('../support/scriptsRead.js', import.meta.url);
    const server = await ServerProcess.start(dataDir, {
      NODE_OPTIONS: `--import=${watch.href}`,
      DATABASE_URL: database.ownerUrl,
      DATABASE_APP_URL: database.appUrl,
      JWT_SECRET: TEST_SECRET,
      ALLOW_UNSAFE_DATABASE: 'true',
    });
    assert.equal((await server.stop()).exit, 0, server.output);
    const files = server.output.split('\n').filter((line) => line.startsWith('read '));
    assert.ok(files.some((line) => line.endsWith('/src/server.js')) && files.length <= MOST_FILES, files.join('\n'));
    const isOf = (name: string) => (line: string) => line.includes(`/node_modules/${name}/`);
    assert.deepEqual(
      HEAVY.filter((name) => files.some(isOf(name)) || joined.some(([, script]) => holds(script, name))),
      [],
    );
  });

  const joined = readdirSync(BUILT)
    .filter((name) => name.includes('.part-') && name.endsWith('.js'))
    .map((name): [string, string] => [name, readFileSync(path.join(BUILT, name), 'utf8')]);

  /** A library that is not left out would be among the files that are joined. */
  function holds(script: string, name: string): boolean {
    return script.includes(`"node_modules/${name}/`);
  }

  test('leads from a line that was joined back to its source', () => {
    const [name, script] = joined.find(([, text]) => text.includes('class OrderService')) ?? ['', ''];
    const lines = script.split('\n');
    const line = lines.findIndex((text) => text.includes('class OrderService'));
    const map = new SourceMap(JSON.parse(readFileSync(path.join(BUILT, `${name}.map`), 'utf8')));
    const entry = map.findEntry(line, lines[line]?.indexOf('class OrderService') ?? 0);
    assert.ok('originalSource' in entry);
    const source = path.resolve(BUILT, entry.originalSource);
    assert.match(source, /backend\/src\/services\/OrderService\.ts$/);
    assert.match(readFileSync(source, 'utf8').split('\n')[entry.originalLine] ?? '', /class OrderService/);
  });
});
