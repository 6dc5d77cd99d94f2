import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppError } from '../../src/domain/shared/errors.js';
import { passwordFault } from '../../src/domain/people/password.js';
import { type PasswordEngine, Passwords, settingsWith } from '../../src/services/auth/passwords.js';

const GOOD = 'a few plain words';
const SETTINGS = settingsWith(Buffer.from('sixteen bytes .. '.slice(0, 16)));

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

test('hashes with argon2id and at least 19 MiB under the salt it is given, so that the same password is the same text', async () => {
  const passwords = new Passwords();
  const other = settingsWith(Buffer.alloc(16, 1));
  const [first, second, third] = await Promise.all([SETTINGS, SETTINGS, other].map((one) => passwords.hash(GOOD, one)));
  const memory = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(first ?? '');
  assert.ok(memory, first);
  assert.ok(Number(memory[1]) >= 19_456);
  assert.ok(Number(memory[2]) >= 2);
  assert.equal(first, second);
  assert.ok(first?.startsWith(`${SETTINGS}$`) && third?.startsWith(`${other}$`));
  assert.notEqual(first?.split('$').at(-1), third?.split('$').at(-1));
});

test('hashes as an older hash was, whatever its parameters', async () => {
  const settings = '$argon2id$v=19$m=8192,t=3,p=1$c29tZSBvdGhlciBzYWx0';
  const hashed = await new Passwords().hash(GOOD, settings);
  assert.ok(hashed.startsWith(`${settings}$`), hashed);
  assert.equal(await new Passwords().verifyOrPretend(hashed, GOOD), true);
});

test('knows the right password from a wrong one', async () => {
  const passwords = new Passwords();
  const hashed = await passwords.hash(GOOD, SETTINGS);
  assert.equal(await passwords.verifyOrPretend(hashed, GOOD), true);
  assert.equal(await passwords.verifyOrPretend(hashed, `${GOOD}!`), false);
});

test('takes the same password however the keyboard composes its letters', async () => {
  const passwords = new Passwords();
  const hashed = await passwords.hash('pâté de campagne'.normalize('NFC'), SETTINGS);
  assert.equal(await passwords.verifyOrPretend(hashed, 'pâté de campagne'.normalize('NFD')), true);
});

test('counts characters, not bytes: ten emoji are enough, nine letters are not', () => {
  assert.equal(passwordFault('🍕'.repeat(10)), undefined);
  assert.match(passwordFault('ninechars') ?? '', /at least 10/);
  assert.match(passwordFault('🍕'.repeat(9)) ?? '', /at least 10/);
});

test('takes a new password of 256 characters, and one of more is the hash of none', async () => {
  assert.equal(passwordFault('x'.repeat(256)), undefined);
  assert.match(passwordFault('x'.repeat(257)) ?? '', /at most 256/);
  const passwords = new Passwords();
  const [longest, longer] = [
    await passwords.hash('🍕'.repeat(256), SETTINGS),
    await passwords.hash('🍕'.repeat(257), SETTINGS),
  ];
  assert.equal(await passwords.verifyOrPretend(longest, '🍕'.repeat(256)), true);
  assert.notEqual(longest, longer);
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
  const real = await new Passwords().hash(GOOD, SETTINGS);
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
  const answers = Promise.all(Array.from({ length: 30 }, () => passwords.hash(GOOD, SETTINGS)));
  await engine.finishAll();
  await answers;
  assert.ok(engine.mostAtOnce >= 1 && engine.mostAtOnce <= 4, `${engine.mostAtOnce} at once`);
});

test('turns away whoever finds the queue full, with a time to come back, and recovers', async () => {
  const engine = new FakeEngine();
  const passwords = new Passwords({ engine, maxAtOnce: 1, maxWaiting: 2 });
  const served = Promise.all([
    passwords.hash(GOOD, SETTINGS),
    passwords.hash(GOOD, SETTINGS),
    passwords.hash(GOOD, SETTINGS),
  ]);
  const refused = await failureOf(passwords.hash(GOOD, SETTINGS));
  assert.equal(refused.code, 'overloaded');
  assert.ok((refused.retryAfterSeconds ?? 0) >= 1);
  await engine.finishAll();
  await served;
  const later = passwords.hash(GOOD, SETTINGS);
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
