/** The words of the console, in all of its languages. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const SOURCE = path.resolve(fileURLToPath(import.meta.url), '../../../../backend/console/src');
const LANGUAGES = ['en', 'de', 'ar'];

/** Files of messages: the common ones, and those of each screen. */
function filesOf(language: string): string[] {
  const screens = readdirSync(path.join(SOURCE, 'screens')).map((noun) => `screens/${noun}/messages.${language}.json`);
  return [`i18n/${language}.json`, ...screens];
}

/** Each message under its path, such as `doors.login`. */
function messagesOf(file: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: unknown, at: string): void => {
    if (typeof value === 'string') found.set(at, value);
    else for (const [name, inner] of Object.entries(value as object)) walk(inner, at === '' ? name : `${at}.${name}`);
  };
  walk(JSON.parse(readFileSync(path.join(SOURCE, file), 'utf8')), '');
  return found;
}

/** Names of the arguments: `{name}`, `{count, plural, …}`. */
function argumentsOf(message: string): string[] {
  return [...new Set([...message.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name ?? ''))].sort();
}

describe('messages of the console', () => {
  test('every language has each message, with the same arguments', () => {
    for (const [place, file] of filesOf('en').entries()) {
      const english = messagesOf(file);
      assert.ok(english.size > 0, file);
      for (const language of LANGUAGES) {
        const other = messagesOf(filesOf(language)[place] ?? '');
        assert.deepEqual([...other.keys()].sort(), [...english.keys()].sort(), `${file} in ${language}`);
        for (const [name, message] of english)
          assert.deepEqual(argumentsOf(other.get(name) ?? ''), argumentsOf(message), `${name} in ${language}`);
      }
    }
  });

  test('no message is empty, and none is left in English', () => {
    for (const [place, file] of filesOf('en').entries()) {
      const english = messagesOf(file);
      const arabic = messagesOf(filesOf('ar')[place] ?? '');
      for (const [name, message] of arabic) {
        assert.notEqual(message.trim(), '', `${file} ${name}`);
        const hasWords = /\p{L}{3}/u.test((english.get(name) ?? '').replaceAll(/\{[^}]*\}/g, ''));
        if (hasWords) assert.match(message, /\p{Script=Arabic}/u, `${file} ${name}`);
      }
    }
  });

  test('no two screens have the same key, noun or path', () => {
    const list = readFileSync(path.join(SOURCE, 'app/screens.ts'), 'utf8');
    for (const field of ['key', 'noun', 'path']) {
      const found = [...list.matchAll(new RegExp(`^    ${field}: '(.+)',$`, 'gm'))].map(([, value]) => value);
      assert.ok(found.length > 10, field);
      assert.deepEqual(found, [...new Set(found)]);
    }
  });
});
