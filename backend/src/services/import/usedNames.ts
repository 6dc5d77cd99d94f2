import { AppError } from '../../domain/shared/errors.js';
import { MAX_COMBINATIONS, type UsedChoice, type UsedItem } from '../../repositories/import/ImportStage.js';

/** The items and choices that the orders to be stored use, each once. */
export class UsedNames {
  readonly #items = new Map<string, UsedItem>();
  readonly #choices = new Map<string, UsedChoice>();

  /**
   * @throws AppError invalid_request when more choices were taken on more items than any menu
   * offers.
   */
  add(items: readonly UsedItem[], choices: readonly UsedChoice[]): void {
    for (const item of items) this.#items.set(`${item.itemNo} ${item.variantNo}`, item);
    for (const choice of choices) this.#choices.set(`${choice.itemNo} ${choice.choice}`, choice);
    if (this.#choices.size <= MAX_COMBINATIONS) return;
    const pointer = '/mapping/choices/column';
    const message = `The file has more than ${MAX_COMBINATIONS} combinations of an item and a choice: no menu has as many. None of its orders was stored.`;
    throw new AppError('invalid_request', `${pointer}: ${message}`, { errors: [{ pointer, message }] });
  }

  /** In the order of the file. */
  get items(): UsedItem[] {
    return [...this.#items.values()].sort((a, b) => a.itemNo - b.itemNo || (a.variantNo ?? -1) - (b.variantNo ?? -1));
  }

  get choices(): UsedChoice[] {
    return [...this.#choices.values()].sort((a, b) => a.itemNo - b.itemNo || a.choice - b.choice);
  }
}
