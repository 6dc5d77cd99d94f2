/** The files of messages of the console. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Each message under its path, such as `doors.login`. */
export type Messages = Map<string, string>;

export const CONSOLE_SOURCE = path.resolve(fileURLToPath(import.meta.url), '../../../../backend/console/src');

/** Files of messages: the common ones, and those of each screen. */
export function filesOf(language: string): string[] {
  const screens = readdirSync(path.join(CONSOLE_SOURCE, 'screens')).map(
    (noun) => `screens/${noun}/messages.${language}.json`,
  );
  return [`i18n/${language}.json`, ...screens];
}

export function hasFile(file: string): boolean {
  return existsSync(path.join(CONSOLE_SOURCE, file));
}

/** @param file one of `filesOf`. */
export function messagesOf(file: string): Messages {
  const found: Messages = new Map();
  const walk = (value: unknown, at: string): void => {
    if (typeof value === 'string') found.set(at, value);
    else for (const [name, inner] of Object.entries(value as object)) walk(inner, at === '' ? name : `${at}.${name}`);
  };
  walk(JSON.parse(readFileSync(path.join(CONSOLE_SOURCE, file), 'utf8')), '');
  return found;
}
