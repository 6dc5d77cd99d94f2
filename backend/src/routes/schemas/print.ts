import { z } from 'zod';
import { printLanguage } from './common.js';

export const textQuery = z.strictObject({ language: printLanguage.optional() });

export const printQuery = textQuery.extend({
  format: z.enum(['page', 'roll']).optional().meta({ description: 'A4, or a roll of 80 mm.' }),
});
