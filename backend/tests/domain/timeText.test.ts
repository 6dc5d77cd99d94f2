import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { timeReader } from '../../src/formats/csv/timeText.js';
import { instantOf } from '../../src/domain/restaurant/wallClock.js';

/** @returns the instant in RFC 3339, or undefined when the text does not fit the format. */
function read(text: string, format: string, timezone = 'UTC'): string | undefined {
  const reader = timeReader(format);
  assert.ok(typeof reader === 'function', JSON.stringify(reader));
  const instant = reader(text, timezone);
  return instant === undefined ? undefined : new Date(instant).toISOString();
}

function fault(format: string): string {
  const reader = timeReader(format);
  return typeof reader === 'function' ? '' : reader.fault;
}

test('ISO times are read with and without seconds, fractions and offset', () => {
  for (const [text, instant] of [
    ['2015-02-01T18:30', '2015-02-01T18:30:00.000Z'],
    ['2015-02-01 18:30:15', '2015-02-01T18:30:15.000Z'],
    ['2015-02-01T18:30:15.25', '2015-02-01T18:30:15.250Z'],
    ['2015-02-01T18:30:15.123456789Z', '2015-02-01T18:30:15.123Z'],
    ['2015-02-01T18:30:15+05:30', '2015-02-01T13:00:15.000Z'],
    ['2015-02-01T18:30-0500', '2015-02-01T23:30:00.000Z'],
    ['2015-02-01T18:30 +01', '2015-02-01T17:30:00.000Z'],
  ] as const) {
    assert.equal(read(text, 'iso'), instant, text);
  }
});

test('a date without a time is noon on the restaurant’s clock', () => {
  assert.equal(read('2015-02-01', 'iso', 'America/Chicago'), '2015-02-01T18:00:00.000Z');
  assert.equal(read('01.02.2015', 'dd.MM.yyyy', 'Europe/Berlin'), '2015-02-01T11:00:00.000Z');
});

test('patterns read what tills write', () => {
  for (const [text, format, instant] of [
    ['03/08/2019 20:25', 'dd/MM/yyyy HH:mm', '2019-08-03T20:25:00.000Z'],
    ['8/3/2019 8:05 PM', 'M/d/yyyy h:mm a', '2019-08-03T20:05:00.000Z'],
    ['8/3/2019 12:05 am', 'M/d/yyyy h:mm a', '2019-08-03T00:05:00.000Z'],
    ['8/3/2019 12:05 p.m.', 'M/d/yyyy h:mm a', '2019-08-03T12:05:00.000Z'],
    ['1/1/23 11:38:36 AM', 'M/d/yy hh:mm:ss a', '2023-01-01T11:38:36.000Z'],
    ['1.2.2015 9:05', 'dd.MM.yyyy HH:mm', '2015-02-01T09:05:00.000Z'],
    ['20150201183015', 'yyyyMMddHHmmss', '2015-02-01T18:30:15.000Z'],
    ['Feb 1, 2015 at 18h30', "MMM d, yyyy 'at' HH'h'mm", '2015-02-01T18:30:00.000Z'],
    ['Sunday, 1 February 2015', 'EEEE, d MMMM yyyy', '2015-02-01T12:00:00.000Z'],
    ['2015-02-01T18:30:15.5+02:00', "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", '2015-02-01T16:30:15.500Z'],
    ['01-02-99', 'dd-MM-yy', '1999-02-01T12:00:00.000Z'],
    ['2015-02-01   18:30', 'yyyy-MM-dd HH:mm', '2015-02-01T18:30:00.000Z'],
    ['1422815400', 'unix', '2015-02-01T18:30:00.000Z'],
    ['1422815400.25', 'unix', '2015-02-01T18:30:00.250Z'],
    ['1422815400000', 'unix_ms', '2015-02-01T18:30:00.000Z'],
  ] as const) {
    assert.equal(read(text, format), instant, `${text} as ${format}`);
  }
});

test('times that do not exist, or are written otherwise, are not read', () => {
  for (const [text, format] of [
    ['2015-02-29', 'iso'],
    ['2015-13-01', 'iso'],
    ['2015-02-01T24:00', 'iso'],
    ['2015-02-01T18:60', 'iso'],
    ['01/02/2015', 'iso'],
    ['0001-01-01', 'iso'],
    ['13/13/2019 20:25', 'dd/MM/yyyy HH:mm'],
    ['03/08/2019', 'dd/MM/yyyy HH:mm'],
    ['03/08/2019 20:25:00', 'dd/MM/yyyy HH:mm'],
    ['8/3/2019 13:05 PM', 'M/d/yyyy h:mm a'],
    ['8/3/2019 0:05 AM', 'M/d/yyyy h:mm a'],
    ['Foo 1 2015', 'MMM d yyyy'],
    ['-5', 'unix'],
    ['99999999999999', 'unix'],
    ['', 'iso'],
  ] as const) {
    assert.equal(read(text, format), undefined, `${text} as ${format}`);
  }
});

test('a format that cannot tell a time is refused in words', () => {
  assert.match(fault('HH:mm'), /needs a year/);
  assert.match(fault('dd/mm/yyyy'), /needs a year.*month|minutes/);
  assert.match(fault('dd/MM/yyyy mm'), /minutes and need hours/);
  assert.match(fault('yyyy-MM-ddTHH:mm'), /"T".*single quotes/);
  assert.match(fault('dd.MM.yyyy hh:mm'), /use both together/);
  assert.match(fault('dd.MM.yyyy HH:mm HH'), /repeats a part/);
  assert.match(fault('yyyy-QQ-dd'), /"QQ" is not part of a time format/);
});

test('a time the clock skips is carried forward, one it shows twice is the first', () => {
  const berlin = (text: string) => read(text, 'iso', 'Europe/Berlin');
  assert.equal(berlin('2024-03-31T01:59'), '2024-03-31T00:59:00.000Z');
  assert.equal(berlin('2024-03-31T02:30'), '2024-03-31T01:30:00.000Z');
  assert.equal(berlin('2024-03-31T03:30'), '2024-03-31T01:30:00.000Z');
  assert.equal(berlin('2024-10-27T02:30'), '2024-10-27T00:30:00.000Z');
  assert.equal(berlin('2024-10-27T03:00'), '2024-10-27T02:00:00.000Z');
  assert.equal(read('2024-10-06T02:15', 'iso', 'Australia/Lord_Howe'), '2024-10-05T15:45:00.000Z');
});

test('every instant is found again from the wall clock, but for the hour that comes twice', () => {
  const zones = fc.constantFrom(
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kolkata',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
  );
  const instants = fc.integer({ min: Date.UTC(1980, 0, 1), max: Date.UTC(2037, 0, 1) });
  fc.assert(
    fc.property(zones, instants, (timezone, instant) => {
      const again = instantOf(wallTimeAt(instant, timezone), timezone);
      assert.ok(again === instant || (again < instant && instant - again <= 3_600_000), `${instant} ${again}`);
      assert.deepEqual(wallTimeAt(again, timezone), wallTimeAt(instant, timezone));
    }),
  );
});

function wallTimeAt(instant: number, timezone: string) {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(instant);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
    millisecond: instant % 1000,
  };
}
