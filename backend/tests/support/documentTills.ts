/** Tills that issue documents while something goes wrong, and what must be so when it is over. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from './api.js';

export const ISSUE_PATH = '/v1/documents?issue=true';
/** A till that gets no number for so long is broken, however busy the machine. */
const PATIENCE_MS = 90_000;
const REPEAT_AFTER_MS = 20;

/** The answer to an attempt. Without a status, or with one below 1, the answer was lost. */
interface Reply {
  status: number;
  body: Json;
  headers: Headers;
}

/** One attempt, with an Idempotency-Key where one is given. */
type Send = (method: string, path: string, body?: object, key?: string) => Promise<Reply>;

/** Documents that are told apart, so that one stored under another's number is noticed. */
function bodyOf(key: string): object {
  const line = { description: 'Dinner', quantity: '1', unitPrice: priceOf(key) };
  return { type: 'receipt', notes: key, lines: [line] };
}

function keyOf(ordinal: number): string {
  return `document-${ordinal}`;
}

function priceOf(key: string): number {
  return 1_000 + Number(key.slice(keyOf(0).length - 1));
}

export class DocumentTills {
  /** By key, what was answered. */
  readonly confirmed = new Map<string, Json>();
  readonly #send: Send;
  readonly #work: Promise<unknown>;
  #isOver = false;
  #begun = 0;
  /** Attempts that brought no answer, or the one to come back. */
  repeats = 0;

  constructor(count: number, send: Send) {
    this.#send = send;
    const tills = Array.from({ length: count }, () => this.#sell());
    this.#work = Promise.all(tills).finally(() => (this.#isOver = true));
    // Callers that wait for the tills get the error.
    this.#work.catch(() => undefined);
  }

  async untilMore(count: number): Promise<void> {
    const wanted = this.confirmed.size + count;
    while (this.confirmed.size < wanted && !this.#isOver) await sleep(5);
    if (this.#isOver) await this.#work;
  }

  /** Resolves when every till has the number it was waiting for. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#work;
  }

  /**
   * Asserts that each number from 1 on was issued once, with the content that its till was told,
   * that nothing else and nothing incomplete is stored, and that the audit is clean.
   */
  async assertWhole(): Promise<void> {
    const told = [...this.confirmed.values()].sort((a, b) => a.counter - b.counter);
    told.forEach(({ counter }, index) => assert.equal(counter, index + 1));
    const stored = await this.#stored();
    assert.deepEqual(
      stored.sort((a, b) => a.counter - b.counter),
      told,
    );
    for (const [key, { notes, total }] of this.confirmed) assert.deepEqual([notes, total], [key, priceOf(key)]);
    const [series] = (await this.#send('GET', '/v1/document-series')).body.data;
    const { body } = await this.#send('GET', `/v1/document-series/${series.id}/audit`);
    assert.deepEqual([body.clean, body.count], [true, told.length], JSON.stringify(body));
  }

  /** A key that is repeated long afterwards has the answer that it had. */
  async assertRepeatable(): Promise<void> {
    for (const [key, answer] of this.confirmed) {
      const { status, body } = await this.#send('POST', ISSUE_PATH, bodyOf(key), key);
      assert.deepEqual([status, body], [201, answer]);
    }
  }

  async #stored(): Promise<Json[]> {
    const found: Json[] = [];
    for (let cursor = ''; ; ) {
      const { status, body } = await this.#send('GET', `/v1/documents?limit=100${cursor}`);
      assert.equal(status, 200, JSON.stringify(body));
      found.push(...body.data);
      if (body.nextCursor === null) return found;
      cursor = `&cursor=${body.nextCursor}`;
    }
  }

  async #sell(): Promise<void> {
    while (!this.#isOver) {
      const key = keyOf((this.#begun += 1));
      this.confirmed.set(key, await this.#untilIssued(key));
    }
  }

  async #untilIssued(key: string): Promise<Json> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const { status, body, headers } = await this.#send('POST', ISSUE_PATH, bodyOf(key), key);
      if (status === 201) return body;
      const isAskedBack = status === 503 && Number(headers.get('retry-after')) > 0;
      const isToRepeat = status < 1 || isAskedBack || body.code === 'idempotency_key_in_use';
      assert.ok(isToRepeat && performance.now() < until, `${status} ${JSON.stringify(body)}`);
      this.repeats += 1;
      await sleep(REPEAT_AFTER_MS);
    }
  }
}
