/** The few messages of the doors, one small file for each language. */
import type { Language } from '../app/preferences.js';
import type { DoorMessages } from '../doors/words.js';

const LOADERS: Record<Language, () => Promise<{ messages: DoorMessages }>> = {
  en: () => import('servio:doorMessages/en'),
  de: () => import('servio:doorMessages/de'),
  fr: () => import('servio:doorMessages/fr'),
  es: () => import('servio:doorMessages/es'),
  it: () => import('servio:doorMessages/it'),
  th: () => import('servio:doorMessages/th'),
  ar: () => import('servio:doorMessages/ar'),
  ja: () => import('servio:doorMessages/ja'),
  zh: () => import('servio:doorMessages/zh'),
  ko: () => import('servio:doorMessages/ko'),
};

export async function loadDoorMessages(language: Language): Promise<DoorMessages> {
  return (await LOADERS[language]()).messages;
}
