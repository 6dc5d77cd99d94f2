import type { UsedChoice, UsedItem } from '../../repositories/import/ImportStage.js';

/** The items and choices that the orders to be stored use, each once. */
export class UsedNames {
  readonly #items = new Map<string, UsedItem>();
  readonly #choices = new Map<string, UsedChoice>();

  add(items: readonly UsedItem[], choices: readonly UsedChoice[]): void {
    for (const item of items) this.#items.set(`${item.itemNo} ${item.variantNo}`, item);
    for (const choice of choices) this.#choices.set(`${choice.itemNo} ${choice.choice}`, choice);
  }

  /** In the order of the file. */
  get items(): UsedItem[] {
    return [...this.#items.values()].sort((a, b) => a.itemNo - b.itemNo || (a.variantNo ?? -1) - (b.variantNo ?? -1));
  }

  get choices(): UsedChoice[] {
    return [...this.#choices.values()].sort((a, b) => a.itemNo - b.itemNo || a.choice - b.choice);
  }
}
