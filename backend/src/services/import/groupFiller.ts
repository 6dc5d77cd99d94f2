import { nameKey } from '../../domain/shared/names.js';
import type { KnownMenu } from '../../repositories/import/ImportedMenu.js';
import { newId } from '../../utils/ids.js';

/** Maximum modifiers in a group, as in the menu routes. */
const MAX_GROUP_MODIFIERS = 200;

type Group = KnownMenu['groups'][number];

/** The existing groups that have room, by name. */
export class ImportedGroups {
  readonly #withRoom = new Map<string, Group>();

  constructor(known: readonly Group[]) {
    for (const group of known) {
      const key = nameKey(group.name);
      if (group.modifiers < MAX_GROUP_MODIFIERS && !this.#withRoom.has(key)) this.#withRoom.set(key, group);
    }
  }

  fill(name: string): GroupFiller {
    return new GroupFiller(this.#withRoom.get(nameKey(name)));
  }
}

/**
 * Finds places for new modifiers: first in the group that an earlier import made under this name,
 * then in new ones.
 */
class GroupFiller {
  /** Groups to create. */
  readonly addedIds: string[] = [];
  /** The earlier group, if it has room. */
  readonly reusedId: string | undefined;
  #group: { id: string; filled: number } | undefined;

  constructor(earlier: Group | undefined) {
    this.reusedId = earlier?.id;
    this.#group = earlier && { id: earlier.id, filled: earlier.modifiers };
  }

  /** The next place for a modifier. */
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
