/**
 * Assigns numbers to the names in a file: rows stay small, and two spellings of a name share one
 * number.
 */
import { AppError } from '../../domain/shared/errors.js';
import { nameKey } from '../../domain/shared/names.js';
import type { ImportedRow } from '../../formats/csv/orderRows.js';

/**
 * A menu has hundreds of names. Thousands mean that a column is mapped to something else, such as
 * notes or receipt numbers.
 */
const MAX_NAMES = 5000;

export interface ItemName {
  name: string;
  /** The first category that a row gives. */
  category: string | undefined;
  /** The first ones that a row gives. */
  allergens: readonly string[];
  /** The largest number of choices on one line of the item. */
  mostChoices: number;
}

export interface VariantName {
  itemNo: number;
  name: string;
}

export interface ChoiceName {
  name: string;
  /** The largest number of times that one line has it. */
  mostTaken: number;
}

export class Dictionary {
  readonly items: ItemName[] = [];
  readonly variants: VariantName[] = [];
  readonly choices: ChoiceName[] = [];
  readonly #itemNos = new Map<string, number>();
  readonly #variantNos = new Map<string, number>();
  readonly #choiceNos = new Map<string, number>();

  /** @throws AppError invalid_request when a column has more names than any menu. */
  itemNo({ item, category, allergens, choices }: ImportedRow): number {
    const no = numberOf(this.#itemNos, nameKey(item), '/mapping/item', () => {
      this.items.push({ name: item, category, allergens, mostChoices: 0 });
    });
    const known = this.items[no];
    if (known) {
      known.category ??= category;
      if (known.allergens.length === 0) known.allergens = allergens;
      known.mostChoices = Math.max(known.mostChoices, choices.length);
    }
    return no;
  }

  variantNo(itemNo: number, name: string | undefined): number | undefined {
    if (name === undefined) return undefined;
    return numberOf(this.#variantNos, `${itemNo} ${nameKey(name)}`, '/mapping/variant', () => {
      this.variants.push({ itemNo, name });
    });
  }

  /** @returns numbers in ascending order, one for each time a choice was taken. */
  choiceNos(names: readonly string[]): number[] {
    const numbers = names.map((name) =>
      numberOf(this.#choiceNos, nameKey(name), '/mapping/choices/column', () => {
        this.choices.push({ name, mostTaken: 1 });
      }),
    );
    numbers.sort((a, b) => a - b);
    if (new Set(numbers).size < numbers.length) this.#countTaken(numbers);
    return numbers;
  }

  #countTaken(numbers: readonly number[]): void {
    const taken = new Map<number, number>();
    for (const no of numbers) taken.set(no, (taken.get(no) ?? 0) + 1);
    for (const [no, count] of taken) {
      const choice = this.choices[no];
      if (choice) choice.mostTaken = Math.max(choice.mostTaken, count);
    }
  }
}

function numberOf(numbers: Map<string, number>, key: string, pointer: string, add: () => void): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  if (numbers.size === MAX_NAMES) {
    const message = `This column has more than ${MAX_NAMES} different names: it cannot be a menu column. Nothing was stored. Map another column and send the file again.`;
    throw new AppError('invalid_request', `${pointer}: ${message}`, { errors: [{ pointer, message }] });
  }
  const no = numbers.size;
  numbers.set(key, no);
  add();
  return no;
}
