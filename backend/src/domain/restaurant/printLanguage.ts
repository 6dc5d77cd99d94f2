/** The languages in which a restaurant can print, ISO 639-1. */
export const PRINT_LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'th', 'ar', 'ja', 'zh', 'ko'] as const;
export type PrintLanguage = (typeof PRINT_LANGUAGES)[number];

/** Language of a restaurant that has not chosen one. */
export const DEFAULT_LANGUAGE: PrintLanguage = 'en';
