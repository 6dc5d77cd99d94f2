/** Loads the messages of a language when they are first needed. */
import type { AbstractIntlMessages } from 'use-intl';
import type { Language } from '../app/preferences.js';

const LOADERS: Record<Language, () => Promise<{ messages: AbstractIntlMessages }>> = {
  en: () => import('servio:messages/en'),
  de: () => import('servio:messages/de'),
  fr: () => import('servio:messages/fr'),
  es: () => import('servio:messages/es'),
  it: () => import('servio:messages/it'),
  th: () => import('servio:messages/th'),
  ar: () => import('servio:messages/ar'),
  ja: () => import('servio:messages/ja'),
  zh: () => import('servio:messages/zh'),
  ko: () => import('servio:messages/ko'),
};

export async function loadMessages(language: Language): Promise<AbstractIntlMessages> {
  return (await LOADERS[language]()).messages;
}
