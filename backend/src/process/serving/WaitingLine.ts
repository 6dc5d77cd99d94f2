/**
 * Requests that a turn of the event loop has no time for wait in their order. So a turn stays short
 * however much arrives, and the answers of PostgreSQL never wait for thousands of requests.
 *
 * Before, a turn answered or refused all that had come. At three times the capacity a refusal costs
 * two thirds of a menu, so menus fell to 0.08 of the capacity with 3,000 connections (now 0.8), and
 * orders, whose statements waited for each turn, to 0.11 (now 0.35). Tried: turns of 10 ms, 0.74
 * and 0.82 of the menus; connections read up to four ahead, 0.77 and 0.67; all of a turn's work in one
 * tick, 0.44 and 0.59, since what an answer leaves for the end of its tick came too late.
 */
import type { Socket } from 'node:net';

/** Work of requests in one turn. */
const TURN_MS = 20;
/** Far more than there are connections; beyond, what one of them pipelines is refused. */
const MOST_WAITING = 15_000;
/** A connection with more than these is not read. Most have one: clients wait for the answer. */
const READ_AHEAD = 1;
const COMPACT_AFTER = 1_000;

interface Waiting {
  socket: Socket;
  arrivedAt: number;
  run: (waitedMs: number) => void;
}

export class WaitingLine {
  readonly #urgent = new Line();
  readonly #others = new Line();
  readonly #waitingOf = new Map<Socket, number>();
  readonly #greedy = new Set<Socket>();
  #isTurn = false;
  #turnEndsAt = 0;

  get length(): number {
    return this.#urgent.length + this.#others.length;
  }

  /**
   * Runs a request now, while the turn has time and nobody waits, else in its order.
   * @param isUrgent it goes before all that is not.
   * @param run gets the milliseconds that it has waited: endless where there was no place in the
   *   line. Never called once the connection is gone.
   */
  enter(socket: Socket, isUrgent: boolean, run: (waitedMs: number) => void): void {
    const now = performance.now();
    if (!this.#isTurn) this.#beginTurn(now);
    if (this.length === 0 && now < this.#turnEndsAt) return run(0);
    if (this.length >= MOST_WAITING) return run(Number.POSITIVE_INFINITY);
    (isUrgent ? this.#urgent : this.#others).push({ socket, arrivedAt: now, run });
    const waiting = (this.#waitingOf.get(socket) ?? 0) + 1;
    this.#waitingOf.set(socket, waiting);
    if (waiting > READ_AHEAD) this.#greedy.add(socket);
  }

  #beginTurn(now: number): void {
    this.#isTurn = true;
    this.#turnEndsAt = now + TURN_MS;
    setImmediate(() => {
      this.#isTurn = false;
      if (this.length > 0) this.#goOn();
    });
  }

  #goOn(): void {
    this.#beginTurn(performance.now());
    // Not as they came: Node reads on at the end of each request.
    for (const socket of this.#greedy) if ((this.#waitingOf.get(socket) ?? 0) > READ_AHEAD) socket.pause();
    this.#greedy.clear();
    this.#runNext();
  }

  /** One after the other, so that each ends what it leaves for the end of its tick. */
  #runNext(): void {
    const next = this.#urgent.shift() ?? this.#others.shift();
    if (!next) return;
    this.#leave(next.socket);
    const now = performance.now();
    if (!next.socket.destroyed) next.run(now - next.arrivedAt);
    if (now < this.#turnEndsAt) process.nextTick(() => this.#runNext());
  }

  #leave(socket: Socket): void {
    const left = (this.#waitingOf.get(socket) ?? 1) - 1;
    if (left > 0) {
      this.#waitingOf.set(socket, left);
      return;
    }
    this.#waitingOf.delete(socket);
    if (socket.isPaused()) socket.resume();
  }
}

/** First in, first out. An array's own `shift` moves all that follows. */
class Line {
  #all: (Waiting | undefined)[] = [];
  #head = 0;

  get length(): number {
    return this.#all.length - this.#head;
  }

  push(one: Waiting): void {
    this.#all.push(one);
  }

  shift(): Waiting | undefined {
    const first = this.#all[this.#head];
    if (!first) return undefined;
    this.#all[this.#head] = undefined;
    this.#head += 1;
    if (this.#head === this.#all.length || this.#head === COMPACT_AFTER) {
      this.#all = this.#all.slice(this.#head);
      this.#head = 0;
    }
    return first;
  }
}
