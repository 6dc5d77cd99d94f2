/** The words of the console, in all of its languages. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { createTranslator } from 'use-intl/core';
import { PRINT_LANGUAGES } from '../../src/domain/restaurant/printLanguage.js';
import { ERROR_CODES, FAULT_RULES } from '../../src/domain/shared/errors.js';
import { CONSOLE_SOURCE, filesOf, hasFile, type Messages, messagesOf } from '../support/consoleMessages.js';

/** Languages that may lack files: the build takes those in English. */
const UNFINISHED: readonly string[] = [];
/** Each picks another form in some language; a million is `many` in Spanish, French and Italian. */
const COUNTS = [0, 1, 2, 5, 11, 1_000_000];
/** Letters that nearly every message has, where they are not those of English. */
const LETTERS: Record<string, RegExp> = {
  th: /\p{Script=Thai}/u,
  ar: /\p{Script=Arabic}/u,
  ja: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u,
  zh: /\p{Script=Han}/u,
  ko: /\p{Script=Hangul}/u,
};

/** Messages of all languages that have the file, with the English ones. */
function* translations(): Generator<{ file: string; language: string; own: Messages; english: Messages }> {
  for (const language of PRINT_LANGUAGES)
    for (const [place, file] of filesOf(language).entries()) {
      if (UNFINISHED.includes(language) && !hasFile(file)) continue;
      yield { file, language, own: messagesOf(file), english: messagesOf(filesOf('en')[place] ?? '') };
    }
}

/** Names of the arguments: `{name}`, `{count, plural, …}`. */
function argumentsOf(message: string): string[] {
  return [...new Set([...message.matchAll(/\{(\w+)[,}]/g)].map(([, name]) => name ?? ''))].sort();
}

/** The message without its arguments. */
function wordsOf(message: string): string {
  return message.replaceAll(/\{[^}]*\}/g, '');
}

/** A dot in a key would lead into a group of messages. */
function plain(name: string): string {
  return name.replaceAll('.', '_');
}

function raise(error: Error): never {
  throw error;
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

  test('every message can be shown, with each kind of number', () => {
    for (const { file, language, own } of translations()) {
      const messages = Object.fromEntries([...own].map(([name, message]) => [plain(name), message]));
      const t = createTranslator({ locale: language, messages, onError: raise });
      for (const [name, message] of own)
        for (const count of message.includes('plural,') ? COUNTS : [1]) {
          const values = Object.fromEntries(argumentsOf(message).map((argument) => [argument, count]));
          assert.doesNotMatch(t(plain(name), values), /[{}]/, `${file} ${name}`);
        }
    }
  });

  test('in French, no line begins with a colon or a question mark', () => {
    for (const { file, language, own } of translations())
      if (language === 'fr')
        for (const [name, message] of own) assert.doesNotMatch(message, / [:;?!»]|« /, `${file} ${name}`);
  });

  test('every refusal of the API, and every rule of its forms, has a message', () => {
    const english = messagesOf(filesOf('en').find((file) => file.endsWith('i18n/en.json')) ?? '');
    const text = readFileSync(path.join(CONSOLE_SOURCE, 'ui/refusals.ts'), 'utf8');
    const named = new Map([...text.matchAll(/^  (\w+): '(\w+)',$/gm)].map(([, code = '', name = '']) => [code, name]));
    assert.deepEqual([...named.keys()].sort(), [...ERROR_CODES].sort());
    const used = [...new Set(named.values())].map((name) => `refusal.${name}`);
    const refusals = [...english.keys()].filter((key) => key.startsWith('refusal.'));
    assert.deepEqual(refusals.sort(), used.sort());
    const rules = [...english.keys()].filter((key) => key.startsWith('fault.'));
    assert.deepEqual(rules.sort(), [...FAULT_RULES, 'other'].map((rule) => `fault.${rule}`).sort());
  });

  test('no two screens have the same key, noun or path', () => {
    const list = readFileSync(path.join(CONSOLE_SOURCE, 'app/screens.ts'), 'utf8');
    for (const field of ['key', 'noun', 'path']) {
      const found = [...list.matchAll(new RegExp(`^    ${field}: '(.+)',$`, 'gm'))].map(([, value]) => value);
      assert.ok(found.length > 10, field);
      assert.deepEqual(found, [...new Set(found)]);
    }
  });
});
