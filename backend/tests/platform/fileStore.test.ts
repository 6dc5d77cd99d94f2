/** One contract for every store of files: a folder, and a bucket that speaks S3. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { createFileStore, FileMissing, type FileStore } from '../../src/clients/FileStore.js';
import { AppError } from '../../src/domain/shared/errors.js';
import { FakeS3 } from '../support/fakeS3.js';

const key = (name: string): string => `contract/${name}`;

function contract(name: string, open: () => Promise<{ store: FileStore; end: () => Promise<void> }>): void {
  describe(`files in ${name}`, () => {
    let store: FileStore;
    let end: () => Promise<void>;
    before(async () => ({ store, end } = await open()));
    after(async () => {
      await store.close();
      await end();
    });

    test('a file comes back as it was sent, with its length and digest', async () => {
      for (const size of [0, 1, 100_000, 6_000_000]) {
        const bytes = randomBytes(size);
        const incoming = await store.receive(
          Readable.from(size === 0 ? [] : [bytes.subarray(0, 7), bytes.subarray(7)]),
        );
        assert.equal(incoming.bytes, size);
        assert.equal(incoming.sha256, createHash('sha256').update(bytes).digest('hex'));
        assert.ok(bytes.equals(await incoming.read()));
        await incoming.keep(key(`f${size}`));
        await incoming.discard();
        assert.ok(bytes.equals(await store.read(key(`f${size}`))));
      }
    });

    test('a file that is discarded is nowhere', async () => {
      const incoming = await store.receive(Readable.from([Buffer.from('x')]));
      await incoming.discard();
      await incoming.discard();
      await assert.rejects(store.read(key('gone')), FileMissing);
    });

    test('a file whose sender breaks off leaves nothing', async () => {
      const broken = new Readable({ read() {} });
      broken.push(Buffer.alloc(10_000));
      setImmediate(() => broken.destroy(new Error('hung up')));
      await assert.rejects(store.receive(broken), /hung up/);
    });

    test('the same bytes may be kept again, also by two at once', async () => {
      const send = async () => {
        const incoming = await store.receive(Readable.from([Buffer.from('same')]));
        await incoming.keep(key('same'));
      };
      await Promise.all([send(), send(), send()]);
      assert.equal(Buffer.from(await store.read(key('same'))).toString(), 'same');
    });

    test('a removed file is gone, and a second removal changes nothing', async () => {
      const incoming = await store.receive(Readable.from([Buffer.from('y')]));
      await incoming.keep(key('removed'));
      await store.remove(key('removed'));
      await store.remove(key('removed'));
      await assert.rejects(store.read(key('removed')), FileMissing);
    });

    test('a key that leads elsewhere is refused', async () => {
      for (const bad of ['../secret', '/etc/passwd', 'a//b', 'a/../b', 'A', '', 'a\r\nb', 'a\0'])
        await assert.rejects(store.read(bad), /no key/);
    });
  });
}

contract('a folder', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'servio-files-'));
  return {
    store: createFileStore({ folder }),
    end: async () => {
      assert.deepEqual(await readdir(path.join(folder, '.incoming')), []);
      await rm(folder, { recursive: true });
    },
  };
});

contract('a bucket', async () => {
  const s3 = await FakeS3.start();
  return {
    store: createFileStore(s3.settings()),
    end: async () => {
      assert.deepEqual(s3.faults, []);
      await s3.close();
    },
  };
});

describe('a bucket that fails', () => {
  test('uses few connections for many calls', async () => {
    const s3 = await FakeS3.start();
    const store = createFileStore(s3.settings());
    const incoming = await store.receive(Readable.from([Buffer.from('z')]));
    await incoming.keep(key('z'));
    await Promise.all(Array.from({ length: 100 }, () => store.read(key('z'))));
    assert.ok(s3.sockets.size <= 20, `${s3.sockets.size} connections`);
    await store.close();
    await s3.close();
  });

  test('answers that the storage is away, and works again when it is back', async () => {
    const s3 = await FakeS3.start();
    const store = createFileStore(s3.settings());
    s3.failsWith = 500;
    await assert.rejects(
      store.read(key('a')),
      (error) => error instanceof AppError && error.code === 'dependency_unavailable',
    );
    s3.failsWith = undefined;
    await assert.rejects(store.read(key('a')), FileMissing);
    await store.close();
    await s3.close();
  });

  test('refuses a wrong secret', async () => {
    const s3 = await FakeS3.start();
    const settings = s3.settings();
    const store = createFileStore({
      ...settings,
      credentials: { ...settings.credentials, secretAccessKey: 'another' },
    });
    await assert.rejects(store.read(key('a')), AppError);
    assert.match(s3.faults.join(), /signature does not match/);
    await store.close();
    await s3.close();
  });
});
