/**
 * The screens of the console, in the order of the navigation. A new screen is a line here and a
 * folder in `screens/`; see docs/console.md.
 */
import type { ComponentType } from 'react';
import type { Scope } from '../../../client/src/api.js';
import type { IconName } from '../ui/icons.js';

export interface Screen {
  /** Its folder in `screens/`, and the place of its messages: `<noun>.title` names it. */
  noun: string;
  /** Below /console, with parameters as in `/orders/:id`. */
  path: string;
  icon: IconName;
  /** Whoever lacks it does not see the screen. */
  scope: Scope;
  /** `g` and then this letter lead to it. */
  key?: string;
  /** Keys of the screen itself, each with the message that explains it. */
  keys?: Readonly<Record<string, string>>;
  /** Fills the page, without navigation: for a screen on a wall. */
  isWhole?: boolean;
  load: () => Promise<{ Screen: ComponentType }>;
}

export const SCREENS: readonly Screen[] = [
  {
    noun: 'today',
    path: '/',
    icon: 'today',
    scope: 'reports:read',
    key: 't',
    load: () => import('../screens/today/Today.js'),
  },
  {
    noun: 'till',
    path: '/till',
    icon: 'till',
    scope: 'orders:write',
    key: 'l',
    keys: {
      n: 'keys.new',
      '/': 'keys.search',
      '1 … 9': 'keys.category',
      s: 'keys.send',
      p: 'keys.pay',
      r: 'keys.receipt',
      e: 'keys.details',
      t: 'keys.tables',
    },
    isWhole: true,
    load: () => import('../screens/till/Till.js'),
  },
  {
    noun: 'kitchen',
    path: '/kitchen',
    icon: 'kitchen',
    scope: 'orders:advance',
    key: 'k',
    keys: {
      '1 … 9, 0': 'keys.choose',
      '← →': 'keys.move',
      Space: 'keys.tick',
      Enter: 'keys.bump',
      Backspace: 'keys.recall',
      r: 'keys.done',
      a: 'keys.allDay',
      f: 'keys.filter',
      x: 'keys.soldOut',
    },
    isWhole: true,
    load: () => import('../screens/kitchen/Kitchen.js'),
  },
  {
    noun: 'orders',
    path: '/orders',
    icon: 'orders',
    scope: 'orders:read',
    key: 'o',
    load: () => import('../screens/orders/Orders.js'),
  },
  {
    noun: 'order',
    path: '/orders/:id',
    icon: 'orders',
    scope: 'orders:read',
    load: () => import('../screens/order/Order.js'),
  },
  {
    noun: 'menu',
    path: '/menu',
    icon: 'menu',
    scope: 'menu:read',
    key: 'm',
    load: () => import('../screens/menu/Menu.js'),
  },
  {
    noun: 'sales',
    path: '/sales',
    icon: 'sales',
    scope: 'reports:read',
    key: 's',
    load: () => import('../screens/sales/Sales.js'),
  },
  {
    noun: 'dayClose',
    path: '/day-close',
    icon: 'cash',
    scope: 'reports:read',
    key: 'd',
    load: () => import('../screens/dayClose/DayClose.js'),
  },
  {
    noun: 'stock',
    path: '/stock',
    icon: 'stock',
    scope: 'inventory:read',
    key: 'i',
    load: () => import('../screens/stock/Stock.js'),
  },
  {
    noun: 'stockCount',
    path: '/stock/counts/:id',
    icon: 'stock',
    scope: 'stock:write',
    load: () => import('../screens/stockCount/StockCount.js'),
  },
  {
    noun: 'purchasing',
    path: '/purchasing',
    icon: 'truck',
    scope: 'purchasing:receive',
    key: 'b',
    load: () => import('../screens/purchasing/Purchasing.js'),
  },
  {
    noun: 'purchaseOrder',
    path: '/purchasing/:id',
    icon: 'truck',
    scope: 'purchasing:receive',
    load: () => import('../screens/purchaseOrder/PurchaseOrder.js'),
  },
  {
    noun: 'receiving',
    path: '/purchasing/:id/receive',
    icon: 'truck',
    scope: 'purchasing:receive',
    load: () => import('../screens/receiving/Receiving.js'),
  },
  {
    noun: 'supplierInvoices',
    path: '/supplier-invoices',
    icon: 'invoice',
    scope: 'purchasing:read',
    key: 'v',
    load: () => import('../screens/supplierInvoices/SupplierInvoices.js'),
  },
  {
    noun: 'supplierInvoice',
    path: '/supplier-invoices/:id',
    icon: 'invoice',
    scope: 'purchasing:read',
    load: () => import('../screens/supplierInvoice/SupplierInvoice.js'),
  },
  {
    noun: 'documents',
    path: '/documents',
    icon: 'document',
    scope: 'documents:read',
    key: 'p',
    load: () => import('../screens/documents/Documents.js'),
  },
  {
    noun: 'cost',
    path: '/cost',
    icon: 'cost',
    scope: 'reports:read',
    key: 'c',
    load: () => import('../screens/cost/Cost.js'),
  },
  {
    noun: 'assistant',
    path: '/assistant',
    icon: 'assistant',
    scope: 'assistant:use',
    key: 'q',
    load: () => import('../screens/assistant/Assistant.js'),
  },
  {
    noun: 'codes',
    path: '/codes',
    icon: 'code',
    scope: 'codes:read',
    key: 'g',
    load: () => import('../screens/codes/Codes.js'),
  },
  {
    noun: 'messages',
    path: '/messages',
    icon: 'message',
    scope: 'messages:read',
    key: 'n',
    load: () => import('../screens/messages/Messages.js'),
  },
  {
    noun: 'team',
    path: '/team',
    icon: 'team',
    scope: 'members:read',
    key: 'e',
    load: () => import('../screens/team/Team.js'),
  },
  {
    noun: 'import',
    path: '/import',
    icon: 'upload',
    scope: 'imports:write',
    key: 'u',
    load: () => import('../screens/import/Import.js'),
  },
  {
    noun: 'webhooks',
    path: '/webhooks',
    icon: 'webhook',
    scope: 'webhooks:read',
    key: 'w',
    load: () => import('../screens/webhooks/Webhooks.js'),
  },
  {
    noun: 'jobs',
    path: '/jobs',
    icon: 'job',
    scope: 'jobs:read',
    key: 'j',
    load: () => import('../screens/jobs/Jobs.js'),
  },
  {
    noun: 'audit',
    path: '/audit',
    icon: 'audit',
    scope: 'audit:read',
    key: 'a',
    load: () => import('../screens/audit/Audit.js'),
  },
  {
    noun: 'settings',
    path: '/settings',
    icon: 'settings',
    scope: 'restaurant:read',
    key: ',',
    load: () => import('../screens/settings/Settings.js'),
  },
];

/** The screens that a caller with these rights may use. */
export function screensFor(scopes: readonly Scope[]): Screen[] {
  return SCREENS.filter(({ scope }) => scopes.includes(scope));
}
