/** Loads the messages of a language when they are first needed. */
import type { AbstractIntlMessages } from 'use-intl';
import type { Language } from '../app/preferences.js';

const LOADERS: Record<Language, () => Promise<{ messages: AbstractIntlMessages }>> = {
  en: () => import('servio:messages/en'),
  de: () => import('servio:messages/de'),
  ar: () => import('servio:messages/ar'),
};

export async function loadMessages(language: Language): Promise<AbstractIntlMessages> {
  return (await LOADERS[language]()).messages;
}
