/**
 * Two instances claim under load and are killed again and again, in the middle of whatever they do.
 * Afterwards: no code was handed out twice, every acknowledged code is known, and no voucher or
 * imported code is lost. `CODE_KILLS=100` is the long version.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { systemCall } from '../../src/domain/shared/call.js';
import { expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { makePool, rowsOf, statusOf } from '../support/codes.js';

const KILLS = Number(process.env['CODE_KILLS'] ?? 8);
const CHILD = fileURLToPath(new URL('../support/claimChild.js', import.meta.url));
/** Stands for the 30 seconds of production. */
const DEAD_AFTER_MS = 400;
const IMPORTED = 400 * KILLS;

interface Acknowledged {
  poolId: string;
  code: string;
  id: string;
}

/** A claiming instance, and what it has acknowledged. */
class Instance {
  readonly #child: ChildProcess;
  readonly #file: string;
  errors = '';

  constructor(folder: string, orders: object) {
    this.#file = path.join(folder, randomUUID());
    const argument = JSON.stringify({ ...orders, file: this.#file });
    this.#child = spawn(process.execPath, [CHILD, argument], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
  }

  async ready(): Promise<void> {
    while (this.size < 'ready\n'.length) {
      assert.equal(this.#child.exitCode, null, this.errors);
      await sleep(5);
    }
  }

  /** Bytes of what it has acknowledged. */
  get size(): number {
    return existsSync(this.#file) ? statSync(this.#file).size : 0;
  }

  async kill(): Promise<Acknowledged[]> {
    const gone = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await gone;
    // A line that was cut by the kill was not read by anybody.
    const output = existsSync(this.#file) ? readFileSync(this.#file, 'latin1') : '';
    const lines = output
      .slice(0, output.lastIndexOf('\n') + 1)
      .split('\n')
      .slice(1);
    return lines
      .filter((line) => line !== '')
      .map((line) => {
        const [poolId = '', code = '', id = ''] = line.split(' ');
        return { poolId, code, id };
      });
  }
}

describe(`two instances that are killed ${KILLS} times under load`, () => {
  let api: TestApi;
  let mine: TestRestaurant;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'codes-'));
    api = await startApi();
    mine = await api.restaurant();
  });
  after(async () => {
    await api.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('hand out no code twice and lose none that has value', { timeout: 900_000 }, async () => {
    const { token } = mine;
    const full = { target: 4_000, lowWater: 3_000, batch: 200 };
    const pickup = await makePool(api, mine, { kind: 'pickup', ...full, length: 5 });
    const vouchers = await makePool(api, mine, { kind: 'voucher', ...full, value: 100 });
    const imported = await makePool(api, mine, { kind: 'imported', target: 0, lowWater: 0, batch: 100 });
    const addresses = Array.from({ length: IMPORTED }, (_, n) => `address-${n}`);
    for (let at = 0; at < IMPORTED; at += 5_000) {
      const codes = addresses.slice(at, at + 5_000);
      expectStatus(201, await api.post(`/v1/code-pools/${imported.id}/import`, { codes }, { token }));
    }
    const orders = {
      appUrl: api.database.appUrl,
      restaurantId: mine.id,
      poolIds: [pickup.id, vouchers.id, imported.id],
      callers: 4,
      deadAfterMs: DEAD_AFTER_MS,
    };
    const acknowledged: Acknowledged[] = [];
    const errors: string[] = [];
    let instances = [new Instance(folder, orders), new Instance(folder, orders)];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const [next, other] = [instances[kill % 2] as Instance, instances[(kill + 1) % 2] as Instance];
      await next.ready();
      const before = next.size;
      // Killed at any moment after its first claims, not at a quiet one.
      for (let wait = 0; next.size - before < 2_000 && wait < 400; wait += 1) await sleep(5);
      await sleep(Math.random() * 120);
      acknowledged.push(...(await next.kill()));
      errors.push(next.errors);
      const fresh = new Instance(folder, orders);
      instances = kill % 2 === 0 ? [fresh, other] : [other, fresh];
    }
    for (const instance of instances) {
      acknowledged.push(...(await instance.kill()));
      errors.push(instance.errors);
    }
    assert.equal(errors.join(''), '');
    const ofPool = (poolId: string) => acknowledged.filter((one) => one.poolId === poolId);
    for (const { id } of [pickup, vouchers, imported]) {
      const codes = ofPool(id).map(({ code }) => code);
      assert.ok(codes.length > KILLS * 5, `only ${codes.length} claims of a pool`);
      assert.equal(new Set(codes).size, codes.length, 'a code was handed out twice');
    }
    await assertKnown(ofPool(vouchers.id));
    await assertNoneLost(imported.id, ofPool(imported.id), addresses);
    await assertNoneLost(vouchers.id, ofPool(vouchers.id), undefined);
    await statusOf(api, token, pickup.id);
  });

  /** Every acknowledged code has its record, and can be redeemed. */
  async function assertKnown(acknowledged: readonly Acknowledged[]): Promise<void> {
    const rows = await rowsOf(api, 'select id from codes where restaurant_id = $1', [mine.id]);
    const known = new Set(rows.map(({ id }) => id));
    assert.deepEqual(
      acknowledged.filter(({ id }) => !known.has(id)),
      [],
    );
    const call = { ...systemCall(mine.id, 'guest') };
    for (const { code } of acknowledged.slice(-200))
      assert.equal((await api.context.codePools.codes.redeem(call, { code })).amount, 100);
  }

  /** A surviving instance takes the leases of the dead ones over and hands out all that is left. */
  async function assertNoneLost(poolId: string, before: readonly Acknowledged[], all: readonly string[] | undefined) {
    await sleep(DEAD_AFTER_MS + 100);
    const second = await startApi({ database: api.database, codesDeadAfterMs: DEAD_AFTER_MS });
    const left: string[] = [];
    try {
      const call = systemCall(mine.id, 'survivor');
      for (let count = 50; count > 0; ) {
        const more = await second.context.codePools.claim(call, poolId, { count }).catch((error: unknown) => {
          if (error instanceof Error && 'code' in error && error.code === 'pool_empty') return undefined;
          throw error;
        });
        if (!more) {
          // Fewer are left than were asked for.
          count = count > 1 ? 1 : 0;
          continue;
        }
        left.push(...more.map(({ code }) => code));
        // Vouchers are refilled for ever: it is enough to pass all ordinals of the dead.
        if (!all && left.length > 12_000) break;
      }
    } finally {
      await second.close();
    }
    const codes = [...before.map(({ code }) => code), ...left];
    assert.equal(new Set(codes).size, codes.length, 'a rescued code was handed out twice');
    const [gaps] = await rowsOf(
      api,
      `select count(*)::int as missing
       from generate_series(1, (select max(n) from codes where pool_id = $1)) n
       where not exists (select from codes c where c.restaurant_id = $2 and c.pool_id = $1 and c.n = n.n)
         and not exists (select from code_leases l where l.pool_id = $1 and n.n between l.first_n and l.last_n)`,
      [poolId, mine.id],
    );
    assert.equal(gaps?.missing, 0, 'an ordinal is neither claimed nor leased');
    if (!all) return;
    const [claims] = await rowsOf(api, 'select count(*)::int as count from codes where pool_id = $1', [poolId]);
    assert.equal(claims?.count, all.length, 'a code from elsewhere was lost for good');
  }
});
