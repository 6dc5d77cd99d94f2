/** Recent orders of the demo. Invented data. */
import type { OrderType } from '../../domain/menu/menu.js';
import type { PaymentMethod } from '../../domain/order/payment.js';

export interface DemoLine {
  item: string;
  variant?: string;
  modifiers?: string[];
  quantity: number;
}

export interface DemoSale {
  daysAgo: number;
  /** In the restaurant's local time. */
  hour: number;
  minute: number;
  type: OrderType;
  table?: string;
  lines: DemoLine[];
  method: PaymentMethod;
  /** Minor units. */
  tip?: number;
}

const margherita: DemoLine = { item: 'Margherita', variant: 'Regular', quantity: 1 };
const limone: DemoLine = { item: 'Pizza Limone', modifiers: ['Rocket'], quantity: 1 };
const cappuccino: DemoLine = { item: 'Cappuccino', modifiers: ['Whole milk'], quantity: 2 };
const lemonade: DemoLine = { item: 'House lemonade', variant: '0.5 l', quantity: 2 };

/** In order of time, because numbers are drawn in this order. */
export const DEMO_SALES: DemoSale[] = [
  { daysAgo: 3, hour: 12, minute: 20, type: 'dine_in', table: '4', lines: [margherita, lemonade], method: 'card' },
  { daysAgo: 3, hour: 19, minute: 45, type: 'takeaway', lines: [limone, limone], method: 'cash' },
  {
    daysAgo: 2,
    hour: 13,
    minute: 5,
    type: 'dine_in',
    table: '2',
    lines: [{ item: 'Lemon soup', quantity: 2 }, cappuccino],
    method: 'card',
    tip: 200,
  },
  {
    daysAgo: 2,
    hour: 20,
    minute: 10,
    type: 'dine_in',
    table: '7',
    lines: [{ item: 'Bruschetta', quantity: 2 }, { item: 'Truffle pizza', quantity: 1 }, limone, lemonade],
    method: 'card',
    tip: 450,
  },
  { daysAgo: 1, hour: 12, minute: 40, type: 'takeaway', lines: [margherita, cappuccino], method: 'card' },
  {
    daysAgo: 1,
    hour: 18,
    minute: 55,
    type: 'delivery',
    lines: [{ item: 'Margherita', variant: 'Large', modifiers: ['Olives', 'Burrata'], quantity: 2 }],
    method: 'card',
  },
  {
    daysAgo: 1,
    hour: 21,
    minute: 15,
    type: 'dine_in',
    table: '1',
    lines: [limone, { item: 'Cappuccino', modifiers: ['Oat milk'], quantity: 1 }, lemonade],
    method: 'cash',
    tip: 150,
  },
];

/** Open orders: one in the kitchen, one not yet accepted. */
export const DEMO_OPEN_ORDERS: { minutesAgo: number; isAccepted: boolean; table: string; lines: DemoLine[] }[] = [
  { minutesAgo: 14, isAccepted: true, table: '3', lines: [margherita, limone, lemonade] },
  { minutesAgo: 3, isAccepted: false, table: '5', lines: [{ item: 'Bruschetta', quantity: 1 }, cappuccino] },
];
