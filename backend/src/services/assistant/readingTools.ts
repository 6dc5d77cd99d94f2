/** Tools that read, each over a service of its noun. */
import { z } from 'zod';
import { DOCUMENT_STATUSES, DOCUMENT_TYPES } from '../../domain/document/document.js';
import { ORDER_TYPES } from '../../domain/menu/menu.js';
import type { Customer } from '../../domain/order/order.js';
import { ORDER_STATUSES } from '../../domain/order/orderStatus.js';
import { PURCHASE_ORDER_STATUSES } from '../../domain/purchasing/purchaseOrder.js';
import { SUPPLIER_INVOICE_STATUSES } from '../../domain/supplierInvoice/supplierInvoice.js';
import { SALES_GROUPS } from '../../domain/report/report.js';
import type { Mask } from '../../domain/assistant/masking.js';
import type { DocumentService } from '../DocumentService.js';
import type { InventoryService } from '../InventoryService.js';
import type { MenuService } from '../MenuService.js';
import type { OrderService } from '../OrderService.js';
import type { PurchasingService } from '../PurchasingService.js';
import type { ReportService } from '../ReportService.js';
import type { SupplierInvoiceService } from '../SupplierInvoiceService.js';
import { day, few, hrefOf, search, thing, type Tool, tool } from './tool.js';

export interface ReadServices {
  reports: Pick<ReportService, 'sales'>;
  menu: MenuService;
  orders: Pick<OrderService, 'list'>;
  inventory: InventoryService;
  documents: Pick<DocumentService, 'list'>;
  purchasing: PurchasingService;
  supplierInvoices: Pick<SupplierInvoiceService, 'list'>;
}

/** Groups of a sales report that the model gets; the best ones come first. */
const MOST_GROUPS = 60;

export function readingTools(services: ReadServices): Tool[] {
  return [
    salesTool(services),
    menuTool(services),
    ordersTool(services),
    stockTool(services),
    lowStockTool(services),
    portionsTool(services),
    documentsTool(services),
    suppliersTool(services),
    purchaseOrdersTool(services),
    supplierInvoicesTool(services),
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
      const items = data.map(({ id, name, price, description, variants, allergens, isAvailable, isOutOfStock }) => ({
        id,
        name,
        price,
        description,
        variants,
        allergens,
        isAvailable,
        isOutOfStock,
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

function stockTool({ inventory }: ReadServices): Tool {
  return tool({
    name: 'stock',
    description: 'Inventory items whose name contains a text: id, unit, quantity on hand, reorder point, par level.',
    scope: 'inventory:read',
    args: z.strictObject({ q: search, limit: few }),
    run: async ({ call }, { q, limit }) => {
      const { data, nextCursor } = await inventory.items.list(call, { q, limit });
      return {
        data: { items: data.map(stockRow), hasMore: nextCursor !== null },
        figures: { found: data.length },
        href: hrefOf('/v1/inventory-items', { q, limit }),
        domains: ['stock'],
      };
    },
  });
}

function lowStockTool({ inventory }: ReadServices): Tool {
  return tool({
    name: 'low_stock',
    description: 'Inventory items below their reorder point.',
    scope: 'inventory:read',
    args: z.strictObject({ limit: few }),
    run: async ({ call }, { limit }) => {
      const { data, nextCursor } = await inventory.low(call, { limit, cursor: undefined });
      return {
        data: { items: data.map(stockRow), hasMore: nextCursor !== null },
        figures: { low: data.length },
        href: hrefOf('/v1/stock/low', { limit }),
        domains: ['stock'],
      };
    },
  });
}

function stockRow(item: Awaited<ReturnType<InventoryService['low']>>['data'][number]) {
  const { id, name, unit, currentQuantity, reorderPoint, parLevel } = item;
  return { id, name, unit, currentQuantity, reorderPoint, parLevel };
}

function portionsTool({ inventory, menu }: ReadServices): Tool {
  return tool({
    name: 'dish_portions',
    description: 'How many portions of a menu item the stock makes now, and what one portion takes.',
    scope: 'inventory:read',
    args: z.strictObject({ menuItemId: thing }),
    run: async ({ call }, { menuItemId }) => {
      const { name } = await menu.items.get(call, menuItemId);
      const ways = await inventory.portions(call, menuItemId);
      const counts = ways.flatMap(({ portions }) => (portions === null ? [] : [portions]));
      return {
        data: { name, hasRecipe: ways.length > 0, ways },
        figures: counts.length === 0 ? {} : { portions: Math.max(...counts) },
        href: `/v1/menu-items/${menuItemId}`,
        domains: ['stock', 'menu'],
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

function suppliersTool({ purchasing }: ReadServices): Tool {
  return tool({
    name: 'suppliers',
    description: 'Suppliers whose name contains a text: id, days to delivery, minimum order in minor units.',
    scope: 'purchasing:read',
    args: z.strictObject({ q: search, limit: few }),
    run: async ({ call }, { q, limit }) => {
      const { data } = await purchasing.suppliers.list(call, { q, limit });
      return {
        data: {
          suppliers: data.map(({ id, name, leadTimeDays, minimumOrder }) => ({ id, name, leadTimeDays, minimumOrder })),
        },
        figures: { found: data.length },
        href: hrefOf('/v1/suppliers', { q, limit }),
        domains: ['purchasing'],
      };
    },
  });
}

function purchaseOrdersTool({ purchasing }: ReadServices): Tool {
  return tool({
    name: 'purchase_orders',
    description: 'Purchase orders, the newest first, by status or supplier. Amounts in minor units.',
    scope: 'purchasing:read',
    args: z.strictObject({
      status: z.enum(PURCHASE_ORDER_STATUSES).optional(),
      supplierId: thing.optional(),
      limit: few,
    }),
    hasForeignText: true,
    run: async ({ call, mask }, { limit, ...filter }) => {
      const { data } = await purchasing.orders.list(call, filter, { limit, cursor: undefined });
      const found = data.map(({ id, number, status, supplierName, expectedAt, notes, lines }) => ({
        id,
        number,
        status,
        supplierName,
        expectedAt,
        notes: notes && mask.hide(notes),
        lines: lines.length,
      }));
      return {
        data: { purchaseOrders: found },
        figures: { found: found.length },
        href: hrefOf('/v1/purchase-orders', { ...filter, limit }),
        domains: ['purchasing'],
      };
    },
  });
}

/** Texts of suppliers and names of files are data of strangers. */
function supplierInvoicesTool({ supplierInvoices }: ReadServices): Tool {
  return tool({
    name: 'supplier_invoices',
    description: 'Invoices and credit notes of suppliers, the newest first, by status. Amounts as they state them.',
    scope: 'purchasing:read',
    args: z.strictObject({ status: z.enum(SUPPLIER_INVOICE_STATUSES).optional(), limit: few }),
    hasForeignText: true,
    run: async ({ call, mask }, { status, limit }) => {
      const { data } = await supplierInvoices.list(call, { status }, { limit, cursor: undefined });
      const found = data.map(({ id, fileName, status: state, failure, invoice }) => ({
        id,
        fileName: mask.hide(fileName),
        status: state,
        failure: failure && mask.hide(failure),
        documentType: invoice?.documentType ?? null,
        supplier: invoice?.supplier.name ? mask.hide(invoice.supplier.name) : null,
        number: invoice?.number ? mask.hide(invoice.number) : null,
        issueDate: invoice?.issueDate ?? null,
        gross: invoice?.totals.gross ?? null,
        currency: invoice?.currency ?? null,
      }));
      return {
        data: { supplierInvoices: found },
        figures: { found: found.length },
        href: hrefOf('/v1/supplier-invoices', { status, limit }),
        domains: ['purchasing'],
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
