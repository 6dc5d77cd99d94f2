/** What is printed on documents, in the languages a restaurant can choose from. */
import { ar } from './documentLabels/ar.js';
import { de } from './documentLabels/de.js';
import { en } from './documentLabels/en.js';
import { es } from './documentLabels/es.js';
import { fr } from './documentLabels/fr.js';
import { it } from './documentLabels/it.js';
import { ja } from './documentLabels/ja.js';
import { ko } from './documentLabels/ko.js';
import type { DocumentLabels } from './documentLabels/labels.js';
import { th } from './documentLabels/th.js';
import { zh } from './documentLabels/zh.js';
import type { PrintLanguage } from './printLanguage.js';

const LABELS: Record<PrintLanguage, DocumentLabels> = { en, de, fr, es, it, th, ar, ja, zh, ko };

export function labelsOf(language: PrintLanguage): DocumentLabels {
  return LABELS[language];
}

/** Written from right to left. */
export function isRightToLeft(language: PrintLanguage): boolean {
  return language === 'ar';
}
