/** The line before the application, with the clock of the test and sockets that only count. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { WaitingLine } from '../../src/process/serving/WaitingLine.js';

const WORK_MS = 1;

/** As much of a socket as the line touches. */
class Wire {
  destroyed = false;
  paused = false;
  isPaused = () => this.paused;
  pause = () => (this.paused = true);
  resume = () => (this.paused = false);
}

describe('the line of requests', () => {
  let nowMs = 0;
  let line: WaitingLine;
  let done: string[];

  beforeEach(() => {
    nowMs = 1_000;
    mock.method(performance, 'now', () => nowMs);
    line = new WaitingLine();
    done = [];
  });
  afterEach(() => mock.restoreAll());

  function arrive(name: string, wire = new Wire(), isUrgent = false): Wire {
    // The line asks no more of a socket than `Wire` has.
    line.enter(wire as unknown as Socket, isUrgent, (waitedMs) => {
      nowMs += WORK_MS;
      done.push(`${name} ${waitedMs}`);
    });
    return wire;
  }

  test('a turn works for 20 ms; the rest waits for the next ones, in its order', async () => {
    for (let count = 0; count < 50; count += 1) arrive(String(count));
    assert.equal(done.length, 20);
    assert.equal(line.length, 30);
    await turn();
    assert.ok(done.length <= 41, `${done.length} in two turns`);
    while (line.length > 0) await turn();
    assert.deepEqual(
      done.map((one) => Number(one.split(' ')[0])),
      Array.from({ length: 50 }, (_, count) => count),
    );
    assert.equal(done[20], '20 0');
    assert.equal(done[49], '49 29');
  });

  test('who comes while others wait gets in line, and urgent ones go first', async () => {
    for (let count = 0; count < 21; count += 1) arrive(String(count));
    arrive('read');
    arrive('order', new Wire(), true);
    await turn();
    assert.deepEqual(
      done.slice(20).map((one) => one.split(' ')[0]),
      ['order', '20', 'read'],
    );
  });

  test('a connection with two requests in line is not read until both have gone', async () => {
    const [busy, calm] = [new Wire(), new Wire()];
    for (let count = 0; count < 20; count += 1) arrive(String(count));
    arrive('one', calm);
    // Twenty of others between its two keep the second one for another turn.
    arrive('first', busy);
    for (let count = 0; count < 30; count += 1) arrive(`other ${count}`);
    arrive('second', busy);
    assert.equal(busy.paused, false);
    await turn();
    assert.deepEqual([busy.paused, calm.paused], [true, false]);
    while (line.length > 0) await turn();
    assert.equal(busy.paused, false);
  });

  test('a connection whose requests came and went in one turn is read on', async () => {
    const wire = new Wire();
    for (let count = 0; count < 20; count += 1) arrive(String(count));
    // It runs in the next turn, and brings two of the connection while another one waits.
    line.enter(new Wire() as unknown as Socket, false, () => {
      arrive('first', wire);
      arrive('second', wire);
    });
    arrive('other');
    await turn();
    assert.deepEqual([done.length, line.length], [23, 0]);
    nowMs += 1_000;
    for (let count = 0; count < 30; count += 1) arrive(`later ${count}`);
    while (line.length > 0) await turn();
    assert.equal(wire.paused, false);
  });

  test('a connection that is gone is passed over', async () => {
    for (let count = 0; count < 20; count += 1) arrive(String(count));
    const gone = arrive('gone');
    arrive('here');
    gone.destroyed = true;
    await turn();
    assert.deepEqual(
      done.slice(20).map((one) => one.split(' ')[0]),
      ['here'],
    );
  });

  test('15,000 may wait; the next ones are told at once that there is no place', async () => {
    for (let count = 0; count < 15_020; count += 1) arrive('x');
    assert.equal(line.length, 15_000);
    arrive('late');
    assert.equal(done.at(-1), 'late Infinity');
    while (line.length > 0) await turn();
    assert.equal(done.length, 15_021);
  });
});
