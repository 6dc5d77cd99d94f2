import type { PrintLanguage } from '../../../../client/src/api.js';

const NAMES: Record<PrintLanguage, string> = {
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

/** The languages that Servio prints in, in their own words. */
export const PRINT_LANGUAGES = Object.entries(NAMES).map(([value, label]) => ({ value, label }));
