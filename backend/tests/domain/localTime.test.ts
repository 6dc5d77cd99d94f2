import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  businessDate,
  businessDayStart,
  dayAfter,
  isWithin,
  localTime,
  type WeeklyInterval,
} from '../../src/domain/restaurant/localTime.js';
import { isTimezone } from '../../src/domain/restaurant/wallClock.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CUTOFFS = [0, 3, 4, 6];
const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'Pacific/Apia',
  'America/St_Johns',
];

/** The first minute that is booked on a date, found by halving. */
function startOf(date: string, timezone: string, cutoffHour: number): number {
  const noon = Date.parse(`${date}T12:00:00Z`) / MINUTE_MS;
  let before = noon - 36 * 60;
  let after = noon + 36 * 60;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (businessDate(new Date(middle * MINUTE_MS), timezone, cutoffHour) < date) before = middle;
    else after = middle;
  }
  return after * MINUTE_MS;
}

function hoursOf(date: string, timezone: string, cutoffHour: number): number {
  return (startOf(dayAfter(date), timezone, cutoffHour) - startOf(date, timezone, cutoffHour)) / HOUR_MS;
}

describe('business date', () => {
  const cases: [name: string, instant: string, timezone: string, cutoffHour: number, expected: string][] = [
    [
      'a Berlin night before the cut-off belongs to the day before',
      '2026-11-23T02:59:59Z',
      'Europe/Berlin',
      4,
      '2026-11-22',
    ],
    ['a Berlin night at the cut-off belongs to the new day', '2026-11-23T03:00:00Z', 'Europe/Berlin', 4, '2026-11-23'],
    ['without a cut-off the day turns at midnight', '2026-11-22T23:00:00Z', 'Europe/Berlin', 0, '2026-11-23'],
    ['a minute before midnight is still today', '2026-11-22T22:59:00Z', 'Europe/Berlin', 0, '2026-11-22'],
    [
      'the first night of a month belongs to the month before',
      '2026-03-01T01:00:00Z',
      'Europe/Berlin',
      4,
      '2026-02-28',
    ],
    ['in a leap year that is the 29th', '2028-03-01T01:00:00Z', 'Europe/Berlin', 4, '2028-02-29'],
    ['New Year’s night belongs to the old year', '2027-01-01T02:00:00Z', 'Europe/Berlin', 4, '2026-12-31'],
    ['spring, Berlin: 01:59 is before a cut-off at 3', '2026-03-29T00:59:00Z', 'Europe/Berlin', 3, '2026-03-28'],
    [
      'spring, Berlin: the clock goes from 01:59 to 03:00, which is the new day',
      '2026-03-29T01:00:00Z',
      'Europe/Berlin',
      3,
      '2026-03-29',
    ],
    [
      'spring, Berlin: 03:59 summer time is before a cut-off at 4',
      '2026-03-29T01:59:00Z',
      'Europe/Berlin',
      4,
      '2026-03-28',
    ],
    ['spring, Berlin: 04:00 summer time is after it', '2026-03-29T02:00:00Z', 'Europe/Berlin', 4, '2026-03-29'],
    [
      'autumn, Berlin: the first 02:30 is before a cut-off at 3',
      '2026-10-25T00:30:00Z',
      'Europe/Berlin',
      3,
      '2026-10-24',
    ],
    ['autumn, Berlin: and so is the second', '2026-10-25T01:30:00Z', 'Europe/Berlin', 3, '2026-10-24'],
    ['autumn, Berlin: 03:00 winter time ends the night', '2026-10-25T02:00:00Z', 'Europe/Berlin', 3, '2026-10-25'],
    [
      'autumn, Berlin: 03:59 winter time, five hours after midnight, is before a cut-off at 4',
      '2026-10-25T02:59:00Z',
      'Europe/Berlin',
      4,
      '2026-10-24',
    ],
    ['spring, New York: 03:00 follows 01:59', '2026-03-08T07:00:00Z', 'America/New_York', 3, '2026-03-08'],
    ['spring, New York: 03:59 is before a cut-off at 4', '2026-03-08T07:59:00Z', 'America/New_York', 4, '2026-03-07'],
    [
      'autumn, New York: the second 01:30 is before a cut-off at 3',
      '2026-11-01T06:30:00Z',
      'America/New_York',
      3,
      '2026-10-31',
    ],
    ['Lord Howe goes back half an hour: 01:45 twice', '2026-04-04T15:15:00Z', 'Australia/Lord_Howe', 3, '2026-04-04'],
    [
      'Lord Howe goes forward half an hour: 02:30 follows 01:59',
      '2026-10-03T15:30:00Z',
      'Australia/Lord_Howe',
      3,
      '2026-10-03',
    ],
    ['Lord Howe: 03:00 after it is the new day', '2026-10-03T16:00:00Z', 'Australia/Lord_Howe', 3, '2026-10-04'],
    ['Kolkata is half an hour off: 03:59', '2026-06-30T22:29:00Z', 'Asia/Kolkata', 4, '2026-06-30'],
    ['Kolkata is half an hour off: 04:00', '2026-06-30T22:30:00Z', 'Asia/Kolkata', 4, '2026-07-01'],
    ['Apia is thirteen hours ahead', '2026-12-31T11:00:00Z', 'Pacific/Apia', 0, '2027-01-01'],
    ['Apia before six belongs to yesterday', '2026-12-31T16:59:00Z', 'Pacific/Apia', 6, '2026-12-31'],
  ];
  for (const [name, instant, timezone, cutoffHour, expected] of cases) {
    test(`${name} (${timezone})`, () => {
      assert.equal(businessDate(new Date(instant), timezone, cutoffHour), expected);
    });
  }

  test('never goes back as time goes on', () => {
    const instant = fc.date({ min: new Date('2020-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    const step = fc.oneof(fc.nat({ max: 3 * HOUR_MS }), fc.nat({ max: 72 * HOUR_MS }));
    fc.assert(
      fc.property(instant, step, fc.constantFrom(...ZONES), fc.constantFrom(...CUTOFFS), (from, ms, zone, cutoff) => {
        const earlier = businessDate(from, zone, cutoff);
        assert.ok(earlier <= businessDate(new Date(from.getTime() + ms), zone, cutoff));
      }),
      { numRuns: 1000 },
    );
  });

  test('never goes back over the nights in which clocks change, minute by minute', () => {
    for (const zone of ZONES) {
      for (const night of ['2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01']) {
        const first = Date.parse(`${night}T00:00:00Z`) - 16 * HOUR_MS;
        for (const cutoff of CUTOFFS) {
          let last = '';
          for (let minute = 0; minute < 28 * 60; minute += 5) {
            const date = businessDate(new Date(first + minute * MINUTE_MS), zone, cutoff);
            assert.ok(last <= date, `${zone} ${cutoff} ${date} after ${last}`);
            last = date;
          }
        }
      }
    }
  });

  test('makes days of 23 to 25 hours', () => {
    const day = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(day, fc.constantFrom(...ZONES), fc.constantFrom(...CUTOFFS), (instant, zone, cutoff) => {
        const hours = hoursOf(instant.toISOString().slice(0, 10), zone, cutoff);
        assert.ok(hours >= 23 && hours <= 25, `${zone} ${cutoff}: ${hours}`);
      }),
    );
  });

  test('begins where its first minute lies, clocks changing or not', () => {
    const day = fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
    const nights = fc.constantFrom('2026-03-28', '2026-03-29', '2026-10-03', '2026-10-24', '2026-10-25', '2026-11-01');
    const date = fc.oneof(
      nights,
      day.map((instant) => instant.toISOString().slice(0, 10)),
    );
    fc.assert(
      fc.property(date, fc.constantFrom(...ZONES), fc.constantFrom(...CUTOFFS, 1, 2), (on, zone, cutoff) => {
        assert.equal(businessDayStart(on, zone, cutoff).getTime(), startOf(on, zone, cutoff));
      }),
      { numRuns: 500 },
    );
  });

  const lengths: [date: string, timezone: string, cutoffHour: number, hours: number][] = [
    ['2026-03-29', 'Europe/Berlin', 0, 23],
    ['2026-03-28', 'Europe/Berlin', 4, 23],
    ['2026-03-29', 'Europe/Berlin', 4, 24],
    ['2026-03-28', 'Europe/Berlin', 3, 23],
    ['2026-10-25', 'Europe/Berlin', 0, 25],
    ['2026-10-24', 'Europe/Berlin', 3, 25],
    ['2026-10-24', 'Europe/Berlin', 6, 25],
    ['2026-03-08', 'America/New_York', 0, 23],
    ['2026-10-31', 'America/New_York', 4, 25],
    ['2026-04-05', 'Australia/Lord_Howe', 0, 24.5],
    ['2026-04-04', 'Australia/Lord_Howe', 3, 24.5],
    ['2026-10-03', 'Australia/Lord_Howe', 4, 23.5],
    ['2026-10-25', 'Asia/Kolkata', 4, 24],
    ['2026-04-05', 'Pacific/Apia', 6, 24],
  ];
  for (const [date, timezone, cutoffHour, hours] of lengths) {
    test(`${date} with a cut-off at ${cutoffHour} lasts ${hours} hours in ${timezone}`, () => {
      assert.equal(hoursOf(date, timezone, cutoffHour), hours);
    });
  }
});

describe('wall clock', () => {
  test('is read as date, weekday and minute of the day, midnight being 0', () => {
    assert.deepEqual(localTime(new Date('2026-11-22T23:00:00Z'), 'Europe/Berlin'), {
      date: '2026-11-23',
      weekday: 'mon',
      minute: 0,
    });
    assert.deepEqual(localTime(new Date('2026-11-22T18:29:59.999Z'), 'Asia/Kolkata'), {
      date: '2026-11-22',
      weekday: 'sun',
      minute: 23 * 60 + 59,
    });
  });

  test('knows the names of the time zone database and no others', () => {
    for (const zone of [...ZONES, 'UTC']) assert.ok(isTimezone(zone), zone);
    for (const zone of ['', 'Berlin', 'Europe/Nowhere', 'Mars/Olympus']) assert.ok(!isTimezone(zone), zone);
  });
});

describe('weekly intervals', () => {
  const at = (instant: string, timezone = 'Europe/Berlin') => localTime(new Date(instant), timezone);
  const isOpenAt = (interval: WeeklyInterval, weekday: WeeklyInterval['days'][number], time: string) => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    return isWithin([interval], { date: '2026-01-01', weekday, minute: hours * 60 + minutes });
  };

  test('that are none mean always', () => {
    assert.ok(isWithin([], at('2026-11-22T03:00:00Z')));
  });

  test('hold their start and not their end', () => {
    const lunch: WeeklyInterval = { days: ['mon', 'tue'], from: '11:30', to: '14:00' };
    assert.ok(!isOpenAt(lunch, 'mon', '11:29'));
    assert.ok(isOpenAt(lunch, 'mon', '11:30'));
    assert.ok(isOpenAt(lunch, 'tue', '13:59'));
    assert.ok(!isOpenAt(lunch, 'tue', '14:00'));
    assert.ok(!isOpenAt(lunch, 'wed', '12:00'));
  });

  test('that end before they start run into the night of the next day, and of no other', () => {
    const bar: WeeklyInterval = { days: ['sun'], from: '18:00', to: '02:00' };
    assert.ok(!isOpenAt(bar, 'sun', '01:00'));
    assert.ok(isOpenAt(bar, 'sun', '18:00'));
    assert.ok(isOpenAt(bar, 'sun', '23:59'));
    assert.ok(isOpenAt(bar, 'mon', '01:59'));
    assert.ok(!isOpenAt(bar, 'mon', '02:00'));
    assert.ok(!isOpenAt(bar, 'mon', '18:00'));
    assert.ok(!isOpenAt(bar, 'tue', '01:00'));
  });

  test('until 24:00 hold the last minute and leave the next day alone', () => {
    const late: WeeklyInterval = { days: ['sat'], from: '20:00', to: '24:00' };
    assert.ok(isOpenAt(late, 'sat', '23:59'));
    assert.ok(!isOpenAt(late, 'sun', '00:00'));
    const whole: WeeklyInterval = { days: ['sat'], from: '00:00', to: '24:00' };
    assert.ok(isOpenAt(whole, 'sat', '00:00') && isOpenAt(whole, 'sat', '23:59'));
    assert.ok(!isOpenAt(whole, 'fri', '23:59') && !isOpenAt(whole, 'sun', '00:00'));
  });

  test('until 00:00 end at midnight as well', () => {
    const late: WeeklyInterval = { days: ['sat'], from: '20:00', to: '00:00' };
    assert.ok(isOpenAt(late, 'sat', '23:59'));
    assert.ok(!isOpenAt(late, 'sun', '00:00'));
  });

  test('that end where they start last a whole day', () => {
    const round: WeeklyInterval = { days: ['wed'], from: '06:00', to: '06:00' };
    assert.ok(!isOpenAt(round, 'wed', '05:59'));
    assert.ok(isOpenAt(round, 'wed', '06:00') && isOpenAt(round, 'thu', '05:59'));
    assert.ok(!isOpenAt(round, 'thu', '06:00'));
  });

  test('are open where any of them is', () => {
    const hours: WeeklyInterval[] = [
      { days: ['sun'], from: '11:00', to: '14:00' },
      { days: ['sun'], from: '17:00', to: '22:00' },
    ];
    assert.ok(isWithin(hours, at('2026-11-22T11:00:00Z')));
    assert.ok(!isWithin(hours, at('2026-11-22T14:00:00Z')));
    assert.ok(isWithin(hours, at('2026-11-22T17:00:00Z')));
  });

  test('hold an hour that comes twice both times, and skip one that does not come', () => {
    const night: WeeklyInterval[] = [{ days: ['sun'], from: '02:00', to: '03:00' }];
    assert.ok(isWithin(night, at('2026-10-25T00:30:00Z')));
    assert.ok(isWithin(night, at('2026-10-25T01:30:00Z')));
    assert.ok(!isWithin(night, at('2026-10-25T02:00:00Z')));
    assert.ok(!isWithin(night, at('2026-03-29T00:59:00Z')));
    assert.ok(!isWithin(night, at('2026-03-29T01:00:00Z')));
  });
});
