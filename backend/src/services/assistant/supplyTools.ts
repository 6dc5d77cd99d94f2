/** Tools that read stock and purchasing. */
import { z } from 'zod';
import { PURCHASE_ORDER_STATUSES } from '../../domain/purchasing/purchaseOrder.js';
import { SUPPLIER_INVOICE_STATUSES } from '../../domain/supplierInvoice/supplierInvoice.js';
import type { InventoryService } from '../InventoryService.js';
import type { ReadServices } from './readServices.js';
import { few, hrefOf, search, thing, type Tool, tool } from './tool.js';

export function supplyTools(services: ReadServices): Tool[] {
  return [
    stockTool(services),
    lowStockTool(services),
    portionsTool(services),
    suppliersTool(services),
    purchaseOrdersTool(services),
    supplierInvoicesTool(services),
  ];
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
