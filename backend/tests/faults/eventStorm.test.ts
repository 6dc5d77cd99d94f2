/**
 * Everything at once: writers that roll back and sleep in transactions, two instances whose worker
 * with the relay is killed every two seconds, Redis killed, PostgreSQL killed, receivers of
 * webhooks that hang, fail and redirect. The feed is what was committed, dense and in order for
 * each
 * subject, a stream equals it, and each webhook arrives at least once under one id and in order.
 *
 * STORM_EVENTS sets how many events are written; 20,000 take some minutes.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { withClient } from '../../src/config/database.js';
import { embeddedAdminUrl } from '../support/embeddedServer.js';
import { Receiver } from '../support/receiver.js';
import { closeHouse, type House, killWorker, openHouse, SETTLE_MS, untilRelayed } from '../support/streamHouse.js';
import { StreamReader } from '../support/streamReader.js';

const EVENTS = Number(process.env['STORM_EVENTS'] ?? 1_500);
const WRITERS = 12;
const SUBJECTS_EACH = 3;
const KILL_EVERY_MS = 2_000;
/** Between two transactions of a writer: some 200 events a second in all. */
const PAUSE_MS = 60;

interface Written {
  id: string;
  subjectId: string;
  /** Of its subject; a rolled back one leaves a gap. */
  change: number;
}

describe('a storm of events and faults', () => {
  let house: House;
  let receiver: Receiver;
  let canary: Receiver;

  before(async () => {
    [receiver, canary] = [await Receiver.start(), await Receiver.start()];
    receiver.behaviours.set('/hang', () => undefined);
    receiver.behaviours.set('/fails', (response) => response.writeHead(500).end());
    receiver.behaviours.set('/redirects', (response) => response.writeHead(307, { location: canary.url() }).end());
    house = await openHouse(true, { EGRESS_ALLOWLIST: `${receiver.hostPort},${canary.hostPort}` });
    for (const path of ['/healthy', '/hang', '/fails', '/redirects']) {
      const body = { url: receiver.url(path), types: ['order.changed'] };
      const { status } = await house.servers[0]!.request('POST', '/v1/webhook-endpoints', { token: house.token, body });
      assert.equal(status, 201);
    }
  });
  after(async () => {
    await closeHouse(house);
    await Promise.all([receiver.close(), canary.close()]);
  });

  /** Each writer has subjects of its own, so it knows the order of their changes. */
  async function write(count: number): Promise<{ committed: Written[]; unknown: Written[] }> {
    const [committed, unknown]: [Written[], Written[]] = [[], []];
    const subjects = Array.from({ length: SUBJECTS_EACH }, () => ({ id: randomUUID(), changes: 0 }));
    while (committed.length < count) {
      const client = new pg.Client({ connectionString: await embeddedAdminUrl(house.dataDir).catch(() => '') });
      client.on('error', () => undefined);
      let facts: Written[] = [];
      try {
        await client.connect();
        while (committed.length < count) {
          facts = subjects.map((subject) => {
            subject.changes += 1;
            return { id: randomUUID(), subjectId: subject.id, change: subject.changes };
          });
          await client.query('begin');
          await client.query(
            `insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
             select $1, f.id, 'order.changed', 'order', f."subjectId", jsonb_build_object('change', f.change), now() - random() * interval '1 minute'
             from jsonb_to_recordset($2) as f(id uuid, "subjectId" uuid, change int)`,
            [house.restaurantId, JSON.stringify(facts)],
          );
          if (Math.random() < 0.2) await sleep(Math.random() * 200);
          const isKept = Math.random() < 0.67;
          await client.query(isKept ? 'commit' : 'rollback');
          if (isKept) committed.push(...facts);
          facts = [];
          await sleep(PAUSE_MS * Math.random());
        }
      } catch {
        // PostgreSQL was killed: whether the last transaction was committed, the feed tells.
        unknown.push(...facts);
        await sleep(100);
      } finally {
        await client.end().catch(() => undefined);
      }
    }
    return { committed, unknown };
  }

  const feedOf = async (): Promise<(Written & { position: number })[]> =>
    withClient(await embeddedAdminUrl(house.dataDir), async (owner) => {
      const { rows } = await owner.query<Written & { position: number; type: string }>(
        `select position, type, event_id as id, subject_id as "subjectId", (data ->> 'change')::int as change
         from event_feed where restaurant_id = $1 order by position`,
        [house.restaurantId],
      );
      assert.deepEqual(
        rows.map(({ position }) => position),
        rows.map((_, index) => index + 1),
        'positions are dense',
      );
      return rows.filter(({ type }) => type === 'order.changed');
    });

  function assertAscending(what: string, events: readonly Written[]): void {
    const last = new Map<string, number>();
    for (const { subjectId, change } of events) {
      assert.ok(change > (last.get(subjectId) ?? 0), `${what}: change ${change} of ${subjectId} comes late`);
      last.set(subjectId, change);
    }
  }

  test('loses, doubles and turns round nothing', async (context) => {
    const { servers, token, redis } = house;
    const reader = new StreamReader(
      servers.map(({ url }) => url),
      { token, query: '?after=0' },
    );
    reader.stay();
    let isWriting = true;
    const killing = (async () => {
      for (let turn = 0; isWriting; turn += 1) {
        await sleep(KILL_EVERY_MS);
        await killWorker(servers[turn % 2]!).catch(() => undefined);
        if (turn === 1) await redis!.kill();
        if (turn === 3) process.kill((await servers[0]!.postgresPids())[0]!, 'SIGKILL');
        if (turn === 4) await redis!.start();
      }
    })();
    const written = await Promise.all(Array.from({ length: WRITERS }, () => write(EVENTS / WRITERS)));
    isWriting = false;
    await killing;
    await untilRelayed(house);

    const feed = await feedOf();
    const committed = written.flatMap((one) => one.committed.map(({ id }) => id));
    const unknown = new Set(written.flatMap((one) => one.unknown.map(({ id }) => id)));
    const ids = feed.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, 'no event is in the feed twice');
    assert.deepEqual(ids.filter((id) => !unknown.has(id)).sort(), committed.sort());
    assertAscending('the feed', feed);

    await reader.until(
      'the end of the feed',
      ({ events }) => events.some(({ data }) => data.id === ids.at(-1)),
      SETTLE_MS,
    );
    reader.close();
    const streamed = reader.events.map(({ data }) => data.id).filter((id: string) => ids.includes(id));
    assert.deepEqual(streamed, ids, 'the stream equals the feed');

    await receiver.until('/healthy', ids.length, SETTLE_MS).catch(() => undefined);
    const arrived = new Map(receiver.at('/healthy').map(({ event }) => [event.id, event]));
    for (let wait = 0; arrived.size < ids.length && wait < SETTLE_MS; wait += 100) {
      await sleep(100);
      for (const { event } of receiver.at('/healthy')) if (!arrived.has(event.id)) arrived.set(event.id, event);
    }
    assert.deepEqual(new Set(arrived.keys()), new Set(ids));
    const firsts = [...arrived.values()].map(({ id, subjectId, data }) => ({ id, subjectId, change: data.change }));
    assertAscending('webhooks', firsts);
    for (const { event, headers } of receiver.at('/healthy')) assert.equal(headers['webhook-id'], event.id);
    assert.equal(canary.received.length, 0, 'the canary');
    const delays = receiver.at('/healthy').length - ids.length;
    context.diagnostic(
      `${ids.length} events; webhooks repeated: ${delays}; connections of the stream: ${reader.connections}`,
    );
  });
});
