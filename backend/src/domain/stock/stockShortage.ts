/** Error for a posting that needs more than there is. */
import { AppError, type FieldError } from '../shared/errors.js';
import type { Needs } from '../inventory/needs.js';
import type { StockPolicy } from './stock.js';
import { formatQuantity, type Micros } from '../number/quantity.js';

export interface ShortItem {
  id: string;
  name: string;
  unit: string;
  wanted: Micros;
  left: Micros;
}

export class StockShortage extends AppError {
  readonly items: readonly ShortItem[];

  constructor(items: readonly ShortItem[], cause?: unknown, errors?: FieldError[]) {
    const message = `Not enough in stock. ${items.map(tell).join(' ')}`;
    super('insufficient_stock', message, { cause, ...(errors ? { errors } : {}) });
    this.items = items;
  }

  /**
   * The same error, with a pointer to each line that needs a short item.
   * @param lines the needs of each line of the request.
   */
  at(lines: readonly { pointer: string; needs: Needs }[]): StockShortage {
    const errors = lines.flatMap(({ pointer, needs }) =>
      this.items.filter((item) => needs.has(item.id)).map((item) => ({ pointer, message: tell(item) })),
    );
    return new StockShortage(this.items, this.cause, errors);
  }
}

/** An item and how much of it is left. */
export interface CountedStock {
  id: string;
  name: string;
  unit: string;
  policy: StockPolicy;
  left: Micros;
}

/** The refusal of needs that the stock does not suffice for; undefined when it does. */
export function shortageOf(stock: readonly CountedStock[], needs: Needs): StockShortage | undefined {
  const short = stock.flatMap(({ id, name, unit, policy, left }): ShortItem[] => {
    const wanted = needs.get(id) ?? 0n;
    return policy === 'allow_negative' || left >= wanted ? [] : [{ id, name, unit, wanted, left }];
  });
  return short.length > 0 ? new StockShortage(short) : undefined;
}

function tell({ name, unit, wanted, left }: ShortItem): string {
  return `${name}: ${formatQuantity(wanted)} ${unit} wanted, ${formatQuantity(left)} ${unit} left.`;
}
