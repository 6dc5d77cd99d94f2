/**
 * Sold lines for all sales reports: lines of a period, without voided lines and cancelled orders.
 */
import type { SalesGroup } from '../../domain/report/report.js';

/** `$1` is the restaurant. `$2` and `$3` are the first and last business date, both included. */
export const SOLD = `from orders o
  join order_lines l on l.restaurant_id = o.restaurant_id and l.order_id = o.id and l.voided_at is null
  where o.restaurant_id = $1 and o.business_date between $2 and $3 and o.deleted_at is null and o.status <> 'cancelled'`;

/**
 * Time of an order within its day: its scheduled time, else its creation; or its completion if
 * earlier.
 */
const COUNTED_AT = 'least(o.completed_at, greatest(o.created_at, o.scheduled_for))';

/**
 * Key, label and order of each grouping. `$4` is the restaurant's time zone, used only by `hour`.
 */
export const GROUPS: Record<SalesGroup, { key: string; label: string; order: string }> = {
  day: { key: 'o.business_date::text', label: 'o.business_date::text', order: 'key' },
  hour: {
    key: `to_char(${COUNTED_AT} at time zone $4::text, 'HH24')`,
    label: `to_char(${COUNTED_AT} at time zone $4::text, 'HH24":00"')`,
    order: 'key',
  },
  item: { key: 'l.menu_item_id::text', label: 'l.name', order: 'revenue desc, label, key' },
  category: { key: 'l.category_id::text', label: 'l.category_name', order: 'revenue desc, label, key' },
  type: { key: 'o.type', label: 'o.type', order: 'revenue desc, key' },
};
