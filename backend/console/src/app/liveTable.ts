/** Which answers an event makes old. */
import type { EventType } from '../../../client/src/api.js';
import type { OperationName } from '../../../client/src/client.js';

type Noun<Type extends string = EventType> = Type extends `${infer First}.${string}` ? First : never;

/** Operations by the first word of the events that change their answers. */
const OPERATIONS_BY_NOUN: Partial<Record<Noun, readonly OperationName[]>> = {
  restaurant: ['getRestaurant', 'getMe', 'getMenu', 'previewOrder'],
  member: ['listMembers', 'getMember', 'getMe'],
  session: ['listOwnSessions'],
  account: ['listOwnSessions'],
  api_key: ['listApiKeys'],
  category: ['listCategories', 'getCategory', 'getMenu', 'previewOrder'],
  tax: ['listTaxes', 'getTax', 'getMenu', 'previewOrder'],
  modifier_group: ['listModifierGroups', 'getModifierGroup', 'getMenu', 'previewOrder'],
  menu_item: ['listMenuItems', 'getMenuItem', 'getMenu', 'getMenuItemCost', 'previewOrder'],
  order: [
    // Its portions are counted.
    'getMenu',
    'listOrders',
    'getOrder',
    'listOrderHistory',
    'getOrderPayments',
    'getOrderReceipt',
    'getBusinessDay',
    'getBusinessDaySummary',
    'listBusinessDays',
    'getSalesReport',
  ],
  payment: [
    'listOrders',
    'getOrder',
    'listOrderHistory',
    'getOrderPayments',
    'getOrderReceipt',
    'getBusinessDay',
    'getBusinessDaySummary',
    'listShifts',
    'getShift',
  ],
  drawer: ['listDrawers', 'getDrawer'],
  shift: ['listShifts', 'getShift', 'listShiftMovements', 'listDrawers', 'getDrawer'],
  stock_location: ['listStockLocations', 'getStockLocation'],
  inventory_item: ['listInventoryItems', 'getInventoryItem', 'listStock', 'listLowStock'],
  recipe: ['listRecipes', 'getRecipe', 'getMenuItemCost'],
  stock: ['listStock', 'listLowStock', 'listStockMovements', 'getInventoryItem', 'listInventoryItems', 'getMenu'],
  stock_count: ['listStockCounts', 'getStockCount'],
  supplier: ['listSuppliers', 'getSupplier'],
  supplier_item: ['listSupplierItems', 'getSupplierItem', 'listItemsOfSupplier', 'listInventoryItemSuppliers'],
  purchase_order: ['listPurchaseOrders', 'getPurchaseOrder', 'proposePurchaseOrders'],
  goods_receipt: ['listGoodsReceipts', 'getGoodsReceipt', 'listPurchaseOrders', 'getPurchaseOrder', 'listStock'],
  supplier_invoice: ['listSupplierInvoices', 'getSupplierInvoice', 'getSupplierInvoiceStatus'],
  document: ['listDocuments', 'getDocument'],
  document_series: ['listDocumentSeries', 'getDocumentSeries'],
  business_day: ['listBusinessDays', 'getBusinessDay', 'getBusinessDaySummary', 'getClosedDaysReport'],
  import: ['listImports', 'listOrders', 'listMenuItems', 'getMenu', 'getBusinessDaySummary', 'getSalesReport'],
  job: ['listJobs', 'getJob'],
  webhook_endpoint: ['listWebhookEndpoints', 'getWebhookEndpoint'],
  code_pool: ['listCodePools', 'getCodePool', 'getCodePoolStatus'],
  consent: ['listConsents'],
  message_settings: ['getMessageSettings'],
  code: ['listCodePoolCodes', 'getCode', 'getCodePoolStatus'],
};

/** @returns the operations whose answers may be old after such an event. */
export function operationsAfter(type: EventType): readonly OperationName[] {
  // The first word of an event's type is its noun.
  return OPERATIONS_BY_NOUN[type.slice(0, type.indexOf('.')) as Noun] ?? [];
}
