/** Background jobs over HTTP: each restaurant sees, retries and cancels its own. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, test } from 'node:test';
import { AppError } from '../../src/domain/shared/errors.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { JobRoom, TEST_KIND, until } from '../support/jobRoom.js';
import { expectProblem } from '../support/problem.js';

let api: TestApi;
let room: JobRoom;
let home: TestRestaurant;
let other: TestRestaurant;

before(async () => {
  api = await startApi();
  room = await JobRoom.open(api, { 'test.plain': TEST_KIND, 'test.ordered': { ...TEST_KIND, ordered: true } });
  home = await api.restaurant();
  other = await api.restaurant();
});
afterEach(() => room.close());
after(() => api.close());

const send = (kind = 'test.plain', key?: string) =>
  room.send(kind, { restaurantId: home.id, thingId: randomUUID() }, key === undefined ? {} : { key });
const read = async (id: string): Promise<Json> =>
  expectStatus(200, await api.get(`/v1/jobs/${id}`, { token: home.token }));
const stateOf = async (id: string): Promise<string> => (await read(id)).state;

describe('jobs of a restaurant', () => {
  test('are listed newest first, by state, page by page', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift(await send());
    const first = expectStatus(200, await api.get('/v1/jobs?state=queued&limit=3', { token: home.token }));
    assert.deepEqual(
      first.data.map(({ id }: Json) => id),
      ids.slice(0, 3),
    );
    const next = await api.get(`/v1/jobs?state=queued&limit=3&cursor=${first.nextCursor}`, { token: home.token });
    assert.deepEqual(
      expectStatus(200, next).data.map(({ id }: Json) => id),
      ids.slice(3),
    );
    assert.deepEqual(expectStatus(200, await api.get('/v1/jobs?state=done', { token: home.token })).data, []);
    for (const id of ids) await api.post(`/v1/jobs/${id}/cancel`, undefined, { token: home.token });
  });

  test('are invisible to another restaurant, which cannot change them', async () => {
    const id = await send();
    assert.deepEqual(expectStatus(200, await api.get('/v1/jobs', { token: other.token })).data, []);
    for (const answer of [
      await api.get(`/v1/jobs/${id}`, { token: other.token }),
      await api.post(`/v1/jobs/${id}/cancel`, undefined, { token: other.token }),
      await api.post(`/v1/jobs/${id}/retry`, undefined, { token: other.token }),
    ])
      expectProblem(404, answer);
    assert.equal(await stateOf(id), 'queued');
    await api.post(`/v1/jobs/${id}/cancel`, undefined, { token: home.token });
  });

  test('show progress, the result, and the error of a failure; a retry runs again', async () => {
    let isFixed = false;
    let goOn = (): void => undefined;
    const isHeld = new Promise<void>((resolve) => (goOn = resolve));
    const stop = await room.work({
      'test.plain': async ({ attempt, progress }) => {
        if (!isFixed) throw new AppError('invalid_request', 'The thing is broken. Repair it.');
        progress(0.25);
        await isHeld;
        await api.context.unitOfWork.run({ restaurantId: home.id } as never, (tx) =>
          room.jobs.finish(tx, attempt, { thingId: 'made' }),
        );
        return 'settled';
      },
    });
    const id = await send();
    await until(async () => (await stateOf(id)) === 'failed');
    const failed = await read(id);
    assert.deepEqual(failed.error, { code: 'invalid_request', message: 'The thing is broken. Repair it.' });
    assert.equal(failed.attempts, 1, 'an error that would come again is final at once');
    expectProblem(409, await api.post(`/v1/jobs/${await send()}/retry`, undefined, { token: home.token }));
    isFixed = true;
    expectStatus(200, await api.post(`/v1/jobs/${id}/retry`, undefined, { token: home.token }));
    await until(async () => (await read(id)).progress === 0.25);
    goOn();
    await until(async () => (await stateOf(id)) === 'done');
    const { result, progress, attempts, error } = await read(id);
    assert.deepEqual([result, progress, attempts, error], [{ thingId: 'made' }, 1, 2, null]);
    expectProblem(409, await api.post(`/v1/jobs/${id}/cancel`, undefined, { token: home.token }));
    await stop();
  });

  test('stop when they are cancelled while they run, and store nothing', async () => {
    let isAborted = false;
    const stop = await room.work({
      'test.plain': ({ signal }) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => {
            isAborted = true;
            reject(signal.reason);
          }),
        ),
    });
    const id = await send();
    await until(async () => (await stateOf(id)) === 'running');
    const cancelled = expectStatus(200, await api.post(`/v1/jobs/${id}/cancel`, undefined, { token: home.token }));
    assert.equal(cancelled.state, 'cancelled');
    await until(() => isAborted);
    await stop();
    assert.equal(await stateOf(id), 'cancelled');
    const { data } = expectStatus(200, await api.get(`/v1/audit-log?subjectId=${id}`, { token: home.token }));
    assert.deepEqual(
      data.map(({ action }: Json) => action),
      ['job.cancelled'],
    );
  });

  test('of an ordered kind wait behind a failed one of their key, until it is retried or given up', async () => {
    const ran: string[] = [];
    let isFixed = false;
    const stop = await room.work({
      'test.ordered': async ({ attempt }) => {
        if (!isFixed) throw new AppError('invalid_request', 'Broken.');
        ran.push(attempt.id);
        return undefined;
      },
    });
    const [one, two, three] = [
      await send('test.ordered', 'a'),
      await send('test.ordered', 'a'),
      await send('test.ordered', 'b'),
    ];
    await until(async () => (await stateOf(one)) === 'failed' && (await stateOf(three)) === 'failed');
    assert.equal(await stateOf(two), 'queued', 'the failed job blocks its key and no other');
    await until(async () =>
      (await room.jobs.queues()).some(({ kind, blockedKeys }) => kind === 'test.ordered' && blockedKeys === 2),
    );
    isFixed = true;
    await api.post(`/v1/jobs/${one}/retry`, undefined, { token: home.token });
    await until(async () => (await stateOf(two)) === 'done');
    assert.deepEqual(ran, [one, two]);
    assert.equal(
      expectStatus(200, await api.post(`/v1/jobs/${three}/cancel`, undefined, { token: home.token })).state,
      'cancelled',
    );
    const four = await send('test.ordered', 'b');
    await until(async () => (await stateOf(four)) === 'done');
    await stop();
  });
});
