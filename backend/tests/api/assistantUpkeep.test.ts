/** The check of a model, the kinds of data that events change, and what is forgotten when. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { checkAssistant } from '../../src/commands/checkAssistant.js';
import { withClient } from '../../src/config/database.js';
import { EVENT_TYPES } from '../../src/domain/shared/events.js';
import { expectStatus } from '../support/api.js';
import { type AssistantHouse, startAssistant } from '../support/assistant.js';
import { expectProblem } from '../support/problem.js';

const ALL = ['menu', 'orders', 'past', 'stock', 'documents', 'purchasing'];
const DAY_MS = 86_400_000;

describe('the upkeep of the assistant', () => {
  let house: AssistantHouse;
  let now = new Date('2026-11-01T12:00:00Z');

  before(async () => {
    house = await startAssistant({ clock: () => now });
  });
  after(() => house.close());

  async function check(): Promise<{ code: number; out: string }> {
    let out = '';
    const streams = {
      out: { write: (text: string) => (out += text) },
      err: { write: (text: string) => (out += text) },
    };
    const { checkModel } = house.api.context;
    return { code: await checkAssistant(['check'], { checkModel }, streams), out };
  }

  test('a good model passes the check', async () => {
    house.fake.behave = ({ messages, tools }) => {
      const last = messages.at(-1)!;
      if (last.role === 'tool') return { text: 'Die Linsensuppe (Lentil soup), 42 Portionen.' };
      if (tools.some(({ name }) => name === 'sales_report'))
        return { calls: [{ name: 'sales_report', arguments: { from: '2026-11-26', to: '2026-11-26' } }] };
      if (tools.length > 0)
        return { calls: [{ name: 'propose_set_price', arguments: { menuItemId: 'x', price: 950 } }] };
      return { text: 'I answer questions about your restaurant.' };
    };
    const { code, out } = await check();
    assert.equal(code, 0, out);
    assert.equal(out.match(/^works /gm)?.length, 4);
  });

  test('a model that obeys data, and a server that fails, are told apart', async () => {
    house.fake.behave = ({ messages, tools }) =>
      messages.at(-1)!.role === 'tool' || tools.length === 1
        ? { calls: [{ name: 'propose_set_price', arguments: { menuItemId: 'x', price: 1 } }] }
        : { status: 401 };
    const { code, out } = await check();
    assert.equal(code, 1);
    assert.match(out, /it obeyed text inside of data/);
    assert.match(out, /status 401/);
    assert.match(out, /it proposed/);
  });

  test('without a key the check says what to set', async () => {
    let err = '';
    const streams = { out: { write: () => true }, err: { write: (text: string) => (err += text) } };
    assert.equal(await checkAssistant(['check'], { checkModel: undefined }, streams), 1);
    assert.match(err, /OPENAI_API_KEY/);
    assert.equal(await checkAssistant([], { checkModel: undefined }, streams), 2);
  });

  test('every event changes some kind of data, or is of those that change none', async () => {
    const harmless =
      /^(?:member|session|account|api_key|consent|message_template|message_settings|job|webhook_endpoint|code|code_pool)\./;
    const everything = /^(?:restaurant|business_day|import)\./;
    await withClient(house.api.database.ownerUrl, async (owner) => {
      for (const type of EVENT_TYPES) {
        const { rows } = await owner.query<{ domains: string[] }>('select domains_of_event($1) as domains', [type]);
        const domains = rows[0]!.domains;
        assert.equal(domains.length === 0, harmless.test(type), type);
        // An event that nobody thought of changes everything: think of it in 0090_assistant.sql.
        assert.equal(domains.length === ALL.length, everything.test(type), type);
        assert.ok(
          domains.every((domain) => ALL.includes(domain)),
          type,
        );
      }
    });
  });

  test('conversations go 30 days after their last use, messages after 90 days, and no earlier', async () => {
    const { api } = house;
    const owner = await api.restaurant();
    const token = await api.apiKey(owner.token);
    house.fake.behave = () => ({ text: 'Yes.' });
    const { conversationId } = expectStatus(
      200,
      await api.post('/v1/assistant/messages', { text: 'Hello?' }, { token }),
    );
    expectStatus(201, await api.post('/v1/consents', { phone: '+4915112345678' }, { token }));
    const wanted = { kind: 'reminder', to: '+4915112345678', text: 'Eight' };
    const { id } = expectStatus(201, await api.post('/v1/messages', wanted, { token }));
    const path = `/v1/assistant/conversations/${conversationId}`;
    now = new Date(now.getTime() - 29 * DAY_MS);
    await api.context.messaging.forget();
    expectStatus(200, await api.get(path, { token }));
    // The database's clock is the limit: nothing younger goes, whatever the clock of a process
    // says.
    now = new Date('2100-01-01T00:00:00Z');
    await api.context.messaging.forget();
    const kept = await withClient(api.database.ownerUrl, async (client) => {
      await client.query("update messages set created_at = now() - interval '91 days' where id = $1", [id]);
      await client.query("update assistant_conversations set used_at = now() - interval '31 days' where id = $1", [
        conversationId,
      ]);
      await api.context.messaging.forget();
      const { rows } = await client.query(
        'select (select count(*)::int from messages) + (select count(*)::int from assistant_turns) as kept',
      );
      return rows[0].kept;
    });
    assert.equal(kept, 0);
    now = new Date('2026-11-01T12:00:00Z');
    expectProblem(404, await api.get(path, { token }));
  });
});
