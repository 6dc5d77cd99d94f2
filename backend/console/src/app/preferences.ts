/** Language and theme of this browser. */
import { rememberedStore } from './store.js';

/** In their own words, so that everybody finds theirs. */
export const LANGUAGES = { en: 'English', de: 'Deutsch', ar: 'العربية' } as const;
export type Language = keyof typeof LANGUAGES;
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const language = rememberedStore<Language>('language', (value) =>
  isLanguage(value) ? value : (navigator.languages.map((one) => one.slice(0, 2)).find(isLanguage) ?? 'en'),
);

export const theme = rememberedStore<Theme>('theme', (value) => THEMES.find((one) => one === value) ?? 'system');

export function directionOf(one: Language): 'ltr' | 'rtl' {
  return one === 'ar' ? 'rtl' : 'ltr';
}

/** Keeps the page's language, direction and theme as they are chosen. */
export function applyPreferences(): void {
  const apply = (): void => {
    const page = document.documentElement;
    page.lang = language.get();
    page.dir = directionOf(language.get());
    if (theme.get() === 'system') delete page.dataset['theme'];
    else page.dataset['theme'] = theme.get();
  };
  language.follow(apply);
  theme.follow(apply);
  apply();
}

function isLanguage(value: unknown): value is Language {
  return typeof value === 'string' && Object.hasOwn(LANGUAGES, value);
}
