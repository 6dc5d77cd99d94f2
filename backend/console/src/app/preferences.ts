/** Language and theme of this browser. */
import type { PrintLanguage } from '../../../client/src/api.js';
import { rememberedStore } from './store.js';

/** The console speaks the languages that Servio prints in. */
export type Language = PrintLanguage;
/** In their own words, so that everybody finds theirs. */
const LANGUAGES: Record<Language, string> = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  it: 'Italiano',
  th: 'ไทย',
  ar: 'العربية',
  ja: '日本語',
  zh: '中文',
  ko: '한국어',
};
export const LANGUAGE_CHOICES = Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }));
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const language = rememberedStore<Language>('language', (value) =>
  isLanguage(value) ? value : (navigator.languages.map((one) => one.slice(0, 2)).find(isLanguage) ?? 'en'),
);

export const theme = rememberedStore<Theme>('theme', (value) => THEMES.find((one) => one === value) ?? 'system');

export function directionOf(one: Language): 'ltr' | 'rtl' {
  return one === 'ar' ? 'rtl' : 'ltr';
}

/**
 * Keeps the page's language, direction and theme as they are chosen. @returns ends it: the door and
 * the console have a copy of the choices each, and only one of them may write to the page.
 */
export function applyPreferences(): () => void {
  const apply = (): void => {
    const page = document.documentElement;
    page.lang = language.get();
    page.dir = directionOf(language.get());
    if (theme.get() === 'system') delete page.dataset['theme'];
    else page.dataset['theme'] = theme.get();
  };
  const ends = [language.follow(apply), theme.follow(apply)];
  apply();
  return () => {
    for (const end of ends) end();
  };
}

export function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(LANGUAGES, value);
}
