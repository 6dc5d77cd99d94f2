/** New orders of one transaction. */
import { query, type Tx } from '../../config/database.js';
import type { Order } from '../../domain/order/order.js';
import { LINE_COLUMNS, ORDER_COLUMNS } from '../orderColumns.js';

const SERIES = 'ORD';
const INSERTED = ORDER_COLUMNS.writtenBy('insert');

type NewOrder = Omit<Order, 'number'>;

// Other shapes of these statements were no cheaper: parameters or arrays instead of JSON, one
// statement with the events, one function of the database (decision 0068).
const insertLines = query(
  'order.insertLines',
  `insert into order_lines (restaurant_id, order_id, ${LINE_COLUMNS.names(LINE_COLUMNS.fields)})
   select $1, l."orderId", ${LINE_COLUMNS.recordFields(LINE_COLUMNS.fields, 'l')}
   from jsonb_to_recordset($2::jsonb) as l("orderId" uuid, ${LINE_COLUMNS.record(LINE_COLUMNS.fields)})`,
);

// The statement that stores the orders also raises the counter and writes the numbers, in the form
// of domain/documentNumber. If the numbers were read first, the counter's lock would be held while
// this process does other work. Measured with 20 callers of one restaurant: this stores twice as
// many orders per second.
const insertOrders = query<{ id: string; number: string }>(
  'order.insertAll',
  `with counter as (
     insert into number_counters as c (restaurant_id, series, period, last_number)
     values ($1, $2, $3, $4)
     on conflict (restaurant_id, series, period) do update set last_number = c.last_number + excluded.last_number
     returning last_number - $4 as before
   ), new as (
     select o.*, (c.before + o.place)::text as digits
     from counter c
     cross join rows from (jsonb_to_recordset($5::jsonb) as (${ORDER_COLUMNS.record(INSERTED)}))
       with ordinality as o(${ORDER_COLUMNS.aliases(INSERTED)}, place)
   )
   insert into orders (restaurant_id, number, ${ORDER_COLUMNS.names(INSERTED)})
   select $1, concat_ws('-', $2::text, $3::text, lpad(digits, greatest(4, length(digits)), '0')), ${ORDER_COLUMNS.recordFields(INSERTED, 'n')}
   from new n
   order by place
   returning id, number`,
);

export class NewOrders {
  /** Stores the lines of new orders. The orders themselves are stored after them. */
  async insertLines(restaurantId: string, tx: Tx, orders: readonly NewOrder[]): Promise<void> {
    const lines = orders.flatMap((order) => order.lines.map((line) => ({ ...line, orderId: order.id })));
    await tx.run(insertLines, [restaurantId, JSON.stringify(lines)]);
  }

  /**
   * Stores new orders without their lines and numbers them in the given order. This takes the last
   * lock of a transaction.
   * @param period period of the numbers: the month in which the orders are placed.
   * @returns the number of each order, by its id.
   */
  async insertAll(
    restaurantId: string,
    tx: Tx,
    orders: readonly NewOrder[],
    period: string,
  ): Promise<Map<string, string>> {
    const rows = orders.map((order) => ORDER_COLUMNS.picked(INSERTED, order));
    const stored = await tx.many(insertOrders, [restaurantId, SERIES, period, orders.length, JSON.stringify(rows)]);
    return new Map(stored.map(({ id, number }) => [id, number]));
  }
}
