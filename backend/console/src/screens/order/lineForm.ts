import type { Order, OrderLine } from '../../../../client/src/api.js';

/** What each form for one line is given. */
export interface LineFormProps {
  order: Order;
  line: OrderLine;
  onClose: () => void;
}
