import { z } from 'zod';
import { printLanguage } from './common.js';

export const textQuery = z.strictObject({ language: printLanguage.optional() });

export const printQuery = textQuery.extend({
  format: z.enum(['page', 'roll']).optional().meta({ description: '`page` is A4, `roll` is an 80 mm roll.' }),
});

export const xmlQuery = z.strictObject({
  syntax: z.enum(['ubl', 'cii']).optional().meta({ description: '`ubl` (default) or `cii`, the UN/CEFACT syntax.' }),
});
