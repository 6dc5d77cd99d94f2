/** How much the cache of answers saves in a house that goes on selling. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closePolicies } from '../../src/utils/resilience.js';
import { expectStatus } from '../support/api.js';
import { startAssistant } from '../support/assistant.js';
import type { FakeToolCall } from '../support/fakeOpenAi.js';

const ASK = '/v1/assistant/messages';
const QUESTIONS = 200;
const DISTINCT = 80;
const QUESTIONS_AN_ORDER = 10;

/**
 * A question of the mix: of ten, three about the menu, three about earlier sales, one about stock.
 */
function questionOf(number: number): { text: string; call: FakeToolCall } {
  const month = `2025-${String((number % 12) + 1).padStart(2, '0')}`;
  const kinds: [string, FakeToolCall][] = [
    ['Which dishes have nuts, number', { name: 'menu_items', arguments: { limit: 50 } }],
    ['What does this cost, number', { name: 'menu_items', arguments: { q: 'soup' } }],
    ['Is it on the menu, number', { name: 'menu_items', arguments: { q: `dish ${number}` } }],
    [
      'What sold best in',
      { name: 'sales_report', arguments: { from: `${month}-01`, to: `${month}-28`, groupBy: 'item' } },
    ],
    [
      'Revenue by hour in',
      { name: 'sales_report', arguments: { from: `${month}-01`, to: `${month}-28`, groupBy: 'hour' } },
    ],
    ['Average day in', { name: 'sales_report', arguments: { from: `${month}-01`, to: `${month}-28` } }],
    ['Invoices, number', { name: 'documents', arguments: { type: 'invoice' } }],
    ['Who delivers, number', { name: 'suppliers', arguments: {} }],
    ['Open purchase orders, number', { name: 'purchase_orders', arguments: { status: 'sent' } }],
    ['What runs out, number', { name: 'low_stock', arguments: {} }],
  ];
  const [text, call] = kinds[number % kinds.length]!;
  return { text: `${text} ${number}?`, call };
}

test('of 200 questions with 60 % repeats, at most 45 % reach the model while orders come in', async () => {
  const house = await startAssistant();
  const { api, fake } = house;
  try {
    const { token } = await api.restaurant();
    const soup = await api.item(token);
    const questions = Array.from({ length: DISTINCT }, (_, number) => questionOf(number));
    const byText = new Map(questions.map(({ text, call }) => [text, call]));
    fake.behave = (asked) => {
      const last = asked.messages.at(-1)!;
      return last.role === 'tool' ? { text: 'So it is.' } : { calls: [byText.get(last.content)!] };
    };
    // First askings and repeats take turns at random; popular questions are repeated more often.
    let [random, asked, cached] = [42, 0, 0];
    const next = (below: number): number => {
      random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
      return Math.floor((random / 2 ** 31) * below);
    };
    for (let count = 0; count < QUESTIONS; count += 1) {
      // A new policy: a hundred calls a minute would be too few here.
      if (count % 10 === 0) closePolicies();
      if (count % QUESTIONS_AN_ORDER === 0) {
        await api.order(token, [{ menuItemId: soup.id, quantity: 1 }]);
        await api.context.events.relay(() => false);
      }
      const isNew = asked === 0 || (asked < DISTINCT && next(QUESTIONS - count) < DISTINCT - asked);
      const number = isNew ? asked++ : Math.min(next(asked), next(asked));
      const answer = expectStatus(200, await api.post(ASK, { text: questions[number]!.text }, { token }));
      if (answer.isCached) cached += 1;
    }
    assert.equal(asked, DISTINCT);
    const share = (QUESTIONS - cached) / QUESTIONS;
    assert.ok(share <= 0.45, `${share} of the questions reached the model`);
    assert.ok(cached < QUESTIONS - DISTINCT, 'orders made no answer old');
    // The share is in the metrics.
    const text = await api.context.metrics.prometheus();
    assert.match(text, new RegExp(`assistant_answers_total\\{source="cache"\\} ${cached}`));
  } finally {
    await house.close();
  }
});
