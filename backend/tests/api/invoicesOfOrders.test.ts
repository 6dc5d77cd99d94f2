/**
 * E-invoices of whole orders: deposits with tips, comps, cash without small coins, tax-exempt
 * customers, vouchers, weighed goods, bottles and set menus, of each profile in each language.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { prepaidOf } from '../../src/domain/document/document.js';
import { formatMinor } from '../../src/domain/number/money.js';
import { E_INVOICE_PROFILES, type EInvoiceProfile } from '../../src/domain/restaurant/invoicing.js';
import { PRINT_LANGUAGES } from '../../src/domain/restaurant/printLanguage.js';
import { type Json, startApi, type TestApi } from '../support/api.js';
import { makePool } from '../support/codes.js';
import { type ReadInvoice, readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import { Factories } from '../support/factories.js';
import { OfficialRules, withoutRules } from '../support/officialRules.js';

const SETTINGS = {
  vatId: 'DE123456789',
  country: 'DE',
  postalAddress: { street: 'Hauptstraße 1', city: 'Berlin', postcode: '10115' },
  contact: { name: 'Anna Löwe', phone: '+49 30 123456', email: 'rechnung@loewen.example' },
  electronicAddress: { scheme: '9930', id: 'DE123456789' },
  paymentAccount: { iban: 'DE02120300000000202051' },
  cashRounding: 5,
};
const TODAY = new Date('2026-11-20T18:00:00Z');
const LATER = '2026-11-22T18:30:00.000Z';

describe('e-invoices of whole orders', () => {
  let api: TestApi;
  let now = TODAY;
  const rules = new OfficialRules();

  before(async () => {
    api = await startApi({ clock: () => now });
  });
  after(() => api.close());

  for (const profile of E_INVOICE_PROFILES)
    test(`of the profile ${profile}`, async () => {
      const place = new Place(profile);
      await place.open();
      // Each kind in one language, and each language in some kinds; all for the official rules.
      const kinds = place.kinds();
      for (const [at, [kind, documents]] of kinds.entries()) {
        const turn = (at + 3 * E_INVOICE_PROFILES.indexOf(profile)) % PRINT_LANGUAGES.length;
        const languages = withoutRules === undefined ? PRINT_LANGUAGES : [PRINT_LANGUAGES[turn]!];
        for (const language of languages) {
          now = TODAY;
          place.language = language;
          for (const document of await documents())
            await filesOf(place.token, `${profile} ${language} ${kind}`, document);
        }
      }
    });

  test('are accepted by the official rules', async (t) => {
    assert.ok(rules.size >= 90, `${String(rules.size)} files`);
    if (withoutRules !== undefined) return t.skip(withoutRules);
    assert.deepEqual(await rules.broken(), []);
  });

  /** Both files of a document: one model, without a broken rule. */
  async function filesOf(token: string, name: string, document: Json): Promise<void> {
    const { id, type, total, details } = document;
    const files: ReadInvoice[] = [];
    for (const syntax of ['ubl', 'cii']) {
      const { text } = await api.get(`/v1/documents/${id}.xml?syntax=${syntax}`, { token });
      rules.add(`${name}, ${type} in ${syntax}`, text);
      files.push(readInvoice(text));
    }
    const [ubl, cii] = files as [ReadInvoice, ReadInvoice];
    assert.deepEqual(brokenRules(ubl), [], name);
    // Deposits, vouchers and rounded cash change how it was paid, not what is still to be paid.
    assert.equal(ubl.totals.payable, formatMinor(total - prepaidOf({ details }), 'EUR'), name);
    const { allowances = '0.00', charges = '0.00' } = ubl.totals;
    assert.deepEqual({ ...ubl, totals: { ...ubl.totals, allowances, charges } }, cii, name);
  }

  /** A restaurant with one profile, and what is sold there. */
  class Place {
    token = '';
    language: string = 'de';
    readonly #profile: EInvoiceProfile;
    readonly #items = new Map<string, string>();
    readonly #make = new Factories(() => ({ api, token: this.token }));
    #pool: Json = {};

    constructor(profile: EInvoiceProfile) {
      this.#profile = profile;
    }

    async open(): Promise<void> {
      const owner = await api.restaurant();
      this.token = await api.apiKey(owner.token);
      const { tax, patch, get } = this.#make;
      const [low, high] = [(await tax('7', true)).id, (await tax('19', true)).id];
      const charge = { rate: '10', orderTypes: ['delivery'], taxIds: [low] };
      await patch('/v1/restaurant', { ...SETTINGS, eInvoiceProfile: this.#profile, serviceCharge: charge });
      this.#pool = await makePool(api, { ...owner, token: this.token }, { kind: 'voucher', taxKind: 'single_purpose' });
      const add = async (name: string, price: number, taxId: string, fields: object = {}): Promise<string> => {
        const { id } = await api.item(this.token, { name, price, taxIds: [taxId], ...fields });
        this.#items.set(name, id);
        return id;
      };
      const [steak, wine] = [await add('Steak', 2_999, low), await add('Wine', 6_999, high)];
      await add('Ham', 2_395, low, { unit: 'kg' });
      const bottle = await add('Bottle', 25, high, { isDeposit: true });
      await add('Cola', 333, high, { depositItemId: bottle });
      await add('Gift', 5_000, high, { voucherPoolId: this.#pool.id });
      const { categoryId } = await get(`/v1/menu-items/${steak}`);
      const parts = [steak, wine].map((menuItemId) => ({ menuItemId }));
      await add('Set', 7_777, low, { taxIds: [], categoryId, parts });
    }

    /** The documents that each kind of order leaves, in the order of their making. */
    kinds(): [string, () => Promise<Json[]>][] {
      const { post, pay, complete, patch, actOnOrder } = this.#make;
      const both: [string, number][] = [
        ['Steak', 1],
        ['Wine', 1],
      ];
      const exempt = { taxExemption: { reason: 'Embassy', certificate: 'D-4711' } };
      const later = { scheduledFor: LATER };
      const atDinner = async (order: Json): Promise<void> => {
        now = new Date(LATER);
        await complete(order.id);
      };
      const deposited = async (fields: object, tip: number): Promise<Json[]> => {
        const order = await this.#order(both, { ...later, ...fields });
        const payment = await pay(order.id, 'card', 4_001, tip);
        const deposit = await this.#paper({ type: 'deposit', paymentId: payment.id });
        await pay(order.id, 'cash', 1_000);
        await atDinner(order);
        const invoice = await this.#paper({ type: 'invoice', orderId: order.id });
        return [deposit, invoice, ...(await this.#credits(invoice))];
      };
      return [
        ['a deposit', () => deposited({}, 0)],
        ['a deposit with a tip', () => deposited({ type: 'delivery' }, 333)],
        ['a deposit of a tax-exempt customer', () => deposited(exempt, 100)],
        [
          'a deposit that is credited',
          async () => {
            const order = await this.#order(both, later);
            const payment = await pay(order.id, 'card', 9_998);
            const deposit = await this.#paper({ type: 'deposit', paymentId: payment.id });
            return [deposit, await post(`/v1/documents/${deposit.id}/credit?issue=true`, { reason: 'ill' })];
          },
        ],
        [
          'a deposit behind its invoice',
          async () => {
            const order = await this.#order(both, later);
            const invoice = await this.#paper({ type: 'invoice', orderId: order.id });
            await pay(order.id, 'card', 9_998);
            await atDinner(order);
            const [first, rest] = await this.#credits(invoice);
            return [invoice, first!, rest!, await this.#paper({ type: 'invoice', orderId: order.id })];
          },
        ],
        [
          'cash without small coins',
          async () => {
            const order = await this.#order(both, {});
            const { rounding } = await pay(order.id, 'cash', 9_998);
            assert.equal(rounding, 2);
            const invoice = await this.#paper({ type: 'invoice', orderId: order.id });
            return [invoice, ...(await this.#credits(invoice))];
          },
        ],
        [
          'a dish on the house, another for nothing',
          async () => {
            const order = await this.#order([...both, ['Cola', 2]], {});
            const [, wine] = order.lines;
            await post(`/v1/orders/${order.id}/lines/${wine.id}/comp`, { reason: 'corked' }, 200);
            const free = { menuItemId: this.#items.get('Steak'), quantity: 1, free: { reason: 'regular' } };
            await post(`/v1/orders/${order.id}/lines`, free);
            const invoice = await this.#paper({ type: 'invoice', orderId: order.id });
            return [invoice, ...(await this.#credits(invoice))];
          },
        ],
        [
          'weighed, bottled, returned, a set, with discount, charge and tip',
          async () => {
            const sold: [string, number | string][] = [
              ['Ham', '0.355'],
              ['Cola', 3],
              ['Bottle', -2],
              ['Set', 2],
            ];
            const order = await this.#order(sold, { type: 'delivery', discounts: [{ percent: '7.5' }] });
            await pay(order.id, 'card', 1_000, 250);
            const invoice = await this.#paper({ type: 'invoice', orderId: order.id });
            return [invoice, ...(await this.#credits(invoice))];
          },
        ],
        [
          'paid by a voucher that was taxed',
          async () => {
            const gift = await this.#order([['Gift', 1]], {});
            await pay(gift.id, 'card', 5_000);
            const { data } = await post(`/v1/orders/${gift.id}/lines/${gift.lines[0].id}/vouchers`);
            const sale = await this.#paper({ type: 'invoice', orderId: gift.id });
            const order = await this.#order(both, {});
            await post(`/v1/orders/${order.id}/payments`, { method: 'voucher', amount: 4_999, code: data[0].code });
            const invoice = await this.#paper({ type: 'invoice', orderId: order.id });
            return [sale, invoice, ...(await this.#credits(invoice))];
          },
        ],
        [
          'a tax-exempt customer, refunded in part',
          async () => {
            const order = await this.#order([...both, ['Set', 1]], { type: 'delivery' });
            await patch(`/v1/orders/${order.id}`, exempt);
            const { dueTotal } = await this.#make.get(`/v1/orders/${order.id}`);
            const payment = await pay(order.id, 'card', dueTotal, 300);
            await complete(order.id);
            await post(`/v1/payments/${payment.id}/refunds`, { amount: 777, goodwill: true, reason: 'late' });
            const invoice = await this.#paper({ type: 'invoice', orderId: order.id });
            return [invoice, ...(await this.#credits(invoice))];
          },
        ],
        [
          'reopened and reduced',
          async () => {
            const order = await this.#order(both, {});
            await pay(order.id, 'card', 9_998);
            await complete(order.id);
            await actOnOrder(order.id, 'reopen');
            await patch(`/v1/orders/${order.id}`, { discounts: [{ amount: 1_234 }] });
            const invoice = await this.#paper({ type: 'invoice', orderId: order.id });
            return [invoice, ...(await this.#credits(invoice))];
          },
        ],
      ];
    }

    #order(sold: readonly [string, number | string][], fields: object): Promise<Json> {
      const lines = sold.map(([name, quantity]) => ({ menuItemId: this.#items.get(name), quantity }));
      return this.#make.post('/v1/orders', { type: 'takeaway', lines, ...fields });
    }

    #paper(fields: object): Promise<Json> {
      const customer = {
        name: 'Stadt Musterhausen',
        postalAddress: { street: 'Ring 1', city: 'Hamburg', postcode: '20095' },
        country: 'DE',
        electronicAddress: { scheme: '0204', id: '04011000-12345-03' },
        language: this.language,
      };
      return this.#make.issued({ customer, eInvoice: { buyerReference: '04011000-12345-03' }, ...fields });
    }

    /** A credit note over a quarter of the first line, and one over the rest. */
    async #credits({ id }: Json): Promise<Json[]> {
      const { post } = this.#make;
      const part = { reason: 'cold', lines: [{ position: 1, quantity: '0.25' }] };
      return [
        await post(`/v1/documents/${id}/credit?issue=true`, part),
        await post(`/v1/documents/${id}/credit?issue=true`, { reason: 'all of it' }),
      ];
    }
  }
});
