import { nameKey } from '../../domain/shared/names.js';
import type { KnownMenu } from '../../repositories/import/ImportedMenu.js';
import { newId } from '../../utils/ids.js';

/** What a modifier group may hold; the routes of the menu keep to the same. */
const MAX_GROUP_MODIFIERS = 200;

/** Finds room for new modifiers: in the group an earlier import made under this name, then in new ones. */
export class GroupFiller {
  /** Groups that are to be made. */
  readonly addedIds: string[] = [];
  /** The earlier group, if there is room in it. */
  readonly reusedId: string | undefined;
  #group: { id: string; filled: number } | undefined;

  constructor(known: KnownMenu['groups'], name: string) {
    const earlier = known.find(
      (group) => nameKey(group.name) === nameKey(name) && group.modifiers < MAX_GROUP_MODIFIERS,
    );
    this.reusedId = earlier?.id;
    this.#group = earlier && { id: earlier.id, filled: earlier.modifiers };
  }

  /** A place for one modifier. */
  next(): { groupId: string; position: number } {
    if (!this.#group || this.#group.filled === MAX_GROUP_MODIFIERS) {
      this.#group = { id: newId(), filled: 0 };
      this.addedIds.push(this.#group.id);
    }
    const position = this.#group.filled;
    this.#group.filled += 1;
    return { groupId: this.#group.id, position };
  }
}
