/** Parts of the menu's schemas: types of orders, allergens and diets, pictures, translations. */
import { z } from 'zod';
import { ALLERGENS, DIET_TAGS } from '../../domain/menu/dietaryNames.js';
import { ORDER_TYPES } from '../../domain/menu/menu.js';
import {
  MAX_LANGUAGES,
  MAX_TRANSLATION_CHARS,
  MENU_LANGUAGES,
  type Translations,
} from '../../domain/menu/translations.js';
import { DEFAULT_LANGUAGE, PRINT_LANGUAGES } from '../../domain/restaurant/printLanguage.js';
import { id, text } from './common.js';

export const orderType = z.enum(ORDER_TYPES).meta({ id: 'OrderType' });
const allergen = z.enum(ALLERGENS).meta({ id: 'Allergen' });
export const dietTag = z.enum(DIET_TAGS).meta({ id: 'DietTag' });
const address = z.string().meta({ examples: [`/v1/pictures/${'019ab3f0'.repeat(8)}/small.webp`] });
export const picture = z.object({ id, small: address, medium: address, large: address }).meta({
  id: 'Picture',
  description:
    'Addresses on this server, at most 320, 800 and 1,600 pixels wide or high. Each always has the same bytes, and needs no login.',
});
export const dietary = {
  allergens: z.array(allergen),
  otherAllergens: z.array(z.string()),
  dietTags: z.array(dietTag),
};

const translated = z.object({ name: z.string().optional(), description: z.string().optional() });
export const translations = z.record(z.string(), translated).meta({
  id: 'Translations',
  description: 'By language.',
  examples: [{ fr: { name: 'Soupe' } }],
});
export const translationsInput = z
  .partialRecord(
    z.enum(MENU_LANGUAGES, `Give languages out of ${MENU_LANGUAGES.join(', ')}.`),
    z.strictObject({ name: text(200).optional(), description: text(2000).optional() }),
  )
  .refine((sent) => Object.keys(sent).length <= MAX_LANGUAGES, `Give at most ${MAX_LANGUAGES} languages.`)
  .refine((sent) => JSON.stringify(sent).length <= MAX_TRANSLATION_CHARS, {
    message: `Give at most ${MAX_TRANSLATION_CHARS} characters in all.`,
  })
  // JSON has no undefined values.
  .transform((sent) => sent as Translations)
  .optional()
  .meta({
    description: 'Name and description by language (BCP 47). Replaces all of them. Absent: they stay.',
    examples: [{ fr: { name: 'Soupe' } }],
  });
export const languageTag = z
  .string()
  .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/, 'Give a language as BCP 47 has it, for example "de" or "pt-BR".');

export const labelsQuery = z.strictObject({
  language: z.enum(PRINT_LANGUAGES).default(DEFAULT_LANGUAGE).meta({ description: 'The language of the names.' }),
});
const label = <Code extends z.ZodType>(code: Code) => z.array(z.object({ code, name: z.string() }));
export const labels = z
  .object({ language: z.enum(PRINT_LANGUAGES), allergens: label(allergen), dietTags: label(dietTag) })
  .meta({ id: 'DietaryLabels' });
