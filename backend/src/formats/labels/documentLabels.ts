/** Document labels in the languages that a restaurant can choose. */
import { ar } from './ar.js';
import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import { it } from './it.js';
import { ja } from './ja.js';
import { ko } from './ko.js';
import type { DocumentLabels } from './labels.js';
import { th } from './th.js';
import { zh } from './zh.js';
import type { PrintLanguage } from '../../domain/restaurant/printLanguage.js';

const LABELS: Record<PrintLanguage, DocumentLabels> = { en, de, fr, es, it, th, ar, ja, zh, ko };

export function labelsOf(language: PrintLanguage): DocumentLabels {
  return LABELS[language];
}

/** Whether the language is written from right to left. */
export function isRightToLeft(language: PrintLanguage): boolean {
  return language === 'ar';
}
