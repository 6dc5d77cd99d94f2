/** Tools that read sales, menu, orders and documents, each over a service of its noun. */
import { z } from 'zod';
import { DOCUMENT_STATUSES, DOCUMENT_TYPES } from '../../domain/document/document.js';
import { ORDER_TYPES } from '../../domain/menu/menu.js';
import type { Customer } from '../../domain/order/order.js';
import { ORDER_STATUSES } from '../../domain/order/orderStatus.js';
import { SALES_GROUPS } from '../../domain/report/report.js';
import type { Mask } from '../../domain/assistant/masking.js';
import type { ReadServices } from './readServices.js';
import { supplyTools } from './supplyTools.js';
import { day, few, hrefOf, search, type Tool, tool } from './tool.js';

/** Groups of a sales report that the model gets; the best ones come first. */
const MOST_GROUPS = 60;

export function readingTools(services: ReadServices): Tool[] {
  return [
    salesTool(services),
    menuTool(services),
    ordersTool(services),
    documentsTool(services),
    ...supplyTools(services),
  ];
}

function salesTool({ reports }: ReadServices): Tool {
  return tool({
    name: 'sales_report',
    description:
      'Sales of business dates, both included, by day, hour, month, weekday, item, category, order type, table or server (the last two for 31 days at most). Minor units.',
    scope: 'reports:read',
    args: z.strictObject({ from: day, to: day, groupBy: z.enum(SALES_GROUPS).default('day') }),
    run: async ({ call, today }, { from, to, groupBy }) => {
      const { data, ...report } = await reports.sales(call, from, to, groupBy);
      const best = ['day', 'hour', 'month', 'weekday', 'weekday_hour'].includes(groupBy)
        ? data
        : data.toSorted((a, b) => Number(b.revenue) - Number(a.revenue));
      const { currency, revenue, orders, units } = report;
      return {
        data: { ...report, groups: best.slice(0, MOST_GROUPS), leftOut: Math.max(0, data.length - MOST_GROUPS) },
        figures: { revenue: String(revenue), currency, orders, units },
        href: hrefOf('/v1/reports/sales', { from, to, groupBy }),
        // Sales of earlier days change only with corrections, and not with each new order.
        domains: to < today ? ['past'] : ['past', 'orders'],
      };
    },
  });
}

function menuTool({ menu }: ReadServices): Tool {
  return tool({
    name: 'menu_items',
    description: 'Items of the menu whose name contains a text: id, price in minor units, variants, availability.',
    scope: 'menu:read',
    args: z.strictObject({ q: search, limit: few }),
    run: async ({ call }, { q, limit }) => {
      const { data, nextCursor } = await menu.items.list(call, { q, limit });
      const items = data.map((item) => ({
        id: item.id,
        name: item.name,
        price: item.price,
        description: item.description,
        variants: item.variants.map(({ id, name, price }) => ({ id, name, price })),
        allergens: item.allergens,
        otherAllergens: item.otherAllergens,
        dietTags: item.dietTags,
        isAvailable: item.isAvailable,
        isOutOfStock: item.isOutOfStock,
      }));
      return {
        data: { items, hasMore: nextCursor !== null },
        figures: { found: items.length },
        href: hrefOf('/v1/menu-items', { q, limit }),
        domains: ['menu'],
      };
    },
  });
}

function ordersTool({ orders }: ReadServices): Tool {
  return tool({
    name: 'orders',
    description: 'Orders, the newest first, by status, business date, type or number. Amounts in minor units.',
    scope: 'orders:read',
    args: z.strictObject({
      status: z.enum(ORDER_STATUSES).optional(),
      businessDate: day.optional(),
      type: z.enum(ORDER_TYPES).optional(),
      number: z.string().trim().min(1).max(50).optional(),
      limit: z.int().min(1).max(25).default(10),
    }),
    hasForeignText: true,
    run: async ({ call, mask }, { limit, status, type, businessDate: date, number }) => {
      const filter = { number, from: date, to: date, status: status && [status], type: type && [type] };
      const { data, nextCursor } = await orders.list(call, filter, { limit, cursor: undefined });
      const found = data.map((order) => ({
        id: order.id,
        number: order.number,
        status: order.status,
        type: order.type,
        businessDate: order.businessDate,
        table: order.table,
        customer: order.customer && maskedCustomer(order.customer, mask),
        notes: order.notes && mask.hide(order.notes),
        total: order.total,
        currency: order.currency,
        createdAt: order.createdAt,
        lines: order.lines
          .filter((line) => line.voidedAt === null)
          .map(({ name, quantity, notes }) => ({ name, quantity, notes: notes && mask.hide(notes) })),
      }));
      return {
        data: { orders: found, hasMore: nextCursor !== null },
        figures: { orders: found.length, total: found.reduce((sum, order) => sum + order.total, 0) },
        href: hrefOf('/v1/orders', { status, businessDate: date, type, number, limit }),
        domains: ['orders', 'past'],
      };
    },
  });
}

function documentsTool({ documents }: ReadServices): Tool {
  return tool({
    name: 'documents',
    description: 'Invoices, receipts, credit notes and other documents, by type, status, number or business date.',
    scope: 'documents:read',
    args: z.strictObject({
      type: z.enum(DOCUMENT_TYPES).optional(),
      status: z.enum(DOCUMENT_STATUSES).optional(),
      number: z.string().trim().min(1).max(60).optional(),
      businessDate: day.optional(),
      limit: few,
    }),
    hasForeignText: true,
    run: async ({ call, mask }, { limit, ...filter }) => {
      const { data, nextCursor } = await documents.list(call, filter, { limit, cursor: undefined });
      const found = data.map(({ id, type, status, number, total, currency, issuedAt, customer }) => ({
        id,
        type,
        status,
        number,
        total,
        currency,
        issuedAt,
        customer: customer?.name ? mask.hideField('guest', customer.name) : null,
      }));
      return {
        data: { documents: found, hasMore: nextCursor !== null },
        figures: { documents: found.length },
        href: hrefOf('/v1/documents', { ...filter, limit }),
        domains: ['documents'],
      };
    },
  });
}

function maskedCustomer({ name, phone, email, address }: Customer, mask: Mask) {
  mask.learn({ name, phone, email, address });
  return {
    ...(name ? { name: mask.hideField('guest', name) } : {}),
    ...(phone ? { phone: mask.hideField('phone', phone) } : {}),
    ...(email ? { email: mask.hideField('email', email) } : {}),
    ...(address ? { address: mask.hideField('address', address) } : {}),
  };
}
