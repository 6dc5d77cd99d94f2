/** Words of the API description that belong to no single declaration. */
import type { ApiDocument } from './document.js';
import { operationsOf } from './document.js';

const TAGS: Record<string, string> = {
  Menu: 'The menu as guests and tills see it.',
  Orders: 'Orders from placing to completion, with their lines.',
  Payments: 'Payments, refunds and receipts of orders.',
  'Code pools': 'Stocks of unique codes: pick-up numbers, vouchers, tables.',
  Codes: 'Single codes: redeemed, ended, replaced.',
  Drawers: 'Cash drawers, their shifts and the cash that comes and goes beside payments.',
  Reports: 'Figures over days, items and stock.',
  Categories: 'Parts of the menu.',
  'Menu items': 'Dishes and drinks with their prices, variants and availability.',
  Pictures: 'Pictures of dishes.',
  'Modifier groups': 'Choices that go with menu items.',
  Taxes: 'Tax rates by type of order.',
  'Inventory items': 'Ingredients and goods that are kept in stock.',
  Recipes: 'The ingredients that dishes and preparations take.',
  Stock: 'Quantities on hand and the ledger of their movements.',
  'Stock counts': 'Counts of the stock that is really there.',
  'Stock locations': 'Places where stock is kept.',
  Suppliers: 'Companies that deliver.',
  'Supplier items': 'What a supplier sells, in which packs, at which price.',
  'Purchase orders': 'Orders to suppliers, from draft to delivery.',
  'Goods receipts': 'Deliveries.',
  'Supplier invoices': 'Invoices of suppliers: uploaded, read, checked and posted into stock.',
  Documents: 'Invoices, quotations and other numbered business documents.',
  'Document series': 'Number series of documents.',
  'Business days': 'X and Z reports, and the close of a day.',
  Auth: 'Accounts, logins and sessions.',
  Links: 'Short links to files, for readers without a credential.',
  Preferences: 'Settings that a person or device keeps at the server.',
  Demo: 'Demo restaurants that expire.',
  Restaurant: 'Settings of the restaurant.',
  Member: 'People who work with the restaurant, and their roles.',
  'API key': 'Keys for programs.',
  Device: 'Screens and tills that work without a login: paired by a code.',
  'Audit log': 'Who changed what.',
  Imports: 'Data of other tills and of spreadsheets.',
  Events: 'The feed of everything that happens, as pages and as a stream.',
  Jobs: 'Work in the background.',
  Webhook: 'Events that Servio sends to your server.',
  Assistant: 'Questions in words, and changes that the assistant proposes.',
  Messages: 'E-mails and texts to guests and staff.',
};

const PARAMETERS: Record<string, string> = {
  id: 'The resource that the path names.',
  lineId: 'The line of the resource.',
  drawerId: 'Only shifts of this drawer.',
  position: 'The place of the line in its document, from 1.',
  page: 'The page of the file, from 1.',
  date: 'The business date.',
  token: 'The secret part of the address.',
  limit: 'Most entries of the page.',
  cursor: '`nextCursor` of the page before. Send the same filters with it.',
  from: 'The first day, included.',
  to: 'The last day, included.',
  status: 'Only entries with this status.',
  type: 'Only entries of this type.',
  kind: 'Only entries of this kind.',
  number: 'Only the entry with this number.',
  businessDate: 'Only orders of this business date.',
  inventoryItemId: 'Only entries of this inventory item.',
  supplierId: 'Only entries of this supplier.',
  purchaseOrderId: 'Only receipts of this purchase order.',
  orderId: 'Only documents of this order.',
  categoryId: 'Only items of this category.',
  subjectId: 'Only entries about this resource.',
  action: 'Only entries of this action.',
  workflowId: 'Only documents of this upload.',
  exportId: 'The export whose codes are printed.',
  endpointId: 'Only deliveries to this endpoint.',
  eventId: 'Only deliveries of this event.',
  groupBy: 'What each row of the report stands for.',
  wait: 'Seconds to wait for an event if there is none yet.',
};

/** Describes tags, and those parameters whose schemas have no description of their own. */
export function describe(document: ApiDocument): void {
  document.tags = document.tags.map(({ name }) => {
    const description = TAGS[name];
    return { name, ...(description === undefined ? {} : { description }) };
  });
  for (const operation of operationsOf(document))
    for (const parameter of operation.parameters ?? []) {
      if (!('schema' in parameter)) continue;
      const { description: own, ...schema } = parameter.schema;
      const description = parameter.description ?? own ?? PARAMETERS[parameter.name];
      if (description === undefined) continue;
      parameter.description = description;
      parameter.schema = schema;
    }
}
