/** Requirements for every refusal, whatever its cause. */
import assert from 'node:assert/strict';
import { FAULT_RULES } from '../../src/domain/shared/errors.js';
import type { Json } from './api.js';

/** As much of an answer as a refusal is judged by; `Answer` and `RawAnswer` both have it. */
interface Refusal {
  status: number;
  headers: { get(name: string): string | null };
  body: Json;
  text: string;
}

/**
 * Signs of internals: stack lines, source files, SQL, the roles and tables of the database, library
 * names.
 */
const INSIDES =
  /\n\s+at |\.(?:ts|js|mjs|sql)\b|node_modules|\/(?:src|dist|home|tmp|usr|var)\/|\b(?:insert into|select \w+,|restaurant_id|servio_app|pg_\w+|zod|express|syntaxerror|typeerror)\b/i;

/**
 * Messages say what to send instead, in Servio's own words: no pattern, and no default text of a
 * library.
 */
const WORDS = /^(?!Invalid |Too (?:big|small)|Unrecognized)(?!.*\^)./;

/** Holds a refusal against RFC 9457 and the API's contract. @returns its body. */
export function expectProblem(status: number, answer: Refusal, what = ''): Json {
  const where = `${what}: ${answer.status} ${answer.text.slice(0, 500)}`;
  assert.equal(answer.status, status, where);
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json\b/, where);
  const { type, title, detail, code, requestId, errors, ...rest } = answer.body;
  assert.equal(rest.status, status, where);
  assert.deepEqual(Object.keys(rest), ['status'], where);
  for (const text of [type, title, detail, code, requestId]) {
    assert.equal(typeof text, 'string', where);
    assert.notEqual(text, '', where);
  }
  assert.match(code, /^[a-z_]+$/, where);
  assert.equal(requestId, answer.headers.get('x-request-id'), where);
  for (const error of errors ?? []) {
    const { pointer, message, rule, params, ...more } = error;
    assert.deepEqual(more, {}, where);
    if (rule === undefined) assert.equal(params, undefined, where);
    else assert.ok(FAULT_RULES.includes(rule), where);
    assert.match(pointer, /^(?:$|\/|\?)/, where);
    assert.match(message, WORDS, where);
  }
  const said = (errors ?? []).map((error: Json) => `${error.pointer} ${error.message}`);
  assert.equal(new Set(said).size, said.length, `${where} says a thing twice`);
  assert.doesNotMatch(answer.text, INSIDES, where);
  if (status === 401) assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer /, where);
  if (status === 429 || status === 503) assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/, where);
  if (status === 500) assert.equal(answer.headers.get('retry-after'), null, where);
  if (status === 405) assert.notEqual(answer.headers.get('allow') ?? '', '', where);
  return answer.body;
}
