/** One stream by itself: when it beats, waits, is dropped and ends. Time is given, never slept. */
import assert from 'node:assert/strict';
import { PassThrough, Writable } from 'node:stream';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { AppError } from '../../src/domain/shared/errors.js';
import type { Scope } from '../../src/domain/people/roles.js';
import type { FeedEvent } from '../../src/repositories/event/EventFeed.js';
import { type EndReason, LiveReader } from '../../src/services/event/LiveReader.js';
import { Page } from '../../src/services/event/Page.js';

const ORDERS: Scope = 'orders:read';

function event(position: number, type: FeedEvent['type'] = 'order.changed'): FeedEvent {
  const id = `01941f29-7c00-7000-8000-${String(position).padStart(12, '0')}`;
  return { position, id, type, subject: 'order', subjectId: id, data: {}, createdAt: '2026-11-29T12:00:00.000Z' };
}

function read(out: PassThrough): string {
  return String(out.read() ?? '');
}

function readerOf(options: { identify?: () => Promise<{ scopes: ReadonlySet<Scope> }>; out?: Writable } = {}) {
  const out = options.out ?? new PassThrough();
  const ends: EndReason[] = [];
  let ready = 0;
  const reader = new LiveReader(
    {
      scopes: new Set([ORDERS]),
      position: 0,
      out,
      identify: options.identify ?? (() => Promise.resolve({ scopes: new Set([ORDERS]) })),
    },
    () => (ready += 1),
    (reason) => ends.push(reason),
  );
  return { reader, out: out as PassThrough, ends, readyTimes: () => ready };
}

describe('one stream', () => {
  test('sends what its caller may see, and moves its id past the rest', () => {
    const { reader, out } = readerOf();
    const page = new Page(0, [event(1), event(2, 'member.removed'), event(3), event(4, 'member.joined')]);
    assert.equal(reader.take(page), 2);
    assert.equal(reader.position, 4);
    const ids = [...read(out).matchAll(/^(?::\n)?id: (\d+)$/gm)].map((match) => match[1]);
    assert.deepEqual(ids, ['1', '3', '4']);
    // A type that only a newer version knows.
    reader.take(new Page(4, [event(5, 'order.eaten' as FeedEvent['type'])]));
    assert.equal(read(out), ':\nid: 5\n\n');
  });

  test('joins a page in its middle', () => {
    const { reader, out } = readerOf();
    reader.take(new Page(0, [event(1)]));
    read(out);
    assert.equal(reader.take(new Page(0, [event(1), event(2), event(3)])), 2);
    assert.deepEqual(read(out).match(/^id: \d+/gm), ['id: 2', 'id: 3']);
  });

  test('beats after 15 s of silence, and not before', () => {
    const { reader, out } = readerOf();
    const startedAt = performance.now();
    reader.greet(true);
    assert.match(read(out), /^retry: \d{4}\n\nid: 0\nevent: position\ndata: \{"position":0\}\n\n$/);
    reader.tick(startedAt + 14_000);
    assert.equal(read(out), '');
    reader.tick(startedAt + 15_100);
    assert.equal(read(out), ':\n\n');
  });

  test('takes no second page until the first is fetched, and is dropped after 30 s', () => {
    const stuck = new Writable({ highWaterMark: 1, write: () => undefined });
    const { reader, ends } = readerOf({ out: stuck });
    const startedAt = performance.now();
    reader.take(new Page(0, [event(1)]));
    assert.equal(reader.canTake, false);
    reader.tick(startedAt + 29_000);
    assert.deepEqual(ends, []);
    reader.tick(startedAt + 31_000);
    assert.deepEqual([ends, stuck.destroyed], [['slow'], true]);
    reader.tick(startedAt + 62_000);
    assert.deepEqual(ends, ['slow']);
  });

  test('goes on when the client fetches', async () => {
    const fetches: (() => void)[] = [];
    const slow = new Writable({ highWaterMark: 1, write: (_bytes, _encoding, done) => fetches.push(done) });
    const { reader, readyTimes } = readerOf({ out: slow });
    reader.take(new Page(0, [event(1)]));
    fetches[0]?.();
    await turn();
    assert.deepEqual([reader.canTake, readyTimes()], [true, 1]);
  });

  test('asks for its rights within 20 s, takes new ones, and ends when there are none', async () => {
    let scopes: Scope[] = [ORDERS, 'members:read'];
    const refusals: AppError[] = [];
    const identify = () => (refusals[0] ? Promise.reject(refusals[0]) : Promise.resolve({ scopes: new Set(scopes) }));
    const { reader, out, ends } = readerOf({ identify });
    const startedAt = performance.now();
    reader.tick(startedAt + 20_100);
    await turn();
    reader.take(new Page(0, [event(1, 'member.removed')]));
    assert.match(read(out), /event: member\.removed/);
    scopes = ['members:read'];
    reader.tick(startedAt + 50_000);
    await turn();
    reader.take(new Page(1, [event(2)]));
    assert.match(read(out), /:\nid: 2\n\n$/);
    refusals.push(new AppError('invalid_token', 'This access token has expired.'));
    reader.tick(startedAt + 80_000);
    await turn();
    assert.deepEqual([ends, out.writableEnded, reader.canTake], [['revoked'], true, false]);
  });

  test('writes nothing after its end, and breaks with no connection', async () => {
    const { reader, out, ends } = readerOf();
    reader.end('stopping');
    assert.match(read(out), /^retry: [4-8]\d{3}\n\n$/);
    reader.reset(7);
    reader.tick(performance.now() + 60_000);
    out.destroy(new Error('read ECONNRESET'));
    await turn();
    reader.end('slow');
    assert.deepEqual([read(out), ends], ['', ['stopping']]);
  });

  test('gets nothing while its rights cannot be looked up, and goes on afterwards', async () => {
    let isAway = true;
    const identify = () =>
      isAway
        ? Promise.reject(new AppError('database_unavailable', 'away'))
        : Promise.resolve({ scopes: new Set([ORDERS]) });
    const { reader, ends } = readerOf({ identify });
    const startedAt = performance.now();
    reader.tick(startedAt + 20_100);
    await turn();
    assert.equal(reader.canTake, false);
    isAway = false;
    reader.tick(startedAt + 22_000);
    await turn();
    assert.deepEqual([reader.canTake, ends], [true, []]);
  });
});
