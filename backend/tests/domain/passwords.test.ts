import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/domain/errors.js';
import { type PasswordEngine, Passwords } from '../../src/services/auth/passwords.js';

const GOOD = 'a few plain words';

/** An engine that finishes when told to, and counts. */
class FakeEngine implements PasswordEngine {
  readonly calls = { hash: 0, verify: 0 };
  readonly #open: (() => void)[] = [];
  running = 0;
  mostAtOnce = 0;

  async hash(password: string): Promise<string> {
    this.calls.hash += 1;
    await this.#busy();
    return `hash of ${password}`;
  }

  async verify(hashed: string, password: string): Promise<boolean> {
    this.calls.verify += 1;
    await this.#busy();
    if (password.startsWith('break')) throw new Error('engine failure');
    return hashed === `hash of ${password}`;
  }

  /** Lets everything that runs, and what starts because of it, come to its end. */
  async finishAll(): Promise<void> {
    for (let idle = 0; idle < 5; idle += 1) {
      if (this.#open.length > 0) idle = 0;
      this.#open.splice(0).forEach((finish) => finish());
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async #busy(): Promise<void> {
    this.running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
    await new Promise<void>((resolve) => this.#open.push(resolve));
    this.running -= 1;
  }
}

async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof AppError, 'an AppError was expected');
  return error;
}

test('hashes with argon2id and at least 19 MiB, salted', async () => {
  const passwords = new Passwords();
  const [first, second] = await Promise.all([passwords.hash(GOOD), passwords.hash(GOOD)]);
  const memory = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(first);
  assert.ok(memory, first);
  assert.ok(Number(memory[1]) >= 19_456);
  assert.ok(Number(memory[2]) >= 2);
  assert.notEqual(first, second);
});

test('knows the right password from a wrong one', async () => {
  const passwords = new Passwords();
  const hashed = await passwords.hash(GOOD);
  assert.equal(await passwords.verifyOrPretend(hashed, GOOD), true);
  assert.equal(await passwords.verifyOrPretend(hashed, `${GOOD}!`), false);
});

test('takes the same password however the keyboard composes its letters', async () => {
  const passwords = new Passwords();
  const hashed = await passwords.hash('pâté de campagne'.normalize('NFC'));
  assert.equal(await passwords.verifyOrPretend(hashed, 'pâté de campagne'.normalize('NFD')), true);
});

test('counts characters, not bytes: ten emoji are enough, nine letters are not', async () => {
  const engine = new FakeEngine();
  const passwords = new Passwords({ engine });
  const tenEmoji = passwords.hash('🍕'.repeat(10));
  await engine.finishAll();
  await tenEmoji;
  assert.equal((await failureOf(passwords.hash('ninechars'))).code, 'invalid_request');
  assert.equal((await failureOf(passwords.hash('🍕'.repeat(9)))).errors?.[0]?.pointer, '/password');
});

test('refuses a new password of more than 256 characters and takes one of 256', async () => {
  const engine = new FakeEngine();
  const passwords = new Passwords({ engine });
  const longest = passwords.hash('x'.repeat(256));
  await engine.finishAll();
  assert.equal(await longest, `hash of ${'x'.repeat(256)}`);
  assert.equal((await failureOf(passwords.hash('x'.repeat(257)))).code, 'invalid_request');
  assert.equal(engine.calls.hash, 1);
});

test('does the same work for an unknown user, a wrong password and an absurdly long one', async () => {
  const engine = new FakeEngine();
  const passwords = new Passwords({ engine });
  for (const [hashed, password] of [
    ['hash of something else', 'wrong'],
    [undefined, 'whatever'],
    ['hash of something else', 'x'.repeat(1000)],
  ] as const) {
    engine.calls.hash = 0;
    engine.calls.verify = 0;
    const answer = passwords.verifyOrPretend(hashed, password);
    await engine.finishAll();
    assert.equal(await answer, false);
    assert.deepEqual(engine.calls, { hash: 0, verify: 1 });
  }
});

test('works as long on the decoy as on a real hash', async () => {
  const seen: string[] = [];
  const engine: PasswordEngine = {
    hash: () => Promise.reject(new Error('nothing is hashed here')),
    verify: (hashed) => Promise.resolve(seen.push(hashed) < 0),
  };
  await new Passwords({ engine }).verifyOrPretend(undefined, GOOD);
  const real = await new Passwords().hash(GOOD);
  const parametersOf = (hashed: string) => hashed.split('$').slice(1, 4);
  assert.deepEqual(parametersOf(seen[0] ?? ''), parametersOf(real));
  // The library takes it for a hash, and finds no password in it.
  assert.equal(await new Passwords().verifyOrPretend(undefined, GOOD), false);
});

test('works on no more than the allowed number at once, and comes to all of them', async () => {
  const engine = new FakeEngine();
  const passwords = new Passwords({ engine, maxAtOnce: 3, maxWaiting: 64 });
  const answers = Promise.all(
    Array.from({ length: 40 }, (_, index) => passwords.verifyOrPretend('hash of number 7', `number ${index}`)),
  );
  await engine.finishAll();
  assert.equal((await answers).filter(Boolean).length, 1);
  assert.equal(engine.mostAtOnce, 3);
  assert.equal(engine.calls.verify, 40);
});

test('without options at most four at once', async () => {
  const engine = new FakeEngine();
  const passwords = new Passwords({ engine });
  const answers = Promise.all(Array.from({ length: 30 }, () => passwords.hash(GOOD)));
  await engine.finishAll();
  await answers;
  assert.ok(engine.mostAtOnce >= 1 && engine.mostAtOnce <= 4, `${engine.mostAtOnce} at once`);
});

test('turns away whoever finds the queue full, with a time to come back, and recovers', async () => {
  const engine = new FakeEngine();
  const passwords = new Passwords({ engine, maxAtOnce: 1, maxWaiting: 2 });
  const served = Promise.all([passwords.hash(GOOD), passwords.hash(GOOD), passwords.hash(GOOD)]);
  const refused = await failureOf(passwords.hash(GOOD));
  assert.equal(refused.code, 'overloaded');
  assert.ok((refused.retryAfterSeconds ?? 0) >= 1);
  await engine.finishAll();
  await served;
  const later = passwords.hash(GOOD);
  await engine.finishAll();
  assert.equal(await later, `hash of ${GOOD}`);
});

test('gives its place back when the work fails', async () => {
  const engine = new FakeEngine();
  const passwords = new Passwords({ engine, maxAtOnce: 1, maxWaiting: 4 });
  const failing = assert.rejects(passwords.verifyOrPretend('hash of x', 'break this'), /engine failure/);
  const next = passwords.verifyOrPretend('hash of fine', 'fine');
  await engine.finishAll();
  await failing;
  assert.equal(await next, true);
});
