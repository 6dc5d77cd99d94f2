/** Workers are killed while Twilio comes and goes: no text goes out twice, and none is lost. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectStatus, type Json, startApi } from '../support/api.js';
import { DISPATCH_CHILD } from '../support/dispatchChild.js';
import { FakeTwilio, TWILIO_FROM, TWILIO_SID, TWILIO_TOKEN } from '../support/fakeTwilio.js';

const TEXTS = 40;
const KILLS = 4;
/** More than a lease: what a dead worker had is taken over. */
const TAKEOVER_MS = 3 * 60_000;

test('kill -9 of the worker, again and again: each text goes out once', async () => {
  const twilio = await FakeTwilio.start();
  let aheadMs = 0;
  const api = await startApi({
    clock: () => new Date(Date.now() + aheadMs),
    outside: {
      publicUrl: 'https://bistro.example',
      budget: { restaurant: 1, user: 1 },
      twilio: { accountSid: TWILIO_SID, authToken: TWILIO_TOKEN, from: TWILIO_FROM, baseUrl: twilio.url },
    },
  });
  twilio.now = () => new Date(Date.now() + aheadMs);
  let child: ChildProcess | undefined;
  try {
    const token = await api.apiKey((await api.restaurant()).token);
    const settings = { quietFrom: '00:00', quietTo: '00:00' };
    expectStatus(200, await api.patch('/v1/message-settings', settings, { token, headers: { 'if-match': '"1"' } }));
    for (let index = 0; index < TEXTS; index += 1) {
      const to = `+4915110000${String(index).padStart(2, '0')}`;
      expectStatus(201, await api.post('/v1/consents', { phone: to }, { token }));
      expectStatus(201, await api.post('/v1/messages', { kind: 'reminder', to, text: `note ${index}` }, { token }));
    }
    // Of the texts that Twilio takes, some answers come and some never do. Killed while they run.
    twilio.behave = (_to, index) => (index % 3 === 0 ? 'swallow' : index % 3 === 1 ? 'take' : { status: 503 });
    for (let round = 0; round < KILLS; round += 1) {
      const before = twilio.creates;
      const args = [DISPATCH_CHILD, api.database.appUrl, twilio.url, String(aheadMs)];
      child = spawn(process.execPath, args, { stdio: 'ignore' });
      const deadline = Date.now() + 20_000;
      while (twilio.creates < before + 6 && Date.now() < deadline) await sleep(10);
      child.kill('SIGKILL');
      await new Promise((resolve) => child?.once('exit', resolve));
      aheadMs += TAKEOVER_MS;
    }
    assert.ok(twilio.creates > 10, `${twilio.creates} tries`);
    twilio.behave = () => 'take';
    for (let pass = 0; pass < 40; pass += 1) {
      await api.context.messaging.dispatch();
      aheadMs += TAKEOVER_MS;
    }
    const notes = twilio.texts.map(({ to }) => to).sort();
    assert.equal(new Set(notes).size, notes.length, 'a text went out twice');
    assert.equal(notes.length, TEXTS, 'a text was lost');
    const messages: Json[] = expectStatus(200, await api.get('/v1/messages?limit=100', { token })).data;
    assert.deepEqual(new Set(messages.map(({ status }) => status)), new Set(['sent']));
  } finally {
    child?.kill('SIGKILL');
    await api.close();
    await twilio.close();
  }
});
