/** Changes of a line of an order, with the lines that belong to it. */
import type { Tx } from '../../config/database.js';
import {
  assertOwnQuantity,
  assertSameSign,
  attachedTo,
  withLine,
  withoutLine,
} from '../../domain/order/attachedLines.js';
import { askedUnits, unitsIn, withUnits } from '../../domain/order/measure.js';
import type { Order, OrderLine } from '../../domain/order/order.js';
import { type OrderTaking } from '../../domain/order/orderTaking.js';
import { assertDiscounts } from '../../domain/order/takenLine.js';
import type { Call } from '../../domain/shared/call.js';
import { invalid } from '../../domain/shared/errors.js';
import { withoutUndefined } from '../../domain/shared/sentFields.js';
import type { Clock } from '../../utils/clock.js';
import type { Recipes } from '../inventory/RecipeBooks.js';
import type { OrderMaker } from './OrderMaker.js';
import type { LineChange } from './orderRequests.js';
import { assertReason } from './orderRules.js';
import { stockUseOf } from './orderStock.js';

type Menu = { taking: OrderTaking; recipes: Recipes };

export class LineChanges {
  readonly #maker: OrderMaker;
  readonly #clock: Clock;

  constructor(maker: OrderMaker, clock: Clock) {
    this.#maker = maker;
    this.#clock = clock;
  }

  /**
   * @returns the order, not priced yet, and the line in it.
   * @throws AppError invalid_request; invalid_state; item_unavailable for more of a dish.
   */
  async changed(
    call: Call,
    tx: Tx,
    order: Order,
    line: OrderLine,
    { reason, modifiers, quantity, ...fields }: LineChange,
  ): Promise<{ after: Order; changed: OrderLine }> {
    const before = unitsIn(line);
    const unit = line.measured?.unit ?? null;
    const units = quantity === undefined ? before : askedUnits({ name: line.name, unit }, quantity, '/quantity');
    if (units !== before) assertOwnQuantity(order, line);
    assertSameSign(line, units);
    assertDiscounts(line, fields.discounts ?? [], '');
    if (units < before) assertReason(order, reason);
    const changed: OrderLine = {
      ...(units === before ? line : withUnits(line, units)),
      ...withoutUndefined(fields),
      comp: fields.discounts === undefined ? line.comp : null,
    };
    if (modifiers === undefined && units <= before) return { after: withLine(order, changed), changed };
    const menu = await this.#maker.takingFor(call, tx, order);
    if (units > before) menu.taking.assertServed(line.menuItemId, '/quantity');
    if (modifiers === undefined) return { after: withLine(order, changed), changed };
    return { after: this.#withModifiers(order, changed, modifiers, menu), changed };
  }

  /** Chosen modifiers that stay as they are keep their lines. */
  #withModifiers(
    order: Order,
    changed: OrderLine,
    choices: NonNullable<LineChange['modifiers']>,
    { taking, recipes }: Menu,
  ): Order {
    const { modifiers, attached } = taking.choose(changed.menuItemId, choices, '', changed.quantity);
    if (changed.parentLineId !== null && attached.length > 0)
      throw invalid('/modifiers', 'A part of a set menu takes no modifiers with taxes of their own. Order them apart.');
    changed.modifiers = modifiers;
    changed.stockUse = stockUseOf(recipes.book, changed);
    const old = attachedTo(order.lines, changed).filter(({ kind }) => kind === 'modifier');
    const isSame = (line: OrderLine, one: (typeof attached)[number]) =>
      line.modifiers[0]?.modifierId === one.modifiers[0]?.modifierId &&
      line.unitPrice === one.unitPrice &&
      line.parentUnits === one.units;
    const gone = old.filter((line) => !attached.some((one) => isSame(line, one)));
    const fresh = attached.filter((one) => !old.some((line) => isSame(line, one)));
    const voided = { at: this.#clock().toISOString(), reason: 'modifiers changed' };
    const kept = gone.reduce((left, line) => withoutLine(left, line, voided), withLine(order, changed));
    const position = Math.max(...order.lines.map((one) => one.position)) + 1;
    return { ...kept, lines: [...kept.lines, ...this.#maker.attachedLines(changed, fresh, position, recipes)] };
  }
}
