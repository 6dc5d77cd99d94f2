import type { Tx } from '../config/database.js';
import { TrackOf } from '../decorators/Performance.js';
import type { Call } from '../domain/shared/call.js';
import { assertVersion, notFound } from '../domain/shared/errors.js';
import { changesBetween, type EventType, type Fact } from '../domain/shared/events.js';
import type { Edited } from '../domain/shared/edited.js';
import type { BulkTable, EditableTable, ListFilter } from '../repositories/editableTable.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import { newId } from '../utils/ids.js';
import type { UnitOfWork } from './UnitOfWork.js';

export type { ListFilter } from '../repositories/editableTable.js';

/** The noun in events, the audit log and error messages. */
export type EditableNoun =
  | 'category'
  | 'tax'
  | 'modifier_group'
  | 'menu_item'
  | 'stock_location'
  | 'inventory_item'
  | 'recipe'
  | 'supplier'
  | 'supplier_item'
  | 'document_series'
  | 'message_template'
  | 'code_pool'
  | 'drawer';

/** Facts that one statement appends: some 300 kB. */
const FACTS_AT_ONCE = 100;

export type EditVerb = 'changed' | 'availability_changed';

interface Options<T extends Edited, Input> {
  noun: EditableNoun;
  table: EditableTable<T>;
  /** The thing's own fields, made from a request; `before` is absent for a new thing. */
  build: (input: Input, before: T | undefined) => Omit<T, keyof Edited>;
  /** Checks that the schema cannot make: references, and use by other things. */
  beforeSave?: (call: Call, tx: Tx, thing: T, before: T | undefined) => Promise<void>;
  /** Stores additional data of a new thing. @returns the thing afterwards. */
  afterInsert?: (call: Call, tx: Tx, thing: T, input: Input) => Promise<T>;
  beforeRemove?: (call: Call, tx: Tx, thing: T) => Promise<void>;
  /** Where files bring hundreds at once. */
  bulk?: BulkTable<T>;
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  cursors: Cursors;
  clock: Clock;
}

/** Create, list, get, change and delete, in the same way for everything that people edit. */
export class EditableResource<T extends Edited, Input> {
  /** The prefix of its metrics: `menu_item.create`. */
  readonly noun: EditableNoun;
  readonly #options: Options<T, Input>;
  readonly #deps: Dependencies;

  constructor(options: Options<T, Input>, deps: Dependencies) {
    this.noun = options.noun;
    this.#options = options;
    this.#deps = deps;
  }

  @TrackOf('create')
  create(call: Call, input: Input): Promise<T> {
    return this.#deps.unitOfWork.run(call, (tx) => this.createWithin(call, tx, input));
  }

  /** Same as `create`, in the caller's transaction. */
  async createWithin(call: Call, tx: Tx, input: Input): Promise<T> {
    const built = this.draft(input);
    await this.#options.beforeSave?.(call, tx, built, undefined);
    return this.insert(call, tx, built, input);
  }

  /** A new thing made from a request, neither checked nor stored. */
  draft(input: Input): T {
    const now = this.#deps.clock().toISOString();
    // `build` returns every field except the four of Edited, which are added here.
    return { ...this.#options.build(input, undefined), id: newId(), version: 1, createdAt: now, updatedAt: now } as T;
  }

  /** The next version of a stored thing, neither checked nor stored. */
  next(before: T, input: Input): T {
    return this.#nextVersion(before, { ...before, ...this.#options.build(input, before) });
  }

  /** Stores and records a draft that the caller has checked. */
  async insert(call: Call, tx: Tx, built: T, input: Input): Promise<T> {
    await this.#options.table.insert(call.restaurantId, tx, built);
    const thing = (await this.#options.afterInsert?.(call, tx, built, input)) ?? built;
    await this.#record(tx, call, 'created', thing, changesBetween({}, thing));
    return thing;
  }

  /** Stores and records a next version that the caller has checked. */
  async update(call: Call, tx: Tx, before: T, after: T): Promise<T> {
    await this.#options.table.update(call.restaurantId, tx, after);
    await this.#record(tx, call, 'changed', after, changesBetween(before, after));
    return after;
  }

  /**
   * Stores and records drafts that the caller has checked, in few statements. For things that bring
   * nothing else with them.
   */
  async insertAll(call: Call, tx: Tx, built: readonly T[]): Promise<void> {
    await this.#bulk.insertAll(call.restaurantId, tx, built);
    const facts = built.map((thing) => this.#fact('created', thing, changesBetween({}, thing)));
    await this.#deps.unitOfWork.record(tx, call, facts);
  }

  /** The same for next versions. */
  async updateAll(call: Call, tx: Tx, changed: readonly { before: T; after: T }[]): Promise<void> {
    const after = changed.map((one) => one.after);
    await this.#bulk.updateAll(call.restaurantId, tx, after);
    await this.recordAll(call, tx, 'changed', changed);
  }

  /** Records next versions that the caller has stored, in few statements of a bounded size. */
  async recordAll(call: Call, tx: Tx, verb: EditVerb, changed: readonly { before: T; after: T }[]): Promise<void> {
    for (let start = 0; start < changed.length; start += FACTS_AT_ONCE) {
      const some = changed.slice(start, start + FACTS_AT_ONCE);
      const facts = some.map((one) => this.#fact(verb, one.after, changesBetween(one.before, one.after)));
      await this.#deps.unitOfWork.record(tx, call, facts);
    }
  }

  /** The next version of a stored thing with some of its fields changed, not stored. */
  revised(before: T, fields: Partial<T>): T {
    return this.#nextVersion(before, { ...before, ...fields });
  }

  /** @param page with filters that the table knows. */
  @TrackOf('list')
  list(call: Call, { limit, cursor, ...filter }: Page & ListFilter): Promise<PageOf<T>> {
    const { q, ...others } = filter;
    const set = Object.entries(others).filter(([, value]) => value !== undefined);
    const binding = [call.restaurantId, this.#options.noun, q, ...set.sort(([one], [other]) => (one < other ? -1 : 1))];
    const after = this.#deps.cursors.read(cursor, binding);
    return this.#deps.unitOfWork.read(call, async (tx) => {
      const slice = await this.#options.table.list(call.restaurantId, tx, { ...filter, limit, after });
      return this.#deps.cursors.slice(slice, binding, (row) => row.id);
    });
  }

  @TrackOf('get')
  get(call: Call, id: string): Promise<T> {
    return this.#deps.unitOfWork.read(call, async (tx) =>
      this.#must(await this.#options.table.find(call.restaurantId, tx, id)),
    );
  }

  /**
   * Merges `input` into the stored thing.
   * @throws AppError version_mismatch when the caller has another version.
   */
  @TrackOf('change')
  change(call: Call, id: string, input: Input): Promise<T> {
    return this.edit(call, id, 'changed', (before) => ({ ...before, ...this.#options.build(input, before) }));
  }

  /** Same as `change`, in the caller's transaction. @returns undefined when nothing changes. */
  async changeWithin(call: Call, tx: Tx, id: string, input: Input): Promise<T | undefined> {
    const before = this.#must(await this.#options.table.lock(call.restaurantId, tx, id));
    const after = this.next(before, input);
    if (Object.keys(changesBetween(before, after)).length === 0) return undefined;
    await this.#options.beforeSave?.(call, tx, after, before);
    return this.update(call, tx, before, after);
  }

  /** Locks the thing, applies `change`, saves and records it. */
  @TrackOf('edit')
  edit(call: Call, id: string, verb: EditVerb, change: (before: T) => T): Promise<T> {
    return this.#deps.unitOfWork.run(call, async (tx) => {
      const before = this.#must(await this.#options.table.lock(call.restaurantId, tx, id));
      assertVersion(call.ifMatch, before.version);
      const after = this.#nextVersion(before, change(before));
      await this.#options.beforeSave?.(call, tx, after, before);
      await this.#options.table.update(call.restaurantId, tx, after);
      await this.#record(tx, call, verb, after, changesBetween(before, after));
      return after;
    });
  }

  @TrackOf('remove')
  remove(call: Call, id: string): Promise<void> {
    return this.#deps.unitOfWork.run(call, async (tx) => {
      const before = this.#must(await this.#options.table.lock(call.restaurantId, tx, id));
      assertVersion(call.ifMatch, before.version);
      await this.#options.beforeRemove?.(call, tx, before);
      await this.#options.table.remove(call.restaurantId, tx, id, this.#deps.clock());
      await this.#record(tx, call, 'deleted', before, lastState(before));
    });
  }

  get #bulk(): BulkTable<T> {
    if (!this.#options.bulk) throw new Error(`no file brings things of the kind ${this.#options.noun}`);
    return this.#options.bulk;
  }

  #nextVersion(before: T, after: T): T {
    return { ...after, version: before.version + 1, updatedAt: this.#deps.clock().toISOString() };
  }

  #must(thing: T | undefined): T {
    if (!thing) throw notFound(this.#options.noun.replaceAll('_', ' '));
    return thing;
  }

  #record(tx: Tx, call: Call, verb: string, thing: T, changes: ReturnType<typeof changesBetween>): Promise<void> {
    return this.#deps.unitOfWork.record(tx, call, [this.#fact(verb, thing, changes)]);
  }

  #fact(verb: string, thing: T, changes: ReturnType<typeof changesBetween>): Fact {
    // EVENT_TYPES has these verbs for every noun; only menu items use `availability_changed`.
    const type = `${this.#options.noun}.${verb}` as EventType;
    const data = Object.fromEntries(Object.entries(thing));
    return { type, subject: this.#options.noun, subjectId: thing.id, data, changes };
  }
}

/** The last state of a deleted thing, for the audit log. */
function lastState(thing: object): ReturnType<typeof changesBetween> {
  return Object.fromEntries(
    Object.entries(thing)
      .filter(([field]) => field !== 'version' && field !== 'updatedAt')
      .map(([field, from]) => [field, { from, to: undefined }]),
  );
}
