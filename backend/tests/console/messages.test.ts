/** The words of the console, in all of its languages. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PRINT_LANGUAGES } from '../../src/domain/restaurant/printLanguage.js';

type Messages = Map<string, string>;

const SOURCE = path.resolve(fileURLToPath(import.meta.url), '../../../../backend/console/src');
/** Languages that may lack files: the build takes those in English. */
const UNFINISHED: readonly string[] = ['es', 'fr', 'it'];
/** Letters that nearly every message has, where they are not those of English. */
const LETTERS: Record<string, RegExp> = {
  th: /\p{Script=Thai}/u,
  ar: /\p{Script=Arabic}/u,
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
  zh: /\p{Script=Han}/u,
  ko: /\p{Script=Hangul}/u,
};

/** Files of messages: the common ones, and those of each screen. */
function filesOf(language: string): string[] {
  const screens = readdirSync(path.join(SOURCE, 'screens')).map((noun) => `screens/${noun}/messages.${language}.json`);
  return [`i18n/${language}.json`, ...screens];
}

function hasFile(file: string): boolean {
  return existsSync(path.join(SOURCE, file));
}

/** Messages of all languages that have the file, with the English ones. */
function* translations(): Generator<{ file: string; language: string; own: Messages; english: Messages }> {
  for (const language of PRINT_LANGUAGES)
    for (const [place, file] of filesOf(language).entries()) {
      if (UNFINISHED.includes(language) && !hasFile(file)) continue;
      yield { file, language, own: messagesOf(file), english: messagesOf(filesOf('en')[place] ?? '') };
    }
}

/** Each message under its path, such as `doors.login`. */
function messagesOf(file: string): Messages {
  const found: Messages = new Map();
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

/** The message without its arguments. */
function wordsOf(message: string): string {
  return message.replaceAll(/\{[^}]*\}/g, '');
}

describe('messages of the console', () => {
  test('every language has each message, with the same arguments', () => {
    for (const { file, own, english } of translations()) {
      assert.ok(english.size > 0, file);
      assert.deepEqual([...own.keys()].sort(), [...english.keys()].sort(), file);
      for (const [name, message] of english)
        assert.deepEqual(argumentsOf(own.get(name) ?? ''), argumentsOf(message), `${file} ${name}`);
    }
  });

  test('a language with all of its files is not called unfinished', () => {
    for (const language of UNFINISHED) assert.ok(!filesOf(language).every(hasFile), language);
  });

  test('no message is empty, and none is left in English', () => {
    for (const { file, language, own, english } of translations())
      for (const [name, message] of own) {
        assert.notEqual(message.trim(), '', `${file} ${name}`);
        const words = [...wordsOf(english.get(name) ?? '').matchAll(/\p{L}{3,}/gu)];
        const letters = LETTERS[language];
        if (letters && words.length > 0) assert.match(message, letters, `${file} ${name}`);
        if (language !== 'en' && words.length > 2) assert.notEqual(message, english.get(name), `${file} ${name}`);
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
