/**
 * A year of documents in two time zones, with three registers each, at the end of every month and
 * in the nights in which the clocks change. `AUDIT_DOCUMENTS=10000` makes the run long, and the
 * longest series then has numbers of more than four digits.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';

const DOCUMENTS = Number(process.env['AUDIT_DOCUMENTS'] ?? 600);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEAR_MS = 365 * DAY_MS;
const START = Date.UTC(2026, 0, 1, 12);
const RESETS = ['month', 'year', 'never'];
/** Each zone has the first dates of its summer and winter time, and the UTC hour of its 4:00. */
const ZONES = [
  { timezone: 'Europe/Berlin', summer: '2026-03-29', winter: '2026-10-25', fourInSummer: 2, fourInWinter: 3 },
  { timezone: 'America/New_York', summer: '2026-03-08', winter: '2026-11-01', fourInSummer: 8, fourInWinter: 9 },
];
type Zone = (typeof ZONES)[number];

const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10);

/** When the business day of a date begins. */
function beginOf({ summer, winter, fourInSummer, fourInWinter }: Zone, date: string): number {
  const hour = date >= summer && date < winter ? fourInSummer : fourInWinter;
  return Date.parse(`${date}T00:00:00Z`) + hour * HOUR_MS;
}

function businessDateAt(zone: Zone, at: number): string {
  const date = dateOf(at);
  return at < beginOf(zone, date) ? dateOf(at - DAY_MS) : date;
}

/**
 * The last second of each month and the first of the next, the hours of the nights of 23 and 25
 * hours, and times spread evenly over the rest of the year.
 */
function moments(): number[] {
  const firsts = Array.from({ length: 12 }, (_, month) => dateOf(Date.UTC(2026, month + 1, 1)));
  const turns = ZONES.flatMap((zone) => firsts.map((date) => beginOf(zone, date)));
  const nights = ZONES.flatMap(({ summer, winter }) => [summer, winter]).flatMap((date) =>
    Array.from({ length: 11 }, (_, hour) => Date.parse(`${date}T00:00:00Z`) + hour * HOUR_MS),
  );
  const special = [...turns.flatMap((turn) => [turn - 1_000, turn]), ...nights];
  const even = Math.max(0, Math.ceil(DOCUMENTS / (ZONES.length * RESETS.length)) - special.length);
  const spread = Array.from({ length: even }, (_, index) => START + Math.trunc((index * YEAR_MS) / even));
  return [...special, ...spread].sort((a, b) => a - b);
}

interface Register {
  zone: Zone;
  token: string;
  name: string;
  series: Json;
  /** In the order in which they were issued. */
  issued: Json[];
}

let api: TestApi;
let now = new Date(START);
before(async () => {
  api = await startApi({ clock: () => now });
});
after(() => api.close());

async function openRegisters(zone: Zone): Promise<Register[]> {
  const token = await api.apiKey((await api.restaurant({ timezone: zone.timezone })).token);
  const registers: Register[] = [];
  for (const reset of RESETS) {
    const name = `till ${reset}`;
    const body = { type: 'receipt', register: name, prefix: reset.toUpperCase(), reset };
    const series = expectStatus(201, await api.post('/v1/document-series', body, { token }));
    registers.push({ zone, token, name, series, issued: [] });
  }
  return registers;
}

async function issue({ token, name, issued }: Register): Promise<Json> {
  const line = { description: 'Dinner', quantity: '2', unitPrice: 1_250 };
  const body = { type: 'receipt', register: name, lines: [line] };
  const made = expectStatus(201, await api.post('/v1/documents?issue=true', body, { token }));
  issued.push(made);
  return made;
}

/** Asserts the number from the calendar alone and from the count of documents before it. */
function assertNumbered({ zone, series, issued }: Register): void {
  const counts = new Map<string, number>();
  for (const { number, period, businessDate, issuedAt } of issued) {
    const date = businessDateAt(zone, Date.parse(issuedAt));
    const expected =
      { month: date.slice(0, 7), year: date.slice(0, 4), never: '' }[String(series.reset)] ?? 'no period';
    const counter = (counts.get(expected) ?? 0) + 1;
    counts.set(expected, counter);
    const text = [series.prefix, ...(expected === '' ? [] : [expected]), String(counter).padStart(4, '0')].join('-');
    assert.deepEqual([businessDate, period, number], [date, expected, text], `${zone.timezone} ${issuedAt}`);
  }
  assert.equal(counts.size, { month: 13, year: 2, never: 1 }[String(series.reset)]);
}

async function numbersListed({ token, series }: Register): Promise<string[]> {
  const numbers: string[] = [];
  for (let cursor = ''; ; ) {
    const page = expectStatus(200, await api.get(`/v1/documents?limit=100&seriesId=${series.id}${cursor}`, { token }));
    numbers.push(...page.data.map((one: Json) => one.number));
    if (page.nextCursor === null) return numbers;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

test(`${DOCUMENTS} documents of a year: each in the period of its business date, without a gap, sorted, and the audits clean`, async () => {
  const startedAt = performance.now();
  const registers = (await Promise.all(ZONES.map(openRegisters))).flat();
  for (const at of moments()) {
    now = new Date(at);
    await Promise.all(registers.map(issue));
  }
  // Fifty at a time, to the first number of five digits and on.
  const longest = registers.filter(({ series }) => series.reset === 'never').slice(0, DOCUMENTS < 10_000 ? 0 : 1);
  for (const register of longest)
    while (register.issued.length < 10_020) await Promise.all(Array.from({ length: 50 }, () => issue(register)));

  const issuedMs = performance.now() - startedAt;
  for (const register of registers) {
    register.issued.sort((a, b) => a.issuedAt.localeCompare(b.issuedAt) || a.counter - b.counter);
    assertNumbered(register);
    const numbers = register.issued.map(({ number }) => number);
    assert.deepEqual(await numbersListed(register), numbers.toReversed());
    const path = `/v1/document-series/${register.series.id}/audit`;
    const { token } = register;
    const { clean, count, gapCount, faultCount, chainIntact, first, last } = expectStatus(
      200,
      await api.get(path, { token }),
    );
    assert.deepEqual(
      { clean, count, gapCount, faultCount, chainIntact, first, last },
      {
        clean: true,
        count: numbers.length,
        gapCount: 0,
        faultCount: 0,
        chainIntact: true,
        first: numbers[0],
        last: numbers.at(-1),
      },
    );
  }
  if (process.env['AUDIT_DOCUMENTS'] === undefined) return;
  const total = registers.reduce((sum, { issued }) => sum + issued.length, 0);
  const seconds = (ms: number) => (ms / 1_000).toFixed(1);
  console.log(
    `${total} documents in ${seconds(issuedMs)} s, read and audited in ${seconds(performance.now() - startedAt - issuedMs)} s`,
  );
});
