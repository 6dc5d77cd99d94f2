// @ts-check
/**
 * A small till on servio-client: it places orders, takes payments and follows the events. Its
 * journal survives a lost connection and a lost power supply, and nothing is sold twice.
 *
 *   node till.mjs <address of Servio> <journal file> <number of sales>
 *
 * SERVIO_KEY is an API key with orders:read, orders:write, payments:write and menu:read. Without it
 * the till opens a demo restaurant.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { ServioClient, ServioError } from 'servio-client';

/** @typedef {{ press: string, step: 'begin' | 'placed' | 'paid', orderId?: string, due?: number }} Entry */

const [address = 'http://127.0.0.1:3000', journalFile = 'till.journal', sales = '3'] = process.argv.slice(2);
const servio = new ServioClient({ baseUrl: address, session: await openSession() });

await sellAll(Number(sales));
await showEvents(Number(sales));

/** One key for each press is in the journal before the press is sent: a restart sends the same one. */
/** @param {number} count */
async function sellAll(count) {
  const journal = readJournal();
  while (journal.size < count) note(journal, { press: randomUUID(), step: 'begin' });
  const { data: menu } = await servio.call('getMenu', {});
  const dish = menu.categories.flatMap(({ items }) => items).find((item) => item.isAvailable && item.variants.length === 0);
  if (!dish) throw new Error('There is nothing to sell on this menu.');
  for (const { press } of journal.values()) await sell(journal, press, dish.id);
}

/**
 * @param {Map<string, Entry>} journal
 * @param {string} press
 * @param {string} menuItemId
 */
async function sell(journal, press, menuItemId) {
  if (journal.get(press)?.step === 'begin') {
    const body = { type: /** @type {const} */ ('takeaway'), lines: [{ menuItemId, quantity: 1 }] };
    const { data: order } = await servio.call('placeOrder', { body }, { key: `${press}-place` });
    note(journal, { press, step: 'placed', orderId: order.id, due: order.dueTotal });
    console.log(`placed ${order.number}`);
  }
  const { step, orderId = '', due = 0 } = journal.get(press) ?? {};
  if (step !== 'placed') return;
  const body = { method: /** @type {const} */ ('cash'), amount: due };
  await servio.call('recordPayment', { id: orderId, body }, { key: `${press}-pay` });
  note(journal, { press, step: 'paid', orderId, due });
  console.log(`paid ${orderId}`);
}

/** Follows the stream from the first event until all sales were seen, each event once. */
/** @param {number} count */
async function showEvents(count) {
  const types = /** @type {const} */ (['order.placed', 'payment.recorded']);
  let seen = 0;
  for await (const event of servio.events({ types, after: 0 })) {
    if (!('id' in event)) continue;
    console.log(`event ${event.position} ${event.type} ${event.subjectId}`);
    seen += 1;
    if (seen === 2 * count) return;
  }
}

/** @returns {Map<string, Entry>} the last step of each press. A line that was not written whole counts for nothing. */
function readJournal() {
  const lines = existsSync(journalFile) ? readFileSync(journalFile, 'utf8').split('\n').slice(0, -1) : [];
  return new Map(lines.map((line) => JSON.parse(line)).map((entry) => [entry.press, entry]));
}

/**
 * @param {Map<string, Entry>} journal
 * @param {Entry} entry
 */
function note(journal, entry) {
  appendFileSync(journalFile, `${JSON.stringify(entry)}\n`, { flush: true });
  journal.set(entry.press, entry);
}

async function openSession() {
  const key = process.env.SERVIO_KEY;
  if (key) return { accessToken: key };
  const { data: demo } = await new ServioClient({ baseUrl: address }).call('openDemoSession', { body: {} });
  return demo;
}

process.on('uncaughtException', (error) => {
  const told = error instanceof ServioError ? `${error.problem.code}: ${error.message}` : error;
  console.error(told);
  process.exit(1);
});
