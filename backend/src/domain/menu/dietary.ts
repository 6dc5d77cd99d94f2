/** Allergens and diets of dishes: what is declared, and what a guest may eat. */
import type { PrintLanguage } from '../restaurant/printLanguage.js';
import { invalid } from '../shared/errors.js';
import {
  ALLERGEN_NAMES,
  type Allergen,
  ALLERGENS,
  DIET_TAG_NAMES,
  DIET_TAGS,
  type DietTag,
  NARROWER,
  SYNONYMS,
} from './dietaryNames.js';

/** Recognised words, with the allergen that each means. */
const KNOWN = new Map<string, { allergen: Allergen; isNarrower: boolean }>();
for (const allergen of ALLERGENS) {
  const same = [allergen, ...Object.values(ALLERGEN_NAMES[allergen]), ...(SYNONYMS[allergen]?.split('|') ?? [])];
  for (const word of NARROWER[allergen]?.split('|') ?? []) KNOWN.set(keyOf(word), { allergen, isNarrower: true });
  for (const word of same) KNOWN.set(keyOf(word), { allergen, isNarrower: false });
}

export interface Dietary {
  allergens: Allergen[];
  /** Texts beside the fourteen, or with more than their names: `wheat`, `may contain traces`. */
  otherAllergens: string[];
  dietTags: DietTag[];
}

/** Each field as it was sent; absent: unchanged. */
export interface SentDietary {
  /** Codes and free text. */
  allergens?: string[] | undefined;
  otherAllergens?: string[] | undefined;
  dietTags?: DietTag[] | undefined;
}

/** Allergens that a guest avoids, and diets that they follow. */
export interface DietFilter {
  without: readonly Allergen[];
  diets: readonly DietTag[];
}

/**
 * The allergen that a text means, in any of the ten languages. Letters and numbers mean nothing.
 */
export function allergenOf(text: string): Allergen | undefined {
  return KNOWN.get(keyOf(text))?.allergen;
}

/**
 * Sorts what a request says into codes and texts. Texts of `allergens` that are not recognised
 * replace the texts of before. Codes alone leave those as they are, except narrower words of
 * allergens that are gone: without gluten there is no `wheat`.
 * @throws AppError invalid_request for tags that the allergens contradict.
 */
export function dietaryOf(sent: SentDietary, before: Dietary | undefined): Dietary {
  const { codes, texts } = sorted(sent.allergens ?? before?.allergens ?? []);
  const others = sorted(sent.otherAllergens ?? (texts.length > 0 ? [] : textsLeft(codes, before)));
  const dietary = {
    allergens: ALLERGENS.filter((one) => codes.includes(one) || others.codes.includes(one)),
    otherAllergens: [...new Set([...texts, ...others.texts])],
    dietTags: [...new Set(sent.dietTags ?? before?.dietTags ?? [])],
  };
  assertPossible(dietary);
  return dietary;
}

function textsLeft(codes: readonly Allergen[], before: Dietary | undefined): string[] {
  return (before?.otherAllergens ?? []).filter((text) => {
    const allergen = allergenOf(text);
    return allergen === undefined || codes.includes(allergen);
  });
}

function sorted(words: readonly string[]): { codes: Allergen[]; texts: string[] } {
  const [codes, texts]: [Allergen[], string[]] = [[], []];
  for (const word of words) {
    const known = KNOWN.get(keyOf(word));
    if (known) codes.push(known.allergen);
    if (!known || known.isNarrower) texts.push(word);
  }
  return { codes, texts };
}

/**
 * Not `vegan` and `vegetarian`: menus of real kitchens have such dishes with crustaceans, as
 * traces.
 */
const CONTRADICTIONS: Partial<Record<DietTag, readonly Allergen[]>> = {
  gluten_free: ['gluten'],
  nut_free: ['nuts', 'peanuts'],
};

function assertPossible({ allergens, dietTags }: Dietary): void {
  for (const [index, tag] of dietTags.entries()) {
    const against = CONTRADICTIONS[tag]?.find((allergen) => allergens.includes(allergen));
    if (against !== undefined)
      throw invalid(
        `/dietTags/${index}`,
        `A dish with "${against}" among its allergens is not ${tag}. Correct one of them; write traces as text in "otherAllergens".`,
      );
  }
}

/** Tags that include others: what is vegan is vegetarian. */
const INCLUDED_IN: Partial<Record<DietTag, readonly DietTag[]>> = {
  vegetarian: ['vegan'],
  pescatarian: ['vegetarian', 'vegan'],
};

/**
 * Whether guests may have a dish. A dish without its own tag is not of the diet. A text that is not
 * recognised may mean any allergen, so such a dish is left out.
 */
export function isFit({ allergens, otherAllergens, dietTags }: Dietary, { without, diets }: DietFilter): boolean {
  if (without.some((allergen) => allergens.includes(allergen))) return false;
  if (without.length > 0 && otherAllergens.some((text) => allergenOf(text) === undefined)) return false;
  return diets.every((diet) => [diet, ...(INCLUDED_IN[diet] ?? [])].some((tag) => dietTags.includes(tag)));
}

/** Lower case, without accents and punctuation around it. */
function keyOf(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Codes and their names in a language. */
export function labelsIn(language: PrintLanguage) {
  return {
    language,
    allergens: ALLERGENS.map((code) => ({ code, name: ALLERGEN_NAMES[code][language] })),
    dietTags: DIET_TAGS.map((code) => ({ code, name: DIET_TAG_NAMES[code][language] })),
  };
}
