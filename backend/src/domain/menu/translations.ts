/** Names and descriptions of the menu in other languages. */

/** BCP 47, in its usual letters. */
export const MENU_LANGUAGES = [
  ...(['ar', 'bg', 'ca', 'cs', 'da', 'de', 'el', 'en', 'es', 'et', 'eu', 'fa', 'fi', 'fr', 'ga', 'gl'] as const),
  ...(['he', 'hi', 'hr', 'hu', 'id', 'is', 'it', 'ja', 'ko', 'lb', 'lt', 'lv', 'ms', 'mt', 'nb', 'nl'] as const),
  ...(['pl', 'pt', 'pt-BR', 'ro', 'ru', 'sk', 'sl', 'sq', 'sr', 'sv', 'th', 'tl', 'tr', 'uk', 'ur'] as const),
  ...(['vi', 'zh', 'zh-Hant'] as const),
] as const;
export type MenuLanguage = (typeof MENU_LANGUAGES)[number];

/** Languages of one thing. */
export const MAX_LANGUAGES = 12;
/** The size of all translations of one thing, as JSON: the whole menu is read at once. */
export const MAX_TRANSLATION_CHARS = 8_000;

export interface TranslatedText {
  name?: string | undefined;
  description?: string | undefined;
}

/** By language: those of `MENU_LANGUAGES`. */
export type Translations = Record<string, TranslatedText>;

export interface Translated {
  translations: Translations;
}

const BY_KEY = new Map<string, MenuLanguage>(MENU_LANGUAGES.map((language) => [language.toLowerCase(), language]));
/** Where Chinese is written in traditional characters. */
const TRADITIONAL = /^zh-(?:hant|tw|hk|mo)\b/;

/**
 * The language to look for: `de-AT` is German. Brazilian Portuguese that is missing is Portuguese.
 * @param known whether there is anything in a language.
 * @returns undefined: in none of the languages that are known.
 */
export function menuLanguage(tag: string, known: (language: MenuLanguage) => boolean): MenuLanguage | undefined {
  const key = tag.toLowerCase();
  const parts = key.split('-');
  const tried = [TRADITIONAL.test(key) ? 'zh-hant' : key, parts.slice(0, 2).join('-'), parts[0] ?? ''];
  return tried.flatMap((one) => BY_KEY.get(one) ?? []).find(known);
}

/** The fields of a thing in a language, as far as they are translated. */
export function inLanguage<T extends { name: string } & Translated>(
  thing: T,
  language: MenuLanguage | undefined,
): { name: string; description: string | undefined } {
  const translated = language === undefined ? undefined : thing.translations[language];
  return { name: translated?.name ?? thing.name, description: translated?.description };
}
