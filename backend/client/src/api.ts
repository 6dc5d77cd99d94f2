// Made from /openapi.json by `npm run client`. Do not edit.

export type OrderType = "dine_in" | "takeaway" | "delivery" | "catering";

export interface MenuSelection {
  /** Items with all their variants. */
  menuItemIds?: Array<string> | undefined;
  /** Single variants, for prices. */
  variantIds?: Array<string> | undefined;
  /** All items of these categories. */
  categoryIds?: Array<string> | undefined;
  /** Items that are left out, although they are selected. */
  exceptMenuItemIds?: Array<string> | undefined;
  /** All modifiers of these groups. */
  modifierGroupIds?: Array<string> | undefined;
  /** Single modifiers. */
  modifierIds?: Array<string> | undefined;
}

export interface PriceChange {
  /** The new price. */
  set?: number | undefined;
  /** Minor units that are added. */
  by?: number | undefined;
  /** Added to the price, as decimal text. A price of 0 stays 0. */
  byPercent?: string | undefined;
  /** For `by` and `byPercent`. Absent: to the minor unit. */
  rounding?: PriceRounding | undefined;
}

export interface PriceRounding {
  /** In minor units: 5, 10, 100. */
  step: number;
  /** Above whole steps: step 100 and 90 is x.90. */
  ending?: number | undefined;
  /** Halves are rounded up by `nearest`. */
  direction?: PriceRoundingDirection | undefined;
}

export interface Customer {
  name?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
  address?: string | undefined;
}

/** Discounts apply in the order given, each to the remainder of the previous one; never below zero. */
export interface Discount {
  name?: string | undefined;
  percent?: Percent | undefined;
  amount?: number | undefined;
}

export type Percent = string | number;

export interface TaxExemption {
  /** Why the customer pays no tax, as it is printed. */
  reason: string;
  /** Number of the certificate that the customer showed. */
  certificate: string;
}

export type ExportFormat = "csv" | "xlsx";

export interface CodePoolRefill {
  count: number;
}

export interface CodeImport {
  codes: Array<string>;
}

export interface CodeLookUp {
  code: string;
}

/** Local times of the restaurant. If the end is at or before the start, it is on the next day. */
export interface WeeklyInterval {
  days: Array<Weekday>;
  from: string;
  to: string;
}

export type DietTag = "vegan" | "vegetarian" | "pescatarian" | "halal" | "kosher" | "gluten_free" | "lactose_free" | "nut_free" | "organic" | "spicy";

export interface PictureUpload {
  /** JPEG, PNG, WebP or HEIC of at most 15 MB and 50 million pixels. */
  file: Uint8Array;
}

export interface SupplierMail {
  /** Attachments, in any parts. */
  mail: Array<Uint8Array>;
}

export interface SupplierInvoiceUpload {
  /** PDF, JPEG, PNG, WebP, HEIC, XML or CSV; at most 20 files of 20 MB each. */
  files: Array<Uint8Array>;
}

export interface SupplierInvoiceApproval {
  /** Approves although a document of this number was approved before. */
  acceptDuplicate?: boolean | undefined;
  /** Lines without an item move no stock. */
  skipUnmatched?: boolean | undefined;
}

export interface SupplierInvoiceReason {
  reason: string;
}

export interface DocumentCustomer {
  name?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
  address?: string | undefined;
  /** Same format as the vatId of the restaurant. */
  vatId?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  country?: string | undefined;
  postalAddress?: PostalAddress | undefined;
  electronicAddress?: ElectronicAddress | undefined;
  companyId?: CompanyId | undefined;
  /** Language of the customer’s documents. If absent: the restaurant’s. */
  language?: PrintLanguage | undefined;
}

/** Wins over the free text of `address`. The country is a field of its own. */
export interface PostalAddress {
  street: string;
  additional?: string | undefined;
  city: string;
  postcode?: string | undefined;
  region?: string | undefined;
}

/** Where electronic invoices arrive. `scheme` is a code of the EAS list: 9930 a German VAT number, EM an e-mail. */
export interface ElectronicAddress {
  scheme: string;
  id: string;
}

/** Number in a register of companies. `scheme` is a code of ISO 6523: 0106 the Dutch KVK, 0184 the Danish CVR. */
export interface CompanyId {
  scheme: string;
  id: string;
}

export interface Registration {
  email: string;
  password: string;
  name: string;
  restaurantName: string;
  currency: string;
  /** A name in the IANA time zone database. */
  timezone: string;
}

export interface Login {
  email: string;
  password: string;
  restaurantId?: string | undefined;
}

export interface Refresh {
  /** Required, unless it is in a cookie. */
  refreshToken?: string | undefined;
}

export interface InvitationAcceptance {
  token: string;
  /** The password of your account with the invited address. Any other password (10 to 256 characters) creates a new account. */
  password: string;
  name?: string | undefined;
}

export interface Joining {
  token: string;
}

export interface RestaurantChoice {
  restaurantId: string;
}

export interface ForgottenPassword {
  email: string;
}

export interface PasswordReset {
  token: string;
  password: string;
}

export interface PasswordChange {
  currentPassword: string;
  newPassword: string;
}

export interface AddressChange {
  email: string;
  password: string;
}

export interface AddressConfirmation {
  token: string;
}

export interface NewPreference {
  /** Your name for it. */
  key: string;
  /** Any object of at most 8000 bytes as JSON. Servio does not read it. */
  value: Record<string, unknown>;
}

export interface PreferenceChange {
  /** Any object of at most 8000 bytes as JSON. Servio does not read it. */
  value: Record<string, unknown>;
}

export interface DemoRequest {
  currency?: string | undefined;
  /** A name in the IANA time zone database. */
  timezone?: string | undefined;
}

/** A charge on orders of the given types. `taxIds` are the taxes on the charge itself. */
export interface ServiceCharge {
  rate: Percent;
  orderTypes: Array<OrderType>;
  taxIds?: Array<string> | undefined;
}

/** New orders of these types get a code of this pool. */
export interface PickupCodes {
  poolId: string;
  orderTypes: Array<OrderType>;
}

/** Whom a customer asks about an invoice. */
export interface InvoiceContact {
  name: string;
  phone: string;
  email: string;
}

/** The account to which customers pay invoices. */
export interface PaymentAccount {
  iban: string;
  bic?: string | undefined;
  holder?: string | undefined;
}

export interface NewApiKey {
  name: string;
  /** Tills and kitchen screens have a ten times higher rate limit. */
  kind?: NewApiKeyKind | undefined;
  scopes: Array<Scope>;
  expiresAt?: string | null | undefined;
}

export interface PairingConfirmation {
  /** The code on the screen. Case, blanks and hyphens do not matter. */
  userCode: string;
  name: string;
  /** Decides the scopes of the device. */
  kind: PairingConfirmationKind;
}

export interface PairingSecret {
  secret: string;
}

/** Heading of a column, or its number from 1. */
export type ImportColumn = string | number;

/** Meaning of the columns in the file. See docs/import.md. */
export interface ImportMapping {
  /** Name of the other till. Together with the order id, it identifies an order. */
  source?: string | undefined;
  /** A label of the WHATWG Encoding Standard. Absent: detected. */
  encoding?: string | undefined;
  delimiter?: string | undefined;
  quote?: ImportMappingQuote | undefined;
  /** Whether the first line contains the headings. */
  header?: boolean | undefined;
  /** Number of lines to skip before the headings. */
  skipLines?: number | undefined;
  /** Absent: detected in each number, where it is certain. */
  decimalSeparator?: ImportMappingDecimalSeparator | undefined;
  /** Several columns, such as a date and a number that restarts daily, are joined with "-". */
  orderId: ImportColumn | Array<ImportColumn>;
  time: ImportMappingTimeColumn | ImportMappingTimeFixed;
  item: ImportColumn;
  category?: ImportColumn | undefined;
  variant?: ImportColumn | undefined;
  /** Allergens of items that are new. */
  allergens?: ImportMappingAllergens | undefined;
  choices?: ImportMappingChoices | undefined;
  /** Absent: 1. */
  quantity?: ImportColumn | undefined;
  /** Column of the unit: rows in kg, g, lb, oz, l, dl, cl, ml, m or h may have decimals in their quantity. Others are pieces. */
  unit?: ImportColumn | undefined;
  /** Price of one unit, including choices. Give either this or `linePrice`. */
  unitPrice?: ImportColumn | undefined;
  /** Price of the whole line, for its full quantity. */
  linePrice?: ImportColumn | undefined;
  /** Column with ISO 4217 codes. Absent: the restaurant’s currency. */
  currency?: ImportColumn | undefined;
  /** Absent: takeaway. */
  type?: ImportMappingTypeColumn | ImportMappingTypeFixed | undefined;
  /** Whether new orders take their ingredients from stock, by the current recipes. Leave it out for sales before the last count. */
  depleteStock?: boolean | undefined;
}

/** Meaning of the columns in a file of inventory items. */
export interface ItemImportMapping {
  /** Name of the other till. Together with the order id, it identifies an order. */
  source?: string | undefined;
  /** A label of the WHATWG Encoding Standard. Absent: detected. */
  encoding?: string | undefined;
  delimiter?: string | undefined;
  quote?: ImportMappingQuote | undefined;
  /** Whether the first line contains the headings. */
  header?: boolean | undefined;
  /** Number of lines to skip before the headings. */
  skipLines?: number | undefined;
  /** Absent: detected in each number, where it is certain. */
  decimalSeparator?: ImportMappingDecimalSeparator | undefined;
  item: ImportColumn;
  /** Stock unit of the item. */
  unit: ImportColumn | ItemImportMappingUnitFixed;
  /** Another unit, such as case. Several columns for several units. */
  packUnit?: ImportColumn | Array<ImportColumn> | undefined;
  /** Number of stock units in one `packUnit`, in the same order. */
  packSize?: ImportColumn | Array<ImportColumn> | undefined;
  reorderPoint?: ImportColumn | undefined;
  parLevel?: ImportColumn | undefined;
  /** Price of one stock unit, in the restaurant’s currency. Used for new items only. */
  cost?: ImportColumn | undefined;
  /** Location of the item. Created if missing. */
  location?: ImportColumn | ItemImportMappingUnitFixed | undefined;
  /** `forbid`, `allow_negative` or `auto_86`. */
  policy?: ImportColumn | ItemImportMappingUnitFixed | undefined;
  /** Unit names of the file, e.g. `{"Stk": "piece", "Liter": "l"}`. Standard units are found in any case. */
  unitNames?: Record<string, string> | undefined;
  /** Action for existing items. */
  onExisting?: ItemImportMappingOnExisting | undefined;
}

/** Meaning of the columns in a file of recipes: one row per ingredient. */
export interface RecipeImportMapping {
  /** Name of the other till. Together with the order id, it identifies an order. */
  source?: string | undefined;
  /** A label of the WHATWG Encoding Standard. Absent: detected. */
  encoding?: string | undefined;
  delimiter?: string | undefined;
  quote?: ImportMappingQuote | undefined;
  /** Whether the first line contains the headings. */
  header?: boolean | undefined;
  /** Number of lines to skip before the headings. */
  skipLines?: number | undefined;
  /** Absent: detected in each number, where it is certain. */
  decimalSeparator?: ImportMappingDecimalSeparator | undefined;
  /** Name of the menu item. */
  dish?: ImportColumn | undefined;
  variant?: ImportColumn | undefined;
  /** Name of the modifier. With a dish: on that dish only. */
  modifier?: ImportColumn | undefined;
  /** Name of a preparation that other recipes can use. */
  preparation?: ImportColumn | undefined;
  /** Yield of all rows together. Absent: 1. */
  yield?: ImportColumn | undefined;
  /** Absent: portion. */
  yieldUnit?: ImportColumn | undefined;
  /** Name of an inventory item, or of a preparation. */
  ingredient: ImportColumn;
  /** Net of waste. */
  quantity: ImportColumn;
  /** Absent: the stock unit, or the yield unit of the preparation. */
  unit?: ImportColumn | ItemImportMappingUnitFixed | undefined;
  /** Lost part of the taken quantity, in percent. */
  waste?: ImportColumn | undefined;
  /** Unit names of the file, e.g. `{"Stk": "piece", "Liter": "l"}`. Standard units are found in any case. */
  unitNames?: Record<string, string> | undefined;
  /** Action for existing recipes. */
  onExisting?: RecipeImportMappingOnExisting | undefined;
}

/** Meaning of the columns in a file of opening stock. */
export interface OpeningStockImportMapping {
  /** Name of the other till. Together with the order id, it identifies an order. */
  source?: string | undefined;
  /** A label of the WHATWG Encoding Standard. Absent: detected. */
  encoding?: string | undefined;
  delimiter?: string | undefined;
  quote?: ImportMappingQuote | undefined;
  /** Whether the first line contains the headings. */
  header?: boolean | undefined;
  /** Number of lines to skip before the headings. */
  skipLines?: number | undefined;
  /** Absent: detected in each number, where it is certain. */
  decimalSeparator?: ImportMappingDecimalSeparator | undefined;
  item: ImportColumn;
  quantity: ImportColumn;
  /** Absent: the stock unit. */
  unit?: ImportColumn | ItemImportMappingUnitFixed | undefined;
  /** Price of one `unit`. Absent: the item’s cost. */
  cost?: ImportColumn | undefined;
  /** Absent: the item’s own location. Created if missing. */
  location?: ImportColumn | ItemImportMappingUnitFixed | undefined;
  /** Unit names of the file, e.g. `{"Stk": "piece", "Liter": "l"}`. Standard units are found in any case. */
  unitNames?: Record<string, string> | undefined;
}

export interface NewWebhookEndpoint {
  /** Public address, on port 443, 80, or one from 1024 upwards. */
  url: string;
  /** Null: all that you may see. */
  types?: Array<EventType> | null | undefined;
  /** Whether a webhook waits for the earlier ones of the same subject. Default: true. */
  ordered?: boolean | undefined;
  description?: string | null | undefined;
  /** Sent with each webhook, for example for authorization. Their values are never shown again. */
  headers?: Record<string, string> | undefined;
  /** Whether `v1a` signatures (ed25519) are sent beside `v1`. Default: false. */
  asymmetric?: boolean | undefined;
}

export interface WebhookRecovery {
  /** Events of that time or later. Events are kept for 30 days. */
  since: string;
  /** Events after this position: `nextAfter` of the call before. */
  after?: number | undefined;
}

export interface WebhookReplay {
  /** Events of that time or later. Events are kept for 30 days. */
  since: string;
  /** Events after this position: `nextAfter` of the call before. */
  after?: number | undefined;
  types?: Array<EventType> | undefined;
}

export interface AssistantQuestion {
  /** Goes on with an earlier conversation of yours. */
  conversationId?: string | undefined;
  text: string;
}

export interface AssistantConfirmation {
  /** Of the proposal that you were shown. */
  hash: string;
}

export interface MessageRequest {
  kind: MessageRequestKind;
  /** An e-mail address for a receipt, a number for the others. */
  to: string;
  /** Of a receipt. */
  orderId?: string | undefined;
  /** Of a reminder or of marketing. */
  text?: string | undefined;
  /** Of a receipt. Default: the restaurant’s. */
  language?: PrintLanguage | undefined;
}

export interface NewLink {
  /** Path and query of a `GET` that answers a file. */
  path: string;
  /** Media type to send, where the path has several. Without it, PDF if there is one. */
  type?: string | undefined;
  /** Seconds until the link expires. */
  expiresIn?: number | undefined;
}

export interface Menu {
  /** ISO 4217. */
  currency: string;
  orderType: OrderType | null;
  /** The language of the translations. Null: names are as they were entered. */
  language: string | null;
  categories: Array<MenuCategory>;
}

export interface ResolvedVariant {
  id: string;
  name: string;
  price: number;
}

export interface ResolvedModifierGroup {
  id: string;
  name: string;
  minSelections: number;
  maxSelections: number;
  freeSelections: number;
  modifiers: Array<ResolvedModifier>;
}

export interface ResolvedModifier {
  id: string;
  name: string;
  price: number;
  maxQuantity: number;
  isAvailable: boolean;
  taxIds: Array<string>;
}

/** `rate` is a percentage as decimal text. */
export interface TaxRate {
  taxId: string;
  name: string;
  rate: string;
  inclusive: boolean;
  /** Only if the tax has a VAT category of its own. */
  vat?: TaxRateVat | undefined;
}

export type Allergen = "gluten" | "crustaceans" | "eggs" | "fish" | "peanuts" | "soybeans" | "milk" | "nuts" | "celery" | "mustard" | "sesame" | "sulphites" | "lupin" | "molluscs";

/** Addresses on this server, at most 320, 800 and 1,600 pixels wide or high. Each always has the same bytes, and needs no login. */
export interface Picture {
  id: string;
  small: string;
  medium: string;
  large: string;
}

/** RFC 9457 problem details. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Stable error code for programs. */
  code: string;
  requestId: string;
  errors?: Array<ProblemError> | undefined;
}

export interface DietaryLabels {
  language: PrintLanguage;
  allergens: Array<DietaryLabelsAllergen>;
  dietTags: Array<DietaryLabelsDietTag>;
}

export interface MenuBulkOutcome {
  dryRun: boolean;
  changes: Array<MenuBulkChange>;
  /** Items and groups that are as they should be already. */
  unchanged: number;
  /** Items and groups that change. After a dry run: their versions before, to send back. */
  versions: Record<string, number>;
}

export interface MenuBulkChange {
  kind: MenuBulkChangeKind;
  id: string;
  /** The item of a variant, the group of a modifier. */
  parentId: string | null;
  name: string;
  before: MenuBulkChangeBefore;
  after: MenuBulkChangeAfter;
}

export interface MenuOrderOutcome {
  /** New versions of the things that have another place now. */
  versions: Record<string, number>;
}

export interface Order {
  id: string;
  /** Contains the month in which the order was placed. */
  number: string;
  /** Where the restaurant’s `pickupCodes` are on for orders of this type. */
  pickupCode: string | null;
  status: OrderStatus;
  type: OrderType;
  /** Business date of the sale: that of `scheduledFor`, otherwise of the time of placing. */
  businessDate: string;
  currency: string;
  table: string | null;
  guests: number | null;
  customer: Customer | null;
  notes: string | null;
  scheduledFor: string | null;
  discounts: Array<DiscountOutput>;
  serviceCharge: OrderServiceCharge | null;
  taxExemption: TaxExemption | null;
  lines: Array<OrderLine>;
  taxes: Array<OrderTax>;
  /** Sum of grossAmount. */
  subtotal: number;
  discountTotal: number;
  serviceChargeTotal: number;
  /** All taxes, included and added. */
  taxTotal: number;
  /** Part of taxTotal that is included in prices. */
  taxIncludedTotal: number;
  tipTotal: number;
  /** subtotal - discountTotal + serviceChargeTotal + taxTotal - taxIncludedTotal + tipTotal. */
  total: number;
  /** overpaid: the guest gets money back (`dueTotal`). */
  paymentStatus: OrderPaymentStatus;
  orderTip: number;
  paidTotal: number;
  refundedTotal: number;
  /** Negative: a deposit kept of a cancelled order. Taken off the sale by refunds, credit notes and write-offs. Not in it: refunds that reversed payments, and amounts later removed from the bill. */
  refundedSaleTotal: number;
  /** Amount still to pay; negative if the guest gets money back. total - refundedSaleTotal = paidTotal - refundedTotal + dueTotal. For a cancelled order, paidTotal - refundedTotal + dueTotal is 0, or the deposit that was kept of it. */
  dueTotal: number;
  /** The order is completed and the guest gets money back. */
  unsettled: boolean;
  cancelReason: string | null;
  externalSource: string | null;
  externalId: string | null;
  version: number;
  createdBy: string;
  createdAt: string;
  updatedAt: string;
  completedAt: string | null;
}

export interface OrderLine {
  id: string;
  position: number;
  kind: OrderLineKind;
  /** The line that it belongs to: it has its quantity, and leaves the order with it. */
  parentLineId: string | null;
  menuItemId: string;
  variantId: string | null;
  categoryId: string;
  categoryName: string;
  name: string;
  variantName: string | null;
  /** Decimal text if the item is sold by weight or the like. Below zero: a returned deposit. */
  quantity: number | string;
  unit: MenuCategoryItemUnit | null;
  /** Price of one piece or one unit, without modifiers, when the line was added. */
  unitPrice: number;
  modifiers: Array<OrderLineModifier>;
  discounts: Array<DiscountOutput>;
  taxes: Array<OrderLineTax>;
  /** (unitPrice + charged modifiers) x quantity. With a unit: unitPrice x quantity, rounded half away from zero to a minor unit, + charged modifiers. */
  grossAmount: number;
  /** Discounts of the line plus its share of the order’s discounts. For a tax-exempt customer, also the included taxes. */
  discountAmount: number;
  /** grossAmount - discountAmount, with included taxes. */
  amount: number;
  taxAmount: number;
  notes: string | null;
  course: number | null;
  seat: number | null;
  voidedAt: string | null;
  voidReason: string | null;
  /** Set when the line is given for nothing. */
  comp: OrderLineComp | null;
  /** Set when the line was ordered at the price 0. */
  free: OrderLineFree | null;
  createdAt: string;
}

export interface ListedOrder {
  id: string;
  /** Contains the month in which the order was placed. */
  number: string;
  /** Where the restaurant’s `pickupCodes` are on for orders of this type. */
  pickupCode: string | null;
  status: OrderStatus;
  type: OrderType;
  /** Business date of the sale: that of `scheduledFor`, otherwise of the time of placing. */
  businessDate: string;
  currency: string;
  table: string | null;
  guests: number | null;
  customer: Customer | null;
  notes: string | null;
  scheduledFor: string | null;
  discounts: Array<DiscountOutput>;
  serviceCharge: OrderServiceCharge | null;
  taxExemption: TaxExemption | null;
  lines?: Array<OrderLine> | undefined;
  taxes: Array<OrderTax>;
  /** Sum of grossAmount. */
  subtotal: number;
  discountTotal: number;
  serviceChargeTotal: number;
  /** All taxes, included and added. */
  taxTotal: number;
  /** Part of taxTotal that is included in prices. */
  taxIncludedTotal: number;
  tipTotal: number;
  /** subtotal - discountTotal + serviceChargeTotal + taxTotal - taxIncludedTotal + tipTotal. */
  total: number;
  /** overpaid: the guest gets money back (`dueTotal`). */
  paymentStatus: OrderPaymentStatus;
  orderTip: number;
  paidTotal: number;
  refundedTotal: number;
  /** Negative: a deposit kept of a cancelled order. Taken off the sale by refunds, credit notes and write-offs. Not in it: refunds that reversed payments, and amounts later removed from the bill. */
  refundedSaleTotal: number;
  /** Amount still to pay; negative if the guest gets money back. total - refundedSaleTotal = paidTotal - refundedTotal + dueTotal. For a cancelled order, paidTotal - refundedTotal + dueTotal is 0, or the deposit that was kept of it. */
  dueTotal: number;
  /** The order is completed and the guest gets money back. */
  unsettled: boolean;
  cancelReason: string | null;
  externalSource: string | null;
  externalId: string | null;
  version: number;
  createdBy: string;
  createdAt: string;
  updatedAt: string;
  completedAt: string | null;
}

export interface OrderPreview {
  status: OrderStatus;
  type: OrderType;
  /** Business date of the sale: that of `scheduledFor`, otherwise of the time of placing. */
  businessDate: string;
  currency: string;
  table: string | null;
  guests: number | null;
  customer: Customer | null;
  notes: string | null;
  scheduledFor: string | null;
  discounts: Array<DiscountOutput>;
  serviceCharge: OrderServiceCharge | null;
  taxExemption: TaxExemption | null;
  lines: Array<OrderLine>;
  taxes: Array<OrderTax>;
  /** Sum of grossAmount. */
  subtotal: number;
  discountTotal: number;
  serviceChargeTotal: number;
  /** All taxes, included and added. */
  taxTotal: number;
  /** Part of taxTotal that is included in prices. */
  taxIncludedTotal: number;
  tipTotal: number;
  /** subtotal - discountTotal + serviceChargeTotal + taxTotal - taxIncludedTotal + tipTotal. */
  total: number;
}

export interface OrderHistory {
  data: Array<OrderHistoryEntry>;
  nextCursor: string | null;
}

export interface Payment {
  id: string;
  orderId: string;
  method: PaymentMethod;
  /** Amount that counts towards the bill. */
  amount: number;
  tip: number;
  /** Cash taken beyond amount and tip; negative: waived. */
  rounding: number;
  /** Amount handed over: amount + tip + rounding + change. */
  tendered: number;
  change: number;
  refunded: number;
  currency: string;
  reference: string | null;
  /** The shift of the drawer that the money went into. */
  shiftId: string | null;
  /** For a deposit: the net and the taxes that it pays. For a single-purpose voucher: those of its sale. Null for any other payment. */
  prepaid: PaymentPrepaid | null;
  businessDate: string;
  createdBy: string;
  createdAt: string;
}

export interface OrderPayments {
  payments: Array<Payment>;
  refunds: Array<Refund>;
}

export interface Refund {
  id: string;
  paymentId: string;
  orderId: string;
  /** How the money was given back. */
  method: PaymentMethod;
  amount: number;
  /** Cash handed out beyond the amount; negative: less. */
  rounding: number;
  /** Tip in the amount, also of a reversed payment. */
  tip: number;
  /** The shift of the drawer that the money came from. */
  shiftId: string | null;
  currency: string;
  /** The lines that the refund names. Empty: an amount for the order as a whole. */
  lines: Array<RefundLine>;
  goodwill: boolean;
  /** Parts of the refunded amount. `unsettled` reverses a payment on an open order, or returns an overpayment. */
  parts: RefundParts;
  /** `parts.tax` by tax. */
  taxes: Array<PaymentPrepaidChargeTax>;
  /** The part of a deposit that was given back before the meal, or of a single-purpose voucher that came back onto it. */
  prepaid: PaymentPrepaid | null;
  reason: string;
  businessDate: string;
  createdBy: string;
  createdAt: string;
}

export interface ClaimedCodes {
  data: Array<ClaimedCode>;
}

export interface ClaimedCode {
  /** Shown once, except tokens of tables. */
  code: string;
  /** Null: handed out from memory, without a record. Send an Idempotency-Key to get one. */
  id: string | null;
  value?: number | undefined;
  expiresAt?: string | null | undefined;
  table?: string | undefined;
}

export interface ListedPayment {
  id: string;
  orderId: string;
  method: PaymentMethod;
  /** Amount that counts towards the bill. */
  amount: number;
  tip: number;
  /** Cash taken beyond amount and tip; negative: waived. */
  rounding: number;
  /** Amount handed over: amount + tip + rounding + change. */
  tendered: number;
  change: number;
  refunded: number;
  currency: string;
  reference: string | null;
  /** The shift of the drawer that the money went into. */
  shiftId: string | null;
  /** For a deposit: the net and the taxes that it pays. For a single-purpose voucher: those of its sale. Null for any other payment. */
  prepaid: PaymentPrepaid | null;
  businessDate: string;
  createdBy: string;
  createdAt: string;
  orderNumber: string;
  /** Name of the person or API key, as it is today. Null for others. */
  createdByName: string | null;
  /** The part of it that was refunded. */
  status: ListedPaymentStatus;
}

export interface ListedRefund {
  id: string;
  paymentId: string;
  orderId: string;
  /** How the money was given back. */
  method: PaymentMethod;
  amount: number;
  /** Cash handed out beyond the amount; negative: less. */
  rounding: number;
  /** Tip in the amount, also of a reversed payment. */
  tip: number;
  /** The shift of the drawer that the money came from. */
  shiftId: string | null;
  currency: string;
  /** The lines that the refund names. Empty: an amount for the order as a whole. */
  lines: Array<RefundLine>;
  goodwill: boolean;
  /** Parts of the refunded amount. `unsettled` reverses a payment on an open order, or returns an overpayment. */
  parts: RefundParts;
  /** `parts.tax` by tax. */
  taxes: Array<PaymentPrepaidChargeTax>;
  /** The part of a deposit that was given back before the meal, or of a single-purpose voucher that came back onto it. */
  prepaid: PaymentPrepaid | null;
  reason: string;
  businessDate: string;
  createdBy: string;
  createdAt: string;
  orderNumber: string;
  /** Name of the person or API key, as it is today. Null for others. */
  createdByName: string | null;
}

export interface Receipt {
  restaurant: ReceiptRestaurant;
  number: string;
  orderId: string;
  status: OrderStatus;
  type: OrderType;
  table: string | null;
  businessDate: string;
  /** Local time of the restaurant. */
  placedAt: string;
  currency: string;
  lines: Array<ReceiptLine>;
  subtotal: number;
  discountTotal: number;
  serviceChargeTotal: number;
  taxes: Array<ReceiptTax>;
  tipTotal: number;
  total: number;
  payments: Array<ReceiptPayment>;
  refunds: Array<ReceiptRefund>;
  /** Cash taken beyond the payments, less cash given back beyond the refunds. */
  roundingTotal: number;
  /** The part of `taxes` that refunds and credit notes took back. */
  refundTaxes: Array<ReceiptRefundTax>;
  /** Taxes of single-purpose vouchers that paid. They were stated with the sale of the voucher. */
  voucherTaxes: Array<ReceiptVoucherTax>;
  dueTotal: number;
  /** dueTotal as it is paid in cash. */
  cashDue: number;
  footer: string | null;
}

export interface Drawer {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
}

export interface Shift {
  id: string;
  drawerId: string;
  drawerName: string;
  status: ShiftStatus;
  openedBy: string;
  openedAt: string;
  closedBy: string | null;
  closedAt: string | null;
  /** The business day on which it was opened. */
  businessDate: string;
  /** ISO 4217. */
  currency: string;
  openingFloat: number;
  notes: string | null;
  /** Fixed once closed. Live before that; null in lists. */
  figures: ShiftFigures | null;
}

/** Money taken and given back by one person and method: `amount` without tips and rounding. `refundTip` is the tip in refunds; it counts for the person who took the payment. tip - refundTip is the tip kept. */
export interface StaffTakings {
  person: string;
  name: string | null;
  method: PaymentMethod;
  payments: number;
  amount: Total;
  tip: Total;
  refunds: number;
  refundAmount: Total;
  refundTip: Total;
  rounding: Balance;
}

/** Minor units. From 9007199254740992 upwards it is decimal text, because JSON readers round such large numbers. */
export type Total = number | string;

/** Minor units; negative when more money went out than came in. From 9007199254740992 upwards it is decimal text, because JSON readers round such large numbers. */
export type Balance = number | string;

export interface ShiftCash {
  openingFloat: number;
  /** Opening float, cash payments with tips and rounding and pay-ins, less cash refunds, pay-outs and drops. */
  expected: Balance;
  counted: number | null;
  difference: Balance | null;
}

export interface CashMovement {
  id: string;
  shiftId: string;
  kind: ShiftFiguresMovementKind;
  amount: number;
  /** ISO 4217. */
  currency: string;
  reason: string;
  businessDate: string;
  createdBy: string;
  createdAt: string;
}

export interface CodePool {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  /** pickup: short names without value. voucher: vouchers and gift codes. table: signed tokens of tables. imported: codes from elsewhere. */
  kind: CodePoolKind;
  alphabet: string;
  length: number;
  target: number;
  lowWater: number;
  batch: number;
  whenEmpty: CodePoolWhenEmpty;
  value: number | null;
  taxKind: CodePoolTaxKind | null;
  expiresAfterDays: number | null;
  usesPerCode: number | null;
  coolDownSeconds: number | null;
  /** ISO 4217. */
  currency: string;
}

export interface CodePoolStatus {
  generated: number;
  /** In no lease. */
  available: number;
  /** In the memory of instances. generated = available + leased + claimed + abandoned. */
  leased: number;
  claimed: number;
  /** Redemptions of codes with a record. */
  redeemed: number;
  /** Codes without value that were lost with an instance. */
  abandoned: number;
  toGenerate: number;
  /** At the present pace. Null: nothing is claimed. */
  secondsUntilEmpty: number | null;
}

export interface CodeImportResult {
  imported: number;
  duplicates: number;
}

export interface CodeExport {
  id: string;
  count: number;
  /** Until then `sheet.pdf?exportId=` shows the codes again. */
  readableUntil: string;
  data: Array<ClaimedCode>;
}

export interface Code {
  id: string;
  poolId: string;
  /** pickup: short names without value. voucher: vouchers and gift codes. table: signed tokens of tables. imported: codes from elsewhere. */
  kind: CodePoolKind;
  /** The last characters of the code. */
  hint: string;
  status: CodeStatus;
  value: number;
  balance: number;
  usesLeft: number | null;
  taxKind: CodePoolTaxKind | null;
  expiresAt: string | null;
  holder: string | null;
  fromCodeId: string | null;
  toCodeId: string | null;
  /** The line of an order that it was sold with. */
  orderLineId: string | null;
  /** Of a single-purpose voucher that was sold with an order: the net and the taxes of its balance, which a payment with it brings along. */
  prepaid: PaymentPrepaid | null;
  businessDate: string;
  createdBy: string;
  createdAt: string;
  updatedAt: string;
  /** ISO 4217. */
  currency: string;
}

export interface Redemption {
  codeId: string;
  poolId: string;
  /** pickup: short names without value. voucher: vouchers and gift codes. table: signed tokens of tables. imported: codes from elsewhere. */
  kind: CodePoolKind;
  /** Taken from the code. */
  amount: number;
  balance: number;
  usesLeft: number | null;
  table: string | null;
  /** ISO 4217. */
  currency: string;
}

export interface CodeStory {
  id: string;
  poolId: string;
  /** pickup: short names without value. voucher: vouchers and gift codes. table: signed tokens of tables. imported: codes from elsewhere. */
  kind: CodePoolKind;
  /** The last characters of the code. */
  hint: string;
  status: CodeStatus;
  value: number;
  balance: number;
  usesLeft: number | null;
  taxKind: CodePoolTaxKind | null;
  expiresAt: string | null;
  holder: string | null;
  fromCodeId: string | null;
  toCodeId: string | null;
  /** The line of an order that it was sold with. */
  orderLineId: string | null;
  /** Of a single-purpose voucher that was sold with an order: the net and the taxes of its balance, which a payment with it brings along. */
  prepaid: PaymentPrepaid | null;
  businessDate: string;
  createdBy: string;
  createdAt: string;
  updatedAt: string;
  /** ISO 4217. */
  currency: string;
  /** The newest hundred, newest first. */
  movements: Array<CodeStoryMovement>;
}

export interface TableToken {
  id: string;
  poolId: string;
  table: string;
  isRevoked: boolean;
  uses: number;
  lastUsedAt: string | null;
}

export interface VoucherLiability {
  from: string;
  to: string;
  /** ISO 4217. */
  currency: string;
  data: Array<VoucherLiabilityEntry>;
}

export interface Category {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  translations: Translations;
  position: number;
  schedules: Array<WeeklyInterval>;
}

/** By language. */
export type Translations = Record<string, Translations2>;

export interface MenuItem {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  categoryId: string;
  price: number;
  /** ISO 4217. */
  currency: string;
  description: string | null;
  translations: Translations;
  variants: Array<Variant>;
  modifierGroupIds: Array<string>;
  taxIds: Array<string>;
  allergens: Array<Allergen>;
  otherAllergens: Array<string>;
  dietTags: Array<DietTag>;
  pictureId: string | null;
  picture: Picture | null;
  station: string | null;
  position: number;
  isAvailable: boolean;
  availability: MenuBulkChangeBeforeAvailability;
  /** No portion can be made: an ingredient with the policy auto_86 has run out. */
  isOutOfStock: boolean;
  schedules: Array<WeeklyInterval>;
  unit: MenuCategoryItemUnit | null;
  parts: Array<MenuItemPart>;
  isDeposit: boolean;
  depositItemId: string | null;
  voucherPoolId: string | null;
}

export interface Variant {
  id: string;
  name: string;
  price: number;
  translations: Translations;
}

export interface ModifierGroup {
  id: string;
  name: string;
  minSelections: number;
  maxSelections: number;
  freeSelections: number;
  modifiers: Array<Modifier>;
  version: number;
  createdAt: string;
  updatedAt: string;
  /** ISO 4217. */
  currency: string;
  translations: Translations;
}

export interface Modifier {
  id: string;
  name: string;
  price: number;
  maxQuantity: number;
  isAvailable: boolean;
  taxIds: Array<string>;
  translations: Translations;
}

export interface Tax {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  rate: string;
  inclusive: boolean;
  orderTypes: Array<OrderType>;
  vatCategory: TaxRateVatCategory | null;
  exemptionCode: string | null;
  exemptionReason: string | null;
}

export interface InventoryItem {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  unit: string;
  units: Array<InventoryItemUnit>;
  policy: InventoryItemPolicy;
  locationId: string | null;
  /** Decimal text. */
  reorderPoint: string;
  /** Decimal text. */
  parLevel: string | null;
  /** Always the sum of the item’s movements. */
  currentQuantity: string;
  isLow: boolean;
  /** Moving average, minor units for one stock unit. */
  unitCost: string;
  /** ISO 4217. */
  currency: string;
}

export interface Recipe {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  menuItemId: string | null;
  variantId: string | null;
  modifierId: string | null;
  outputItemId: string | null;
  /** Decimal text. */
  yield: string;
  yieldUnit: string;
  lines: Array<RecipeLine>;
}

export interface StockMovement {
  id: string;
  inventoryItemId: string;
  kind: StockMovementKind;
  /** Positive: into stock. Negative: out of stock. */
  quantity: string;
  /** Minor units for one stock unit. */
  unitCost: string;
  locationId: string | null;
  source: StockMovementSource;
  reason: string | null;
  businessDate: string;
  occurredAt: string;
  createdBy: string;
  createdAt: string;
  /** ISO 4217. */
  currency: string;
}

export interface Depletion {
  from: string;
  to: string;
  dryRun: boolean;
  ordersDepleted: number;
  /** Orders in the period that are cancelled, already depleted, or have no line that takes stock. */
  ordersSkipped: number;
  /** Dishes that were sold and have no recipe, most sold first. */
  withoutRecipe: Array<DepletionWithoutRecipe>;
  consumption: Array<DepletionConsumption>;
  /** Dry run only: items that would go below zero although their policy forbids it. */
  short: Array<DepletionShort>;
}

export interface StockOnHand {
  inventoryItemId: string;
  name: string;
  unit: string;
  /** Decimal text. */
  quantity: string;
  /** Current moving average, also with `asOf`. */
  unitCost: string;
  /** quantity x unitCost in minor units. */
  value: Balance;
  locations: Array<StockOnHandLocation>;
  /** ISO 4217. */
  currency: string;
}

export interface StockAudit {
  /** Number of items compared with their ledger. */
  checked: number;
  faults: Array<StockAuditFault>;
}

export interface WasteEntry {
  id: string;
  createdAt: string;
  /** ISO 4217. */
  currency: string;
  reason: WasteEntryReason;
  note: string | null;
  locationId: string | null;
  /** What was taken from stock. */
  lines: Array<PostedStockLine>;
  /** Of all lines, minor units. */
  value: Balance;
}

export interface PostedStockLine {
  inventoryItemId: string;
  name: string;
  unit: string;
  /** In the stock unit, without a sign. */
  quantity: string;
  /** Decimal text. */
  unitCost: string;
  value: Balance;
  locationId: string | null;
}

export interface StockTransfer {
  id: string;
  createdAt: string;
  /** ISO 4217. */
  currency: string;
  fromLocationId: string;
  toLocationId: string;
  notes: string | null;
  lines: Array<PostedStockLine>;
}

export interface Prep {
  id: string;
  createdAt: string;
  /** ISO 4217. */
  currency: string;
  recipeId: string;
  recipeName: string;
  notes: string | null;
  output: PostedStockLine;
  consumed: Array<PostedStockLine>;
  /** Of what went in, minor units. */
  value: Balance;
}

export interface StockCount {
  id: string;
  locationId: string | null;
  isBlind: boolean;
  status: StockCountStatus;
  notes: string | null;
  itemCount: number;
  countedItemCount: number;
  /** Value of stock found above the expected quantity, at average cost, in minor units. Null before the commit. */
  gain: number | null;
  /** Value of missing stock, at average cost, in minor units. Null before the commit. */
  loss: number | null;
  /** gain - loss. */
  net: number | null;
  createdBy: string;
  createdAt: string;
  closedBy: string | null;
  closedAt: string | null;
  /** ISO 4217. */
  currency: string;
}

export interface StockCountSheet {
  id: string;
  locationId: string | null;
  isBlind: boolean;
  status: StockCountStatus;
  notes: string | null;
  itemCount: number;
  countedItemCount: number;
  /** Value of stock found above the expected quantity, at average cost, in minor units. Null before the commit. */
  gain: number | null;
  /** Value of missing stock, at average cost, in minor units. Null before the commit. */
  loss: number | null;
  /** gain - loss. */
  net: number | null;
  createdBy: string;
  createdAt: string;
  closedBy: string | null;
  closedAt: string | null;
  /** ISO 4217. */
  currency: string;
  lines: Array<StockCountSheetLine>;
}

export interface StockLocation {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
}

export interface Supplier {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  contactName: string | null;
  email: string | null;
  phone: string | null;
  address: string | null;
  customerNumber: string | null;
  notes: string | null;
  leadTimeDays: number | null;
  minimumOrder: number | null;
  /** ISO 4217. */
  currency: string;
}

export interface SupplierItem {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  supplierId: string;
  supplierName: string;
  inventoryItemId: string;
  inventoryItemName: string;
  articleNumber: string | null;
  packUnit: string;
  orderMultiple: number;
  lastPrice: number | null;
  lastPriceAt: string | null;
  isPreferred: boolean;
  /** ISO 4217. */
  currency: string;
}

export interface PurchaseOrder {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  /** Assigned when the order is sent. */
  number: string | null;
  status: PurchaseOrderStatus;
  supplierId: string;
  supplierName: string;
  expectedAt: string | null;
  notes: string | null;
  lines: Array<PurchaseOrderLine>;
  /** Total of the lines whose price is known. */
  total: number;
  /** Whether the total is below the supplier’s minimum order. */
  isBelowMinimum: boolean;
  /** Partly received; the rest will not be delivered. */
  isClosedShort: boolean;
  closeReason: string | null;
  createdBy: string;
  sentAt: string | null;
  closedAt: string | null;
  /** ISO 4217. */
  currency: string;
}

export interface PurchaseOrderProposals {
  /** One draft per supplier; several if one would exceed the limit of a purchase order. */
  orders: Array<PurchaseOrder>;
  /** Low items that were not ordered, each with the reason. */
  skipped: Array<PurchaseOrderProposalsSkipped>;
}

export interface PurchaseOrderReceived {
  goodsReceipt: GoodsReceipt;
  purchaseOrder: PurchaseOrder;
}

export interface GoodsReceipt {
  id: string;
  /** Null for receipts from before they were numbered. */
  number: string | null;
  status: GoodsReceiptStatus;
  supplierId: string;
  supplierName: string;
  purchaseOrderId: string | null;
  purchaseOrderNumber: string | null;
  reference: string | null;
  receivedAt: string;
  lines: Array<GoodsReceiptLine>;
  total: number;
  priceDifference: number;
  hasExcess: boolean;
  createdBy: string;
  createdAt: string;
  reversedAt: string | null;
  reversedBy: string | null;
  reverseReason: string | null;
  /** ISO 4217. */
  currency: string;
}

export interface SupplierMailbox {
  /** Part of the address. It lets anybody send documents here. */
  token: string;
}

export interface SupplierMailReceived {
  data: Array<SupplierMailReceivedEntry>;
  /** Names of what was left out. */
  skipped: Array<string>;
}

export interface SupplierInvoicesUploaded {
  data: Array<SupplierMailReceivedEntry>;
}

export interface SupplierInvoiceSummary {
  id: string;
  /** The upload or mail that brought it: its files share one. */
  workflowId: string;
  /** Of a file that holds several documents. */
  part: number;
  /** `received` and `extracting`: being read. `review`: waits for a person. `failed`: could not be read, `failure` says why. */
  status: SupplierMailReceivedEntryStatus;
  documentType: SupplierInvoiceSummaryDocumentType;
  fileName: string;
  /** When the file of a rejected document was removed, thirty days later. Send it again to read it. */
  fileRemovedAt: string | null;
  sha256: string;
  source: SupplierInvoiceSummarySource;
  uploadedBy: string;
  uploadedAt: string;
  failure: string | null;
  supplier: SupplierInvoiceSummarySupplier;
  buyer: SupplierInvoiceSummaryBuyer;
  /** UNTDID 1001, or TD01 and others of FatturaPA. */
  typeCode: string | null;
  number: string | null;
  issueDate: string | null;
  dueDate: string | null;
  currency: string | null;
  orderReference: string | null;
  precedingNumber: string | null;
  totals: SupplierInvoiceTotals;
  purchaseOrderId: string | null;
  goodsReceiptId: string | null;
  goodsReturned: boolean | null;
  exchangeRate: string | null;
  reviewedBy: string | null;
  decisionReason: string | null;
  postedAt: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
}

export interface SupplierInvoiceTotals {
  /** Decimal text as the document states it. */
  lines: string | null;
  /** Decimal text as the document states it. */
  allowances: string | null;
  /** Decimal text as the document states it. */
  charges: string | null;
  /** Decimal text as the document states it. */
  net: string | null;
  /** Decimal text as the document states it. */
  tax: string | null;
  /** Decimal text as the document states it. */
  gross: string | null;
  /** Decimal text as the document states it. */
  prepaid: string | null;
  /** Decimal text as the document states it. */
  rounding: string | null;
  /** Decimal text as the document states it. */
  payable: string | null;
}

export interface SupplierInvoice {
  id: string;
  /** The upload or mail that brought it: its files share one. */
  workflowId: string;
  /** Of a file that holds several documents. */
  part: number;
  /** `received` and `extracting`: being read. `review`: waits for a person. `failed`: could not be read, `failure` says why. */
  status: SupplierMailReceivedEntryStatus;
  documentType: SupplierInvoiceSummaryDocumentType;
  fileName: string;
  /** When the file of a rejected document was removed, thirty days later. Send it again to read it. */
  fileRemovedAt: string | null;
  sha256: string;
  source: SupplierInvoiceSummarySource;
  uploadedBy: string;
  uploadedAt: string;
  failure: string | null;
  supplier: SupplierInvoiceSummarySupplier;
  buyer: SupplierInvoiceSummaryBuyer;
  /** UNTDID 1001, or TD01 and others of FatturaPA. */
  typeCode: string | null;
  number: string | null;
  issueDate: string | null;
  dueDate: string | null;
  currency: string | null;
  orderReference: string | null;
  precedingNumber: string | null;
  totals: SupplierInvoiceTotals;
  purchaseOrderId: string | null;
  goodsReceiptId: string | null;
  goodsReturned: boolean | null;
  exchangeRate: string | null;
  reviewedBy: string | null;
  decisionReason: string | null;
  postedAt: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
  lines: Array<SupplierInvoiceLine>;
  allowances: Array<SupplierInvoiceAdjustment>;
  charges: Array<SupplierInvoiceAdjustment>;
  taxes: Array<SupplierInvoiceTax>;
  totalEvidence: Record<string, SupplierInvoiceEvidence>;
  /** Sums and lines that were checked. What does not hold is reported, never repaired. */
  checks: Array<SupplierInvoiceCheck>;
  duplicates: Array<SupplierInvoiceDuplicate>;
  /** Order, delivery and invoice by item, in stock units; `credit` is what to ask back. */
  comparison: Array<SupplierInvoiceComparison>;
  /** Of a posted document whose goods came before it, by item. */
  revaluations: Array<SupplierInvoiceRevaluation>;
  priceChanges: Array<SupplierInvoicePriceChange>;
}

export interface SupplierInvoiceLine {
  position: number;
  /** The name of the line on the document. */
  lineId: string | null;
  articleNumber: string | null;
  gtin: string | null;
  description: string;
  /** Decimal text as the document states it. */
  quantity: string | null;
  /** As stated: a UN/ECE code such as `KGM`, or a word. */
  unit: string | null;
  /** Decimal text as the document states it. */
  unitPrice: string | null;
  /** Decimal text as the document states it. */
  priceBaseQuantity: string | null;
  /** Decimal text as the document states it. */
  netAmount: string | null;
  /** Decimal text as the document states it. */
  taxRate: string | null;
  taxCategory: string | null;
  allowances: Array<SupplierInvoiceAdjustment>;
  charges: Array<SupplierInvoiceAdjustment>;
  /** False: no goods of the store room, such as freight or a deposit. */
  isStock: boolean;
  match: SupplierInvoiceLineMatch | null;
  /** As posted: signed stock units, and minor units for one of them. */
  posted: SupplierInvoiceLinePosted | null;
  evidence: SupplierInvoiceEvidence | null;
}

export interface SupplierInvoiceAdjustment {
  amount: string;
  reason: string | null;
  /** Decimal text as the document states it. */
  taxRate: string | null;
  taxCategory: string | null;
}

export interface SupplierInvoiceEvidence {
  page: number;
  /** Left, top, width and height as shares of the page, 0 to 1. */
  box: Array<number>;
  text: string;
  confidence: number;
  /** In a table (CSV): the line of the file. */
  row?: number | undefined;
}

export interface SupplierInvoiceStatus {
  id: string;
  /** `received` and `extracting`: being read. `review`: waits for a person. `failed`: could not be read, `failure` says why. */
  status: SupplierMailReceivedEntryStatus;
  failure: string | null;
  version: number;
}

export interface ItemPrices {
  data: Array<ItemPricesEntry>;
}

export interface SupplierInvoiceLineOfDocument {
  position: number;
  /** The name of the line on the document. */
  lineId: string | null;
  articleNumber: string | null;
  gtin: string | null;
  description: string;
  /** Decimal text as the document states it. */
  quantity: string | null;
  /** As stated: a UN/ECE code such as `KGM`, or a word. */
  unit: string | null;
  /** Decimal text as the document states it. */
  unitPrice: string | null;
  /** Decimal text as the document states it. */
  priceBaseQuantity: string | null;
  /** Decimal text as the document states it. */
  netAmount: string | null;
  /** Decimal text as the document states it. */
  taxRate: string | null;
  taxCategory: string | null;
  allowances: Array<SupplierInvoiceAdjustment>;
  charges: Array<SupplierInvoiceAdjustment>;
  /** False: no goods of the store room, such as freight or a deposit. */
  isStock: boolean;
  match: SupplierInvoiceLineMatch | null;
  /** As posted: signed stock units, and minor units for one of them. */
  posted: SupplierInvoiceLinePosted | null;
  evidence: SupplierInvoiceEvidence | null;
  /** Of the document. */
  version: number;
}

export interface Document {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  type: DocumentType;
  status: DocumentStatus;
  /** Null while it is a draft. */
  number: string | null;
  seriesId: string | null;
  period: string | null;
  counter: number | null;
  businessDate: string | null;
  issuedAt: string | null;
  issuedBy: string | null;
  seller: Seller | null;
  location: string;
  register: string;
  /** ISO 4217. */
  currency: string;
  customer: DocumentCustomer | null;
  notes: string | null;
  lines: Array<DocumentLine>;
  discounts: Array<DiscountOutput>;
  taxes: Array<DocumentTax>;
  subtotal: Total;
  discountTotal: Total;
  taxTotal: Balance;
  taxIncludedTotal: Balance;
  /** subtotal - discountTotal + (taxTotal - taxIncludedTotal). */
  total: Total;
  details: DocumentDetails | null;
  orderId: string | null;
  /** Credit note only: the document that it corrects. */
  originalId: string | null;
  reason: string | null;
  /** Hash of the previous document in the series; empty for the first. */
  previousHash: string | null;
  /** SHA-256 of the document’s canonical form, which includes previousHash. */
  hash: string | null;
  voidReason: string | null;
  voidedAt: string | null;
  voidedBy: string | null;
  createdBy: string;
}

/** The restaurant’s settings at the time of issue. */
export interface Seller {
  name: string;
  address: string | null;
  vatId?: string | null | undefined;
  taxNumber?: string | null | undefined;
  country?: string | null | undefined;
  /** Language of labels, numbers and dates in print. */
  language?: PrintLanguage | undefined;
  receiptFooter?: string | null | undefined;
  /** Rules of the electronic invoice: the European standard, XRechnung 3 or Peppol BIS 3.0. The latter two demand more data. */
  eInvoiceProfile?: SellerEInvoiceProfile | undefined;
  postalAddress?: PostalAddress | undefined;
  contact?: InvoiceContact | undefined;
  electronicAddress?: ElectronicAddress | undefined;
  companyId?: CompanyId | undefined;
  paymentAccount?: PaymentAccount | undefined;
}

export interface DocumentLine {
  position: number;
  kind: DocumentLineKind;
  description: string;
  /** Decimal text; below zero for a returned deposit. */
  quantity: string;
  unit: string | null;
  unitPrice: number;
  /** Stock count only: average cost per unit, in minor units as decimal text. unitPrice is this cost rounded; amount is computed from the exact cost. */
  unitCost?: string | undefined;
  discounts: Array<DiscountOutput>;
  taxes: Array<DocumentLineTax>;
  grossAmount: number;
  discountAmount: number;
  /** grossAmount - discountAmount, with included taxes. */
  amount: number;
  taxAmount: number;
  /** Only if made from an order: its line. Absent on older documents. */
  orderLineId?: string | undefined;
  /** Credit note only: position of the credited line. */
  originalPosition: number | null;
}

export interface EInvoiceDetails {
  /** Rules of the electronic invoice: the European standard, XRechnung 3 or Peppol BIS 3.0. The latter two demand more data. */
  profile?: SellerEInvoiceProfile | undefined;
  /** The customer’s sign for this invoice: a department, a Leitweg-ID (BT-10). */
  buyerReference?: string | undefined;
  /** Number of the customer’s purchase order (BT-13). */
  purchaseOrderReference?: string | undefined;
}

export interface DayReport {
  /** The business day of these figures. */
  date: string;
  /** ISO 4217. */
  currency: string;
  /** Number of orders, without cancelled ones. */
  orders: number;
  units: number;
  grossSales: Balance;
  discountTotal: Balance;
  /** grossSales - discountTotal. */
  revenue: Balance;
  /** Amount of the multi-purpose vouchers sold, which is no revenue: it is owed to their holders. Absent on older closes. */
  vouchersSold?: Balance | undefined;
  /** Amount that single-purpose vouchers paid on this day, less what came back onto them. Their sale was revenue, so grossSales and revenue are less it. Absent on older closes. */
  vouchersRedeemed?: Balance | undefined;
  serviceChargeTotal: Total;
  taxTotal: Balance;
  taxIncludedTotal: Balance;
  tipTotal: Total;
  /** grossSales - discountTotal + serviceChargeTotal + taxTotal - taxIncludedTotal + tipTotal + vouchersSold + vouchersRedeemed; equals the sum of all order totals. */
  total: Total;
  /** Taken off sales on this day by refunds, credit notes and write-offs, for orders of any day, less refunded amounts that have since been removed from the bills of this day’s orders. total - refundTotal is the amount kept. refundTotal is negative if an order lost an amount refunded on another day. */
  refundTotal: Balance;
  /** Cash taken beyond the payments of the day by rounding, less cash given back beyond its refunds. Absent on older closes. */
  roundingTotal?: Balance | undefined;
  /** Of the sales, by tax and rate; they add up to taxTotal. A tax return adds `deposits.taxes` and subtracts `refundTaxes`. */
  taxes: Array<DocumentTax>;
  /** Payments taken on this day, for orders of any day. */
  payments: Array<DayReportPayment>;
  /** Refunds given on this day, by the method in which they were given. */
  refunds: Array<DayReportRefund>;
  /** The taxes in refundTotal, by tax and rate. In a tax return, subtract them from `taxes`. Absent on older closes. */
  refundTaxes?: Array<DayReportRefundTax> | undefined;
  /** refundTotal by its parts, each without included taxes. `vouchers` is of orders that sold multi-purpose vouchers. Absent on older closes. */
  refundParts?: DayReportRefundParts | undefined;
  /** The part of refundTotal without money: credit notes (less those taken back), write-offs, and deposits kept of cancelled orders (below zero). Absent on older closes. */
  corrections?: Array<DayReportCorrection> | undefined;
  /** Payments before the meal, which are taxed when they come. Absent on older closes. */
  deposits?: DayReportDeposits | undefined;
  cancelledOrders: DayReportCancelledOrders;
  voidedLines: DayReportVoidedLines;
  /** Orders that are not cancelled and are either not completed or not settled (dueTotal is not 0). */
  unfinishedOrders: DayReportUnfinishedOrders;
  /** salesKept (total - refundTotal) = moneyKept (payments with tips, less refunds, without roundingTotal) + dueTotal (of this day’s orders) + otherDays (money of this day’s orders on other days, less money of other days’ orders on this day). Absent on older closes. */
  balance?: DayReportBalance | undefined;
  /** By person and method. Absent on older closes. */
  staff?: Array<StaffTakings> | undefined;
  /** By drawer and method. Absent on older closes. */
  drawers?: Array<DrawerTakings> | undefined;
  /** Pay-ins, pay-outs and drops. Absent on older closes. */
  cashMovements?: Array<DayReportCashMovement> | undefined;
  /** Shifts that were opened on this day, open ones first. Absent on older closes. */
  shifts?: DayReportShifts | undefined;
  /** Cash in the drawers without their opening floats: cash payments with their tips, roundingTotal and pay-ins, less cash refunds, pay-outs and drops. */
  cash: DayReportCash;
}

/** As StaffTakings, by drawer. Null: money outside of every shift. */
export interface DrawerTakings {
  drawerId: string | null;
  name: string | null;
  method: PaymentMethod;
  payments: number;
  amount: Total;
  tip: Total;
  refunds: number;
  refundAmount: Total;
  refundTip: Total;
  rounding: Balance;
}

export interface DayShift {
  id: string;
  drawerId: string;
  drawerName: string;
  status: ShiftStatus;
  openedBy: string;
  openedAt: string;
  closedBy: string | null;
  closedAt: string | null;
  openingFloat: number;
  /** Opening float, cash payments with tips and rounding and pay-ins, less cash refunds, pay-outs and drops. */
  expected: Balance;
  counted: number | null;
  difference: Balance | null;
}

export interface DocumentSeries {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  type: DocumentType;
  location: string;
  register: string;
  prefix: string;
  reset: DocumentSeriesReset;
  kind: DocumentSeriesKind;
  startNumber: number;
}

export interface DocumentSeriesAudit {
  seriesId: string;
  prefix: string;
  kind: DocumentSeriesKind;
  first: string | null;
  last: string | null;
  count: number;
  voided: number;
  gapCount: number;
  /** The first hundred of this answer. */
  gaps: Array<DocumentSeriesAuditGap>;
  /** The first hundred of this answer. Duplicates count as faults. */
  duplicates: Array<string>;
  /** Null: a fast series has no hash chain. */
  chainIntact: boolean | null;
  faultCount: number;
  /** The first hundred of this answer. */
  faults: Array<DocumentSeriesAuditFault>;
  /** True: no fault found; gaps are no fault in a fast series. Null: no fault so far, but more documents remain to be checked. */
  clean: boolean | null;
  /** If not null, send it to continue after `last`. Counts include those of the previous answers. */
  nextCursor: string | null;
}

export interface BusinessDay {
  /** The business day of these figures. */
  date: string;
  /** ISO 4217. */
  currency: string;
  /** Number of orders, without cancelled ones. */
  orders: number;
  units: number;
  grossSales: Balance;
  discountTotal: Balance;
  /** grossSales - discountTotal. */
  revenue: Balance;
  /** Amount of the multi-purpose vouchers sold, which is no revenue: it is owed to their holders. Absent on older closes. */
  vouchersSold?: Balance | undefined;
  /** Amount that single-purpose vouchers paid on this day, less what came back onto them. Their sale was revenue, so grossSales and revenue are less it. Absent on older closes. */
  vouchersRedeemed?: Balance | undefined;
  serviceChargeTotal: Total;
  taxTotal: Balance;
  taxIncludedTotal: Balance;
  tipTotal: Total;
  /** grossSales - discountTotal + serviceChargeTotal + taxTotal - taxIncludedTotal + tipTotal + vouchersSold + vouchersRedeemed; equals the sum of all order totals. */
  total: Total;
  /** Taken off sales on this day by refunds, credit notes and write-offs, for orders of any day, less refunded amounts that have since been removed from the bills of this day’s orders. total - refundTotal is the amount kept. refundTotal is negative if an order lost an amount refunded on another day. */
  refundTotal: Balance;
  /** Cash taken beyond the payments of the day by rounding, less cash given back beyond its refunds. Absent on older closes. */
  roundingTotal?: Balance | undefined;
  /** The taxes due for this day, by tax and rate: taxTotal and `deposits.taxes`. A tax return subtracts `refundTaxes`. In the document of the close, they are without `deposits.taxes`. */
  taxes: Array<DocumentTax>;
  /** Payments taken on this day, for orders of any day. */
  payments: Array<DayReportPayment>;
  /** Refunds given on this day, by the method in which they were given. */
  refunds: Array<DayReportRefund>;
  /** The taxes in refundTotal, by tax and rate. In a tax return, subtract them from `taxes`. Absent on older closes. */
  refundTaxes?: Array<DayReportRefundTax> | undefined;
  /** refundTotal by its parts, each without included taxes. `vouchers` is of orders that sold multi-purpose vouchers. Absent on older closes. */
  refundParts?: DayReportRefundParts | undefined;
  /** The part of refundTotal without money: credit notes (less those taken back), write-offs, and deposits kept of cancelled orders (below zero). Absent on older closes. */
  corrections?: Array<DayReportCorrection> | undefined;
  /** Payments before the meal, which are taxed when they come. Absent on older closes. */
  deposits?: DayReportDeposits | undefined;
  cancelledOrders: DayReportCancelledOrders;
  voidedLines: DayReportVoidedLines;
  /** Orders that are not cancelled and are either not completed or not settled (dueTotal is not 0). */
  unfinishedOrders: DayReportUnfinishedOrders;
  /** salesKept (total - refundTotal) = moneyKept (payments with tips, less refunds, without roundingTotal) + dueTotal (of this day’s orders) + otherDays (money of this day’s orders on other days, less money of other days’ orders on this day). Absent on older closes. */
  balance?: DayReportBalance | undefined;
  /** By person and method. Absent on older closes. */
  staff?: Array<StaffTakings> | undefined;
  /** By drawer and method. Absent on older closes. */
  drawers?: Array<DrawerTakings> | undefined;
  /** Pay-ins, pay-outs and drops. Absent on older closes. */
  cashMovements?: Array<DayReportCashMovement> | undefined;
  /** Shifts that were opened on this day, open ones first. Absent on older closes. */
  shifts?: DayReportShifts | undefined;
  /** Cash in the drawers without their opening floats: cash payments with their tips, roundingTotal and pay-ins, less cash refunds, pay-outs and drops. */
  cash: DayReportCash;
  status: ShiftStatus;
  /** Number of the Z report. */
  number: string | null;
  documentId: string | null;
  closedAt: string | null;
  closedBy: string | null;
  notes: string | null;
}

export interface DaySummary {
  date: string;
  /** Number of orders, without cancelled ones. */
  orders: number;
  units: number;
  /** grossSales - discountTotal. */
  revenue: Balance;
  discountTotal: Balance;
  taxTotal: Balance;
  tipTotal: Total;
  /** grossSales - discountTotal + serviceChargeTotal + taxTotal - taxIncludedTotal + tipTotal + vouchersSold + vouchersRedeemed; equals the sum of all order totals. */
  total: Total;
  /** Taken off sales on this day by refunds, credit notes and write-offs, for orders of any day, less refunded amounts that have since been removed from the bills of this day’s orders. total - refundTotal is the amount kept. refundTotal is negative if an order lost an amount refunded on another day. */
  refundTotal: Balance;
  /** total / orders, rounded half up; null without orders. */
  averageTotal: Total | null;
  cancelledOrders: DayReportCancelledOrders;
  voidedLines: DayReportVoidedLines;
  status: ShiftStatus;
  /** ISO 4217. */
  currency: string;
  weekBefore: DaySummaryFigures;
  /** All 24 hours of the restaurant’s clock, from the cut-off hour on. */
  hours: Array<DaySummaryHour>;
  topItems: Array<DaySummaryTopItem>;
  /** Payments taken on this day, for orders of any day. */
  payments: Array<DayReportPayment>;
  /** Refunds given on this day, by the method in which they were given. */
  refunds: Array<DayReportRefund>;
  /** Orders that are not cancelled and are either not completed or not settled (dueTotal is not 0). */
  unfinishedOrders: DayReportUnfinishedOrders;
  /** The first twenty items below their reorder point. Null without `inventory:read`. */
  lowStock: DaySummaryLowStock | null;
}

export interface DaySummaryFigures {
  date: string;
  /** Number of orders, without cancelled ones. */
  orders: number;
  units: number;
  /** grossSales - discountTotal. */
  revenue: Balance;
  discountTotal: Balance;
  taxTotal: Balance;
  tipTotal: Total;
  /** grossSales - discountTotal + serviceChargeTotal + taxTotal - taxIncludedTotal + tipTotal + vouchersSold + vouchersRedeemed; equals the sum of all order totals. */
  total: Total;
  /** Taken off sales on this day by refunds, credit notes and write-offs, for orders of any day, less refunded amounts that have since been removed from the bills of this day’s orders. total - refundTotal is the amount kept. refundTotal is negative if an order lost an amount refunded on another day. */
  refundTotal: Balance;
  /** total / orders, rounded half up; null without orders. */
  averageTotal: Total | null;
  cancelledOrders: DayReportCancelledOrders;
  voidedLines: DayReportVoidedLines;
}

export interface DayDifferences {
  from: string;
  to: string;
  /** Number of closed days in the period. */
  checked: number;
  /** Those that do not add up. */
  days: Array<DayDifferencesDay>;
}

export interface SalesReport {
  from: string;
  to: string;
  groupBy: SalesReportGroupBy;
  currency: string;
  /** Number of orders, without cancelled ones. */
  orders: number;
  units: number;
  grossSales: Balance;
  discountTotal: Balance;
  /** grossSales - discountTotal. It contains included taxes, but no added taxes, service charge or tips. */
  revenue: Balance;
  taxTotal: Balance;
  /** Amount of the multi-purpose vouchers sold. It is owed to their holders, and in no other figure but `total`. */
  vouchersSold: Balance;
  /** Amount that single-purpose vouchers paid in the period, less what came back onto them. Their sale was revenue: the item that sold them is less it. */
  vouchersRedeemed: Balance;
  serviceChargeTotal: Total;
  tipTotal: Total;
  /** Sum of the orders’ totals. */
  total: Total;
  /** `total` of an order on average. Null without orders. */
  averageTotal: Total | null;
  /** Guests of the orders that tell how many there were. Null unless they were asked for. */
  guests: number | null;
  /** Sales refunded in the period from completed orders, less refunded amounts that have since been removed from the bills of the period’s orders. */
  refundTotal: Balance;
  /** Cash taken beyond the payments of the period by rounding, less cash given back beyond its refunds. */
  roundingTotal: Balance;
  data: Array<SalesReportEntry>;
}

export interface PaymentsReport {
  from: string;
  to: string;
  groupBy: PaymentsReportGroupBy;
  /** ISO 4217. */
  currency: string;
  /** Number of payments. */
  payments: number;
  /** Paid towards bills, without tips. */
  amount: Total;
  tip: Total;
  /** Number of refunds. */
  refunds: number;
  refundAmount: Total;
  /** amount + tip - refundAmount */
  net: Balance;
  data: Array<PaymentsReportEntry>;
}

export interface StockVarianceReport {
  data: Array<StockVariance>;
  nextCursor: string | null;
  from: string;
  to: string;
  /** ISO 4217. */
  currency: string;
  /** Of all pages. */
  totals: StockVarianceReportTotals;
}

export interface StockVariance {
  inventoryItemId: string;
  name: string;
  unit: string;
  /** Decimal text in the stock unit. */
  openingQuantity: string;
  /** Decimal text in the stock unit. */
  receipts: string;
  /** Output of preparations less their ingredients. */
  preparations: string;
  /** Transfers between locations; zero once the goods have arrived. */
  transfers: string;
  /** Decimal text in the stock unit. */
  corrections: string;
  /** Stock taken by sales according to recipes, less stock returned by voids. */
  theoreticalUse: string;
  /** Decimal text in the stock unit. */
  waste: string;
  /** Counted less expected quantity; negative if stock was missing. */
  countDifference: string;
  /** Decimal text in the stock unit. */
  closingQuantity: string;
  /** openingQuantity + receipts + preparations + transfers + corrections - closingQuantity. */
  actualUse: string;
  /** actualUse - theoreticalUse, which equals waste - countDifference. */
  variance: string;
  /** Decimal text; null if the divisor is zero. */
  variancePercent: string | null;
  theoreticalUseValue: Balance;
  varianceValue: Balance;
}

export interface CostOfGoodsReport {
  data: Array<CostOfGoodsReportEntry>;
  nextCursor: string | null;
  from: string;
  to: string;
  groupBy: CostOfGoodsReportGroupBy;
  /** ISO 4217. */
  currency: string;
  /** Totals of all pages. The rows add up to them. */
  totals: CostOfGoodsReportTotals;
}

export interface FoodCostReport {
  data: Array<FoodCostReportEntry>;
  nextCursor: string | null;
  /** ISO 4217. */
  currency: string;
  /** Order type whose included taxes are taken out of `netPrice`. Null: no type was given; only taxes of all types are taken out. */
  orderType: OrderType | null;
}

export interface DishCost {
  menuItemId: string;
  name: string;
  categoryId: string;
  /** One per variant; exactly one for an item without variants. */
  portions: Array<FoodCostReportEntryPortion>;
  /** Modifiers that have a recipe, with the cost that one unit adds. */
  modifiers: Array<FoodCostReportEntryModifier>;
  /** ISO 4217. */
  currency: string;
  /** Order type whose included taxes are taken out of `netPrice`. Null: no type was given; only taxes of all types are taken out. */
  orderType: OrderType | null;
}

export interface MenuEngineeringReport {
  data: Array<EngineeredDish>;
  nextCursor: string | null;
  from: string;
  to: string;
  /** ISO 4217. */
  currency: string;
  /** Figures of all dishes that have a class, on all pages. */
  menu: MenuEngineeringReportMenu;
}

export interface EngineeredDish {
  menuItemId: string;
  name: string;
  /** star: popular and profitable. plowhorse: popular. puzzle: profitable. dog: neither. */
  class: EngineeredDishClass | null;
  /** not_sold: no units were sold. no_recipe: the cost of some units is unknown. no_cost: the ingredients have no cost yet. */
  unclassedReason: EngineeredDishUnclassedReason | null;
  /** ledger: cost of the stock that the sales took. recipe: cost by today’s recipe, because the sales took no stock. mixed: both. */
  costSource: EngineeredDishCostSource | null;
  units: number;
  /** Of the units of all dishes that have a class. */
  popularityPercent: string | null;
  /** Without included taxes, after discounts, with modifiers. */
  netRevenue: Total;
  /** Average of one unit, in minor units. */
  unitPrice: Balance | null;
  /** Average of one unit, in minor units. */
  unitCost: Balance | null;
  /** Average of one unit, in minor units. */
  contributionMargin: Balance | null;
  totalCost: Balance | null;
  totalMargin: Balance | null;
}

export interface Entry {
  accessToken: string;
  /** Valid for one use. A second use ends the session. Absent with `?cookie=true`. */
  refreshToken?: string | undefined;
  /** Seconds until the access token expires. */
  expiresIn: number;
  user: User;
  restaurant: Restaurant;
}

export interface User {
  id: string;
  email: string;
  name: string;
  /** The language of pages. Null: that of the browser. */
  language: PrintLanguage | null;
}

export interface Restaurant {
  id: string;
  name: string;
  currency: string;
  timezone: string;
  businessDayCutoffHour: number;
  openingHours: Array<WeeklyInterval>;
  serviceCharge: RestaurantServiceCharge | null;
  pickupCodes: RestaurantPickupCodes | null;
  /** Whether data of the restaurant may be sent to the language model of this server. */
  isAssistantOn: boolean;
  address: string | null;
  vatId: string | null;
  taxNumber: string | null;
  country: string | null;
  /** Language of labels, numbers and dates in print. */
  language: PrintLanguage;
  receiptFooter: string | null;
  cashRounding: number | null;
  /** Smallest amount in cash that applies, minor units: cashRounding, else by currency and country. 0: none. */
  cashIncrement: number;
  postalAddress: PostalAddress | null;
  contact: InvoiceContact | null;
  electronicAddress: ElectronicAddress | null;
  companyId: CompanyId | null;
  paymentAccount: PaymentAccount | null;
  /** Rules of the electronic invoice: the European standard, XRechnung 3 or Peppol BIS 3.0. The latter two demand more data. */
  eInvoiceProfile: SellerEInvoiceProfile;
  /** When the demo ends. Null: this is not a demo. */
  demoExpiresAt: string | null;
  version: number;
}

export interface Membership {
  restaurant: MembershipRestaurant;
  role: Role;
  /** Whether this call belongs to the restaurant. */
  isCurrent: boolean;
}

/** For a person, `user` and `role` are set; for an API key, `apiKey` is set. */
export interface Me {
  user: User | null;
  role: Role | null;
  apiKey: MeApiKey | null;
  scopes: Array<Scope>;
  restaurant: Restaurant;
}

export interface Session {
  id: string;
  restaurant: MembershipRestaurant;
  /** The name that the browser or program gave itself at the login. */
  userAgent: string | null;
  createdAt: string;
  /** When its tokens were last exchanged, up to 15 minutes before its last call. */
  lastUsedAt: string;
  expiresAt: string;
  /** Whether this call belongs to the session. */
  isCurrent: boolean;
}

export interface Preference {
  key: string;
  value: Record<string, unknown>;
  version: number;
  createdAt: string;
  updatedAt: string;
}

export interface DemoSession {
  accessToken: string;
  /** Valid for one use. A second use ends the session. Absent with `?cookie=true`. */
  refreshToken?: string | undefined;
  /** Seconds until the access token expires. */
  expiresIn: number;
  user: User;
  restaurant: Restaurant;
  /** When the demo ends and its tokens expire. */
  expiresAt: string;
}

export interface InvitedMember {
  id: string;
  /** Null until the invitation is accepted: an invitation names an address, not an account. */
  userId: string | null;
  email: string;
  /** Until the invitation is accepted, the name given in the invitation. */
  name: string | null;
  role: Role;
  status: InvitedMemberStatus;
  invitationExpiresAt: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
  /** Shown only once. Give the token to the invited person. Anyone who has it can join. */
  invitation: InvitedMemberInvitation;
}

export interface Member {
  id: string;
  /** Null until the invitation is accepted: an invitation names an address, not an account. */
  userId: string | null;
  email: string;
  /** Until the invitation is accepted, the name given in the invitation. */
  name: string | null;
  role: Role;
  status: InvitedMemberStatus;
  invitationExpiresAt: string | null;
  version: number;
  createdAt: string;
  updatedAt: string;
}

export interface CreatedApiKey {
  id: string;
  name: string;
  /** Tills and kitchen screens have a ten times higher rate limit. */
  kind: NewApiKeyKind;
  scopes: Array<Scope>;
  /** The last four characters of the key. */
  hint: string;
  createdAt: string;
  expiresAt: string | null;
  /** The last use, to the minute. Null if there was none. */
  lastSeenAt: string | null;
  version: number;
  /** The key itself. Shown only once. */
  secret: string;
}

export interface ApiKey {
  id: string;
  name: string;
  /** Tills and kitchen screens have a ten times higher rate limit. */
  kind: NewApiKeyKind;
  scopes: Array<Scope>;
  /** The last four characters of the key. */
  hint: string;
  createdAt: string;
  expiresAt: string | null;
  /** The last use, to the minute. Null if there was none. */
  lastSeenAt: string | null;
  version: number;
}

export interface StartedPairing {
  /** For the device alone: it fetches the key with it. Never show it. */
  secret: string;
  /** For the screen: a member enters it. */
  userCode: string;
  expiresAt: string;
  /** Seconds to wait between two questions for the key. */
  interval: number;
}

export interface ConfirmedPairing {
  name: string;
  kind: PairingConfirmationKind;
  /** The device must fetch its key before. */
  expiresAt: string;
}

export interface PairedDevice {
  id: string;
  name: string;
  /** Tills and kitchen screens have a ten times higher rate limit. */
  kind: NewApiKeyKind;
  scopes: Array<Scope>;
  /** The last four characters of the key. */
  hint: string;
  createdAt: string;
  expiresAt: string | null;
  /** The last use, to the minute. Null if there was none. */
  lastSeenAt: string | null;
  version: number;
  /** The API key of the device. Shown only once. */
  secret: string;
  restaurant: MembershipRestaurant;
}

export interface AuditEntry {
  id: string;
  actor: OrderHistoryEntryActor;
  action: string;
  subject: string;
  subjectId: string;
  /** Changed fields with the values before and after. */
  changes: Record<string, OrderHistoryEntryChanges>;
  requestId: string;
  createdAt: string;
}

export interface Import {
  id: string;
  kind: ImportKind;
  /** `interrupted`: no progress for a minute. Send the file again: stored rows are skipped. */
  status: ImportStatus;
  /** If true, nothing is stored; the counts say what would be stored. */
  dryRun: boolean;
  fileName: string;
  source: string;
  /** ISO 4217. */
  currency: string;
  /** Data rows of the file, with the faulty ones. */
  rows: number;
  faultyRows: number;
  ordersCreated: number;
  /** Orders stored earlier with faulty rows, to which this file added rows. */
  ordersCompleted: number;
  /** Orders that were stored already. */
  ordersSkipped: number;
  linesCreated: number;
  units: number;
  revenue: Balance;
  menuItemsCreated: number;
  modifiersCreated: number;
  /** With `depleteStock`: orders whose ingredients were taken from stock. */
  ordersDepleted: number;
  /** With `depleteStock`: lines whose dish has no recipe. */
  linesWithoutRecipe: number;
  /** Items, recipes or opening stocks created; 0 for orders. The order counts are 0 for the other kinds. */
  created: number;
  /** Existing entries that were changed, as `onExisting` asks. */
  changed: number;
  /** Existing entries that were left unchanged. */
  skipped: number;
  /** Stock locations named in the file that did not exist. */
  locationsCreated: number;
  /** The first 1,000 faulty rows. `line` is the line number in the file. */
  errors: Array<ImportFault>;
  /** Why the import failed. */
  failure: string | null;
  createdAt: string;
  finishedAt: string | null;
}

export interface ImportFault {
  file: string;
  line: number;
  reason: string;
}

export interface Job {
  id: string;
  kind: string;
  state: JobState;
  /** Share that is done; null: not known. */
  progress: number | null;
  /** Attempts begun. */
  attempts: number;
  /** Why the last attempt failed. */
  error: JobError | null;
  /** What a finished job made. */
  result: Record<string, unknown> | null;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
}

/** An import without its faults. */
export interface ListedImport {
  id: string;
  kind: ImportKind;
  /** `interrupted`: no progress for a minute. Send the file again: stored rows are skipped. */
  status: ImportStatus;
  /** If true, nothing is stored; the counts say what would be stored. */
  dryRun: boolean;
  fileName: string;
  source: string;
  /** ISO 4217. */
  currency: string;
  /** Data rows of the file, with the faulty ones. */
  rows: number;
  faultyRows: number;
  ordersCreated: number;
  /** Orders stored earlier with faulty rows, to which this file added rows. */
  ordersCompleted: number;
  /** Orders that were stored already. */
  ordersSkipped: number;
  linesCreated: number;
  units: number;
  revenue: Balance;
  menuItemsCreated: number;
  modifiersCreated: number;
  /** With `depleteStock`: orders whose ingredients were taken from stock. */
  ordersDepleted: number;
  /** With `depleteStock`: lines whose dish has no recipe. */
  linesWithoutRecipe: number;
  /** Items, recipes or opening stocks created; 0 for orders. The order counts are 0 for the other kinds. */
  created: number;
  /** Existing entries that were changed, as `onExisting` asks. */
  changed: number;
  /** Existing entries that were left unchanged. */
  skipped: number;
  /** Stock locations named in the file that did not exist. */
  locationsCreated: number;
  /** Why the import failed. */
  failure: string | null;
  createdAt: string;
  finishedAt: string | null;
  createdBy: string;
  /** Name of the person or API key, as it is today. Null for others. */
  createdByName: string | null;
}

export interface EventPage {
  data: Array<Event>;
  /** Position to continue after. */
  nextAfter: number;
  /** Position of the newest event. */
  latest: number;
}

export interface Event {
  /** Dense within the restaurant, and in order for each subject. */
  position: number;
  id: string;
  type: EventType;
  /** Kind of the affected resource. */
  subject: string;
  subjectId: string;
  data: Record<string, unknown>;
  createdAt: string;
}

export interface StreamTicket {
  /** Opens one stream. */
  ticket: string;
  expiresAt: string;
}

export interface CreatedWebhookEndpoint {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  url: string;
  types: Array<EventType> | null;
  ordered: boolean;
  description: string | null;
  headerNames: Array<string>;
  /** Verifies `v1a` signatures: `whpk_` and base64. */
  publicKey: string | null;
  state: CreatedWebhookEndpointState;
  /** `gone`: it answered 410. `failures`: nothing but failures for five days. */
  disabledReason: CreatedWebhookEndpointDisabledReason | null;
  disabledAt: string | null;
  /** `whsec_` and base64. Shown only in this answer. */
  secret: string;
}

export interface WebhookEndpoint {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  url: string;
  types: Array<EventType> | null;
  ordered: boolean;
  description: string | null;
  headerNames: Array<string>;
  /** Verifies `v1a` signatures: `whpk_` and base64. */
  publicKey: string | null;
  state: CreatedWebhookEndpointState;
  /** `gone`: it answered 410. `failures`: nothing but failures for five days. */
  disabledReason: CreatedWebhookEndpointDisabledReason | null;
  disabledAt: string | null;
}

export interface RotatedWebhookSecret {
  /** `whsec_` and base64. Shown only in this answer. */
  secret: string;
  /** Until then, each webhook is signed with both. */
  oldSecretUntil: string | null;
}

export interface EnabledWebhookEndpoint {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  url: string;
  types: Array<EventType> | null;
  ordered: boolean;
  description: string | null;
  headerNames: Array<string>;
  /** Verifies `v1a` signatures: `whpk_` and base64. */
  publicKey: string | null;
  state: CreatedWebhookEndpointState;
  /** `gone`: it answered 410. `failures`: nothing but failures for five days. */
  disabledReason: CreatedWebhookEndpointDisabledReason | null;
  disabledAt: string | null;
  /** What it has not got. Nothing of it is sent unless `recover` is called with this `since`. */
  recoverable: EnabledWebhookEndpointRecoverable | null;
}

export interface WebhookResent {
  /** Deliveries that will be sent. One call makes at most 5,000. */
  queued: number;
  /** Call again with this as `after`; null when nothing is left. */
  nextAfter: number | null;
}

export interface WebhookDelivery {
  id: string;
  endpointId: string;
  /** The header `webhook-id`, the same for each attempt. */
  eventId: string;
  position: number;
  type: EventType;
  subjectId: string;
  status: WebhookDeliveryStatus;
  attemptCount: number;
  /** Null after its end, and while it waits for an earlier one of the same subject. */
  nextAttemptAt: string | null;
  createdAt: string;
  finishedAt: string | null;
  /** The last ten. */
  attempts: Array<WebhookAttempt>;
}

export interface WebhookAttempt {
  number: number;
  at: string;
  status: number | null;
  fault: string | null;
  /** The beginning of the body, without secrets. */
  answer: string | null;
  durationMs: number;
}

export interface AssistantAnswer {
  conversationId: string;
  /** Plain text, never Markdown or HTML. */
  text: string;
  sources: Array<AssistantSource>;
  proposals: Array<AssistantProposal>;
  usage: AssistantAnswerUsage;
  isCached: boolean;
}

/** What an answer was computed from. */
export interface AssistantSource {
  tool: string;
  arguments: Record<string, unknown>;
  figures: Record<string, string | number>;
  /** Address of the same data in the API. */
  href: string;
}

/** A change that happens only when you confirm it. */
export interface AssistantProposal {
  id: string;
  action: AssistantProposalAction;
  /** Name of the thing that changes. */
  subject: string;
  diff: Array<AssistantProposalDiff>;
  /** Send it with the confirmation: it proves which diff you saw. */
  hash: string;
  expiresAt: string;
}

export interface ListedConversation {
  id: string;
  createdAt: string;
  usedAt: string;
  /** The first question that is kept. */
  title: string;
}

export interface AssistantConversation {
  id: string;
  createdAt: string;
  usedAt: string;
  turns: Array<AssistantConversationTurn>;
}

export interface AssistantConfirmed {
  id: string;
  action: AssistantProposalAction;
  /** The thing that was changed or made. */
  resourceId: string;
}

export interface MessageSettings {
  /** Text guests when their order is ready, if their number has agreed. */
  orderReady: boolean;
  /** Who gets a daily digest when stock runs low. */
  digestTo: Array<string>;
  /** Who gets each closed day, with the hash of its chain. */
  dayCloseTo: Array<string>;
  /** Local start of the hours without reminders, digests and marketing. */
  quietFrom: string;
  /** Local end. Equal to the start: no quiet hours. */
  quietTo: string;
  /** Calls to the server’s number are answered for this restaurant. */
  answersCalls: boolean;
  /** Who takes a call that the machine does not understand. */
  transferTo: string | null;
  /** Since when texts are paused because a carrier filters them. */
  pausedAt: string | null;
  /** Error code of the provider. */
  pauseCode: number | null;
  version: number;
}

export interface Message {
  id: string;
  kind: MessageKind;
  channel: MessageChannel;
  recipient: string;
  language: string;
  /** `unknown`: the provider’s answer was lost. It is looked for there, and never sent again before it is known that it did not go out. */
  status: MessageStatus;
  errorCode: number | null;
  reason: string | null;
  /** Parts that the provider bills for a text. */
  segments: number | null;
  attempts: number;
  subjectId: string | null;
  createdAt: string;
  sentAt: string | null;
  updatedAt: string;
}

export interface Consent {
  id: string;
  phone: string;
  status: ConsentStatus;
  /** The guest said STOP: only START from the same number lifts it. */
  isFinal: boolean;
  source: ConsentSource;
  language: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface MessageTemplate {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  kind: MessageTemplateKind;
  /** Language of labels, numbers and dates in print. */
  language: PrintLanguage;
  body: string;
}

export interface SignedLink {
  /** On this server. Anybody who has it can read the file until it expires. */
  url: string;
  expiresAt: string;
}

/** Discounts apply in the order given, each to the remainder of the previous one; never below zero. */
export interface DiscountOutput {
  name?: string | undefined;
  percent?: PercentOutput | undefined;
  amount?: number | undefined;
}

export type PercentOutput = string;

export interface RestaurantRegisteredData {
  name: string;
  /** ISO 4217. */
  currency: string;
  timezone: string;
  demoExpiresAt?: string | undefined;
}

export type RestaurantRegisteredEvent = Omit<Event, 'type' | 'data'> & {
  type: "restaurant.registered";
  data: RestaurantRegisteredData;
};

export interface RestaurantChangedData {
  /** Names of the fields that changed. */
  fields: Array<string>;
}

export type RestaurantChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "restaurant.changed";
  data: RestaurantChangedData;
};

export interface MemberInvitedData {
  role: Role;
  /** On older events alone. */
  userId?: string | undefined;
}

export type MemberInvitedEvent = Omit<Event, 'type' | 'data'> & {
  type: "member.invited";
  data: MemberInvitedData;
};

export interface MemberJoinedData {
  userId: string;
  role: Role;
}

export type MemberJoinedEvent = Omit<Event, 'type' | 'data'> & {
  type: "member.joined";
  data: MemberJoinedData;
};

export interface MemberChangedData {
  userId: string | null;
  role: Role;
}

export type MemberChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "member.changed";
  data: MemberChangedData;
};

export interface MemberRemovedData {
  userId: string | null;
}

export type MemberRemovedEvent = Omit<Event, 'type' | 'data'> & {
  type: "member.removed";
  data: MemberRemovedData;
};

export interface SessionStartedData {
  userId: string;
}

export type SessionStartedEvent = Omit<Event, 'type' | 'data'> & {
  type: "session.started";
  data: SessionStartedData;
};

export interface SessionEndedData {
  userId: string;
}

export type SessionEndedEvent = Omit<Event, 'type' | 'data'> & {
  type: "session.ended";
  data: SessionEndedData;
};

export interface SessionRevokedData {
  userId: string;
  reason: string;
}

export type SessionRevokedEvent = Omit<Event, 'type' | 'data'> & {
  type: "session.revoked";
  data: SessionRevokedData;
};

export interface AccountChangedData {
  userId: string;
}

export type AccountChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "account.changed";
  data: AccountChangedData;
};

export interface AccountPasswordChangedData {
  userId: string;
}

export type AccountPasswordChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "account.password_changed";
  data: AccountPasswordChangedData;
};

export interface AccountResetData {
  userId: string;
}

export type AccountResetEvent = Omit<Event, 'type' | 'data'> & {
  type: "account.reset";
  data: AccountResetData;
};

export interface AccountEmailAskedData {
  userId: string;
}

export type AccountEmailAskedEvent = Omit<Event, 'type' | 'data'> & {
  type: "account.email_asked";
  data: AccountEmailAskedData;
};

export interface AccountEmailChangedData {
  userId: string;
}

export type AccountEmailChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "account.email_changed";
  data: AccountEmailChangedData;
};

export interface ApiKeyCreatedData {
  name: string;
  kind: NewApiKeyKind;
  scopes: Array<Scope>;
  hint: string;
}

export type ApiKeyCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "api_key.created";
  data: ApiKeyCreatedData;
};

export interface ApiKeyChangedData {
  name: string;
}

export type ApiKeyChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "api_key.changed";
  data: ApiKeyChangedData;
};

export interface ApiKeyRotatedData {
  name: string;
  hint: string;
}

export type ApiKeyRotatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "api_key.rotated";
  data: ApiKeyRotatedData;
};

export interface ApiKeyRevokedData {
  name: string;
}

export type ApiKeyRevokedEvent = Omit<Event, 'type' | 'data'> & {
  type: "api_key.revoked";
  data: ApiKeyRevokedData;
};

export type CategoryCreatedData = CategoryCreatedDataId | CategoryCreatedDataImportId;

export type CategoryCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "category.created";
  data: CategoryCreatedData;
};

export interface CategoryChangedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  translations?: Translations | undefined;
  position: number;
  schedules: Array<WeeklyInterval>;
}

export type CategoryChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "category.changed";
  data: CategoryChangedData;
};

export interface CategoryDeletedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  translations?: Translations | undefined;
  position: number;
  schedules: Array<WeeklyInterval>;
}

export type CategoryDeletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "category.deleted";
  data: CategoryDeletedData;
};

export interface TaxCreatedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  rate: string;
  inclusive: boolean;
  orderTypes: Array<OrderType>;
  vatCategory?: TaxRateVatCategory | null | undefined;
  exemptionCode?: string | null | undefined;
  exemptionReason?: string | null | undefined;
}

export type TaxCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "tax.created";
  data: TaxCreatedData;
};

export interface TaxChangedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  rate: string;
  inclusive: boolean;
  orderTypes: Array<OrderType>;
  vatCategory?: TaxRateVatCategory | null | undefined;
  exemptionCode?: string | null | undefined;
  exemptionReason?: string | null | undefined;
}

export type TaxChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "tax.changed";
  data: TaxChangedData;
};

export interface TaxDeletedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  rate: string;
  inclusive: boolean;
  orderTypes: Array<OrderType>;
  vatCategory?: TaxRateVatCategory | null | undefined;
  exemptionCode?: string | null | undefined;
  exemptionReason?: string | null | undefined;
}

export type TaxDeletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "tax.deleted";
  data: TaxDeletedData;
};

export type ModifierGroupCreatedData = ModifierGroupCreatedDataId | ModifierGroupCreatedDataImportId;

export type ModifierGroupCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "modifier_group.created";
  data: ModifierGroupCreatedData;
};

export type ModifierGroupChangedData = ModifierGroupCreatedDataId | ModifierGroupCreatedDataImportId;

export type ModifierGroupChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "modifier_group.changed";
  data: ModifierGroupChangedData;
};

export interface ModifierGroupDeletedData {
  id: string;
  name: string;
  minSelections: number;
  maxSelections: number;
  freeSelections: number;
  modifiers: Array<ModifierGroupCreatedDataIdModifier>;
  version: number;
  createdAt: string;
  updatedAt: string;
  translations?: Translations | undefined;
}

export type ModifierGroupDeletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "modifier_group.deleted";
  data: ModifierGroupDeletedData;
};

export type MenuItemCreatedData = MenuItemCreatedDataId | MenuItemCreatedDataImportId;

export type MenuItemCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "menu_item.created";
  data: MenuItemCreatedData;
};

export type MenuItemChangedData = MenuItemCreatedDataId | MenuItemCreatedDataImportId;

export type MenuItemChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "menu_item.changed";
  data: MenuItemChangedData;
};

export interface MenuItemDeletedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  categoryId: string;
  price: number;
  description: string | null;
  translations?: Translations | undefined;
  variants: Array<MenuItemCreatedDataIdVariant>;
  modifierGroupIds: Array<string>;
  taxIds: Array<string>;
  /** One of `Allergen`; free text on older events. */
  allergens: Array<string>;
  otherAllergens?: Array<string> | undefined;
  dietTags?: Array<DietTag> | undefined;
  pictureId?: string | null | undefined;
  station: string | null;
  position: number;
  isAvailable: boolean;
  availability: MenuBulkChangeBeforeAvailability;
  /** No portion can be made: an ingredient with the policy auto_86 has run out. */
  isOutOfStock: boolean;
  schedules: Array<WeeklyInterval>;
  unit?: MenuCategoryItemUnit | null | undefined;
  parts?: Array<MenuItemPart> | undefined;
  isDeposit?: boolean | undefined;
  depositItemId?: string | null | undefined;
  voucherPoolId?: string | null | undefined;
}

export type MenuItemDeletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "menu_item.deleted";
  data: MenuItemDeletedData;
};

export type MenuItemAvailabilityChangedData = MenuItemCreatedDataId | MenuItemAvailabilityChangedDataIsOutOfStock;

export type MenuItemAvailabilityChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "menu_item.availability_changed";
  data: MenuItemAvailabilityChangedData;
};

export interface OrderPlacedData {
  orderId: string;
  number: string;
  businessDate: string;
  type: OrderType;
  status: OrderStatus;
  total: number;
  /** ISO 4217. */
  currency: string;
  version: number;
}

export type OrderPlacedEvent = Omit<Event, 'type' | 'data'> & {
  type: "order.placed";
  data: OrderPlacedData;
};

export interface OrderChangedData {
  orderId: string;
  number: string;
  businessDate: string;
  type: OrderType;
  status: OrderStatus;
  total: number;
  /** ISO 4217. */
  currency: string;
  version: number;
}

export type OrderChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "order.changed";
  data: OrderChangedData;
};

export interface OrderStatusChangedData {
  orderId: string;
  number: string;
  businessDate: string;
  type: OrderType;
  status: OrderStatus;
  total: number;
  /** ISO 4217. */
  currency: string;
  version: number;
  from: OrderStatus;
  to: OrderStatus;
  reason?: string | undefined;
}

export type OrderStatusChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "order.status_changed";
  data: OrderStatusChangedData;
};

export interface OrderLineAddedData {
  orderId: string;
  number: string;
  businessDate: string;
  type: OrderType;
  status: OrderStatus;
  total: number;
  /** ISO 4217. */
  currency: string;
  version: number;
  lineId: string;
  name: string;
  /** Decimal text if the line is sold by weight or the like. */
  quantity: number | string;
}

export type OrderLineAddedEvent = Omit<Event, 'type' | 'data'> & {
  type: "order.line_added";
  data: OrderLineAddedData;
};

export interface OrderLineChangedData {
  orderId: string;
  number: string;
  businessDate: string;
  type: OrderType;
  status: OrderStatus;
  total: number;
  /** ISO 4217. */
  currency: string;
  version: number;
  lineId: string;
  reason?: string | undefined;
  changes: Record<string, OrderHistoryEntryChanges>;
}

export type OrderLineChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "order.line_changed";
  data: OrderLineChangedData;
};

export interface OrderLineVoidedData {
  orderId: string;
  number: string;
  businessDate: string;
  type: OrderType;
  status: OrderStatus;
  total: number;
  /** ISO 4217. */
  currency: string;
  version: number;
  lineId: string;
  name: string;
  /** Decimal text if the line is sold by weight or the like. */
  quantity: number | string;
  reason: string | null;
}

export type OrderLineVoidedEvent = Omit<Event, 'type' | 'data'> & {
  type: "order.line_voided";
  data: OrderLineVoidedData;
};

export interface OrderLineCompedData {
  orderId: string;
  number: string;
  businessDate: string;
  type: OrderType;
  status: OrderStatus;
  total: number;
  /** ISO 4217. */
  currency: string;
  version: number;
  lineId: string;
  name: string;
  /** Decimal text if the line is sold by weight or the like. */
  quantity: number | string;
  reason: string;
  allowedBy: string;
  by: string;
  at: string;
}

export type OrderLineCompedEvent = Omit<Event, 'type' | 'data'> & {
  type: "order.line_comped";
  data: OrderLineCompedData;
};

export interface OrderLinesCreditedData {
  orderId: string;
  number: string;
  businessDate: string;
  type: OrderType;
  status: OrderStatus;
  total: number;
  /** ISO 4217. */
  currency: string;
  version: number;
  lines: Array<OrderLinesCreditedDataLine>;
  reason: string;
}

export type OrderLinesCreditedEvent = Omit<Event, 'type' | 'data'> & {
  type: "order.lines_credited";
  data: OrderLinesCreditedData;
};

export interface OrderSaleCorrectedData {
  number: string;
  kind: OrderSaleCorrectedDataKind;
  documentId: string | null;
  amount: number;
  /** ISO 4217. */
  currency: string;
  reason: string;
  version: number;
}

export type OrderSaleCorrectedEvent = Omit<Event, 'type' | 'data'> & {
  type: "order.sale_corrected";
  data: OrderSaleCorrectedData;
};

export interface PaymentRecordedData {
  paymentId: string;
  number: string;
  amount: number;
  /** ISO 4217. */
  currency: string;
  version: number;
  method: PaymentMethod;
  tip: number;
  isDeposit?: true | undefined;
  rounding?: number | undefined;
  shiftId?: string | null | undefined;
}

export type PaymentRecordedEvent = Omit<Event, 'type' | 'data'> & {
  type: "payment.recorded";
  data: PaymentRecordedData;
};

export interface PaymentRefundedData {
  paymentId: string;
  number: string;
  amount: number;
  /** ISO 4217. */
  currency: string;
  version: number;
  method?: PaymentMethod | undefined;
  rounding?: number | undefined;
  shiftId?: string | null | undefined;
  refundId: string;
  reason: string;
}

export type PaymentRefundedEvent = Omit<Event, 'type' | 'data'> & {
  type: "payment.refunded";
  data: PaymentRefundedData;
};

export type DrawerCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "drawer.created";
  data: Drawer;
};

export type DrawerChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "drawer.changed";
  data: Drawer;
};

export type DrawerDeletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "drawer.deleted";
  data: Drawer;
};

export interface ShiftOpenedData {
  shiftId: string;
  drawerId: string;
  drawerName: string;
  businessDate: string;
  openingFloat: number;
}

export type ShiftOpenedEvent = Omit<Event, 'type' | 'data'> & {
  type: "shift.opened";
  data: ShiftOpenedData;
};

export interface ShiftCashMovedData {
  shiftId: string;
  drawerId: string;
  movementId: string;
  kind: ShiftFiguresMovementKind;
  amount: number;
  reason: string;
}

export type ShiftCashMovedEvent = Omit<Event, 'type' | 'data'> & {
  type: "shift.cash_moved";
  data: ShiftCashMovedData;
};

export interface ShiftClosedData {
  shiftId: string;
  drawerId: string;
  drawerName: string;
  businessDate: string;
  openingFloat: number;
  /** Opening float, cash payments with tips and rounding and pay-ins, less cash refunds, pay-outs and drops. */
  expected: Balance;
  counted: number | null;
  difference: Balance | null;
}

export type ShiftClosedEvent = Omit<Event, 'type' | 'data'> & {
  type: "shift.closed";
  data: ShiftClosedData;
};

export type StockLocationCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "stock_location.created";
  data: StockLocation;
};

export type StockLocationChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "stock_location.changed";
  data: StockLocation;
};

export type StockLocationDeletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "stock_location.deleted";
  data: StockLocation;
};

export interface InventoryItemCreatedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  unit: string;
  units: Array<InventoryItemUnit>;
  policy: InventoryItemPolicy;
  locationId: string | null;
  /** Decimal text. */
  reorderPoint: string;
  /** Decimal text. */
  parLevel: string | null;
  /** Always the sum of the item’s movements. */
  currentQuantity: string;
  /** Minor units for one stock unit. */
  averageCost: string;
}

export type InventoryItemCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "inventory_item.created";
  data: InventoryItemCreatedData;
};

export interface InventoryItemChangedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  unit: string;
  units: Array<InventoryItemUnit>;
  policy: InventoryItemPolicy;
  locationId: string | null;
  /** Decimal text. */
  reorderPoint: string;
  /** Decimal text. */
  parLevel: string | null;
  /** Always the sum of the item’s movements. */
  currentQuantity: string;
  /** Minor units for one stock unit. */
  averageCost: string;
}

export type InventoryItemChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "inventory_item.changed";
  data: InventoryItemChangedData;
};

export interface InventoryItemDeletedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  unit: string;
  units: Array<InventoryItemUnit>;
  policy: InventoryItemPolicy;
  locationId: string | null;
  /** Decimal text. */
  reorderPoint: string;
  /** Decimal text. */
  parLevel: string | null;
  /** Always the sum of the item’s movements. */
  currentQuantity: string;
  /** Minor units for one stock unit. */
  averageCost: string;
}

export type InventoryItemDeletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "inventory_item.deleted";
  data: InventoryItemDeletedData;
};

export type RecipeCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "recipe.created";
  data: Recipe;
};

export type RecipeChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "recipe.changed";
  data: Recipe;
};

export type RecipeDeletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "recipe.deleted";
  data: Recipe;
};

export interface SupplierCreatedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  contactName: string | null;
  email: string | null;
  phone: string | null;
  address: string | null;
  customerNumber: string | null;
  notes: string | null;
  leadTimeDays: number | null;
  minimumOrder: number | null;
}

export type SupplierCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "supplier.created";
  data: SupplierCreatedData;
};

export interface SupplierChangedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  contactName: string | null;
  email: string | null;
  phone: string | null;
  address: string | null;
  customerNumber: string | null;
  notes: string | null;
  leadTimeDays: number | null;
  minimumOrder: number | null;
}

export type SupplierChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "supplier.changed";
  data: SupplierChangedData;
};

export interface SupplierDeletedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  contactName: string | null;
  email: string | null;
  phone: string | null;
  address: string | null;
  customerNumber: string | null;
  notes: string | null;
  leadTimeDays: number | null;
  minimumOrder: number | null;
}

export type SupplierDeletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "supplier.deleted";
  data: SupplierDeletedData;
};

export interface SupplierItemCreatedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  supplierId: string;
  supplierName: string;
  inventoryItemId: string;
  inventoryItemName: string;
  articleNumber: string | null;
  packUnit: string;
  orderMultiple: number;
  lastPrice: number | null;
  lastPriceAt: string | null;
  isPreferred: boolean;
}

export type SupplierItemCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "supplier_item.created";
  data: SupplierItemCreatedData;
};

export interface SupplierItemChangedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  supplierId: string;
  supplierName: string;
  inventoryItemId: string;
  inventoryItemName: string;
  articleNumber: string | null;
  packUnit: string;
  orderMultiple: number;
  lastPrice: number | null;
  lastPriceAt: string | null;
  isPreferred: boolean;
}

export type SupplierItemChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "supplier_item.changed";
  data: SupplierItemChangedData;
};

export interface SupplierItemDeletedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  supplierId: string;
  supplierName: string;
  inventoryItemId: string;
  inventoryItemName: string;
  articleNumber: string | null;
  packUnit: string;
  orderMultiple: number;
  lastPrice: number | null;
  lastPriceAt: string | null;
  isPreferred: boolean;
}

export type SupplierItemDeletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "supplier_item.deleted";
  data: SupplierItemDeletedData;
};

export interface PurchaseOrderCreatedData {
  supplierId: string;
  number: string | null;
  status: PurchaseOrderStatus;
  total: number;
  version: number;
}

export type PurchaseOrderCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "purchase_order.created";
  data: PurchaseOrderCreatedData;
};

export interface PurchaseOrderChangedData {
  supplierId: string;
  number: string | null;
  status: PurchaseOrderStatus;
  total: number;
  version: number;
}

export type PurchaseOrderChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "purchase_order.changed";
  data: PurchaseOrderChangedData;
};

export interface PurchaseOrderSentData {
  supplierId: string;
  number: string | null;
  status: PurchaseOrderStatus;
  total: number;
  version: number;
}

export type PurchaseOrderSentEvent = Omit<Event, 'type' | 'data'> & {
  type: "purchase_order.sent";
  data: PurchaseOrderSentData;
};

export interface PurchaseOrderReceivedData {
  supplierId: string;
  number: string | null;
  status: PurchaseOrderStatus;
  total: number;
  version: number;
}

export type PurchaseOrderReceivedEvent = Omit<Event, 'type' | 'data'> & {
  type: "purchase_order.received";
  data: PurchaseOrderReceivedData;
};

export interface PurchaseOrderCancelledData {
  supplierId: string;
  number: string | null;
  status: PurchaseOrderStatus;
  total: number;
  version: number;
}

export type PurchaseOrderCancelledEvent = Omit<Event, 'type' | 'data'> & {
  type: "purchase_order.cancelled";
  data: PurchaseOrderCancelledData;
};

export interface PurchaseOrderClosedData {
  supplierId: string;
  number: string | null;
  status: PurchaseOrderStatus;
  total: number;
  version: number;
}

export type PurchaseOrderClosedEvent = Omit<Event, 'type' | 'data'> & {
  type: "purchase_order.closed";
  data: PurchaseOrderClosedData;
};

export interface GoodsReceiptPostedData {
  supplierId: string;
  purchaseOrderId: string | null;
  reference: string | null;
  reverseReason: string | null;
  total: number;
  priceDifference: number;
}

export type GoodsReceiptPostedEvent = Omit<Event, 'type' | 'data'> & {
  type: "goods_receipt.posted";
  data: GoodsReceiptPostedData;
};

export interface GoodsReceiptReversedData {
  supplierId: string;
  purchaseOrderId: string | null;
  reference: string | null;
  reverseReason: string | null;
  total: number;
  priceDifference: number;
}

export type GoodsReceiptReversedEvent = Omit<Event, 'type' | 'data'> & {
  type: "goods_receipt.reversed";
  data: GoodsReceiptReversedData;
};

export interface SupplierInvoiceReceivedData {
  status: "received";
  fileName: string;
  kind: SupplierInvoiceSummarySourceKind;
  sha256: string;
}

export type SupplierInvoiceReceivedEvent = Omit<Event, 'type' | 'data'> & {
  type: "supplier_invoice.received";
  data: SupplierInvoiceReceivedData;
};

export interface SupplierInvoiceReadData {
  status: SupplierMailReceivedEntryStatus;
  fileName: string;
  kind: SupplierInvoiceSummarySourceKind;
  supplierId: string | null;
  goodsReceiptId: string | null;
  failure: string | null;
  documentType: string | null;
  number: string | null;
  /** Decimal text, as the document states it. */
  gross: string | null;
  currency: string | null;
  version: number;
}

export type SupplierInvoiceReadEvent = Omit<Event, 'type' | 'data'> & {
  type: "supplier_invoice.read";
  data: SupplierInvoiceReadData;
};

export interface SupplierInvoiceFailedData {
  status: SupplierMailReceivedEntryStatus;
  fileName: string;
  kind: SupplierInvoiceSummarySourceKind;
  supplierId: string | null;
  goodsReceiptId: string | null;
  failure: string | null;
  documentType: string | null;
  number: string | null;
  /** Decimal text, as the document states it. */
  gross: string | null;
  currency: string | null;
  version: number;
}

export type SupplierInvoiceFailedEvent = Omit<Event, 'type' | 'data'> & {
  type: "supplier_invoice.failed";
  data: SupplierInvoiceFailedData;
};

export interface SupplierInvoiceChangedData {
  status: SupplierMailReceivedEntryStatus;
  fileName: string;
  kind: SupplierInvoiceSummarySourceKind;
  supplierId: string | null;
  goodsReceiptId: string | null;
  failure: string | null;
  documentType: string | null;
  number: string | null;
  /** Decimal text, as the document states it. */
  gross: string | null;
  currency: string | null;
  version: number;
}

export type SupplierInvoiceChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "supplier_invoice.changed";
  data: SupplierInvoiceChangedData;
};

export interface SupplierInvoiceApprovedData {
  status: SupplierMailReceivedEntryStatus;
  fileName: string;
  kind: SupplierInvoiceSummarySourceKind;
  supplierId: string | null;
  goodsReceiptId: string | null;
  failure: string | null;
  documentType: string | null;
  number: string | null;
  /** Decimal text, as the document states it. */
  gross: string | null;
  currency: string | null;
  version: number;
}

export type SupplierInvoiceApprovedEvent = Omit<Event, 'type' | 'data'> & {
  type: "supplier_invoice.approved";
  data: SupplierInvoiceApprovedData;
};

export interface SupplierInvoiceRejectedData {
  status: SupplierMailReceivedEntryStatus;
  fileName: string;
  kind: SupplierInvoiceSummarySourceKind;
  supplierId: string | null;
  goodsReceiptId: string | null;
  failure: string | null;
  documentType: string | null;
  number: string | null;
  /** Decimal text, as the document states it. */
  gross: string | null;
  currency: string | null;
  version: number;
}

export type SupplierInvoiceRejectedEvent = Omit<Event, 'type' | 'data'> & {
  type: "supplier_invoice.rejected";
  data: SupplierInvoiceRejectedData;
};

export interface SupplierInvoiceReprocessedData {
  status: SupplierMailReceivedEntryStatus;
  fileName: string;
  kind: SupplierInvoiceSummarySourceKind;
  supplierId: string | null;
  goodsReceiptId: string | null;
  failure: string | null;
  documentType: string | null;
  number: string | null;
  /** Decimal text, as the document states it. */
  gross: string | null;
  currency: string | null;
  version: number;
}

export type SupplierInvoiceReprocessedEvent = Omit<Event, 'type' | 'data'> & {
  type: "supplier_invoice.reprocessed";
  data: SupplierInvoiceReprocessedData;
};

export interface SupplierInvoicePostedData {
  status: SupplierMailReceivedEntryStatus;
  fileName: string;
  kind: SupplierInvoiceSummarySourceKind;
  supplierId: string | null;
  goodsReceiptId: string | null;
  failure: string | null;
  documentType: string | null;
  number: string | null;
  /** Decimal text, as the document states it. */
  gross: string | null;
  currency: string | null;
  version: number;
}

export type SupplierInvoicePostedEvent = Omit<Event, 'type' | 'data'> & {
  type: "supplier_invoice.posted";
  data: SupplierInvoicePostedData;
};

export interface SupplierInvoiceReversedData {
  status: SupplierMailReceivedEntryStatus;
  fileName: string;
  kind: SupplierInvoiceSummarySourceKind;
  supplierId: string | null;
  goodsReceiptId: string | null;
  failure: string | null;
  documentType: string | null;
  number: string | null;
  /** Decimal text, as the document states it. */
  gross: string | null;
  currency: string | null;
  version: number;
}

export type SupplierInvoiceReversedEvent = Omit<Event, 'type' | 'data'> & {
  type: "supplier_invoice.reversed";
  data: SupplierInvoiceReversedData;
};

export interface StockMovedData {
  movementId: string;
  kind: StockMovementKind;
  /** Decimal text. */
  quantity: string;
  reason: string | null;
}

export type StockMovedEvent = Omit<Event, 'type' | 'data'> & {
  type: "stock.moved";
  data: StockMovedData;
};

export interface StockDepletedData {
  from: string;
  to: string;
  ordersDepleted: number;
  consumption: Array<StockDepletedDataConsumption>;
}

export type StockDepletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "stock.depleted";
  data: StockDepletedData;
};

export interface StockWastedData {
  id: string;
  createdAt: string;
  reason: WasteEntryReason;
  note: string | null;
  locationId: string | null;
  lines: Array<StockWastedDataLine>;
}

export type StockWastedEvent = Omit<Event, 'type' | 'data'> & {
  type: "stock.wasted";
  data: StockWastedData;
};

export interface StockTransferredData {
  id: string;
  createdAt: string;
  fromLocationId: string;
  toLocationId: string;
  notes: string | null;
  lines: Array<StockWastedDataLine>;
}

export type StockTransferredEvent = Omit<Event, 'type' | 'data'> & {
  type: "stock.transferred";
  data: StockTransferredData;
};

export interface StockPreparedData {
  id: string;
  createdAt: string;
  recipeId: string;
  recipeName: string;
  notes: string | null;
  output: StockPreparedDataOutput;
  consumed: Array<StockPreparedDataConsumed>;
}

export type StockPreparedEvent = Omit<Event, 'type' | 'data'> & {
  type: "stock.prepared";
  data: StockPreparedData;
};

export interface StockCountOpenedData {
  locationId: string | null;
  isBlind: boolean;
  notes: string | null;
}

export type StockCountOpenedEvent = Omit<Event, 'type' | 'data'> & {
  type: "stock_count.opened";
  data: StockCountOpenedData;
};

export interface StockCountRecordedData {
  lines: Array<StockCountRecordedDataLine>;
}

export type StockCountRecordedEvent = Omit<Event, 'type' | 'data'> & {
  type: "stock_count.recorded";
  data: StockCountRecordedData;
};

export interface StockCountCommittedData {
  countedItems: number;
  uncountedItems: number;
  gain: Balance;
  loss: Balance;
}

export type StockCountCommittedEvent = Omit<Event, 'type' | 'data'> & {
  type: "stock_count.committed";
  data: StockCountCommittedData;
};

export type StockCountCancelledData = object;

export type StockCountCancelledEvent = Omit<Event, 'type' | 'data'> & {
  type: "stock_count.cancelled";
  data: StockCountCancelledData;
};

export interface StockLowData {
  name: string;
  unit: string;
  /** Decimal text. */
  quantity: string;
  /** Decimal text. */
  reorderPoint: string;
}

export type StockLowEvent = Omit<Event, 'type' | 'data'> & {
  type: "stock.low";
  data: StockLowData;
};

export interface StockNegativeData {
  name: string;
  unit: string;
  /** Decimal text. */
  quantity: string;
  /** Decimal text. */
  reorderPoint: string;
}

export type StockNegativeEvent = Omit<Event, 'type' | 'data'> & {
  type: "stock.negative";
  data: StockNegativeData;
};

export interface DocumentCreatedData {
  documentId: string;
  type: DocumentType;
  status: DocumentStatus;
  seriesId: string | null;
  number: string | null;
  businessDate: string | null;
  hash: string | null;
  /** ISO 4217. */
  currency: string;
  total: Balance;
}

export type DocumentCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "document.created";
  data: DocumentCreatedData;
};

export interface DocumentChangedData {
  documentId: string;
  type: DocumentType;
  status: DocumentStatus;
  seriesId: string | null;
  number: string | null;
  businessDate: string | null;
  hash: string | null;
  /** ISO 4217. */
  currency: string;
  total: Balance;
}

export type DocumentChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "document.changed";
  data: DocumentChangedData;
};

export interface DocumentDeletedData {
  documentId: string;
  type: DocumentType;
  status: DocumentStatus;
  seriesId: string | null;
  number: string | null;
  businessDate: string | null;
  hash: string | null;
  /** ISO 4217. */
  currency: string;
  total: Balance;
}

export type DocumentDeletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "document.deleted";
  data: DocumentDeletedData;
};

export interface DocumentIssuedData {
  documentId: string;
  type: DocumentType;
  status: DocumentStatus;
  seriesId: string | null;
  number: string | null;
  businessDate: string | null;
  hash: string | null;
  /** ISO 4217. */
  currency: string;
  total: Balance;
}

export type DocumentIssuedEvent = Omit<Event, 'type' | 'data'> & {
  type: "document.issued";
  data: DocumentIssuedData;
};

export interface DocumentVoidedData {
  documentId: string;
  type: DocumentType;
  status: DocumentStatus;
  seriesId: string | null;
  number: string | null;
  businessDate: string | null;
  hash: string | null;
  /** ISO 4217. */
  currency: string;
  total: Balance;
}

export type DocumentVoidedEvent = Omit<Event, 'type' | 'data'> & {
  type: "document.voided";
  data: DocumentVoidedData;
};

export interface BusinessDayClosedData {
  documentId: string;
  date: string;
  number: string;
  hash: string;
  total: Total;
  /** ISO 4217. */
  currency: string;
}

export type BusinessDayClosedEvent = Omit<Event, 'type' | 'data'> & {
  type: "business_day.closed";
  data: BusinessDayClosedData;
};

export type DocumentSeriesCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "document_series.created";
  data: DocumentSeries;
};

export type DocumentSeriesChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "document_series.changed";
  data: DocumentSeries;
};

export type DocumentSeriesDeletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "document_series.deleted";
  data: DocumentSeries;
};

export interface ImportFinishedData {
  id: string;
  kind: ImportKind;
  /** `interrupted`: no progress for a minute. Send the file again: stored rows are skipped. */
  status: ImportStatus;
  /** If true, nothing is stored; the counts say what would be stored. */
  dryRun: boolean;
  fileName: string;
  source: string;
  /** ISO 4217. */
  currency: string;
  /** Data rows of the file, with the faulty ones. */
  rows: number;
  faultyRows: number;
  ordersCreated: number;
  /** Orders stored earlier with faulty rows, to which this file added rows. */
  ordersCompleted: number;
  /** Orders that were stored already. */
  ordersSkipped: number;
  linesCreated: number;
  units: number;
  revenue: Balance;
  menuItemsCreated: number;
  modifiersCreated: number;
  /** With `depleteStock`: orders whose ingredients were taken from stock. */
  ordersDepleted: number;
  /** With `depleteStock`: lines whose dish has no recipe. */
  linesWithoutRecipe: number;
  /** Items, recipes or opening stocks created; 0 for orders. The order counts are 0 for the other kinds. */
  created: number;
  /** Existing entries that were changed, as `onExisting` asks. */
  changed: number;
  /** Existing entries that were left unchanged. */
  skipped: number;
  /** Stock locations named in the file that did not exist. */
  locationsCreated: number;
  /** Why the import failed. */
  failure: string | null;
  createdAt: string;
  finishedAt: string | null;
}

export type ImportFinishedEvent = Omit<Event, 'type' | 'data'> & {
  type: "import.finished";
  data: ImportFinishedData;
};

export interface StockLowDigestData {
  items: Array<StockLowDigestDataItem>;
  hasMore: boolean;
}

export type StockLowDigestEvent = Omit<Event, 'type' | 'data'> & {
  type: "stock.low_digest";
  data: StockLowDigestData;
};

export interface JobRetriedData {
  kind: string;
}

export type JobRetriedEvent = Omit<Event, 'type' | 'data'> & {
  type: "job.retried";
  data: JobRetriedData;
};

export interface JobCancelledData {
  kind: string;
}

export type JobCancelledEvent = Omit<Event, 'type' | 'data'> & {
  type: "job.cancelled";
  data: JobCancelledData;
};

export type WebhookEndpointCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "webhook_endpoint.created";
  data: WebhookEndpoint;
};

export type WebhookEndpointChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "webhook_endpoint.changed";
  data: WebhookEndpoint;
};

export type WebhookEndpointDeletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "webhook_endpoint.deleted";
  data: WebhookEndpoint;
};

export type WebhookEndpointEnabledEvent = Omit<Event, 'type' | 'data'> & {
  type: "webhook_endpoint.enabled";
  data: WebhookEndpoint;
};

export type WebhookEndpointDisabledData = WebhookEndpoint | WebhookEndpointDisabledDataDisabled;

export type WebhookEndpointDisabledEvent = Omit<Event, 'type' | 'data'> & {
  type: "webhook_endpoint.disabled";
  data: WebhookEndpointDisabledData;
};

export type WebhookEndpointSecretRotatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "webhook_endpoint.secret_rotated";
  data: WebhookEndpoint;
};

export type WebhookEndpointTestedEvent = Omit<Event, 'type' | 'data'> & {
  type: "webhook_endpoint.tested";
  data: WebhookEndpoint;
};

export interface ConsentGrantedData {
  source: ConsentSource;
}

export type ConsentGrantedEvent = Omit<Event, 'type' | 'data'> & {
  type: "consent.granted";
  data: ConsentGrantedData;
};

export interface ConsentWithdrawnData {
  source: ConsentSource;
}

export type ConsentWithdrawnEvent = Omit<Event, 'type' | 'data'> & {
  type: "consent.withdrawn";
  data: ConsentWithdrawnData;
};

export interface MessageSettingsChangedData {
  /** Error of the provider that paused the sender. */
  pauseCode?: number | undefined;
}

export type MessageSettingsChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "message_settings.changed";
  data: MessageSettingsChangedData;
};

export type MessageTemplateCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "message_template.created";
  data: MessageTemplate;
};

export type MessageTemplateChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "message_template.changed";
  data: MessageTemplate;
};

export type MessageTemplateDeletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "message_template.deleted";
  data: MessageTemplate;
};

export interface CodePoolCreatedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  /** pickup: short names without value. voucher: vouchers and gift codes. table: signed tokens of tables. imported: codes from elsewhere. */
  kind: CodePoolKind;
  alphabet: string;
  length: number;
  target: number;
  lowWater: number;
  batch: number;
  whenEmpty: CodePoolWhenEmpty;
  value: number | null;
  taxKind: CodePoolTaxKind | null;
  expiresAfterDays: number | null;
  usesPerCode: number | null;
  coolDownSeconds: number | null;
}

export type CodePoolCreatedEvent = Omit<Event, 'type' | 'data'> & {
  type: "code_pool.created";
  data: CodePoolCreatedData;
};

export interface CodePoolChangedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  /** pickup: short names without value. voucher: vouchers and gift codes. table: signed tokens of tables. imported: codes from elsewhere. */
  kind: CodePoolKind;
  alphabet: string;
  length: number;
  target: number;
  lowWater: number;
  batch: number;
  whenEmpty: CodePoolWhenEmpty;
  value: number | null;
  taxKind: CodePoolTaxKind | null;
  expiresAfterDays: number | null;
  usesPerCode: number | null;
  coolDownSeconds: number | null;
}

export type CodePoolChangedEvent = Omit<Event, 'type' | 'data'> & {
  type: "code_pool.changed";
  data: CodePoolChangedData;
};

export interface CodePoolDeletedData {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  /** pickup: short names without value. voucher: vouchers and gift codes. table: signed tokens of tables. imported: codes from elsewhere. */
  kind: CodePoolKind;
  alphabet: string;
  length: number;
  target: number;
  lowWater: number;
  batch: number;
  whenEmpty: CodePoolWhenEmpty;
  value: number | null;
  taxKind: CodePoolTaxKind | null;
  expiresAfterDays: number | null;
  usesPerCode: number | null;
  coolDownSeconds: number | null;
}

export type CodePoolDeletedEvent = Omit<Event, 'type' | 'data'> & {
  type: "code_pool.deleted";
  data: CodePoolDeletedData;
};

export interface CodePoolImportedData {
  imported: number;
  duplicates: number;
}

export type CodePoolImportedEvent = Omit<Event, 'type' | 'data'> & {
  type: "code_pool.imported";
  data: CodePoolImportedData;
};

export interface CodePoolExportedData {
  poolId: string;
  exportId: string;
  count: number;
  value: number;
}

export type CodePoolExportedEvent = Omit<Event, 'type' | 'data'> & {
  type: "code_pool.exported";
  data: CodePoolExportedData;
};

export interface CodeRedeemedData {
  poolId: string;
  kind: CodeStoryMovementKind;
  amount: number;
  balance: number;
  taxKind: CodePoolTaxKind | null;
  orderId: string | null;
  paymentId: string | null;
  reason: string | null;
  /** ISO 4217. */
  currency: string;
}

export type CodeRedeemedEvent = Omit<Event, 'type' | 'data'> & {
  type: "code.redeemed";
  data: CodeRedeemedData;
};

export interface CodeRefundedData {
  poolId: string;
  kind: CodeStoryMovementKind;
  amount: number;
  balance: number;
  taxKind: CodePoolTaxKind | null;
  orderId: string | null;
  paymentId: string | null;
  reason: string | null;
  /** ISO 4217. */
  currency: string;
}

export type CodeRefundedEvent = Omit<Event, 'type' | 'data'> & {
  type: "code.refunded";
  data: CodeRefundedData;
};

export type CodeVoidedData = CodeVoidedDataKind | CodeVoidedDataTable;

export type CodeVoidedEvent = Omit<Event, 'type' | 'data'> & {
  type: "code.voided";
  data: CodeVoidedData;
};

export interface CodeReleasedData {
  poolId: string;
  kind: CodeStoryMovementKind;
  amount: number;
  balance: number;
  taxKind: CodePoolTaxKind | null;
  orderId: string | null;
  paymentId: string | null;
  reason: string | null;
  /** ISO 4217. */
  currency: string;
}

export type CodeReleasedEvent = Omit<Event, 'type' | 'data'> & {
  type: "code.released";
  data: CodeReleasedData;
};

export interface CodeTransferredData {
  poolId: string;
  kind: CodeStoryMovementKind;
  amount: number;
  balance: number;
  taxKind: CodePoolTaxKind | null;
  orderId: string | null;
  paymentId: string | null;
  reason: string | null;
  /** ISO 4217. */
  currency: string;
}

export type CodeTransferredEvent = Omit<Event, 'type' | 'data'> & {
  type: "code.transferred";
  data: CodeTransferredData;
};

export interface MenuBulkInput {
  select: MenuSelection;
  price?: PriceChange | undefined;
  availability?: AvailabilityInput | undefined;
  /** As a dry run has answered. The call is refused (412) if something else would change by now. */
  versions?: Record<string, number> | undefined;
  /** True: shows what would change, and changes nothing. */
  dryRun?: boolean | undefined;
}

export interface AvailabilityInput {
  isAvailable: boolean;
  /** If it is not available: the instant from which it is available again. */
  until?: string | null | undefined;
  /** Portions left. Null: not counted. Zero: sold out. */
  remaining?: number | null | undefined;
}

export interface MenuOrderInput {
  /** All categories. */
  categoryIds?: Array<string> | undefined;
  /** All items of a category. */
  menuItems?: Array<MenuOrderMenuItemInput> | undefined;
  /** All variants of an item. */
  variants?: Array<MenuOrderVariantInput> | undefined;
  /** All modifier groups of an item. */
  modifierGroups?: Array<MenuOrderModifierGroupInput> | undefined;
  /** All modifiers of a group. */
  modifiers?: Array<MenuOrderModifierInput> | undefined;
}

export interface OrderInput {
  type: OrderType;
  table?: string | null | undefined;
  guests?: number | null | undefined;
  customer?: Customer | null | undefined;
  notes?: string | null | undefined;
  /** When the guest wants the order, at most two years ahead. Opening hours and dayparts are checked for that time, and the order belongs to the business day of that time. Null: now. */
  scheduledFor?: string | null | undefined;
  discounts?: Array<Discount> | undefined;
  tip?: number | undefined;
  /** The order is priced without taxes: included taxes are taken out of the prices, added ones are not added. Null: taxes apply. */
  taxExemption?: TaxExemption | null | undefined;
  lines: Array<OrderLineInput>;
}

export interface OrderLineInput {
  menuItemId: string;
  /** Required if the item has variants. */
  variantId?: string | undefined;
  /** Whole number, or decimal text of an item with a `unit`: at most three decimals. Below zero: deposits that the guest returns; they lower the bill, at most to zero. */
  quantity: number | string;
  modifiers?: Array<OrderLineModifierInput> | undefined;
  discounts?: Array<Discount> | undefined;
  notes?: string | null | undefined;
  course?: number | null | undefined;
  seat?: number | null | undefined;
  /** Orders it at the price 0, with the reason and who allowed it (by default the caller). Needs `refunds:write`. Chosen modifiers and deposits are charged. */
  free?: OrderLineFreeInput | undefined;
}

export interface OrderPatch {
  table?: string | null | undefined;
  guests?: number | null | undefined;
  customer?: Customer | null | undefined;
  notes?: string | null | undefined;
  /** When the guest wants the order, at most two years ahead. Opening hours and dayparts are checked for that time, and the order belongs to the business day of that time. Null: now. */
  scheduledFor?: string | null | undefined;
  discounts?: Array<Discount> | undefined;
  tip?: number | undefined;
  /** Takes the taxes and the service charge of this type, as they are on the menu now. */
  type?: OrderType | undefined;
  /** null waives the service charge of this order. */
  serviceCharge?: null | undefined;
  /** The order is priced without taxes: included taxes are taken out of the prices, added ones are not added. Null: taxes apply. */
  taxExemption?: TaxExemption | null | undefined;
}

export interface OrderLinePatch {
  /** Whole number, or decimal text of an item with a `unit`: at most three decimals. Below zero: deposits that the guest returns; they lower the bill, at most to zero. */
  quantity?: number | string | undefined;
  /** Replaces all chosen modifiers, at today’s prices. */
  modifiers?: Array<OrderLineModifierInput> | undefined;
  /** Replaces all discounts of the line; a comp ends with them. */
  discounts?: Array<Discount> | undefined;
  notes?: string | null | undefined;
  course?: number | null | undefined;
  seat?: number | null | undefined;
  /** Required to lower the quantity of a line that the kitchen has received. */
  reason?: string | undefined;
}

export interface ReasonInput {
  reason?: string | undefined;
}

export interface CompInput {
  reason: string;
  /** Who allowed it. By default the caller. */
  allowedBy?: string | undefined;
  /** Units of the line; by default all of them. */
  quantity?: number | string | undefined;
}

export interface PaymentInput {
  method: PaymentMethod;
  /** Amount towards the bill. Cash may exceed the amount due: the rest is change. The cash that pays the rest of a bill is rounded to the smallest coin of the restaurant; 0 pays a rest that is rounded to nothing. */
  amount: number;
  /** Tip in addition to `amount`. It is no part of a deposit. */
  tip?: number | undefined;
  /** Reference of the terminal or voucher. Never send a card number. */
  reference?: string | null | undefined;
  /** The drawer, which must be in a shift. By default that of the caller’s open shift, if there is one. */
  drawerId?: string | undefined;
  /** A deposit is taken before the meal: its taxes are due today, in proportion to those of the order, and are deducted on the day of the meal. Without this field, a payment is one when the order is of a later business day (`scheduledFor`) and takes deposits: it sells no vouchers, and is neither completed nor of a closed day. A payment by a single-purpose voucher never is. false: none, where the law taxes the meal alone. */
  deposit?: boolean | undefined;
  /** The voucher that pays `amount` and `tip`: it is redeemed in the same transaction. Only with the method `voucher`. */
  code?: string | undefined;
}

export interface VoucherHandOutInput {
  /** For whom the code is; shown to staff only. */
  holder?: string | undefined;
}

export interface RefundInput {
  /** Without `lines`: for the order as a whole, in proportion to its taxes; the tip last. With `lines`: their sum, which is checked. */
  amount?: number | undefined;
  /** The lines that the refund is for. It takes exactly their taxes, no service charge and no tip. */
  lines?: Array<RefundLineInput> | undefined;
  /** With `amount` alone: given for no goods. Goods that leave the order later are owed to the guest in addition. Without it, an amount pays for goods that leave the order later. */
  goodwill?: boolean | undefined;
  /** Tip to give back, in addition to `amount` or `lines`. */
  tip?: number | undefined;
  /** How the money is given back. By default as it was paid; a card payment may be given back in cash. */
  method?: PaymentMethod | undefined;
  /** The drawer, which must be in a shift. By default that of the caller’s open shift, if there is one. */
  drawerId?: string | undefined;
  reason: string;
  /** Allows a further refund of a completed order whose bill was reduced after an earlier refund. Otherwise that is `409 already_refunded`. */
  acceptFurther?: boolean | undefined;
}

export interface RefundLineInput {
  lineId: string;
  /** Units of the line to refund. */
  quantity?: number | string | undefined;
  /** With all taxes of the line. Without quantity and amount: all that is left of the line. */
  amount?: number | undefined;
}

export interface WriteOffInput {
  reason: string;
}

export interface KeepDepositInput {
  reason: string;
  /** true: the deposit is a sale of today and keeps its taxes. false: damages, its taxes are taken back. */
  taxed: boolean;
}

export interface DrawerInput {
  name: string;
}

export interface DrawerPatch {
  name?: string | undefined;
}

export interface ShiftOpenInput {
  /** The change that is in the drawer. */
  openingFloat: number;
  notes?: string | null | undefined;
}

export interface CashMovementInput {
  /** drop: to the safe or the bank. */
  kind: ShiftFiguresMovementKind;
  amount: number;
  reason: string;
}

export interface ShiftCloseInput {
  /** All cash in the drawer, with the opening float. */
  countedCash: number;
  notes?: string | null | undefined;
}

export interface CodeClaimInput {
  count?: number | undefined;
  /** Of each voucher, where the pool sets none. */
  value?: number | undefined;
  /** For whom the code is; shown to staff only. */
  holder?: string | undefined;
  /** Only for table tokens: names of tables. */
  tables?: Array<string> | undefined;
}

export interface CodePoolInput {
  /** pickup: short names without value. voucher: vouchers and gift codes. table: signed tokens of tables. imported: codes from elsewhere. */
  kind: CodePoolKind;
  /** Absent: 32 letters without I, L, O and U; for pick-up codes 24 letters that can form no word. */
  alphabet?: string | undefined;
  /** Letters, without the check character that vouchers have. Absent: 4 for pick-up codes, 15 for vouchers. */
  length?: number | undefined;
  name: string;
  /** Codes that a refill makes available. */
  target?: number | undefined;
  /** A refill starts below it. */
  lowWater?: number | undefined;
  /** Codes in one lease of an instance, at first. */
  batch?: number | undefined;
  whenEmpty?: CodePoolWhenEmpty | undefined;
  /** What each voucher is worth. Null: given with the claim. */
  value?: number | null | undefined;
  /** VAT is due when a single-purpose voucher is issued, and when a multi-purpose one is redeemed. */
  taxKind?: CodePoolTaxKind | null | undefined;
  expiresAfterDays?: number | null | undefined;
  usesPerCode?: number | null | undefined;
  /** Between two uses of a table token. */
  coolDownSeconds?: number | null | undefined;
}

export interface CodePoolPatch {
  name?: string | undefined;
  /** Codes that a refill makes available. */
  target?: number | undefined;
  /** A refill starts below it. */
  lowWater?: number | undefined;
  /** Codes in one lease of an instance, at first. */
  batch?: number | undefined;
  whenEmpty?: CodePoolWhenEmpty | undefined;
  /** What each voucher is worth. Null: given with the claim. */
  value?: number | null | undefined;
  /** VAT is due when a single-purpose voucher is issued, and when a multi-purpose one is redeemed. */
  taxKind?: CodePoolTaxKind | null | undefined;
  expiresAfterDays?: number | null | undefined;
  usesPerCode?: number | null | undefined;
  /** Between two uses of a table token. */
  coolDownSeconds?: number | null | undefined;
}

export interface CodeExportInput {
  count: number;
  value?: number | undefined;
  /** For whom the code is; shown to staff only. */
  holder?: string | undefined;
}

export interface CodeRedeemInput {
  code: string;
  /** Absent: all that is left. */
  amount?: number | undefined;
  /** For the record. To pay an order, record a payment with `code`. */
  orderId?: string | undefined;
  /** Only a code of this pool counts. */
  poolId?: string | undefined;
}

export interface CodeEndInput {
  reason: string;
}

export interface CodeTransferInput {
  /** For whom the code is; shown to staff only. */
  holder?: string | undefined;
}

export interface CategoryInput {
  name: string;
  /** Name and description by language (BCP 47). Replaces all of them. Absent: they stay. */
  translations?: Record<string, CategoryTranslationsInput> | undefined;
  /** Position in lists, lowest first. */
  position?: number | undefined;
  /** When it can be ordered, in the restaurant’s local time. Empty: always. */
  schedules?: Array<WeeklyInterval> | undefined;
}

export interface CategoryPatch {
  name?: string | undefined;
  /** Name and description by language (BCP 47). Replaces all of them. Absent: they stay. */
  translations?: Record<string, CategoryTranslationsInput> | undefined;
  /** Position in lists, lowest first. */
  position?: number | undefined;
  /** When it can be ordered, in the restaurant’s local time. Empty: always. */
  schedules?: Array<WeeklyInterval> | undefined;
}

export interface MenuItemInput {
  name: string;
  categoryId: string;
  /** Minor units. Ignored if the item has variants. */
  price: number;
  description?: string | null | undefined;
  /** Name and description by language (BCP 47). Replaces all of them. Absent: they stay. */
  translations?: Record<string, CategoryTranslationsInput> | undefined;
  variants?: Array<MenuItemVariantInput> | undefined;
  modifierGroupIds?: Array<string> | undefined;
  taxIds?: Array<string> | undefined;
  /** Codes of the 14 allergens of the EU, or their names in ten languages. Other texts go to `otherAllergens`. */
  allergens?: Array<string> | undefined;
  /** Free text: other substances, traces, kinds of nuts. */
  otherAllergens?: Array<string> | undefined;
  dietTags?: Array<DietTag> | undefined;
  /** An uploaded picture. Null: none. */
  pictureId?: string | null | undefined;
  station?: string | null | undefined;
  /** Position in lists, lowest first. */
  position?: number | undefined;
  isAvailable?: boolean | undefined;
  availability?: MenuItemAvailabilityInput | undefined;
  /** When it can be ordered, in the restaurant’s local time. Empty: always. */
  schedules?: Array<WeeklyInterval> | undefined;
  /** Sold by weight, volume, length or time: `price` is for one unit, and so is the recipe. Null: by the piece. */
  unit?: MenuCategoryItemUnit | null | undefined;
  /** Makes it a set menu: its price is split over the parts, each with its own taxes, stock and line. */
  parts?: Array<MenuItemPartInput> | undefined;
  /** The deposit of a bottle or a glass: without discounts and service charge, and it can be returned. */
  isDeposit?: boolean | undefined;
  /** An item with `isDeposit`: every unit sold brings it along, on a line of its own. */
  depositItemId?: string | null | undefined;
  /** A pool of vouchers: the item sells them for what they are worth. Multi-purpose ones are no revenue and have no tax until they pay. Single-purpose ones are revenue with the tax that the item names, and pay without. It cannot be changed. */
  voucherPoolId?: string | null | undefined;
}

export interface MenuItemPatch {
  name?: string | undefined;
  categoryId?: string | undefined;
  /** Minor units. Ignored if the item has variants. */
  price?: number | undefined;
  description?: string | null | undefined;
  /** Name and description by language (BCP 47). Replaces all of them. Absent: they stay. */
  translations?: Record<string, CategoryTranslationsInput> | undefined;
  variants?: Array<MenuItemVariantInput> | undefined;
  modifierGroupIds?: Array<string> | undefined;
  taxIds?: Array<string> | undefined;
  /** Codes of the 14 allergens of the EU, or their names in ten languages. Other texts go to `otherAllergens`. */
  allergens?: Array<string> | undefined;
  /** Free text: other substances, traces, kinds of nuts. */
  otherAllergens?: Array<string> | undefined;
  dietTags?: Array<DietTag> | undefined;
  /** An uploaded picture. Null: none. */
  pictureId?: string | null | undefined;
  station?: string | null | undefined;
  /** Position in lists, lowest first. */
  position?: number | undefined;
  isAvailable?: boolean | undefined;
  availability?: MenuItemAvailabilityInput | undefined;
  /** When it can be ordered, in the restaurant’s local time. Empty: always. */
  schedules?: Array<WeeklyInterval> | undefined;
  /** Sold by weight, volume, length or time: `price` is for one unit, and so is the recipe. Null: by the piece. */
  unit?: MenuCategoryItemUnit | null | undefined;
  /** Makes it a set menu: its price is split over the parts, each with its own taxes, stock and line. */
  parts?: Array<MenuItemPartInput> | undefined;
  /** The deposit of a bottle or a glass: without discounts and service charge, and it can be returned. */
  isDeposit?: boolean | undefined;
  /** An item with `isDeposit`: every unit sold brings it along, on a line of its own. */
  depositItemId?: string | null | undefined;
  /** A pool of vouchers: the item sells them for what they are worth. Multi-purpose ones are no revenue and have no tax until they pay. Single-purpose ones are revenue with the tax that the item names, and pay without. It cannot be changed. */
  voucherPoolId?: string | null | undefined;
}

export interface ModifierGroupInput {
  name: string;
  /** Name and description by language (BCP 47). Replaces all of them. Absent: they stay. */
  translations?: Record<string, CategoryTranslationsInput> | undefined;
  minSelections?: number | undefined;
  maxSelections?: number | undefined;
  /** Number of chosen units that are free, the cheapest first. */
  freeSelections?: number | undefined;
  modifiers: Array<ModifierGroupModifierInput>;
}

export interface ModifierGroupPatch {
  name?: string | undefined;
  /** Name and description by language (BCP 47). Replaces all of them. Absent: they stay. */
  translations?: Record<string, CategoryTranslationsInput> | undefined;
  minSelections?: number | undefined;
  maxSelections?: number | undefined;
  freeSelections?: number | undefined;
  /** Replaces the whole list. */
  modifiers?: Array<ModifierGroupModifierInput> | undefined;
}

export interface TaxInput {
  name: string;
  rate: Percent;
  /** True: prices include the tax. False: the tax is added to prices. */
  inclusive: boolean;
  /** Order types to which the tax applies. Empty: all. */
  orderTypes?: Array<OrderType> | undefined;
  /** VAT category of invoices (UNCL 5305). Null: S above 0 %, Z at 0 %. Of a tax of 0 %: E exempt, AE reverse charge, K intra-community supply, G export, O outside the scope of VAT. */
  vatCategory?: TaxRateVatCategory | null | undefined;
  /** Code of the VATEX list. Null: the usual one of the category. */
  exemptionCode?: string | null | undefined;
  /** Reason in your own words. Null: a text in the language of the document. */
  exemptionReason?: string | null | undefined;
}

export interface TaxPatch {
  name?: string | undefined;
  rate?: Percent | undefined;
  /** True: prices include the tax. False: the tax is added to prices. */
  inclusive?: boolean | undefined;
  /** Order types to which the tax applies. Empty: all. */
  orderTypes?: Array<OrderType> | undefined;
  /** VAT category of invoices (UNCL 5305). Null: S above 0 %, Z at 0 %. Of a tax of 0 %: E exempt, AE reverse charge, K intra-community supply, G export, O outside the scope of VAT. */
  vatCategory?: TaxRateVatCategory | null | undefined;
  /** Code of the VATEX list. Null: the usual one of the category. */
  exemptionCode?: string | null | undefined;
  /** Reason in your own words. Null: a text in the language of the document. */
  exemptionReason?: string | null | undefined;
}

export interface InventoryItemInput {
  name: string;
  /** Stock unit: mg g kg oz lb ml cl dl l tsp tbsp fl_oz cup pt qt gal piece dozen, or your own word. */
  unit: string;
  units?: Array<ItemUnitInput> | undefined;
  /** Rule for a sale that needs more than is in stock. forbid: the sale is refused. allow_negative (default): the sale is accepted. auto_86: the sale is refused, and dishes are unavailable while no portion can be made. */
  policy?: InventoryItemPolicy | undefined;
  locationId?: string | null | undefined;
  /** The item is low below this quantity. */
  reorderPoint?: string | number | undefined;
  /** Order proposals fill the stock up to this quantity. Not below `reorderPoint`. */
  parLevel?: string | number | null | undefined;
  /** Opening stock of a new item. It is posted as its own movement. */
  openingQuantity?: string | number | undefined;
  /** Minor units of the currency for one stock unit, as decimal text: "1250" is 12.50 EUR per kg, "0.35" is 0.35 cents per gram. */
  unitCost?: string | number | undefined;
}

/** One `unit` equals numerator/denominator stock units: a crate of 24 is 24/1. */
export interface ItemUnitInput {
  unit: string;
  numerator: string | number;
  denominator?: string | number | undefined;
}

export interface InventoryItemPatch {
  name?: string | undefined;
  /** Stock unit: mg g kg oz lb ml cl dl l tsp tbsp fl_oz cup pt qt gal piece dozen, or your own word. */
  unit?: string | undefined;
  units?: Array<ItemUnitInput> | undefined;
  /** Rule for a sale that needs more than is in stock. forbid: the sale is refused. allow_negative (default): the sale is accepted. auto_86: the sale is refused, and dishes are unavailable while no portion can be made. */
  policy?: InventoryItemPolicy | undefined;
  locationId?: string | null | undefined;
  /** The item is low below this quantity. */
  reorderPoint?: string | number | undefined;
  /** Order proposals fill the stock up to this quantity. Not below `reorderPoint`. */
  parLevel?: string | number | null | undefined;
  /** Minor units of the currency for one stock unit, as decimal text: "1250" is 12.50 EUR per kg, "0.35" is 0.35 cents per gram. */
  unitCost?: string | number | undefined;
}

export interface RecipeInput {
  name?: string | undefined;
  menuItemId?: string | null | undefined;
  /** A variant of the item in `menuItemId`. Send both together. */
  variantId?: string | null | undefined;
  modifierId?: string | null | undefined;
  /** Inventory item under which the preparation is kept in stock. */
  outputItemId?: string | null | undefined;
  /** Quantity that all lines together produce. 1 if absent. */
  yield?: string | number | undefined;
  /** `portion` if absent. */
  yieldUnit?: string | undefined;
  lines: Array<RecipeLineInput>;
}

export interface RecipeLineInput {
  inventoryItemId?: string | null | undefined;
  recipeId?: string | null | undefined;
  /** Quantity without waste. Negative only in a modifier’s recipe, for an ingredient that it saves. */
  quantity: string | number;
  /** If absent: the item’s stock unit, or the recipe’s yield unit. */
  unit?: string | undefined;
  /** Percentage of the quantity taken from stock that is lost; below 100. taken = quantity x 100 / (100 - wastePercent). */
  wastePercent?: Percent | undefined;
}

export interface RecipePatch {
  name?: string | undefined;
  menuItemId?: string | null | undefined;
  /** A variant of the item in `menuItemId`. Send both together. */
  variantId?: string | null | undefined;
  modifierId?: string | null | undefined;
  /** Inventory item under which the preparation is kept in stock. */
  outputItemId?: string | null | undefined;
  /** Quantity that all lines together produce. 1 if absent. */
  yield?: string | number | undefined;
  /** `portion` if absent. */
  yieldUnit?: string | undefined;
  lines?: Array<RecipeLineInput> | undefined;
}

export interface StockMovementInput {
  inventoryItemId: string;
  kind: StockMovementKindInput;
  /** In `unit`. receipt: into stock. waste: out of stock, without a sign. correction: positive or negative. */
  quantity: string | number;
  /** The item’s stock unit if absent. */
  unit?: string | undefined;
  /** Minor units of the currency for one stock unit, as decimal text: "1250" is 12.50 EUR per kg, "0.35" is 0.35 cents per gram. */
  unitCost?: string | number | undefined;
  /** The item’s own location if absent. */
  locationId?: string | undefined;
  /** Required for waste and corrections. */
  reason?: string | undefined;
}

export interface DepletionInput {
  /** First business date. */
  from: string;
  /** Last business date. */
  to: string;
  /** Only reports what would be taken; takes nothing. */
  dryRun?: boolean | undefined;
}

export interface WasteInput {
  reason: WasteEntryReason;
  note?: string | undefined;
  /** Where the stock was kept. The items’ own locations if absent. */
  locationId?: string | undefined;
  lines: Array<WasteLineInput>;
}

/** Give exactly one of inventoryItemId, menuItemId and recipeId. */
export interface WasteLineInput {
  inventoryItemId?: string | undefined;
  menuItemId?: string | undefined;
  variantId?: string | undefined;
  recipeId?: string | undefined;
  /** In `unit`; for a dish, in portions. */
  quantity: string | number;
  /** If absent: the item’s stock unit, or the recipe’s yield unit. */
  unit?: string | undefined;
}

export interface StockTransferInput {
  fromLocationId: string;
  toLocationId: string;
  notes?: string | undefined;
  lines: Array<TransferLineInput>;
}

export interface TransferLineInput {
  inventoryItemId: string;
  quantity: string | number;
  /** The item’s stock unit if absent. */
  unit?: string | undefined;
}

export interface PrepInput {
  /** A recipe with an outputItemId. */
  recipeId: string;
  /** The quantity made. */
  quantity: string | number;
  /** The recipe’s yield unit if absent. */
  unit?: string | undefined;
  notes?: string | undefined;
}

export interface StockCountInput {
  /** The location to count. All locations if absent. */
  locationId?: string | undefined;
  /** The items to count. If absent: all items at the location; with `commit`, only the items in `lines`. */
  inventoryItemIds?: Array<string> | undefined;
  /** Expected quantities are hidden until the commit. True if absent. */
  isBlind?: boolean | undefined;
  notes?: string | undefined;
  lines?: Array<StockCountLineInput> | undefined;
  /** Commits the count in the same call. */
  commit?: boolean | undefined;
}

export interface StockCountLineInput {
  inventoryItemId: string;
  /** The quantity found. Send "0" if there is none. */
  quantity: string | number;
  /** The item’s stock unit if absent. */
  unit?: string | undefined;
  /** When it was counted, if the list is typed in later. Now if absent. */
  countedAt?: string | undefined;
}

export interface StockCountLinesInput {
  lines: Array<StockCountLineInput>;
}

export interface StockLocationInput {
  name: string;
}

export interface StockLocationPatch {
  name?: string | undefined;
}

export interface SupplierInput {
  name: string;
  contactName?: string | null | undefined;
  email?: string | null | undefined;
  phone?: string | null | undefined;
  address?: string | null | undefined;
  /** The restaurant’s customer number at the supplier. */
  customerNumber?: string | null | undefined;
  notes?: string | null | undefined;
  leadTimeDays?: number | null | undefined;
  /** Minimum total of an order, in minor units. */
  minimumOrder?: number | null | undefined;
}

export interface SupplierPatch {
  name?: string | undefined;
  contactName?: string | null | undefined;
  email?: string | null | undefined;
  phone?: string | null | undefined;
  address?: string | null | undefined;
  /** The restaurant’s customer number at the supplier. */
  customerNumber?: string | null | undefined;
  notes?: string | null | undefined;
  leadTimeDays?: number | null | undefined;
  /** Minimum total of an order, in minor units. */
  minimumOrder?: number | null | undefined;
}

export interface SupplierItemInput {
  supplierId: string;
  inventoryItemId: string;
  /** The supplier’s article number. */
  articleNumber?: string | null | undefined;
  /** Unit in which the supplier sells the item. It must be a unit of the item; its stock unit if absent. */
  packUnit?: string | undefined;
  /** The supplier sells only multiples of this number of packs. 1 if absent. */
  orderMultiple?: number | undefined;
  /** Price of one pack. Each goods receipt updates it. */
  lastPrice?: number | null | undefined;
  /** Order proposals use the preferred supplier. Setting this removes the mark from the item’s previous one. */
  isPreferred?: boolean | undefined;
}

export interface SupplierItemPatch {
  /** The supplier’s article number. */
  articleNumber?: string | null | undefined;
  /** Unit in which the supplier sells the item. It must be a unit of the item; its stock unit if absent. */
  packUnit?: string | undefined;
  /** The supplier sells only multiples of this number of packs. 1 if absent. */
  orderMultiple?: number | undefined;
  /** Price of one pack. Each goods receipt updates it. */
  lastPrice?: number | null | undefined;
  /** Order proposals use the preferred supplier. Setting this removes the mark from the item’s previous one. */
  isPreferred?: boolean | undefined;
}

export interface PurchaseOrderInput {
  supplierId: string;
  /** If absent: now plus the supplier’s lead time. */
  expectedAt?: string | null | undefined;
  notes?: string | null | undefined;
  lines: Array<PurchaseOrderLineInput>;
}

export interface PurchaseOrderLineInput {
  inventoryItemId: string;
  /** In `unit`. */
  quantity: string | number;
  /** A unit of the item. If absent: the supplier’s pack unit, or the stock unit if the supplier does not list the item. */
  unit?: string | undefined;
  /** Price of one `unit`. If absent: the supplier’s last price. Null: unknown until the goods arrive. */
  unitPrice?: number | null | undefined;
}

export interface PurchaseOrderPatch {
  supplierId?: string | undefined;
  /** If absent: now plus the supplier’s lead time. */
  expectedAt?: string | null | undefined;
  notes?: string | null | undefined;
  lines?: Array<PurchaseOrderLineInput> | undefined;
}

export interface PurchaseOrderReceiveInput {
  /** Number on the delivery note. */
  reference?: string | null | undefined;
  /** When the goods arrived. Now if absent. */
  receivedAt?: string | undefined;
  /** Accepts more than 10 % above the ordered quantity, all deliveries taken together. Otherwise that is refused. */
  acceptExcess?: boolean | undefined;
  lines: Array<PurchaseOrderReceiveLineInput>;
}

export interface GoodsReceiptInput {
  supplierId: string;
  /** Number on the delivery note. */
  reference?: string | null | undefined;
  /** When the goods arrived. Now if absent. */
  receivedAt?: string | undefined;
  lines: Array<GoodsReceiptLineInput>;
}

export interface SupplierInvoicePatch {
  documentType?: SupplierInvoiceDocumentType | undefined;
  number?: string | null | undefined;
  issueDate?: string | null | undefined;
  dueDate?: string | null | undefined;
  currency?: string | null | undefined;
  supplierName?: string | null | undefined;
  supplierVatId?: string | null | undefined;
  totals?: SupplierInvoiceTotalsInput | undefined;
  /** Of the whole document, in place of those that were read. Posting spreads them over the lines. */
  allowances?: Array<SupplierInvoiceAllowanceInput> | undefined;
  /** Of the whole document, in place of those that were read. Posting spreads them over the lines. */
  charges?: Array<SupplierInvoiceChargeInput> | undefined;
  supplierId?: string | null | undefined;
  /** The order that these goods fulfil. */
  purchaseOrderId?: string | null | undefined;
  /** Goods that came before this document: posting gives them its costs and moves nothing. */
  goodsReceiptId?: string | null | undefined;
  /** On a credit note: whether the goods go back. */
  goodsReturned?: boolean | null | undefined;
  /** The restaurant’s currency for one of the document’s. */
  exchangeRate?: string | null | undefined;
}

export interface SupplierInvoiceLineInput {
  articleNumber?: string | null | undefined;
  description: string;
  quantity?: string | null | undefined;
  unit?: string | null | undefined;
  unitPrice?: string | null | undefined;
  netAmount?: string | null | undefined;
  taxRate?: string | null | undefined;
  /** False: no goods of the store room. */
  isStock?: boolean | undefined;
  /** The item behind the line. Approval teaches it for later documents. */
  match?: SupplierInvoiceLineMatchInput | null | undefined;
}

export interface SupplierInvoiceLinePatch {
  articleNumber?: string | null | undefined;
  description?: string | undefined;
  quantity?: string | null | undefined;
  unit?: string | null | undefined;
  unitPrice?: string | null | undefined;
  netAmount?: string | null | undefined;
  taxRate?: string | null | undefined;
  /** False: no goods of the store room. */
  isStock?: boolean | undefined;
  /** The item behind the line. Approval teaches it for later documents. */
  match?: SupplierInvoiceLineMatchInput | null | undefined;
}

export interface DocumentInput {
  type: DocumentType;
  lines?: Array<DocumentLineInput> | undefined;
  /** Instead of lines: takes the current content of this order. */
  orderId?: string | undefined;
  /** For the type deposit, instead of lines: a payment that is a deposit. Its taxes are stated. */
  paymentId?: string | undefined;
  /** For an invoice or a receipt, instead of lines: takes over an issued quotation or bill of quantities as it was quoted. */
  quotationId?: string | undefined;
  /** For the type purchase_order, instead of lines: a purchase order that was sent. */
  purchaseOrderId?: string | undefined;
  /** For the type goods_receipt, instead of lines. */
  goodsReceiptId?: string | undefined;
  /** For the type stock_count, instead of lines: a count that was committed. */
  stockCountId?: string | undefined;
  discounts?: Array<Discount> | undefined;
  customer?: DocumentCustomer | null | undefined;
  notes?: string | null | undefined;
  /** Your own name for the location or the register; empty for none. It selects the number series. */
  location?: string | undefined;
  /** Your own name for the location or the register; empty for none. It selects the number series. */
  register?: string | undefined;
  eInvoice?: EInvoiceInput | undefined;
  /** Invoice, receipt or credit note: day of the supply, if it is not that of the order or of the issue. */
  supplyDate?: string | null | undefined;
}

export interface DocumentLineInput {
  description: string;
  quantity: string | number;
  unit?: string | null | undefined;
  /** Price of one unit, in minor units. The line amount is rounded half away from zero. */
  unitPrice: number;
  taxIds?: Array<string> | undefined;
  discounts?: Array<Discount> | undefined;
}

/** Invoice and credit note only: data of their electronic form. Absent fields keep their value, null removes one. */
export interface EInvoiceInput {
  /** Rules of the electronic invoice: the European standard, XRechnung 3 or Peppol BIS 3.0. The latter two demand more data. */
  profile?: SellerEInvoiceProfile | null | undefined;
  /** The customer’s sign for this invoice: a department, a Leitweg-ID (BT-10). */
  buyerReference?: string | null | undefined;
  /** Number of the customer’s purchase order (BT-13). */
  purchaseOrderReference?: string | null | undefined;
}

export interface DocumentPatch {
  lines?: Array<DocumentLineInput> | undefined;
  discounts?: Array<Discount> | undefined;
  customer?: DocumentCustomer | null | undefined;
  notes?: string | null | undefined;
  /** Your own name for the location or the register; empty for none. It selects the number series. */
  location?: string | undefined;
  /** Your own name for the location or the register; empty for none. It selects the number series. */
  register?: string | undefined;
  eInvoice?: EInvoiceInput | undefined;
  /** Invoice, receipt or credit note: day of the supply, if it is not that of the order or of the issue. */
  supplyDate?: string | null | undefined;
}

export interface VoidInput {
  reason: string;
}

export interface CreditInput {
  reason: string;
  /** If absent: everything that is not credited yet. */
  lines?: Array<CreditLineInput> | undefined;
  /** The credited goods also leave the order: their lines are voided or lowered, and their portions and stock return. Issues the credit note in the same call. Without it, an issued credit note lowers what the order owes, and its taxes, on the day of its issue. */
  applyToOrder?: boolean | undefined;
}

export interface DocumentSeriesInput {
  type: DocumentType;
  /** Your own name for the location or the register; empty for none. It selects the number series. */
  location?: string | undefined;
  /** Your own name for the location or the register; empty for none. It selects the number series. */
  register?: string | undefined;
  /** Numbers look like `prefix-2026-11-0001`; with `reset: year` `prefix-2026-0001`; with `reset: never` `prefix-0001`. */
  prefix?: string | undefined;
  /** When numbering restarts at 1: each month (default), each year or never. */
  reset?: DocumentSeriesReset | undefined;
  /** gapless (default); or fast, where a failure leaves a gap. fast is not allowed for invoice, receipt, credit_note, deposit and day_close. */
  kind?: DocumentSeriesKind | undefined;
  /** Number of the first document; 1 by default. To continue from another system, give its next number. Later periods start at 1. */
  startNumber?: number | undefined;
}

export interface DocumentSeriesPatch {
  /** Your own name for the location or the register; empty for none. It selects the number series. */
  location?: string | undefined;
  /** Your own name for the location or the register; empty for none. It selects the number series. */
  register?: string | undefined;
  /** Numbers look like `prefix-2026-11-0001`; with `reset: year` `prefix-2026-0001`; with `reset: never` `prefix-0001`. */
  prefix?: string | undefined;
  /** When numbering restarts at 1: each month (default), each year or never. */
  reset?: DocumentSeriesReset | undefined;
  /** gapless (default); or fast, where a failure leaves a gap. fast is not allowed for invoice, receipt, credit_note, deposit and day_close. */
  kind?: DocumentSeriesKind | undefined;
  /** Number of the first document; 1 by default. To continue from another system, give its next number. Later periods start at 1. */
  startNumber?: number | undefined;
}

export interface BusinessDayCloseInput {
  notes?: string | null | undefined;
  /** Cash counted in the drawer, less the opening float. Negative if more cash was given back than taken. */
  countedCash?: number | undefined;
  /** Close although orders are open, or owe guests money. Afterwards they can be paid, completed and refunded, but not changed. */
  acceptOpenOrders?: boolean | undefined;
  /** Close although shifts that were opened on the day are open. They can still be closed. */
  acceptOpenShifts?: boolean | undefined;
  /** Close a day that is not over. Nothing can be sold until the next day begins. */
  acceptEarly?: boolean | undefined;
}

export interface ProfileChanges {
  name?: string | undefined;
  language?: PrintLanguage | null | undefined;
}

export interface RestaurantChanges {
  name?: string | undefined;
  /** A name in the IANA time zone database. */
  timezone?: string | undefined;
  businessDayCutoffHour?: number | undefined;
  openingHours?: Array<WeeklyInterval> | undefined;
  serviceCharge?: ServiceCharge | null | undefined;
  pickupCodes?: PickupCodes | null | undefined;
  isAssistantOn?: boolean | undefined;
  address?: string | null | undefined;
  /** In the EU, the United Kingdom, Switzerland and Norway with the country prefix (DE123456789); blanks, dots and hyphens are removed. In other countries any text. */
  vatId?: string | null | undefined;
  /** Number from the national tax office. */
  taxNumber?: string | null | undefined;
  /** ISO 3166-1 alpha-2. */
  country?: string | null | undefined;
  /** Language of labels, numbers and dates in print. */
  language?: PrintLanguage | undefined;
  receiptFooter?: string | null | undefined;
  /** Smallest amount in cash, minor units; 0 turns rounding off. Null: by currency and country. */
  cashRounding?: number | null | undefined;
  postalAddress?: PostalAddress | null | undefined;
  contact?: InvoiceContact | null | undefined;
  electronicAddress?: ElectronicAddress | null | undefined;
  companyId?: CompanyId | null | undefined;
  paymentAccount?: PaymentAccount | null | undefined;
  /** Rules of the electronic invoice: the European standard, XRechnung 3 or Peppol BIS 3.0. The latter two demand more data. */
  eInvoiceProfile?: SellerEInvoiceProfile | undefined;
}

export interface MemberInvitation {
  email: string;
  name: string;
  role: Role;
}

export interface MemberChanges {
  role: Role;
}

export interface DeviceChanges {
  name: string;
}

/** `kind` is optional for `orders`. */
export type ImportInput = ImportOrdersInput | ImportInventoryItemsInput | ImportRecipesInput | ImportOpeningStockInput;

export interface WebhookEndpointPatch {
  /** Public address, on port 443, 80, or one from 1024 upwards. */
  url?: string | undefined;
  /** Null: all that you may see. */
  types?: Array<EventType> | null | undefined;
  /** Whether a webhook waits for the earlier ones of the same subject. Default: true. */
  ordered?: boolean | undefined;
  description?: string | null | undefined;
  /** Sent with each webhook, for example for authorization. Their values are never shown again. */
  headers?: Record<string, string> | undefined;
  /** Whether `v1a` signatures (ed25519) are sent beside `v1`. Default: false. */
  asymmetric?: boolean | undefined;
}

export interface MessageSettingsPatch {
  /** Text guests when their order is ready, if their number has agreed. */
  orderReady?: boolean | undefined;
  /** Who gets a daily digest when stock runs low. */
  digestTo?: Array<string> | undefined;
  /** Who gets each closed day, with the hash of its chain. */
  dayCloseTo?: Array<string> | undefined;
  /** Local start of the hours without reminders, digests and marketing. */
  quietFrom?: string | undefined;
  /** Local end. Equal to the start: no quiet hours. */
  quietTo?: string | undefined;
  /** Calls to the server’s number are answered for this restaurant. */
  answersCalls?: boolean | undefined;
  /** Who takes a call that the machine does not understand. */
  transferTo?: string | null | undefined;
  /** Resumes texts after a pause. */
  isPaused?: false | undefined;
}

export interface ConsentInput {
  phone: string;
  /** Language of labels, numbers and dates in print. */
  language?: PrintLanguage | undefined;
}

export interface MessageTemplateInput {
  kind: MessageTemplateKind;
  /** Language of labels, numbers and dates in print. */
  language: PrintLanguage;
  /** Fields in braces, such as `{restaurant}` and `{number}`. The first line of a mail is its subject. */
  body: string;
}

export interface MessageTemplatePatch {
  kind?: MessageTemplateKind | undefined;
  /** Language of labels, numbers and dates in print. */
  language?: PrintLanguage | undefined;
  /** Fields in braces, such as `{restaurant}` and `{number}`. The first line of a mail is its subject. */
  body?: string | undefined;
}

export type PriceRoundingDirection = "nearest" | "up" | "down";

export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

export type PrintLanguage = "en" | "de" | "fr" | "es" | "it" | "th" | "ar" | "ja" | "zh" | "ko";

export type NewApiKeyKind = "integration" | "till" | "kitchen_screen";

export type Scope = "restaurant:read" | "restaurant:write" | "members:read" | "members:write" | "api_keys:write" | "audit:read" | "menu:read" | "menu:write" | "availability:write" | "orders:read" | "orders:write" | "orders:advance" | "payments:write" | "refunds:write" | "drawers:read" | "drawers:write" | "shifts:write" | "inventory:read" | "inventory:write" | "stock:write" | "purchasing:read" | "purchasing:write" | "purchasing:receive" | "supplier_invoices:upload" | "documents:read" | "documents:write" | "documents:correct" | "document_series:read" | "document_series:write" | "business_days:close" | "reports:read" | "imports:write" | "jobs:read" | "jobs:write" | "webhooks:read" | "webhooks:write" | "assistant:use" | "messages:read" | "messages:write" | "codes:read" | "codes:write" | "codes:claim" | "codes:redeem";

export type PairingConfirmationKind = "till" | "kitchen_screen";

export type ImportMappingQuote = "auto" | "on" | "off";

export type ImportMappingDecimalSeparator = "." | ",";

export interface ImportMappingTimeColumn {
  /** Several columns, such as a date and a time of day, are joined with a space. */
  column: ImportColumn | Array<ImportColumn>;
  /** `iso`, `unix` (seconds), `unix_ms`, or a pattern such as `dd/MM/yyyy HH:mm`. Several formats are tried in the given order. */
  format?: string | Array<string> | undefined;
}

export interface ImportMappingTimeFixed {
  /** One time for all orders of a file without times. */
  fixed: string;
}

export interface ImportMappingAllergens {
  column: ImportColumn;
  /** Text between two of them. Absent: a comma, a semicolon or a slash. */
  separator?: string | undefined;
  /** What letters, numbers and abbreviations of the file mean, as codes or in words. Without it they stay text. */
  legend?: Record<string, string> | undefined;
}

export type ImportMappingChoicesShape = "brackets" | "list" | "json";

export interface ImportMappingChoices {
  /** Several columns are read one after the other. */
  column: ImportColumn | Array<ImportColumn>;
  shape: ImportMappingChoicesShape;
  /** Text between two choices; not used for `json`. */
  separator?: string | undefined;
  /** Texts that mean no choice. An empty cell always means no choice. */
  none?: Array<string> | undefined;
}

export interface ImportMappingTypeColumn {
  column: ImportColumn;
  /** The till’s names of the types, e.g. `{"Eat in": "dine_in"}`. */
  values?: Record<string, OrderType> | undefined;
  /** Type for cells that are empty or not listed. */
  otherwise?: OrderType | undefined;
}

export interface ImportMappingTypeFixed {
  fixed: OrderType;
}

export interface ItemImportMappingUnitFixed {
  fixed: string;
}

export type ItemImportMappingOnExisting = "skip" | "update";

export type RecipeImportMappingOnExisting = "skip" | "replace";

export type EventType = "restaurant.registered" | "restaurant.changed" | "member.invited" | "member.joined" | "member.changed" | "member.removed" | "session.started" | "session.ended" | "session.revoked" | "account.changed" | "account.password_changed" | "account.reset" | "account.email_asked" | "account.email_changed" | "api_key.created" | "api_key.changed" | "api_key.rotated" | "api_key.revoked" | "category.created" | "category.changed" | "category.deleted" | "tax.created" | "tax.changed" | "tax.deleted" | "modifier_group.created" | "modifier_group.changed" | "modifier_group.deleted" | "menu_item.created" | "menu_item.changed" | "menu_item.deleted" | "menu_item.availability_changed" | "order.placed" | "order.changed" | "order.status_changed" | "order.line_added" | "order.line_changed" | "order.line_voided" | "order.line_comped" | "order.lines_credited" | "order.sale_corrected" | "payment.recorded" | "payment.refunded" | "drawer.created" | "drawer.changed" | "drawer.deleted" | "shift.opened" | "shift.cash_moved" | "shift.closed" | "stock_location.created" | "stock_location.changed" | "stock_location.deleted" | "inventory_item.created" | "inventory_item.changed" | "inventory_item.deleted" | "recipe.created" | "recipe.changed" | "recipe.deleted" | "supplier.created" | "supplier.changed" | "supplier.deleted" | "supplier_item.created" | "supplier_item.changed" | "supplier_item.deleted" | "purchase_order.created" | "purchase_order.changed" | "purchase_order.sent" | "purchase_order.received" | "purchase_order.cancelled" | "purchase_order.closed" | "goods_receipt.posted" | "goods_receipt.reversed" | "supplier_invoice.received" | "supplier_invoice.read" | "supplier_invoice.failed" | "supplier_invoice.changed" | "supplier_invoice.approved" | "supplier_invoice.rejected" | "supplier_invoice.reprocessed" | "supplier_invoice.posted" | "supplier_invoice.reversed" | "stock.moved" | "stock.depleted" | "stock.wasted" | "stock.transferred" | "stock.prepared" | "stock_count.opened" | "stock_count.recorded" | "stock_count.committed" | "stock_count.cancelled" | "stock.low" | "stock.negative" | "document.created" | "document.changed" | "document.deleted" | "document.issued" | "document.voided" | "business_day.closed" | "document_series.created" | "document_series.changed" | "document_series.deleted" | "import.finished" | "stock.low_digest" | "job.retried" | "job.cancelled" | "webhook_endpoint.created" | "webhook_endpoint.changed" | "webhook_endpoint.deleted" | "webhook_endpoint.enabled" | "webhook_endpoint.disabled" | "webhook_endpoint.secret_rotated" | "webhook_endpoint.tested" | "consent.granted" | "consent.withdrawn" | "message_settings.changed" | "message_template.created" | "message_template.changed" | "message_template.deleted" | "code_pool.created" | "code_pool.changed" | "code_pool.deleted" | "code_pool.imported" | "code_pool.exported" | "code.redeemed" | "code.refunded" | "code.voided" | "code.released" | "code.transferred";

export type MessageRequestKind = "receipt" | "reminder" | "marketing";

export type MenuCategoryItemUnavailableReason = "not_available" | "sold_out" | "outside_schedule";

export type MenuCategoryItemUnit = "kg" | "g" | "lb" | "oz" | "l" | "dl" | "cl" | "ml" | "m" | "h";

export interface MenuCategoryItemPart {
  menuItemId: string;
  variantId: string | null;
  quantity: number;
  /** Its share of the price, for all its units; the shares add up to it. Null: by the single prices. */
  price: number | null;
  name: string;
}

export interface MenuCategoryItemDeposit {
  menuItemId: string;
  name: string;
  price: number;
}

export interface MenuCategoryItem {
  id: string;
  name: string;
  description: string | null;
  price: number;
  variants: Array<ResolvedVariant>;
  modifierGroups: Array<ResolvedModifierGroup>;
  taxes: Array<TaxRate>;
  allergens: Array<Allergen>;
  otherAllergens: Array<string>;
  dietTags: Array<DietTag>;
  station: string | null;
  picture: Picture | null;
  schedules: Array<WeeklyInterval>;
  isAvailable: boolean;
  unavailableReason: MenuCategoryItemUnavailableReason | null;
  /** Portions left. Null: not counted. Zero: sold out. */
  remaining: number | null;
  unit: MenuCategoryItemUnit | null;
  parts: Array<MenuCategoryItemPart>;
  isDeposit: boolean;
  deposit: MenuCategoryItemDeposit | null;
}

export interface MenuCategory {
  id: string;
  name: string;
  schedules: Array<WeeklyInterval>;
  items: Array<MenuCategoryItem>;
}

export type TaxRateVatCategory = "S" | "Z" | "E" | "AE" | "K" | "G" | "O";

export interface TaxRateVat {
  category: TaxRateVatCategory;
  code?: string | undefined;
  reason?: string | undefined;
}

export type ProblemErrorRule = "missing" | "unknown" | "text" | "number" | "whole_number" | "list" | "one_of" | "at_least" | "above" | "at_most" | "below" | "too_large" | "min_chars" | "max_chars" | "min_entries" | "max_entries" | "email" | "format" | "password" | "wrong_password" | "other_password" | "own_address" | "max_below_min" | "positive" | "not_zero" | "past" | "too_far" | "card_number" | "quantity";

export interface ProblemError {
  pointer: string;
  message: string;
  /** The rule that is broken, for pages in other languages. Absent: only `message` says it. */
  rule?: ProblemErrorRule | undefined;
  /** Values for the sentence of the rule: `limit`, or `values`. */
  params?: Record<string, string> | undefined;
}

export interface DietaryLabelsAllergen {
  code: Allergen;
  name: string;
}

export interface DietaryLabelsDietTag {
  code: DietTag;
  name: string;
}

export type MenuBulkChangeKind = "menu_item" | "variant" | "modifier";

export interface MenuBulkChangeBeforeAvailability {
  /** If it is not available: the instant from which it is available again. */
  until: string | null;
  /** Portions left. Null: not counted. Zero: sold out. */
  remaining: number | null;
}

export interface MenuBulkChangeBefore {
  price: number;
  /** Null: a variant has none of its own. */
  isAvailable: boolean | null;
  /** Null: only items have it. */
  availability: MenuBulkChangeBeforeAvailability | null;
}

export interface MenuBulkChangeAfter {
  price: number;
  /** Null: a variant has none of its own. */
  isAvailable: boolean | null;
  /** Null: only items have it. */
  availability: MenuBulkChangeBeforeAvailability | null;
}

export type OrderStatus = "placed" | "accepted" | "preparing" | "ready" | "completed" | "cancelled";

export interface OrderServiceCharge {
  rate: string;
  taxes: Array<TaxRate>;
}

export interface OrderTax {
  taxId: string;
  name: string;
  rate: string;
  inclusive: boolean;
  /** Only if the tax has a VAT category of its own. */
  vat?: TaxRateVat | undefined;
  amount: number;
  /** Amount on which the tax is computed. */
  base: number;
}

export type OrderPaymentStatus = "unpaid" | "partially_paid" | "paid" | "overpaid" | "partially_refunded" | "refunded";

export type OrderLineKind = "item" | "deposit" | "set" | "part" | "modifier" | "voucher" | "taxed_voucher";

export interface OrderLineModifier {
  modifierId: string;
  groupId: string;
  name: string;
  price: number;
  quantity: number;
  freeQuantity: number;
}

export interface OrderLineTaxExemptVat {
  category: TaxRateVatCategory;
  code?: string | undefined;
  reason?: string | undefined;
}

export interface OrderLineTax {
  taxId: string;
  name: string;
  rate: string;
  inclusive: boolean;
  /** Only if the tax has a VAT category of its own. */
  vat?: TaxRateVat | undefined;
  amount: number;
  /** Tax-exempt customer only: the rate of everybody else. */
  exemptRate?: string | undefined;
  /** Likewise, where the tax has `vat`. */
  exemptVat?: OrderLineTaxExemptVat | undefined;
}

export interface OrderLineComp {
  reason: string;
  allowedBy: string;
  by: string;
  at: string;
}

export interface OrderLineFree {
  reason: string;
  allowedBy: string;
  by: string;
  at: string;
}

export interface OrderHistoryEntryActor {
  kind: string;
  id: string;
  /** Name as it is today, also of a person who has left. Null: no person or API key. */
  name: string | null;
}

export interface OrderHistoryEntryChanges {
  from?: unknown | undefined;
  to?: unknown | undefined;
}

export interface OrderHistoryEntry {
  at: string;
  action: string;
  actor: OrderHistoryEntryActor;
  changes: Record<string, OrderHistoryEntryChanges>;
}

export type PaymentMethod = "cash" | "card" | "voucher" | "other";

export type PaymentPrepaidKind = "deposit" | "voucher";

export interface PaymentPrepaidChargeTax {
  taxId: string;
  name: string;
  rate: string;
  inclusive: boolean;
  /** Only if the tax has a VAT category of its own. */
  vat?: TaxRateVat | undefined;
  base: number;
  amount: number;
}

export interface PaymentPrepaidCharge {
  net: number;
  taxes: Array<PaymentPrepaidChargeTax>;
}

export interface PaymentPrepaidSold {
  menuItemId: string;
  name: string;
  categoryId: string;
  categoryName: string;
}

export interface PaymentPrepaid {
  kind: PaymentPrepaidKind;
  amount: number;
  /** One for each set of taxes. */
  charges: Array<PaymentPrepaidCharge>;
  /** For a voucher: the item that sold it. */
  sold?: PaymentPrepaidSold | undefined;
}

export interface RefundLine {
  lineId: string;
  name: string;
  quantity: number | string | null;
  amount: number;
}

export interface RefundParts {
  goods: number;
  serviceCharge: number;
  tax: number;
  tip: number;
  unsettled: number;
}

export type ListedPaymentStatus = "paid" | "partially_refunded" | "refunded";

export interface ReceiptRestaurant {
  name: string;
  address: string | null;
  vatId: string | null;
  taxNumber: string | null;
  country: string | null;
  /** Language of labels, numbers and dates in print. */
  language: PrintLanguage;
}

export interface ReceiptLineModifier {
  name: string;
  quantity: number;
  amount: number;
}

export interface ReceiptLine {
  name: string;
  variantName: string | null;
  /** Decimal text if the line is sold by weight or the like. */
  quantity: number | string;
  unit: MenuCategoryItemUnit | null;
  unitPrice: number;
  modifiers: Array<ReceiptLineModifier>;
  grossAmount: number;
  discountAmount: number;
  amount: number;
}

export interface ReceiptTax {
  name: string;
  rate: string;
  inclusive: boolean;
  base: number;
  amount: number;
}

export interface ReceiptPayment {
  method: PaymentMethod;
  amount: number;
  tip: number;
  rounding?: number | undefined;
  tendered: number;
  change: number;
  reference: string | null;
}

export interface ReceiptRefund {
  amount: number;
  rounding?: number | undefined;
  reason: string;
}

export interface ReceiptRefundTax {
  name: string;
  rate: string;
  inclusive: boolean;
  base: number;
  amount: number;
}

export interface ReceiptVoucherTax {
  name: string;
  rate: string;
  inclusive: boolean;
  /** Only if the tax has a VAT category of its own. */
  vat?: TaxRateVat | undefined;
  base: number;
  amount: number;
}

export type ShiftStatus = "open" | "closed";

export type ShiftFiguresMovementKind = "pay_in" | "pay_out" | "drop";

export interface ShiftFiguresMovement {
  kind: ShiftFiguresMovementKind;
  count: number;
  amount: Total;
}

export interface ShiftFigures {
  staff: Array<StaffTakings>;
  movements: Array<ShiftFiguresMovement>;
  cash: ShiftCash;
}

export type CodePoolKind = "pickup" | "voucher" | "table" | "imported";

export type CodePoolWhenEmpty = "refuse" | "generate";

export type CodePoolTaxKind = "single_purpose" | "multi_purpose";

export type CodeStatus = "active" | "void" | "released" | "transferred";

export type CodeStoryMovementKind = "redeem" | "refund" | "void" | "expire" | "release" | "transfer";

export interface CodeStoryMovement {
  id: string;
  codeId: string;
  kind: CodeStoryMovementKind;
  amount: number;
  balanceAfter: number;
  taxKind: CodePoolTaxKind | null;
  orderId: string | null;
  paymentId: string | null;
  refundId: string | null;
  reason: string | null;
  businessDate: string;
  createdBy: string;
  createdAt: string;
}

export interface VoucherLiabilityEntry {
  taxKind: CodePoolTaxKind;
  /** Owed before the period. */
  opening: Balance;
  issued: Total;
  /** Less what came back with refunds. */
  redeemed: Balance;
  expired: Total;
  /** Voided or released. */
  cancelled: Total;
  /** opening + issued - redeemed - expired - cancelled. */
  outstanding: Balance;
}

export interface Translations2 {
  name?: string | undefined;
  description?: string | undefined;
}

export interface MenuItemPart {
  menuItemId: string;
  variantId: string | null;
  quantity: number;
  /** Its share of the price, for all its units; the shares add up to it. Null: by the single prices. */
  price: number | null;
}

export interface InventoryItemUnit {
  unit: string;
  numerator: string;
  denominator: string;
}

export type InventoryItemPolicy = "forbid" | "allow_negative" | "auto_86";

export interface RecipeLine {
  inventoryItemId: string | null;
  recipeId: string | null;
  /** Decimal text. */
  quantity: string;
  unit: string;
  wastePercent: string;
}

export type StockMovementKind = "sale" | "void" | "receipt" | "count" | "waste" | "transfer" | "prep" | "correction";

export interface StockMovementSource {
  kind: string;
  id: string;
  version: number;
}

export interface DepletionWithoutRecipe {
  menuItemId: string;
  variantId: string | null;
  name: string;
  variantName: string | null;
  lines: number;
  units: number;
}

export interface DepletionConsumption {
  inventoryItemId: string;
  name: string;
  unit: string;
  /** Decimal text in the item’s stock unit. */
  quantity: string;
}

export interface DepletionShort {
  inventoryItemId: string;
  name: string;
  unit: string;
  /** Decimal text in the item’s stock unit. */
  wanted: string;
  /** Decimal text in the item’s stock unit. */
  left: string;
}

export interface StockOnHandLocation {
  locationId: string | null;
  /** Decimal text. */
  quantity: string;
}

export type StockAuditFaultFault = "quantity" | "location" | "negative";

export interface StockAuditFault {
  inventoryItemId: string;
  name: string;
  /** quantity: differs from the sum of the movements. location: the quantity at a location differs from the sum of its movements. negative: below zero although the policy forbids it. */
  fault: StockAuditFaultFault;
  locationId: string | null;
  /** Decimal text. */
  expected: string;
  /** Decimal text. */
  found: string;
}

export type WasteEntryReason = "spoiled" | "expired" | "dropped" | "overproduced" | "returned" | "staff_meal" | "other";

export type StockCountStatus = "open" | "committed" | "cancelled";

export interface StockCountSheetLine {
  inventoryItemId: string;
  name: string;
  unit: string;
  /** Null until the item is counted. */
  countedQuantity: string | null;
  countedAt: string | null;
  countedBy: string | null;
  /** Quantity in the stock ledger at the time of counting. Null in a blind count before the commit. */
  expectedQuantity: string | null;
  /** countedQuantity - expectedQuantity. */
  variance: string | null;
  /** Average cost at the commit. */
  unitCost: string | null;
  varianceValue: Balance | null;
}

export type PurchaseOrderStatus = "draft" | "sent" | "partly_received" | "received" | "cancelled";

export interface PurchaseOrderLine {
  id: string;
  inventoryItemId: string;
  name: string;
  articleNumber: string | null;
  /** Decimal text. */
  quantity: string;
  unit: string;
  unitPrice: number | null;
  amount: number | null;
  /** In `unit`. It exceeds `quantity` if more than ordered was delivered. */
  receivedQuantity: string;
}

export type PurchaseOrderProposalsSkippedReason = "no_par_level" | "no_supplier" | "no_preferred_supplier" | "unknown_unit" | "enough_on_order" | "par_level_reached" | "too_much";

export interface PurchaseOrderProposalsSkipped {
  inventoryItemId: string;
  name: string;
  reason: PurchaseOrderProposalsSkippedReason;
}

export type GoodsReceiptStatus = "posted" | "reversed";

export interface GoodsReceiptLine {
  purchaseOrderLineId: string | null;
  inventoryItemId: string;
  name: string;
  /** Negative for goods that went back, as an invoice states them. */
  quantity: string;
  unit: string;
  /** The quantity as posted, in the item’s stock unit. */
  stockQuantity: string;
  /** Minor units for one stock unit. */
  unitCost: string;
  unitPrice: number;
  amount: number;
  /** The order’s price, or the supplier’s last price if nothing was ordered. */
  expectedUnitPrice: number | null;
  /** Cost of the line above the expected cost; negative if it was cheaper. */
  priceDifference: number | null;
  /** Part of the quantity that exceeds the order, all deliveries taken together. */
  excessQuantity: string;
  locationId: string | null;
}

export type SupplierMailReceivedEntryStatus = "received" | "extracting" | "review" | "approved" | "posted" | "reversed" | "failed" | "rejected";

export interface SupplierMailReceivedEntry {
  id: string;
  fileName: string;
  sha256: string;
  /** `received` and `extracting`: being read. `review`: waits for a person. `failed`: could not be read, `failure` says why. */
  status: SupplierMailReceivedEntryStatus;
  /** The same bytes were here before; this is that document. */
  isDuplicate: boolean;
}

export type SupplierInvoiceSummaryDocumentType = "unknown" | "invoice" | "credit_note";

export type SupplierInvoiceSummarySourceKind = "pdf" | "jpeg" | "png" | "webp" | "heic" | "xml" | "csv";

export type SupplierInvoiceSummarySourceFormat = "ubl" | "cii" | "fatturapa" | "pdf_text" | "ocr" | "csv";

export interface SupplierInvoiceSummarySource {
  kind: SupplierInvoiceSummarySourceKind;
  bytes: number;
  pages: number | null;
  format: SupplierInvoiceSummarySourceFormat | null;
}

export interface SupplierInvoiceSummarySupplier {
  /** The supplier here; null until it is known. */
  id: string | null;
  name: string | null;
  vatId: string | null;
}

export interface SupplierInvoiceSummaryBuyer {
  name: string | null;
}

export interface SupplierInvoiceTax {
  /** Decimal text as the document states it. */
  rate: string | null;
  category: string | null;
  /** Decimal text as the document states it. */
  base: string | null;
  /** Decimal text as the document states it. */
  amount: string | null;
}

export interface SupplierInvoiceCheck {
  rule: string;
  ok: boolean;
  position?: number | undefined;
  expected?: string | undefined;
  stated?: string | undefined;
  message?: string | undefined;
}

export interface SupplierInvoiceDuplicate {
  id: string;
  fileName: string;
  /** `received` and `extracting`: being read. `review`: waits for a person. `failed`: could not be read, `failure` says why. */
  status: SupplierMailReceivedEntryStatus;
}

export type SupplierInvoiceComparisonReason = "short" | "dearer" | "not_ordered";

export interface SupplierInvoiceComparison {
  inventoryItemId: string;
  ordered: string | null;
  received: string | null;
  invoiced: string;
  orderedUnitCost: string | null;
  invoicedUnitCost: string;
  /** Minor units of the restaurant’s currency. */
  credit: number;
  reasons: Array<SupplierInvoiceComparisonReason>;
}

export interface SupplierInvoiceRevaluation {
  inventoryItemId: string;
  /** Goods of the receipt that this document prices, in stock units. */
  quantity: string;
  receivedUnitCost: string;
  invoicedUnitCost: string;
  /** Of them, what was in stock and got the new cost. */
  heldQuantity: string;
  /** What the stock became worth more, in minor units. */
  stockValue: Total;
  /** The rest of the difference: of goods that were gone. */
  variance: Total;
}

export interface SupplierInvoicePriceChangeDish {
  menuItemId: string;
  name: string;
  /** Minor units of the restaurant’s currency. */
  price: number;
  /** Minor units of the restaurant’s currency. */
  costChange: number;
  marginLoss: string | null;
}

export interface SupplierInvoicePriceChange {
  position: number;
  inventoryItemId: string;
  previousUnitCost: string;
  unitCost: string;
  percent: string;
  isRise: boolean;
  dishes: Array<SupplierInvoicePriceChangeDish>;
}

export type SupplierInvoiceLineMatchSource = "learned" | "article" | "name" | "person";

export interface SupplierInvoiceLineMatch {
  inventoryItemId: string;
  itemName: string | null;
  /** How sure the match is, from 0 to 1. */
  score: string | null;
  source: SupplierInvoiceLineMatchSource | null;
  /** Stock units in one invoiced unit. */
  packQuantity: string | null;
  stockUnit: string | null;
}

export interface SupplierInvoiceLinePosted {
  stockQuantity: string;
  unitCost: string;
}

export interface ItemPricesEntry {
  supplierInvoiceId: string;
  position: number;
  supplierId: string;
  supplierName: string;
  number: string | null;
  issueDate: string | null;
  stockQuantity: string;
  /** Minor units for one stock unit. */
  unitCost: string;
}

export type DocumentType = "quotation" | "boq" | "invoice" | "receipt" | "credit_note" | "deposit" | "purchase_order" | "goods_receipt" | "stock_count" | "day_close";

export type DocumentStatus = "draft" | "issued" | "voided";

export interface DocumentTax {
  taxId: string;
  name: string;
  rate: string;
  inclusive: boolean;
  /** Only if the tax has a VAT category of its own. */
  vat?: TaxRateVat | undefined;
  base: Balance;
  amount: Balance;
}

export interface DocumentDetailsPayment {
  method: PaymentMethod;
  amount: number;
  tip: number;
  rounding?: number | undefined;
  tendered: number;
  change: number;
  /** Number of the deposit’s document that is deducted. */
  deposit?: string | undefined;
}

export interface DocumentDetailsRefundTax {
  taxId: string;
  name: string;
  rate: string;
  inclusive: boolean;
  /** Only if the tax has a VAT category of its own. */
  vat?: TaxRateVat | undefined;
  amount: number;
  base: number;
}

export interface DocumentDetailsRefund {
  method: PaymentMethod;
  amount: number;
  rounding?: number | undefined;
  reason: string;
  taxes: Array<DocumentDetailsRefundTax>;
}

export interface DocumentDetailsDepositCharge {
  net: number;
  taxes: Array<DocumentDetailsRefundTax>;
}

export interface DocumentDetailsDeposit {
  /** A single-purpose voucher, taxed when it was sold. Absent: a deposit. */
  kind?: "voucher" | undefined;
  /** Null: a voucher. */
  documentId: string | null;
  paymentId: string;
  /** For a voucher: the reference of its payment. */
  number: string;
  issueDate: string;
  /** Business date of the payment. */
  date: string;
  amount: number;
  charges: Array<DocumentDetailsDepositCharge>;
}

export interface DocumentDetailsDeposit2 {
  paymentId: string;
  date: string;
}

export interface DocumentDetailsTaxExemption {
  reason: string;
  certificate: string;
}

export interface DocumentDetailsOrder {
  number: string;
  /** Local time of the restaurant. */
  placedAt: string;
  table: string | null;
  /** Business date of the order: the day of the supply. */
  businessDate?: string | undefined;
}

export interface DocumentDetailsPurchase {
  purchaseOrderId?: string | undefined;
  goodsReceiptId?: string | undefined;
  /** Number of the purchase order or of the delivery note. */
  reference: string | null;
  /** The restaurant’s customer number at the supplier. */
  customerNumber: string | null;
}

export interface DocumentDetailsStockCount {
  stockCountId: string;
  date: string;
}

export interface DocumentDetailsQuotation {
  quotationId: string;
  number: string;
}

export interface DocumentDetailsReplaces {
  documentId: string;
  number: string;
}

export interface DocumentDetails {
  /** Receipt or invoice of an order: its payments when the document was written. */
  payments?: Array<DocumentDetailsPayment> | undefined;
  /** Invoice or receipt of an order: earlier refunds of its sale. The lines are less them. */
  refunds?: Array<DocumentDetailsRefund> | undefined;
  /** Invoice or receipt of an order: its deposits that have valid documents, and single-purpose vouchers, among the payments. The electronic form has them as lines below zero. */
  deposits?: Array<DocumentDetailsDeposit> | undefined;
  /** Deposit only: its payment and the day on which it came. */
  deposit?: DocumentDetailsDeposit2 | undefined;
  /** Tax-exempt customer only. */
  taxExemption?: DocumentDetailsTaxExemption | undefined;
  /** Only if made from an order: details by which the guest recognises it. */
  order?: DocumentDetailsOrder | undefined;
  /** Purchase order or goods receipt only: the source of the document. */
  purchase?: DocumentDetailsPurchase | undefined;
  /** Stock count only: the count and the business date of its commit. */
  stockCount?: DocumentDetailsStockCount | undefined;
  /** The quotation or bill of quantities from which the document was made. */
  quotation?: DocumentDetailsQuotation | undefined;
  /** Invoice or receipt only: the fully credited document of the same order or quotation that this one replaces. */
  replaces?: DocumentDetailsReplaces | undefined;
  /** Day of the supply, if it is not that of the order. */
  supplyDate?: string | undefined;
  eInvoice?: EInvoiceDetails | undefined;
  /** Day close only: the figures of the day. */
  dayClose?: DayReport | undefined;
}

export type SellerEInvoiceProfile = "en16931" | "xrechnung" | "peppol";

export type DocumentLineKind = "item" | "service_charge" | "tip" | "deposit";

export interface DocumentLineTax {
  taxId: string;
  name: string;
  rate: string;
  inclusive: boolean;
  /** Only if the tax has a VAT category of its own. */
  vat?: TaxRateVat | undefined;
  amount: number;
}

export interface DayReportPayment {
  method: PaymentMethod;
  count: number;
  amount: Total;
  tip: Total;
  change: Total;
}

export interface DayReportRefund {
  method: PaymentMethod;
  count: number;
  amount: Total;
}

export interface DayReportRefundTax {
  taxId: string;
  name: string;
  rate: string;
  inclusive: boolean;
  /** Only if the tax has a VAT category of its own. */
  vat?: TaxRateVat | undefined;
  base: Balance;
  amount: Balance;
}

export interface DayReportRefundParts {
  goods: Balance;
  serviceCharge: Balance;
  tax: Balance;
  tip: Balance;
  vouchers?: Balance | undefined;
}

export type DayReportCorrectionKind = "credit_note" | "write_off" | "deposit_kept";

export interface DayReportCorrection {
  kind: DayReportCorrectionKind;
  count: number;
  amount: Balance;
  taxAmount: Balance;
}

export interface DayReportDepositsTaken {
  count: number;
  amount: Total;
}

export interface DayReportDepositsReleased {
  count: number;
  amount: Total;
}

export interface DayReportDepositsDeducted {
  count: number;
  amount: Total;
}

export interface DayReportDepositsVouchers {
  count: number;
  amount: Balance;
}

export interface DayReportDeposits {
  taken: DayReportDepositsTaken;
  /** Given back on this day before the meal, or kept of an order that was cancelled on this day. */
  released: DayReportDepositsReleased;
  /** Of the orders of this day. */
  deducted: DayReportDepositsDeducted;
  /** Single-purpose vouchers that paid on this day, less what came back onto them: they were taxed when they were sold. Absent on older closes. */
  vouchers?: DayReportDepositsVouchers | undefined;
  /** Taken, less released, deducted and vouchers, by tax and rate. */
  taxes: Array<DocumentTax>;
}

export interface DayReportCancelledOrders {
  count: number;
  total: Total;
}

export interface DayReportVoidedLines {
  count: number;
  units: number;
  amount: Balance;
}

export interface DayReportUnfinishedOrdersOrder {
  id: string;
  number: string;
  status: OrderStatus;
  total: Total;
  dueTotal: Balance;
}

export interface DayReportUnfinishedOrders {
  count: number;
  /** Number of orders that are not completed. */
  open: number;
  /** Completed orders on which the guest gets money back. Absent on older closes. */
  unsettled?: number | undefined;
  dueTotal: Balance;
  /** The first hundred. */
  orders: Array<DayReportUnfinishedOrdersOrder>;
}

export interface DayReportBalance {
  salesKept: Balance;
  moneyKept: Balance;
  dueTotal: Balance;
  otherDays: Balance;
}

export interface DayReportCashMovement {
  kind: ShiftFiguresMovementKind;
  count: number;
  amount: Total;
}

export interface DayReportShifts {
  count: number;
  open: number;
  /** The first hundred. */
  list: Array<DayShift>;
}

export interface DayReportCash {
  expected: Balance;
  counted: Balance | null;
  difference: Balance | null;
}

export type DocumentSeriesReset = "month" | "year" | "never";

export type DocumentSeriesKind = "gapless" | "fast";

export interface DocumentSeriesAuditGap {
  period: string;
  from: number;
  to: number;
}

export interface DocumentSeriesAuditFault {
  documentId: string;
  number: string;
  problem: string;
}

export interface DaySummaryHourWeekBefore {
  orders: number;
  revenue: Balance;
}

export interface DaySummaryHour {
  hour: number;
  orders: number;
  revenue: Balance;
  weekBefore: DaySummaryHourWeekBefore;
}

export interface DaySummaryTopItem {
  menuItemId: string;
  name: string;
  orders: number;
  revenue: Balance;
  units: number;
}

export interface DaySummaryLowStockItem {
  id: string;
  name: string;
  unit: string;
  currentQuantity: string;
}

export interface DaySummaryLowStock {
  items: Array<DaySummaryLowStockItem>;
  hasMore: boolean;
}

export interface DayDifferencesDay {
  date: string;
  number: string;
  salesKept: Balance;
  moneyKept: Balance;
  dueTotal: Balance;
  otherDays: Balance;
  /** salesKept - moneyKept - dueTotal - otherDays. */
  difference: Balance;
}

export type SalesReportGroupBy = "day" | "hour" | "item" | "category" | "type" | "month" | "weekday" | "weekday_hour" | "table" | "server";

export interface SalesReportEntry {
  /** Business date, hour of the day, id of the item or category, order type, month (`2026-11`), weekday (`1`: Monday), weekday and hour (`6-19`), name of the table (empty: none), or who placed the order. */
  key: string;
  label: string;
  /** Number of orders, without cancelled ones. */
  orders: number;
  units: number;
  grossSales: Balance;
  discountTotal: Balance;
  /** grossSales - discountTotal. It contains included taxes, but no added taxes, service charge or tips. */
  revenue: Balance;
  taxTotal: Balance;
  /** Amount of the multi-purpose vouchers sold. It is owed to their holders, and in no other figure but `total`. */
  vouchersSold: Balance;
  /** Amount that single-purpose vouchers paid in the period, less what came back onto them. Their sale was revenue: the item that sold them is less it. */
  vouchersRedeemed: Balance;
}

export type PaymentsReportGroupBy = "method" | "day" | "month";

export interface PaymentsReportEntry {
  /** Method, business date, or month (`2026-11`). */
  key: string;
  /** Number of payments. */
  payments: number;
  /** Paid towards bills, without tips. */
  amount: Total;
  tip: Total;
  /** Number of refunds. */
  refunds: number;
  refundAmount: Total;
  /** amount + tip - refundAmount */
  net: Balance;
}

export interface StockVarianceReportTotals {
  theoreticalUseValue: Balance;
  varianceValue: Balance;
  /** Decimal text; null if the divisor is zero. */
  variancePercent: string | null;
}

export interface CostOfGoodsReportEntry {
  /** Business date, or the id of the item or category. */
  key: string;
  label: string;
  units: number;
  /** Of these, sold without a recipe: they count as free. */
  unitsWithoutCost: number;
  /** As in the sales report: included taxes are inside. */
  revenue: Total;
  /** Without included taxes. */
  netRevenue: Total;
  cost: Balance;
  /** netRevenue - cost */
  grossMargin: Balance;
  /** Decimal text; null if the divisor is zero. */
  foodCostPercent: string | null;
}

export type CostOfGoodsReportGroupBy = "day" | "item" | "category";

export interface CostOfGoodsReportTotals {
  units: number;
  /** Of these, sold without a recipe: they count as free. */
  unitsWithoutCost: number;
  /** As in the sales report: included taxes are inside. */
  revenue: Total;
  /** Without included taxes. */
  netRevenue: Total;
  cost: Balance;
  /** netRevenue - cost */
  grossMargin: Balance;
  /** Decimal text; null if the divisor is zero. */
  foodCostPercent: string | null;
}

export interface FoodCostReportEntryPortionIngredient {
  inventoryItemId: string;
  name: string;
  unit: string;
  /** Decimal text in the stock unit. */
  quantity: string;
  /** Moving average, minor units for one stock unit. */
  unitCost: string;
  cost: Balance;
  /** Decimal text; null if the divisor is zero. */
  sharePercent: string | null;
}

export interface FoodCostReportEntryPortion {
  variantId: string | null;
  name: string;
  price: number;
  /** Without included taxes. */
  netPrice: number;
  hasRecipe: boolean;
  /** Null without a recipe. Below zero: a modifier that saves more than it takes. */
  cost: Balance | null;
  /** netPrice - cost */
  margin: Balance | null;
  /** Decimal text; null if the divisor is zero. */
  foodCostPercent: string | null;
  /** Whether every ingredient has a cost. A missing cost counts as zero. */
  isCostComplete: boolean;
  /** Raw ingredients, also those inside preparations, with waste. Their costs add up to `cost`. */
  ingredients: Array<FoodCostReportEntryPortionIngredient>;
}

export interface FoodCostReportEntryModifier {
  modifierId: string;
  name: string;
  price: number;
  /** Without included taxes. */
  netPrice: number;
  hasRecipe: boolean;
  /** Null without a recipe. Below zero: a modifier that saves more than it takes. */
  cost: Balance | null;
  /** netPrice - cost */
  margin: Balance | null;
  /** Decimal text; null if the divisor is zero. */
  foodCostPercent: string | null;
  /** Whether every ingredient has a cost. A missing cost counts as zero. */
  isCostComplete: boolean;
  /** Raw ingredients, also those inside preparations, with waste. Their costs add up to `cost`. */
  ingredients: Array<FoodCostReportEntryPortionIngredient>;
}

export interface FoodCostReportEntry {
  menuItemId: string;
  name: string;
  categoryId: string;
  /** One per variant; exactly one for an item without variants. */
  portions: Array<FoodCostReportEntryPortion>;
  /** Modifiers that have a recipe, with the cost that one unit adds. */
  modifiers: Array<FoodCostReportEntryModifier>;
}

export interface MenuEngineeringReportMenu {
  dishes: number;
  units: number;
  netRevenue: Total;
  cost: Balance;
  margin: Balance;
  /** 70 % of an even share. */
  popularityThresholdPercent: string | null;
  /** Average margin of all units. */
  marginThreshold: Balance | null;
}

export type EngineeredDishClass = "star" | "plowhorse" | "puzzle" | "dog";

export type EngineeredDishUnclassedReason = "not_sold" | "no_recipe" | "no_cost";

export type EngineeredDishCostSource = "ledger" | "recipe" | "mixed";

export interface RestaurantServiceCharge {
  rate: PercentOutput;
  orderTypes: Array<string>;
  taxIds: Array<string>;
}

export interface RestaurantPickupCodes {
  poolId: string;
  orderTypes: Array<string>;
}

export interface MembershipRestaurant {
  id: string;
  name: string;
}

export type Role = "owner" | "manager" | "staff" | "kitchen";

export interface MeApiKey {
  id: string;
  name: string;
  kind: NewApiKeyKind;
  scopes: Array<Scope>;
}

export type InvitedMemberStatus = "invited" | "active";

export interface InvitedMemberInvitation {
  token: string;
  expiresAt: string;
}

export type ImportKind = "orders" | "inventory_items" | "recipes" | "opening_stock";

export type ImportStatus = "processing" | "completed" | "failed" | "interrupted";

export type JobState = "queued" | "running" | "done" | "failed" | "cancelled";

export interface JobError {
  code: string;
  message: string;
}

export type CreatedWebhookEndpointState = "enabled" | "disabled";

export type CreatedWebhookEndpointDisabledReason = "switched_off" | "gone" | "failures";

export interface EnabledWebhookEndpointRecoverable {
  since: string;
  /** Counted up to 5,000. */
  deliveries: number;
}

export type WebhookDeliveryStatus = "waiting" | "delivered" | "given_up";

export interface AssistantAnswerUsage {
  inputTokens: number;
  outputTokens: number;
  /** The model’s server did not report its usage. */
  isEstimated: boolean;
}

export type AssistantProposalAction = "set_availability" | "set_price" | "draft_purchase_order" | "open_stock_count";

export interface AssistantProposalDiff {
  field: string;
  from: string | number | boolean | null;
  to: string | number | boolean | null;
}

export interface AssistantConversationTurn {
  position: number;
  question: string;
  answer: string;
  sources: Array<AssistantSource>;
  createdAt: string;
}

export type MessageKind = "order_ready" | "low_stock_digest" | "day_close" | "invitation" | "password_reset" | "email_change" | "email_change_notice" | "receipt" | "reminder" | "marketing";

export type MessageChannel = "sms" | "email";

export type MessageStatus = "queued" | "sending" | "unknown" | "sent" | "delivered" | "failed" | "suppressed" | "expired";

export type ConsentStatus = "granted" | "withdrawn";

export type ConsentSource = "guest" | "staff" | "stop" | "carrier";

export type MessageTemplateKind = "order_ready" | "low_stock_digest" | "day_close" | "invitation" | "password_reset" | "email_change" | "email_change_notice" | "receipt";

export interface CategoryCreatedDataId {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  translations?: Translations | undefined;
  position: number;
  schedules: Array<WeeklyInterval>;
}

export interface CategoryCreatedDataImportId {
  id: string;
  version?: number | undefined;
  createdAt?: string | undefined;
  updatedAt?: string | undefined;
  name?: string | undefined;
  translations?: Translations | undefined;
  position?: number | undefined;
  schedules?: Array<WeeklyInterval> | undefined;
  importId: string;
}

export interface ModifierGroupCreatedDataIdModifier {
  id: string;
  name: string;
  price: number;
  maxQuantity: number;
  isAvailable: boolean;
  taxIds?: Array<string> | undefined;
  translations?: Translations | undefined;
}

export interface ModifierGroupCreatedDataId {
  id: string;
  name: string;
  minSelections: number;
  maxSelections: number;
  freeSelections: number;
  modifiers: Array<ModifierGroupCreatedDataIdModifier>;
  version: number;
  createdAt: string;
  updatedAt: string;
  translations?: Translations | undefined;
}

export interface ModifierGroupCreatedDataImportId {
  id: string;
  name?: string | undefined;
  minSelections?: number | undefined;
  maxSelections?: number | undefined;
  freeSelections?: number | undefined;
  modifiers?: Array<ModifierGroupCreatedDataIdModifier> | undefined;
  version?: number | undefined;
  createdAt?: string | undefined;
  updatedAt?: string | undefined;
  translations?: Translations | undefined;
  importId: string;
}

export interface MenuItemCreatedDataIdVariant {
  id: string;
  name: string;
  price: number;
  translations?: Translations | undefined;
}

export interface MenuItemCreatedDataId {
  id: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  name: string;
  categoryId: string;
  price: number;
  description: string | null;
  translations?: Translations | undefined;
  variants: Array<MenuItemCreatedDataIdVariant>;
  modifierGroupIds: Array<string>;
  taxIds: Array<string>;
  /** One of `Allergen`; free text on older events. */
  allergens: Array<string>;
  otherAllergens?: Array<string> | undefined;
  dietTags?: Array<DietTag> | undefined;
  pictureId?: string | null | undefined;
  station: string | null;
  position: number;
  isAvailable: boolean;
  availability: MenuBulkChangeBeforeAvailability;
  /** No portion can be made: an ingredient with the policy auto_86 has run out. */
  isOutOfStock: boolean;
  schedules: Array<WeeklyInterval>;
  unit?: MenuCategoryItemUnit | null | undefined;
  parts?: Array<MenuItemPart> | undefined;
  isDeposit?: boolean | undefined;
  depositItemId?: string | null | undefined;
  voucherPoolId?: string | null | undefined;
}

export interface MenuItemCreatedDataImportId {
  id: string;
  version?: number | undefined;
  createdAt?: string | undefined;
  updatedAt?: string | undefined;
  name?: string | undefined;
  categoryId?: string | undefined;
  price?: number | undefined;
  description?: string | null | undefined;
  translations?: Translations | undefined;
  variants?: Array<MenuItemCreatedDataIdVariant> | undefined;
  modifierGroupIds?: Array<string> | undefined;
  taxIds?: Array<string> | undefined;
  /** One of `Allergen`; free text on older events. */
  allergens?: Array<string> | undefined;
  otherAllergens?: Array<string> | undefined;
  dietTags?: Array<DietTag> | undefined;
  pictureId?: string | null | undefined;
  station?: string | null | undefined;
  position?: number | undefined;
  isAvailable?: boolean | undefined;
  availability?: MenuBulkChangeBeforeAvailability | undefined;
  /** No portion can be made: an ingredient with the policy auto_86 has run out. */
  isOutOfStock?: boolean | undefined;
  schedules?: Array<WeeklyInterval> | undefined;
  unit?: MenuCategoryItemUnit | null | undefined;
  parts?: Array<MenuItemPart> | undefined;
  isDeposit?: boolean | undefined;
  depositItemId?: string | null | undefined;
  voucherPoolId?: string | null | undefined;
  importId: string;
}

export interface MenuItemAvailabilityChangedDataIsOutOfStock {
  isOutOfStock: boolean;
}

export interface OrderLinesCreditedDataLine {
  lineId: string;
  /** Decimal text if the line is sold by weight or the like. */
  quantity: number | string;
}

export type OrderSaleCorrectedDataKind = "credit_note" | "write_off" | "reinstated" | "deposit_kept";

export interface StockDepletedDataConsumption {
  inventoryItemId: string;
  name: string;
  /** Decimal text. */
  quantity: string;
  unit: string;
}

export interface StockWastedDataLine {
  inventoryItemId: string;
  name: string;
  locationId: string | null;
  /** Decimal text. */
  quantity: string;
  unit: string;
  /** Decimal text. */
  unitCost: string;
}

export interface StockPreparedDataOutput {
  inventoryItemId: string;
  name: string;
  locationId: string | null;
  /** Decimal text. */
  quantity: string;
  unit: string;
  /** Decimal text. */
  unitCost: string;
}

export interface StockPreparedDataConsumed {
  inventoryItemId: string;
  name: string;
  locationId: string | null;
  /** Decimal text. */
  quantity: string;
  unit: string;
  /** Decimal text. */
  unitCost: string;
}

export interface StockCountRecordedDataLine {
  inventoryItemId: string;
  /** Decimal text. */
  quantity: string | null;
  countedAt: string | null;
  recordedAt: string | null;
}

export interface StockLowDigestDataItem {
  id: string;
  name: string;
  unit: string;
  /** Decimal text. */
  currentQuantity: string;
  /** Decimal text. */
  reorderPoint: string;
}

export interface WebhookEndpointDisabledDataDisabled {
  id: string;
  url: string;
  state: "disabled";
  disabledReason: CreatedWebhookEndpointDisabledReason;
}

export interface CodeVoidedDataKind {
  poolId: string;
  kind: CodeStoryMovementKind;
  amount: number;
  balance: number;
  taxKind: CodePoolTaxKind | null;
  orderId: string | null;
  paymentId: string | null;
  reason: string | null;
  /** ISO 4217. */
  currency: string;
}

export interface CodeVoidedDataTable {
  poolId: string;
  table: string;
}

export interface MenuOrderMenuItemInput {
  categoryId: string;
  menuItemIds: Array<string>;
}

export interface MenuOrderVariantInput {
  menuItemId: string;
  variantIds: Array<string>;
}

export interface MenuOrderModifierGroupInput {
  menuItemId: string;
  modifierGroupIds: Array<string>;
}

export interface MenuOrderModifierInput {
  modifierGroupId: string;
  modifierIds: Array<string>;
}

export interface OrderLineModifierInput {
  modifierId: string;
  quantity?: number | undefined;
}

export interface OrderLineFreeInput {
  reason: string;
  allowedBy?: string | undefined;
}

export interface CategoryTranslationsInput {
  name?: string | undefined;
  description?: string | undefined;
}

export interface MenuItemVariantInput {
  /** Id of an existing variant to keep. If absent, a new one is created. */
  id?: string | undefined;
  name: string;
  /** Name and description by language (BCP 47). Replaces all of them. Absent: they stay. */
  translations?: Record<string, CategoryTranslationsInput> | undefined;
  price: number;
}

export interface MenuItemAvailabilityInput {
  /** If it is not available: the instant from which it is available again. */
  until?: string | null | undefined;
  /** Portions left. Null: not counted. Zero: sold out. */
  remaining?: number | null | undefined;
}

export interface MenuItemPartInput {
  menuItemId: string;
  /** Required if the item has variants. */
  variantId?: string | null | undefined;
  quantity?: number | undefined;
  /** Its share of the price, for all its units; the shares add up to it. Null: by the single prices. */
  price?: number | null | undefined;
}

export interface ModifierGroupModifierInput {
  /** Id of an existing modifier to keep. If absent, a new one is created. */
  id?: string | undefined;
  name: string;
  /** Name and description by language (BCP 47). Replaces all of them. Absent: they stay. */
  translations?: Record<string, CategoryTranslationsInput> | undefined;
  price?: number | undefined;
  maxQuantity?: number | undefined;
  isAvailable?: boolean | undefined;
  /** Taxes of its own: it then has a line of its own in orders. Empty: the taxes of the item. */
  taxIds?: Array<string> | undefined;
}

export type StockMovementKindInput = "receipt" | "waste" | "correction";

export interface PurchaseOrderReceiveLineInput {
  /** A line of the order. Several receipt lines may name it, for example for two locations. */
  lineId: string;
  quantity: string | number;
  /** Where the goods are stored. The item’s own location if absent. */
  locationId?: string | undefined;
  /** Price charged for one unit of the order line. The order’s price if absent. */
  unitPrice?: number | undefined;
}

export interface GoodsReceiptLineInput {
  inventoryItemId: string;
  quantity: string | number;
  /** Where the goods are stored. The item’s own location if absent. */
  locationId?: string | undefined;
  /** A unit of the item. If absent: the supplier’s pack unit, or the stock unit if the supplier does not list the item. */
  unit?: string | undefined;
  /** Price of one `unit`. The supplier’s last price if absent. */
  unitPrice?: number | undefined;
}

export type SupplierInvoiceDocumentType = "invoice" | "credit_note";

export interface SupplierInvoiceTotalsInput {
  lines?: string | null | undefined;
  allowances?: string | null | undefined;
  charges?: string | null | undefined;
  net?: string | null | undefined;
  tax?: string | null | undefined;
  gross?: string | null | undefined;
  prepaid?: string | null | undefined;
  rounding?: string | null | undefined;
  payable?: string | null | undefined;
}

export interface SupplierInvoiceAllowanceInput {
  amount: string;
  reason?: string | null | undefined;
  taxRate?: string | null | undefined;
}

export interface SupplierInvoiceChargeInput {
  amount: string;
  reason?: string | null | undefined;
  taxRate?: string | null | undefined;
}

export interface SupplierInvoiceLineMatchInput {
  inventoryItemId: string;
  /** Stock units in one invoiced unit. Read from the description if absent. */
  packQuantity?: string | number | undefined;
}

export interface CreditLineInput {
  position: number;
  quantity: string | number;
}

export interface ImportOrdersInput {
  /** CSV or TSV, in any encoding. */
  file: Uint8Array;
  /** Checks and counts everything but stores nothing. */
  dryRun?: boolean | undefined;
  kind: "orders";
  /** JSON text, as a text part or as a file. */
  mapping: ImportMapping;
}

export interface ImportInventoryItemsInput {
  /** CSV or TSV, in any encoding. */
  file: Uint8Array;
  /** Checks and counts everything but stores nothing. */
  dryRun?: boolean | undefined;
  kind: "inventory_items";
  /** JSON text, as a text part or as a file. */
  mapping: ItemImportMapping;
}

export interface ImportRecipesInput {
  /** CSV or TSV, in any encoding. */
  file: Uint8Array;
  /** Checks and counts everything but stores nothing. */
  dryRun?: boolean | undefined;
  kind: "recipes";
  /** JSON text, as a text part or as a file. */
  mapping: RecipeImportMapping;
}

export interface ImportOpeningStockInput {
  /** CSV or TSV, in any encoding. */
  file: Uint8Array;
  /** Checks and counts everything but stores nothing. */
  dryRun?: boolean | undefined;
  kind: "opening_stock";
  /** JSON text, as a text part or as a file. */
  mapping: OpeningStockImportMapping;
}

export type OrderSort = "-placedAt" | "placedAt" | "-businessDate" | "businessDate" | "-updatedAt" | "updatedAt" | "-total" | "total";

export interface ListedOrderList {
  data: Array<ListedOrder>;
  nextCursor: string | null;
}

export interface ListedPaymentList {
  data: Array<ListedPayment>;
  nextCursor: string | null;
}

export interface ListedRefundList {
  data: Array<ListedRefund>;
  nextCursor: string | null;
}

export interface DrawerList {
  data: Array<Drawer>;
  nextCursor: string | null;
}

export interface ShiftList {
  data: Array<Shift>;
  nextCursor: string | null;
}

export interface CashMovementList {
  data: Array<CashMovement>;
  nextCursor: string | null;
}

export interface CodePoolList {
  data: Array<CodePool>;
  nextCursor: string | null;
}

export interface CodeList {
  data: Array<Code>;
  nextCursor: string | null;
}

export interface CategoryList {
  data: Array<Category>;
  nextCursor: string | null;
}

export interface MenuItemList {
  data: Array<MenuItem>;
  nextCursor: string | null;
}

export type PictureSize = "small" | "medium" | "large";

export interface ModifierGroupList {
  data: Array<ModifierGroup>;
  nextCursor: string | null;
}

export interface TaxList {
  data: Array<Tax>;
  nextCursor: string | null;
}

export interface InventoryItemList {
  data: Array<InventoryItem>;
  nextCursor: string | null;
}

export interface RecipeList {
  data: Array<Recipe>;
  nextCursor: string | null;
}

export interface StockMovementList {
  data: Array<StockMovement>;
  nextCursor: string | null;
}

export interface StockOnHandList {
  data: Array<StockOnHand>;
  nextCursor: string | null;
}

export interface StockCountList {
  data: Array<StockCount>;
  nextCursor: string | null;
}

export interface StockLocationList {
  data: Array<StockLocation>;
  nextCursor: string | null;
}

export interface SupplierList {
  data: Array<Supplier>;
  nextCursor: string | null;
}

export interface SupplierItemList {
  data: Array<SupplierItem>;
  nextCursor: string | null;
}

export interface PurchaseOrderList {
  data: Array<PurchaseOrder>;
  nextCursor: string | null;
}

export interface CancelPurchaseOrderInput {
  reason?: string | undefined;
}

export interface GoodsReceiptList {
  data: Array<GoodsReceipt>;
  nextCursor: string | null;
}

export interface ReverseGoodsReceiptTakeFromInput {
  inventoryItemId: string;
  locationId: string;
}

export interface ReverseGoodsReceiptInput {
  reason: string;
  /** Current locations of items that were moved after the receipt. Other items leave the location of the receipt. */
  takeFrom?: Array<ReverseGoodsReceiptTakeFromInput> | undefined;
}

export interface SupplierInvoiceSummaryList {
  data: Array<SupplierInvoiceSummary>;
  nextCursor: string | null;
}

export type DocumentPdfFormat = "page" | "roll";

export type DocumentXmlSyntax = "ubl" | "cii";

export interface DocumentList {
  data: Array<Document>;
  nextCursor: string | null;
}

export interface DocumentSeriesList {
  data: Array<DocumentSeries>;
  nextCursor: string | null;
}

export interface BusinessDayList {
  data: Array<BusinessDay>;
  nextCursor: string | null;
}

export type SalesReportSort = "-key" | "key" | "-revenue" | "revenue" | "-grossSales" | "grossSales" | "-units" | "units" | "-orders" | "orders";

export interface MembershipList {
  data: Array<Membership>;
  nextCursor: string | null;
}

export interface SessionList {
  data: Array<Session>;
  nextCursor: string | null;
}

export interface PreferenceList {
  data: Array<Preference>;
  nextCursor: string | null;
}

export interface MemberList {
  data: Array<Member>;
  nextCursor: string | null;
}

export interface ApiKeyList {
  data: Array<ApiKey>;
  nextCursor: string | null;
}

export interface AuditEntryList {
  data: Array<AuditEntry>;
  nextCursor: string | null;
}

export interface ListedImportList {
  data: Array<ListedImport>;
  nextCursor: string | null;
}

export type JobKind = "import.run" | "stock.digest";

export interface JobList {
  data: Array<Job>;
  nextCursor: string | null;
}

export interface WebhookEndpointList {
  data: Array<WebhookEndpoint>;
  nextCursor: string | null;
}

export interface WebhookDeliveryList {
  data: Array<WebhookDelivery>;
  nextCursor: string | null;
}

export interface ListedConversationList {
  data: Array<ListedConversation>;
  nextCursor: string | null;
}

export interface MessageList {
  data: Array<Message>;
  nextCursor: string | null;
}

export interface ConsentList {
  data: Array<Consent>;
  nextCursor: string | null;
}

export interface MessageTemplateList {
  data: Array<MessageTemplate>;
  nextCursor: string | null;
}

/** What each operation takes and answers. */
export interface Operations {
  /** Get the whole menu, resolved. */
  getMenu: { takes: { query?: { at?: string | undefined; orderType?: OrderType | undefined; language?: string | undefined; withoutAllergens?: string | undefined; diet?: string | undefined } }; answers: Menu };
  /** Get the names of allergens and diet tags in a language. */
  getDietaryLabels: { takes: { query?: { language?: PrintLanguage | undefined } }; answers: DietaryLabels };
  /** Change prices and availability of many items, variants and modifiers at once. */
  changeMenuInBulk: { takes: { body: MenuBulkInput }; answers: MenuBulkOutcome };
  /** Put categories, items, variants, modifier groups and modifiers in order. */
  reorderMenu: { takes: { body?: MenuOrderInput }; answers: MenuOrderOutcome };
  /** Place an order. */
  placeOrder: { takes: { body: OrderInput }; answers: Order };
  /** List orders, newest first. */
  listOrders: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; status?: string | undefined; type?: string | undefined; paymentStatus?: string | undefined; businessDate?: string | undefined; from?: string | undefined; to?: string | undefined; number?: string | undefined; table?: string | undefined; customer?: string | undefined; minTotal?: number | undefined; maxTotal?: number | undefined; updatedSince?: string | undefined; sort?: OrderSort | undefined; lines?: boolean | undefined; unsettled?: boolean | undefined; format?: ExportFormat | undefined } }; answers: ListedOrderList };
  /** Price an order without placing it. */
  previewOrder: { takes: { body: OrderInput }; answers: OrderPreview };
  /** Get an order. */
  getOrder: { takes: { id: string }; answers: Order };
  /** Change an order’s details. */
  changeOrder: { takes: { id: string; query?: { dryRun?: boolean | undefined }; body: OrderPatch; ifMatch: string }; answers: Order };
  /** List who did what to an order. */
  listOrderHistory: { takes: { id: string; query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: OrderHistory };
  /** Add a line. */
  addOrderLine: { takes: { id: string; body: OrderLineInput; ifMatch?: string }; answers: Order };
  /** Change a line. */
  changeOrderLine: { takes: { id: string; lineId: string; query?: { dryRun?: boolean | undefined }; body: OrderLinePatch; ifMatch?: string }; answers: Order };
  /** Void a line. */
  voidOrderLine: { takes: { id: string; lineId: string; query?: { dryRun?: boolean | undefined; reason?: string | undefined }; body?: ReasonInput; ifMatch?: string }; answers: Order };
  /** Give a line for nothing. */
  compOrderLine: { takes: { id: string; lineId: string; query?: { dryRun?: boolean | undefined }; body: CompInput; ifMatch?: string }; answers: Order };
  /** Accept an order and send it to the kitchen. */
  acceptOrder: { takes: { id: string; body?: ReasonInput; ifMatch?: string }; answers: Order };
  /** Start preparing an order. */
  startOrder: { takes: { id: string; body?: ReasonInput; ifMatch?: string }; answers: Order };
  /** Mark an order as ready. */
  markOrderReady: { takes: { id: string; body?: ReasonInput; ifMatch?: string }; answers: Order };
  /** Complete an order. */
  completeOrder: { takes: { id: string; body?: ReasonInput; ifMatch?: string }; answers: Order };
  /** Cancel an order and return its portions. */
  cancelOrder: { takes: { id: string; body?: ReasonInput; ifMatch?: string }; answers: Order };
  /** Reopen a completed order. */
  reopenOrder: { takes: { id: string; body?: ReasonInput; ifMatch?: string }; answers: Order };
  /** Record a payment. */
  recordPayment: { takes: { id: string; body: PaymentInput }; answers: Payment };
  /** List payments and refunds of an order. */
  getOrderPayments: { takes: { id: string }; answers: OrderPayments };
  /** Hand out the vouchers that a paid order sold. */
  handOutVouchers: { takes: { id: string; lineId: string; body?: VoucherHandOutInput }; answers: ClaimedCodes };
  /** List payments of all orders, newest first. */
  listPayments: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; method?: string | undefined; from?: string | undefined; to?: string | undefined; businessDate?: string | undefined; minAmount?: number | undefined; maxAmount?: number | undefined; orderId?: string | undefined; createdBy?: string | undefined; status?: string | undefined; reference?: string | undefined; format?: ExportFormat | undefined } }; answers: ListedPaymentList };
  /** List refunds of all orders, newest first. */
  listRefunds: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; method?: string | undefined; from?: string | undefined; to?: string | undefined; businessDate?: string | undefined; minAmount?: number | undefined; maxAmount?: number | undefined; orderId?: string | undefined; createdBy?: string | undefined; paymentId?: string | undefined; reason?: string | undefined; goodwill?: boolean | undefined; format?: ExportFormat | undefined } }; answers: ListedRefundList };
  /** Refund a payment in full or in part. */
  refundPayment: { takes: { id: string; body: RefundInput }; answers: Refund };
  /** Write off the amount that a completed order still owes. */
  writeOffOrder: { takes: { id: string; body: WriteOffInput }; answers: Order };
  /** Cancel an order and keep its deposit. */
  keepDepositOrder: { takes: { id: string; body: KeepDepositInput }; answers: Order };
  /** Get the receipt of an order. */
  getOrderReceipt: { takes: { id: string; query?: { language?: PrintLanguage | undefined } }; answers: Receipt };
  /** Create a drawer. */
  createDrawer: { takes: { body: DrawerInput }; answers: Drawer };
  /** List drawers. */
  listDrawers: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: DrawerList };
  /** Get a drawer. */
  getDrawer: { takes: { id: string }; answers: Drawer };
  /** Change a drawer. */
  changeDrawer: { takes: { id: string; body: DrawerPatch; ifMatch: string }; answers: Drawer };
  /** Delete a drawer. */
  deleteDrawer: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** Open a shift of a drawer. */
  createDrawerShift: { takes: { id: string; body: ShiftOpenInput }; answers: Shift };
  /** List shifts, newest first. */
  listShifts: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; status?: "open" | undefined; drawerId?: string | undefined; format?: ExportFormat | undefined } }; answers: ShiftList };
  /** Get a shift with its figures: live while open, fixed once closed. */
  getShift: { takes: { id: string }; answers: Shift };
  /** Record cash put into a drawer or taken out without a sale. */
  createShiftMovement: { takes: { id: string; body: CashMovementInput }; answers: CashMovement };
  /** List cash movements of a shift, newest first. */
  listShiftMovements: { takes: { id: string; query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: CashMovementList };
  /** Count the drawer and close the shift. */
  closeShift: { takes: { id: string; body: ShiftCloseInput }; answers: Shift };
  /** Hand out codes. */
  claimCodes: { takes: { id: string; body?: CodeClaimInput }; answers: ClaimedCodes };
  /** Create a code pool. */
  createCodePool: { takes: { body: CodePoolInput }; answers: CodePool };
  /** List code pools. */
  listCodePools: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; q?: string | undefined; format?: ExportFormat | undefined } }; answers: CodePoolList };
  /** Get a code pool. */
  getCodePool: { takes: { id: string }; answers: CodePool };
  /** Change a code pool. */
  changeCodePool: { takes: { id: string; body: CodePoolPatch; ifMatch: string }; answers: CodePool };
  /** Delete a code pool. */
  deleteCodePool: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** Get the exact figures of a pool. */
  getCodePoolStatus: { takes: { id: string }; answers: CodePoolStatus };
  /** Order more codes. */
  refillCodePool: { takes: { id: string; body: CodePoolRefill }; answers: CodePoolStatus };
  /** Append codes from elsewhere. */
  importCodes: { takes: { id: string; body: CodeImport }; answers: CodeImportResult };
  /** Hand out a batch of valued codes for print. */
  exportCodes: { takes: { id: string; body: CodeExportInput }; answers: CodeExport };
  /** List codes that were handed out, newest first. */
  listCodePoolCodes: { takes: { id: string; query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: CodeList };
  /** Print cards with QR codes. */
  downloadCodeSheet: { takes: { id: string; query?: { exportId?: string | undefined } }; answers: Uint8Array };
  /** Redeem a code in full or in part. */
  redeemCode: { takes: { body: CodeRedeemInput }; answers: Redemption };
  /** Look at a code without using it. */
  lookUpCode: { takes: { body: CodeLookUp }; answers: Code };
  /** Get a code with its movements. */
  getCode: { takes: { id: string }; answers: CodeStory };
  /** End a code with all that is left on it. */
  voidCode: { takes: { id: string; body: CodeEndInput }; answers: Code };
  /** Take an unused code back. */
  releaseCode: { takes: { id: string; body: CodeEndInput }; answers: Code };
  /** Replace a voucher by a new one. */
  transferCode: { takes: { id: string; body?: CodeTransferInput }; answers: ClaimedCode };
  /** Revoke the token of a table. */
  revokeTableToken: { takes: { id: string }; answers: TableToken };
  /** Get what is owed to holders of vouchers, by tax kind. */
  getVoucherLiabilityReport: { takes: { query: { from: string; to: string; format?: ExportFormat | undefined } }; answers: VoucherLiability };
  /** Create a category. */
  createCategory: { takes: { body: CategoryInput }; answers: Category };
  /** List categories. */
  listCategories: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: CategoryList };
  /** Get a category. */
  getCategory: { takes: { id: string }; answers: Category };
  /** Change a category. */
  changeCategory: { takes: { id: string; body: CategoryPatch; ifMatch: string }; answers: Category };
  /** Delete a category. */
  deleteCategory: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** Create a menu item. */
  createMenuItem: { takes: { body: MenuItemInput }; answers: MenuItem };
  /** List menu items. */
  listMenuItems: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; q?: string | undefined; categoryId?: string | undefined; station?: string | undefined; isAvailable?: boolean | undefined; format?: ExportFormat | undefined } }; answers: MenuItemList };
  /** Get a menu item. */
  getMenuItem: { takes: { id: string }; answers: MenuItem };
  /** Change a menu item. */
  changeMenuItem: { takes: { id: string; body: MenuItemPatch; ifMatch: string }; answers: MenuItem };
  /** Delete a menu item. */
  deleteMenuItem: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** Make a menu item unavailable (86), set its portions, or make it available again. */
  setMenuItemAvailability: { takes: { id: string; body: AvailabilityInput }; answers: MenuItem };
  /** Upload a picture of a dish. */
  uploadPicture: { takes: { body: FormData }; answers: Picture };
  /** Get a size of a picture. */
  getPicture: { takes: { name: string; size: PictureSize }; answers: Uint8Array };
  /** Create a modifier group. */
  createModifierGroup: { takes: { body: ModifierGroupInput }; answers: ModifierGroup };
  /** List modifier groups. */
  listModifierGroups: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: ModifierGroupList };
  /** Get a modifier group. */
  getModifierGroup: { takes: { id: string }; answers: ModifierGroup };
  /** Change a modifier group. */
  changeModifierGroup: { takes: { id: string; body: ModifierGroupPatch; ifMatch: string }; answers: ModifierGroup };
  /** Delete a modifier group. */
  deleteModifierGroup: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** Create a tax. */
  createTax: { takes: { body: TaxInput }; answers: Tax };
  /** List taxes. */
  listTaxes: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: TaxList };
  /** Get a tax. */
  getTax: { takes: { id: string }; answers: Tax };
  /** Change a tax. */
  changeTax: { takes: { id: string; body: TaxPatch; ifMatch: string }; answers: Tax };
  /** Delete a tax. */
  deleteTax: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** Create an inventory item. */
  createInventoryItem: { takes: { body: InventoryItemInput }; answers: InventoryItem };
  /** List inventory items. */
  listInventoryItems: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; q?: string | undefined; format?: ExportFormat | undefined } }; answers: InventoryItemList };
  /** Get an inventory item. */
  getInventoryItem: { takes: { id: string }; answers: InventoryItem };
  /** Change an inventory item. */
  changeInventoryItem: { takes: { id: string; body: InventoryItemPatch; ifMatch: string }; answers: InventoryItem };
  /** Delete an inventory item. */
  deleteInventoryItem: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** Create a recipe. */
  createRecipe: { takes: { body: RecipeInput }; answers: Recipe };
  /** List recipes. */
  listRecipes: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: RecipeList };
  /** Get a recipe. */
  getRecipe: { takes: { id: string }; answers: Recipe };
  /** Change a recipe. */
  changeRecipe: { takes: { id: string; body: RecipePatch; ifMatch: string }; answers: Recipe };
  /** Delete a recipe. */
  deleteRecipe: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** List items below their reorder point. */
  listLowStock: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: InventoryItemList };
  /** List stock movements, newest first. */
  listStockMovements: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; inventoryItemId?: string | undefined; format?: ExportFormat | undefined } }; answers: StockMovementList };
  /** Post a receipt, waste or a correction by hand. */
  postStockMovement: { takes: { body: StockMovementInput }; answers: StockMovement };
  /** Take the ingredients of past orders from stock. */
  depleteStock: { takes: { body: DepletionInput }; answers: Depletion };
  /** List stock on hand, now or at a past instant. */
  listStock: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; asOf?: string | undefined; locationId?: string | undefined; format?: ExportFormat | undefined } }; answers: StockOnHandList };
  /** Compare all quantities with the stock ledger. */
  auditStock: { takes: object; answers: StockAudit };
  /** Record waste of items, dishes or preparations. */
  recordWaste: { takes: { body: WasteInput }; answers: WasteEntry };
  /** Move stock from one location to another. */
  transferStock: { takes: { body: StockTransferInput }; answers: StockTransfer };
  /** Record a preparation that is kept in stock. */
  recordPrep: { takes: { body: PrepInput }; answers: Prep };
  /** List stock counts, newest first. */
  listStockCounts: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: StockCountList };
  /** Open a stock count of a location, of some items or of everything. */
  openStockCount: { takes: { body?: StockCountInput }; answers: StockCountSheet };
  /** Get a stock count with its lines. */
  getStockCount: { takes: { id: string }; answers: StockCountSheet };
  /** Record counted quantities. */
  recordStockCountLines: { takes: { id: string; body: StockCountLinesInput }; answers: StockCountSheet };
  /** Commit a stock count: post all its variances at once. */
  commitStockCount: { takes: { id: string }; answers: StockCountSheet };
  /** Cancel a stock count without posting anything. */
  cancelStockCount: { takes: { id: string }; answers: StockCountSheet };
  /** Create a stock location. */
  createStockLocation: { takes: { body: StockLocationInput }; answers: StockLocation };
  /** List stock locations. */
  listStockLocations: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: StockLocationList };
  /** Get a stock location. */
  getStockLocation: { takes: { id: string }; answers: StockLocation };
  /** Change a stock location. */
  changeStockLocation: { takes: { id: string; body: StockLocationPatch; ifMatch: string }; answers: StockLocation };
  /** Delete a stock location. */
  deleteStockLocation: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** Create a supplier. */
  createSupplier: { takes: { body: SupplierInput }; answers: Supplier };
  /** List suppliers. */
  listSuppliers: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; q?: string | undefined; format?: ExportFormat | undefined } }; answers: SupplierList };
  /** Get a supplier. */
  getSupplier: { takes: { id: string }; answers: Supplier };
  /** Change a supplier. */
  changeSupplier: { takes: { id: string; body: SupplierPatch; ifMatch: string }; answers: Supplier };
  /** Delete a supplier. */
  deleteSupplier: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** Create a supplier item. */
  createSupplierItem: { takes: { body: SupplierItemInput }; answers: SupplierItem };
  /** List the items of all suppliers. */
  listSupplierItems: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: SupplierItemList };
  /** Get a supplier item. */
  getSupplierItem: { takes: { id: string }; answers: SupplierItem };
  /** Change a supplier item. */
  changeSupplierItem: { takes: { id: string; body: SupplierItemPatch; ifMatch: string }; answers: SupplierItem };
  /** Delete a supplier item. */
  deleteSupplierItem: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** List the items of a supplier. */
  listItemsOfSupplier: { takes: { id: string; query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: SupplierItemList };
  /** List the suppliers of an inventory item, with packs and prices. */
  listInventoryItemSuppliers: { takes: { id: string; query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: SupplierItemList };
  /** Draft a purchase order. */
  createPurchaseOrder: { takes: { body: PurchaseOrderInput }; answers: PurchaseOrder };
  /** List purchase orders, newest first. */
  listPurchaseOrders: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; status?: PurchaseOrderStatus | undefined; supplierId?: string | undefined; number?: string | undefined; format?: ExportFormat | undefined } }; answers: PurchaseOrderList };
  /** Draft purchase orders for low items. */
  proposePurchaseOrders: { takes: object; answers: PurchaseOrderProposals };
  /** Get a purchase order. */
  getPurchaseOrder: { takes: { id: string }; answers: PurchaseOrder };
  /** Change a draft. */
  changePurchaseOrder: { takes: { id: string; body: PurchaseOrderPatch; ifMatch: string }; answers: PurchaseOrder };
  /** Mark a purchase order as sent. */
  sendPurchaseOrder: { takes: { id: string; ifMatch?: string }; answers: PurchaseOrder };
  /** Cancel a purchase order. */
  cancelPurchaseOrder: { takes: { id: string; body?: CancelPurchaseOrderInput; ifMatch?: string }; answers: PurchaseOrder };
  /** Close a partly received purchase order. */
  closePurchaseOrder: { takes: { id: string; body?: CancelPurchaseOrderInput; ifMatch?: string }; answers: PurchaseOrder };
  /** Receive a purchase order in full or in part. */
  receivePurchaseOrder: { takes: { id: string; body: PurchaseOrderReceiveInput; ifMatch?: string }; answers: PurchaseOrderReceived };
  /** Receive a delivery without a purchase order. */
  receiveGoods: { takes: { body: GoodsReceiptInput }; answers: GoodsReceipt };
  /** List goods receipts, newest first. */
  listGoodsReceipts: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; supplierId?: string | undefined; purchaseOrderId?: string | undefined; format?: ExportFormat | undefined } }; answers: GoodsReceiptList };
  /** Get a goods receipt. */
  getGoodsReceipt: { takes: { id: string }; answers: GoodsReceipt };
  /** Reverse a wrong goods receipt. */
  reverseGoodsReceipt: { takes: { id: string; body: ReverseGoodsReceiptInput }; answers: GoodsReceipt };
  /** Make a new address for mails of suppliers. */
  createSupplierInvoiceMailbox: { takes: object; answers: SupplierMailbox };
  /** Receive a mail with attachments, in the form of a mail provider’s webhook. */
  receiveSupplierMail: { takes: { token: string; body: FormData }; answers: SupplierMailReceived };
  /** Upload invoices and credit notes of suppliers. */
  uploadSupplierInvoices: { takes: { body: FormData }; answers: SupplierInvoicesUploaded };
  /** List documents of suppliers, newest first. */
  listSupplierInvoices: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; status?: SupplierMailReceivedEntryStatus | undefined; workflowId?: string | undefined; supplierId?: string | undefined; number?: string | undefined; format?: ExportFormat | undefined } }; answers: SupplierInvoiceSummaryList };
  /** Get a document with its lines, checks, duplicates and comparisons. */
  getSupplierInvoice: { takes: { id: string }; answers: SupplierInvoice };
  /** Correct a document before its approval. */
  changeSupplierInvoice: { takes: { id: string; body: SupplierInvoicePatch; ifMatch: string }; answers: SupplierInvoice };
  /** Get only the status of a document. */
  getSupplierInvoiceStatus: { takes: { id: string }; answers: SupplierInvoiceStatus };
  /** Get the file as it was sent. */
  downloadSupplierInvoiceFile: { takes: { id: string }; answers: Uint8Array };
  /** Get a page as a picture, for the review. */
  downloadSupplierInvoicePage: { takes: { id: string; page: number }; answers: Uint8Array };
  /** List what an item has cost in posted invoices, newest first. */
  getInventoryItemPrices: { takes: { id: string }; answers: ItemPrices };
  /** Add a line that was not read. */
  addSupplierInvoiceLine: { takes: { id: string; body: SupplierInvoiceLineInput; ifMatch?: string }; answers: SupplierInvoice };
  /** Get a line, with the version of its document. */
  getSupplierInvoiceLine: { takes: { id: string; position: number }; answers: SupplierInvoiceLineOfDocument };
  /** Correct a line, or match it with an inventory item. */
  changeSupplierInvoiceLine: { takes: { id: string; position: number; body: SupplierInvoiceLinePatch; ifMatch: string }; answers: SupplierInvoice };
  /** Remove a line that was read wrongly. */
  removeSupplierInvoiceLine: { takes: { id: string; position: number; ifMatch: string }; answers: SupplierInvoice };
  /** Approve a document as it is now. */
  approveSupplierInvoice: { takes: { id: string; body?: SupplierInvoiceApproval; ifMatch?: string }; answers: SupplierInvoice };
  /** Reject a document. */
  rejectSupplierInvoice: { takes: { id: string; body: SupplierInvoiceReason; ifMatch?: string }; answers: SupplierInvoice };
  /** Read the file again. */
  reprocessSupplierInvoice: { takes: { id: string; ifMatch?: string }; answers: SupplierInvoice };
  /** Post an approved document into stock, once. */
  postSupplierInvoice: { takes: { id: string; ifMatch?: string }; answers: SupplierInvoice };
  /** Undo a posting exactly. */
  reverseSupplierInvoice: { takes: { id: string; body: SupplierInvoiceReason; ifMatch?: string }; answers: SupplierInvoice };
  /** Print a document as PDF. */
  downloadDocumentPdf: { takes: { id: string; query?: { language?: PrintLanguage | undefined; format?: DocumentPdfFormat | undefined } }; answers: Uint8Array };
  /** Print a document as text. */
  downloadDocumentText: { takes: { id: string; query?: { language?: PrintLanguage | undefined } }; answers: string };
  /** Get an electronic invoice. */
  downloadDocumentXml: { takes: { id: string; query?: { syntax?: DocumentXmlSyntax | undefined } }; answers: string };
  /** Create a draft from lines, an order, a quotation, a purchase order, a goods receipt or a stock count. */
  createDocument: { takes: { query?: { issue?: boolean | undefined }; body: DocumentInput }; answers: Document };
  /** List documents, newest first. */
  listDocuments: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; type?: DocumentType | undefined; status?: DocumentStatus | undefined; number?: string | undefined; businessDate?: string | undefined; orderId?: string | undefined; originalId?: string | undefined; seriesId?: string | undefined; format?: ExportFormat | undefined } }; answers: DocumentList };
  /** Get a document. */
  getDocument: { takes: { id: string }; answers: Document };
  /** Change a draft. */
  changeDocument: { takes: { id: string; body: DocumentPatch; ifMatch: string }; answers: Document };
  /** Delete a draft. */
  deleteDocument: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** Issue a draft. */
  issueDocument: { takes: { id: string; ifMatch?: string }; answers: Document };
  /** Void an issued document. */
  voidDocument: { takes: { id: string; body: VoidInput; ifMatch?: string }; answers: Document };
  /** Create a credit note for an invoice or a receipt. */
  creditDocument: { takes: { id: string; query?: { issue?: boolean | undefined }; body: CreditInput }; answers: Document };
  /** Create a number series. */
  createDocumentSeries: { takes: { body: DocumentSeriesInput }; answers: DocumentSeries };
  /** List number series. */
  listDocumentSeries: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: DocumentSeriesList };
  /** Get a number series. */
  getDocumentSeries: { takes: { id: string }; answers: DocumentSeries };
  /** Change a number series. */
  changeDocumentSeries: { takes: { id: string; body: DocumentSeriesPatch; ifMatch: string }; answers: DocumentSeries };
  /** Delete a number series. */
  deleteDocumentSeries: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** Audit a number series. */
  auditDocumentSeries: { takes: { id: string; query?: { period?: string | undefined; limit?: number | undefined; cursor?: string | undefined } }; answers: DocumentSeriesAudit };
  /** List business days, newest first: closed ones, or those waiting to be closed. */
  listBusinessDays: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; status?: ShiftStatus | undefined; format?: ExportFormat | undefined } }; answers: BusinessDayList };
  /** Get the figures of a business day: live while open (X report), fixed once closed (Z report). */
  getBusinessDay: { takes: { date: string }; answers: BusinessDay };
  /** Get a business day at a glance, beside the same weekday before. */
  getBusinessDaySummary: { takes: { date: string; query?: { top?: number | undefined } }; answers: DaySummary };
  /** List closed days whose figures do not add up. */
  getClosedDaysReport: { takes: { query: { from: string; to: string; format?: ExportFormat | undefined } }; answers: DayDifferences };
  /** Close a business day. */
  closeBusinessDay: { takes: { date: string; body?: BusinessDayCloseInput }; answers: BusinessDay };
  /** Get sales by day, hour, month, weekday, item, category, order type, table or server. */
  getSalesReport: { takes: { query: { from: string; to: string; groupBy?: SalesReportGroupBy | undefined; fill?: boolean | undefined; sort?: SalesReportSort | undefined; limit?: number | undefined; guests?: boolean | undefined; format?: ExportFormat | undefined } }; answers: SalesReport };
  /** Get payments and refunds by method, day or month. */
  getPaymentsReport: { takes: { query: { from: string; to: string; groupBy?: PaymentsReportGroupBy | undefined; format?: ExportFormat | undefined } }; answers: PaymentsReport };
  /** Compare actual with theoretical use of stock, largest variance first. */
  getStockVarianceReport: { takes: { query: { limit?: number | undefined; cursor?: string | undefined; from: string; to: string; format?: ExportFormat | undefined } }; answers: StockVarianceReport };
  /** Compare cost of goods sold with revenue, by day, item or category. */
  getCostOfGoodsReport: { takes: { query: { limit?: number | undefined; cursor?: string | undefined; from: string; to: string; groupBy?: CostOfGoodsReportGroupBy | undefined; format?: ExportFormat | undefined } }; answers: CostOfGoodsReport };
  /** Get the cost of each dish by today’s recipes, highest food cost percentage first. */
  getFoodCostReport: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; orderType?: OrderType | undefined; format?: ExportFormat | undefined } }; answers: FoodCostReport };
  /** Get the cost of one dish by today’s recipes. */
  getMenuItemCost: { takes: { id: string; query?: { orderType?: OrderType | undefined } }; answers: DishCost };
  /** Compare popularity with margin: stars, plowhorses, puzzles and dogs. */
  getMenuEngineeringReport: { takes: { query: { limit?: number | undefined; cursor?: string | undefined; from: string; to: string; categoryId?: string | undefined; format?: ExportFormat | undefined } }; answers: MenuEngineeringReport };
  /** Register an account and its restaurant. */
  register: { takes: { query?: { cookie?: boolean | undefined }; body: Registration }; answers: Entry };
  /** Log in. */
  login: { takes: { query?: { cookie?: boolean | undefined }; body: Login }; answers: Entry };
  /** Exchange a refresh token for new tokens. */
  refresh: { takes: { query?: { cookie?: boolean | undefined }; body?: Refresh }; answers: Entry };
  /** End the session of this access token. */
  logout: { takes: { query?: { cookie?: boolean | undefined } }; answers: undefined };
  /** Join a restaurant by invitation. */
  acceptInvitation: { takes: { query?: { cookie?: boolean | undefined }; body: InvitationAcceptance }; answers: Entry };
  /** Join another restaurant with the account that is logged in. */
  joinRestaurant: { takes: { query?: { cookie?: boolean | undefined }; body: Joining }; answers: Entry };
  /** List your restaurants, the oldest membership first. */
  listOwnMemberships: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: MembershipList };
  /** Get the caller and the caller’s rights. */
  getMe: { takes: object; answers: Me };
  /** Change your name or language. */
  changeProfile: { takes: { body: ProfileChanges }; answers: User };
  /** Start a session in another restaurant of yours. */
  switchRestaurant: { takes: { query?: { cookie?: boolean | undefined }; body: RestaurantChoice }; answers: Entry };
  /** List your sessions in all restaurants, newest first. */
  listOwnSessions: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: SessionList };
  /** End all your sessions, including this one. */
  endOwnSessions: { takes: object; answers: undefined };
  /** Have a reset token mailed to an address. */
  forgotPassword: { takes: { body: ForgottenPassword }; answers: undefined };
  /** Set a new password with the one-time token of a reset. */
  resetPassword: { takes: { body: PasswordReset }; answers: undefined };
  /** Change your password. */
  changePassword: { takes: { body: PasswordChange }; answers: undefined };
  /** Have a code mailed to your new e-mail address. */
  askForAddress: { takes: { body: AddressChange }; answers: undefined };
  /** Give your account its new e-mail address, with the code of the mail. */
  confirmAddress: { takes: { body: AddressConfirmation }; answers: undefined };
  /** End one of your sessions. */
  endOwnSession: { takes: { id: string }; answers: undefined };
  /** Keep a preference of yours. */
  createPreference: { takes: { body: NewPreference }; answers: Preference };
  /** List your preferences by key. */
  listPreferences: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: PreferenceList };
  /** Get a preference of yours. */
  getPreference: { takes: { key: string }; answers: Preference };
  /** Replace the value of a preference. */
  changePreference: { takes: { key: string; body: PreferenceChange; ifMatch: string }; answers: Preference };
  /** Delete a preference of yours. */
  deletePreference: { takes: { key: string; ifMatch?: string }; answers: undefined };
  /** Open your own demo restaurant. */
  openDemoSession: { takes: { query?: { cookie?: boolean | undefined }; body?: DemoRequest }; answers: DemoSession };
  /** Get the restaurant's settings. */
  getRestaurant: { takes: object; answers: Restaurant };
  /** Change the restaurant's settings. */
  changeRestaurant: { takes: { body?: RestaurantChanges; ifMatch: string }; answers: Restaurant };
  /** Invite a person. */
  inviteMember: { takes: { body: MemberInvitation }; answers: InvitedMember };
  /** List members and open invitations. */
  listMembers: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: MemberList };
  /** Get a member. */
  getMember: { takes: { id: string }; answers: Member };
  /** Change a member’s role. */
  changeMember: { takes: { id: string; body: MemberChanges; ifMatch: string }; answers: Member };
  /** Remove a member and end the member’s sessions. */
  removeMember: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** Create an API key. */
  createApiKey: { takes: { body: NewApiKey }; answers: CreatedApiKey };
  /** List API keys that are not revoked. */
  listApiKeys: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: ApiKeyList };
  /** Revoke an API key. */
  revokeApiKey: { takes: { id: string }; answers: undefined };
  /** Give an API key another secret. */
  rotateApiKey: { takes: { id: string }; answers: CreatedApiKey };
  /** Give the calling API key another secret. */
  rotateOwnApiKey: { takes: object; answers: CreatedApiKey };
  /** Get a code that pairs this device. */
  startDevicePairing: { takes: object; answers: StartedPairing };
  /** Enter the code that a device shows. */
  pairDevice: { takes: { body: PairingConfirmation }; answers: ConfirmedPairing };
  /** Fetch the key of a device once its code was entered. */
  collectDeviceKey: { takes: { body: PairingSecret }; answers: PairedDevice };
  /** List devices that are not revoked. */
  listDevices: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: ApiKeyList };
  /** Rename a device. */
  changeDevice: { takes: { id: string; body: DeviceChanges; ifMatch: string }; answers: ApiKey };
  /** Revoke a device. */
  revokeDevice: { takes: { id: string }; answers: undefined };
  /** List who changed what, newest first. */
  listAuditLog: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; subjectId?: string | undefined; subject?: string | undefined; action?: EventType | undefined; actorId?: string | undefined; from?: string | undefined; to?: string | undefined; format?: ExportFormat | undefined } }; answers: AuditEntryList };
  /** Import orders of another till, inventory items, recipes or opening stock. */
  startImport: { takes: { body: FormData }; answers: Import | Job };
  /** List imports, newest first. */
  listImports: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; kind?: ImportKind | undefined; status?: ImportStatus | undefined; format?: ExportFormat | undefined } }; answers: ListedImportList };
  /** Get an import. */
  getImport: { takes: { id: string }; answers: Import };
  /** List events in order, and wait for new ones. */
  listEvents: { takes: { query?: { after?: number | undefined; types?: string | undefined; subjectId?: string | undefined; limit?: number | undefined; wait?: number | undefined } }; answers: EventPage };
  /** Receive events as they happen. */
  streamEvents: { takes: { query?: { after?: number | undefined; types?: string | undefined; ticket?: string | undefined } }; answers: string };
  /** Get a ticket that opens one stream. */
  createEventStreamTicket: { takes: object; answers: StreamTicket };
  /** List background jobs, newest first. */
  listJobs: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; kind?: JobKind | undefined; state?: JobState | undefined; format?: ExportFormat | undefined } }; answers: JobList };
  /** Get a background job. */
  getJob: { takes: { id: string }; answers: Job };
  /** Let a failed job run again. */
  retryJob: { takes: { id: string }; answers: Job };
  /** End a job that waits, runs or has failed. */
  cancelJob: { takes: { id: string }; answers: Job };
  /** Create a webhook endpoint. */
  createWebhookEndpoint: { takes: { body: NewWebhookEndpoint }; answers: CreatedWebhookEndpoint };
  /** List webhook endpoints. */
  listWebhookEndpoints: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: WebhookEndpointList };
  /** Get a webhook endpoint. */
  getWebhookEndpoint: { takes: { id: string }; answers: WebhookEndpoint };
  /** Change a webhook endpoint. */
  changeWebhookEndpoint: { takes: { id: string; body: WebhookEndpointPatch; ifMatch: string }; answers: WebhookEndpoint };
  /** Delete a webhook endpoint. */
  deleteWebhookEndpoint: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** Make a new secret. */
  rotateWebhookSecret: { takes: { id: string }; answers: RotatedWebhookSecret };
  /** Start sending again. */
  enableWebhookEndpoint: { takes: { id: string }; answers: EnabledWebhookEndpoint };
  /** Stop sending. */
  disableWebhookEndpoint: { takes: { id: string }; answers: WebhookEndpoint };
  /** Send a test event. */
  testWebhookEndpoint: { takes: { id: string }; answers: undefined };
  /** Send what was missed. */
  recoverWebhookEvents: { takes: { id: string; body: WebhookRecovery }; answers: WebhookResent };
  /** Send events again. */
  replayWebhookEvents: { takes: { id: string; body: WebhookReplay }; answers: WebhookResent };
  /** List deliveries with their attempts, the newest event first. */
  listWebhookDeliveries: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; endpointId?: string | undefined; status?: WebhookDeliveryStatus | undefined; eventId?: string | undefined; format?: ExportFormat | undefined } }; answers: WebhookDeliveryList };
  /** Send one delivery again. */
  redeliverWebhookDelivery: { takes: { id: string }; answers: WebhookDelivery };
  /** Ask the assistant. */
  askAssistant: { takes: { body: AssistantQuestion }; answers: AssistantAnswer };
  /** List your conversations, the last used first. */
  listAssistantConversations: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; q?: string | undefined; format?: ExportFormat | undefined } }; answers: ListedConversationList };
  /** Get a conversation of yours. */
  getAssistantConversation: { takes: { id: string }; answers: AssistantConversation };
  /** Delete a conversation of yours. */
  deleteAssistantConversation: { takes: { id: string }; answers: undefined };
  /** Carry out a change that the assistant proposed to you. */
  confirmAssistantProposal: { takes: { id: string; body: AssistantConfirmation }; answers: AssistantConfirmed };
  /** Dismiss a proposal. */
  dismissAssistantProposal: { takes: { id: string }; answers: undefined };
  /** Get the settings of messages. */
  getMessageSettings: { takes: object; answers: MessageSettings };
  /** Change the settings of messages. */
  changeMessageSettings: { takes: { body: MessageSettingsPatch; ifMatch: string }; answers: MessageSettings };
  /** Send a receipt by e-mail, or a text to a guest. */
  sendMessage: { takes: { body: MessageRequest }; answers: Message };
  /** List messages, newest first. */
  listMessages: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: MessageList };
  /** Get a message. */
  getMessage: { takes: { id: string }; answers: Message };
  /** Record that a guest agrees to texts. */
  recordConsent: { takes: { body: ConsentInput }; answers: Consent };
  /** List numbers and whether they may be texted. */
  listConsents: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: ConsentList };
  /** Forget a number. */
  forgetConsent: { takes: { id: string }; answers: undefined };
  /** Create a message template. */
  createMessageTemplate: { takes: { body: MessageTemplateInput }; answers: MessageTemplate };
  /** List message templates. */
  listMessageTemplates: { takes: { query?: { limit?: number | undefined; cursor?: string | undefined; format?: ExportFormat | undefined } }; answers: MessageTemplateList };
  /** Get a message template. */
  getMessageTemplate: { takes: { id: string }; answers: MessageTemplate };
  /** Change a message template. */
  changeMessageTemplate: { takes: { id: string; body: MessageTemplatePatch; ifMatch: string }; answers: MessageTemplate };
  /** Delete a message template. */
  deleteMessageTemplate: { takes: { id: string; ifMatch?: string }; answers: undefined };
  /** Get a short link to a file. */
  createLink: { takes: { body: NewLink }; answers: SignedLink };
  /** Read the file of a link. */
  openLink: { takes: { token: string }; answers: string };
}

/** Method and path of each operation; a third word for those that take an Idempotency-Key. */
export const OPERATIONS = {
  getMenu: ['GET', '/v1/menu'],
  getDietaryLabels: ['GET', '/v1/menu/labels'],
  changeMenuInBulk: ['POST', '/v1/menu/bulk-changes', 'keyed'],
  reorderMenu: ['POST', '/v1/menu/order', 'keyed'],
  placeOrder: ['POST', '/v1/orders', 'keyed'],
  listOrders: ['GET', '/v1/orders'],
  previewOrder: ['POST', '/v1/orders/preview', 'keyed'],
  getOrder: ['GET', '/v1/orders/{id}'],
  changeOrder: ['PATCH', '/v1/orders/{id}', 'keyed'],
  listOrderHistory: ['GET', '/v1/orders/{id}/history'],
  addOrderLine: ['POST', '/v1/orders/{id}/lines', 'keyed'],
  changeOrderLine: ['PATCH', '/v1/orders/{id}/lines/{lineId}', 'keyed'],
  voidOrderLine: ['DELETE', '/v1/orders/{id}/lines/{lineId}', 'keyed'],
  compOrderLine: ['POST', '/v1/orders/{id}/lines/{lineId}/comp', 'keyed'],
  acceptOrder: ['POST', '/v1/orders/{id}/accept', 'keyed'],
  startOrder: ['POST', '/v1/orders/{id}/start', 'keyed'],
  markOrderReady: ['POST', '/v1/orders/{id}/ready', 'keyed'],
  completeOrder: ['POST', '/v1/orders/{id}/complete', 'keyed'],
  cancelOrder: ['POST', '/v1/orders/{id}/cancel', 'keyed'],
  reopenOrder: ['POST', '/v1/orders/{id}/reopen', 'keyed'],
  recordPayment: ['POST', '/v1/orders/{id}/payments', 'keyed'],
  getOrderPayments: ['GET', '/v1/orders/{id}/payments'],
  handOutVouchers: ['POST', '/v1/orders/{id}/lines/{lineId}/vouchers', 'keyed'],
  listPayments: ['GET', '/v1/payments'],
  listRefunds: ['GET', '/v1/refunds'],
  refundPayment: ['POST', '/v1/payments/{id}/refunds', 'keyed'],
  writeOffOrder: ['POST', '/v1/orders/{id}/write-off', 'keyed'],
  keepDepositOrder: ['POST', '/v1/orders/{id}/keep-deposit', 'keyed'],
  getOrderReceipt: ['GET', '/v1/orders/{id}/receipt'],
  createDrawer: ['POST', '/v1/drawers', 'keyed'],
  listDrawers: ['GET', '/v1/drawers'],
  getDrawer: ['GET', '/v1/drawers/{id}'],
  changeDrawer: ['PATCH', '/v1/drawers/{id}', 'keyed'],
  deleteDrawer: ['DELETE', '/v1/drawers/{id}', 'keyed'],
  createDrawerShift: ['POST', '/v1/drawers/{id}/shifts', 'keyed'],
  listShifts: ['GET', '/v1/shifts'],
  getShift: ['GET', '/v1/shifts/{id}'],
  createShiftMovement: ['POST', '/v1/shifts/{id}/movements', 'keyed'],
  listShiftMovements: ['GET', '/v1/shifts/{id}/movements'],
  closeShift: ['POST', '/v1/shifts/{id}/close', 'keyed'],
  claimCodes: ['POST', '/v1/code-pools/{id}/claims', 'keyed'],
  createCodePool: ['POST', '/v1/code-pools', 'keyed'],
  listCodePools: ['GET', '/v1/code-pools'],
  getCodePool: ['GET', '/v1/code-pools/{id}'],
  changeCodePool: ['PATCH', '/v1/code-pools/{id}', 'keyed'],
  deleteCodePool: ['DELETE', '/v1/code-pools/{id}', 'keyed'],
  getCodePoolStatus: ['GET', '/v1/code-pools/{id}/status'],
  refillCodePool: ['POST', '/v1/code-pools/{id}/refill', 'keyed'],
  importCodes: ['POST', '/v1/code-pools/{id}/import', 'keyed'],
  exportCodes: ['POST', '/v1/code-pools/{id}/exports', 'keyed'],
  listCodePoolCodes: ['GET', '/v1/code-pools/{id}/codes'],
  downloadCodeSheet: ['GET', '/v1/code-pools/{id}/sheet.pdf'],
  redeemCode: ['POST', '/v1/codes/redeem', 'keyed'],
  lookUpCode: ['POST', '/v1/codes/look-up', 'keyed'],
  getCode: ['GET', '/v1/codes/{id}'],
  voidCode: ['POST', '/v1/codes/{id}/void', 'keyed'],
  releaseCode: ['POST', '/v1/codes/{id}/release', 'keyed'],
  transferCode: ['POST', '/v1/codes/{id}/transfer', 'keyed'],
  revokeTableToken: ['POST', '/v1/table-tokens/{id}/revoke', 'keyed'],
  getVoucherLiabilityReport: ['GET', '/v1/reports/voucher-liability'],
  createCategory: ['POST', '/v1/categories', 'keyed'],
  listCategories: ['GET', '/v1/categories'],
  getCategory: ['GET', '/v1/categories/{id}'],
  changeCategory: ['PATCH', '/v1/categories/{id}', 'keyed'],
  deleteCategory: ['DELETE', '/v1/categories/{id}', 'keyed'],
  createMenuItem: ['POST', '/v1/menu-items', 'keyed'],
  listMenuItems: ['GET', '/v1/menu-items'],
  getMenuItem: ['GET', '/v1/menu-items/{id}'],
  changeMenuItem: ['PATCH', '/v1/menu-items/{id}', 'keyed'],
  deleteMenuItem: ['DELETE', '/v1/menu-items/{id}', 'keyed'],
  setMenuItemAvailability: ['POST', '/v1/menu-items/{id}/availability', 'keyed'],
  uploadPicture: ['POST', '/v1/pictures', 'keyed'],
  getPicture: ['GET', '/v1/pictures/{name}/{size}.webp'],
  createModifierGroup: ['POST', '/v1/modifier-groups', 'keyed'],
  listModifierGroups: ['GET', '/v1/modifier-groups'],
  getModifierGroup: ['GET', '/v1/modifier-groups/{id}'],
  changeModifierGroup: ['PATCH', '/v1/modifier-groups/{id}', 'keyed'],
  deleteModifierGroup: ['DELETE', '/v1/modifier-groups/{id}', 'keyed'],
  createTax: ['POST', '/v1/taxes', 'keyed'],
  listTaxes: ['GET', '/v1/taxes'],
  getTax: ['GET', '/v1/taxes/{id}'],
  changeTax: ['PATCH', '/v1/taxes/{id}', 'keyed'],
  deleteTax: ['DELETE', '/v1/taxes/{id}', 'keyed'],
  createInventoryItem: ['POST', '/v1/inventory-items', 'keyed'],
  listInventoryItems: ['GET', '/v1/inventory-items'],
  getInventoryItem: ['GET', '/v1/inventory-items/{id}'],
  changeInventoryItem: ['PATCH', '/v1/inventory-items/{id}', 'keyed'],
  deleteInventoryItem: ['DELETE', '/v1/inventory-items/{id}', 'keyed'],
  createRecipe: ['POST', '/v1/recipes', 'keyed'],
  listRecipes: ['GET', '/v1/recipes'],
  getRecipe: ['GET', '/v1/recipes/{id}'],
  changeRecipe: ['PATCH', '/v1/recipes/{id}', 'keyed'],
  deleteRecipe: ['DELETE', '/v1/recipes/{id}', 'keyed'],
  listLowStock: ['GET', '/v1/stock/low'],
  listStockMovements: ['GET', '/v1/stock/movements'],
  postStockMovement: ['POST', '/v1/stock/movements', 'keyed'],
  depleteStock: ['POST', '/v1/stock/depletions', 'keyed'],
  listStock: ['GET', '/v1/stock'],
  auditStock: ['GET', '/v1/stock/audit'],
  recordWaste: ['POST', '/v1/stock/waste', 'keyed'],
  transferStock: ['POST', '/v1/stock/transfers', 'keyed'],
  recordPrep: ['POST', '/v1/stock/preps', 'keyed'],
  listStockCounts: ['GET', '/v1/stock/counts'],
  openStockCount: ['POST', '/v1/stock/counts', 'keyed'],
  getStockCount: ['GET', '/v1/stock/counts/{id}'],
  recordStockCountLines: ['POST', '/v1/stock/counts/{id}/lines', 'keyed'],
  commitStockCount: ['POST', '/v1/stock/counts/{id}/commit', 'keyed'],
  cancelStockCount: ['POST', '/v1/stock/counts/{id}/cancel', 'keyed'],
  createStockLocation: ['POST', '/v1/stock-locations', 'keyed'],
  listStockLocations: ['GET', '/v1/stock-locations'],
  getStockLocation: ['GET', '/v1/stock-locations/{id}'],
  changeStockLocation: ['PATCH', '/v1/stock-locations/{id}', 'keyed'],
  deleteStockLocation: ['DELETE', '/v1/stock-locations/{id}', 'keyed'],
  createSupplier: ['POST', '/v1/suppliers', 'keyed'],
  listSuppliers: ['GET', '/v1/suppliers'],
  getSupplier: ['GET', '/v1/suppliers/{id}'],
  changeSupplier: ['PATCH', '/v1/suppliers/{id}', 'keyed'],
  deleteSupplier: ['DELETE', '/v1/suppliers/{id}', 'keyed'],
  createSupplierItem: ['POST', '/v1/supplier-items', 'keyed'],
  listSupplierItems: ['GET', '/v1/supplier-items'],
  getSupplierItem: ['GET', '/v1/supplier-items/{id}'],
  changeSupplierItem: ['PATCH', '/v1/supplier-items/{id}', 'keyed'],
  deleteSupplierItem: ['DELETE', '/v1/supplier-items/{id}', 'keyed'],
  listItemsOfSupplier: ['GET', '/v1/suppliers/{id}/items'],
  listInventoryItemSuppliers: ['GET', '/v1/inventory-items/{id}/suppliers'],
  createPurchaseOrder: ['POST', '/v1/purchase-orders', 'keyed'],
  listPurchaseOrders: ['GET', '/v1/purchase-orders'],
  proposePurchaseOrders: ['POST', '/v1/purchase-orders/proposals', 'keyed'],
  getPurchaseOrder: ['GET', '/v1/purchase-orders/{id}'],
  changePurchaseOrder: ['PATCH', '/v1/purchase-orders/{id}', 'keyed'],
  sendPurchaseOrder: ['POST', '/v1/purchase-orders/{id}/send', 'keyed'],
  cancelPurchaseOrder: ['POST', '/v1/purchase-orders/{id}/cancel', 'keyed'],
  closePurchaseOrder: ['POST', '/v1/purchase-orders/{id}/close', 'keyed'],
  receivePurchaseOrder: ['POST', '/v1/purchase-orders/{id}/receive', 'keyed'],
  receiveGoods: ['POST', '/v1/goods-receipts', 'keyed'],
  listGoodsReceipts: ['GET', '/v1/goods-receipts'],
  getGoodsReceipt: ['GET', '/v1/goods-receipts/{id}'],
  reverseGoodsReceipt: ['POST', '/v1/goods-receipts/{id}/reverse', 'keyed'],
  createSupplierInvoiceMailbox: ['POST', '/v1/supplier-invoices/mailbox', 'keyed'],
  receiveSupplierMail: ['POST', '/v1/inbound/mail/{token}'],
  uploadSupplierInvoices: ['POST', '/v1/supplier-invoices', 'keyed'],
  listSupplierInvoices: ['GET', '/v1/supplier-invoices'],
  getSupplierInvoice: ['GET', '/v1/supplier-invoices/{id}'],
  changeSupplierInvoice: ['PATCH', '/v1/supplier-invoices/{id}', 'keyed'],
  getSupplierInvoiceStatus: ['GET', '/v1/supplier-invoices/{id}/status'],
  downloadSupplierInvoiceFile: ['GET', '/v1/supplier-invoices/{id}/file'],
  downloadSupplierInvoicePage: ['GET', '/v1/supplier-invoices/{id}/pages/{page}.png'],
  getInventoryItemPrices: ['GET', '/v1/inventory-items/{id}/prices'],
  addSupplierInvoiceLine: ['POST', '/v1/supplier-invoices/{id}/lines', 'keyed'],
  getSupplierInvoiceLine: ['GET', '/v1/supplier-invoices/{id}/lines/{position}'],
  changeSupplierInvoiceLine: ['PATCH', '/v1/supplier-invoices/{id}/lines/{position}', 'keyed'],
  removeSupplierInvoiceLine: ['DELETE', '/v1/supplier-invoices/{id}/lines/{position}', 'keyed'],
  approveSupplierInvoice: ['POST', '/v1/supplier-invoices/{id}/approve', 'keyed'],
  rejectSupplierInvoice: ['POST', '/v1/supplier-invoices/{id}/reject', 'keyed'],
  reprocessSupplierInvoice: ['POST', '/v1/supplier-invoices/{id}/reprocess', 'keyed'],
  postSupplierInvoice: ['POST', '/v1/supplier-invoices/{id}/post', 'keyed'],
  reverseSupplierInvoice: ['POST', '/v1/supplier-invoices/{id}/reverse', 'keyed'],
  downloadDocumentPdf: ['GET', '/v1/documents/{id}.pdf'],
  downloadDocumentText: ['GET', '/v1/documents/{id}.txt'],
  downloadDocumentXml: ['GET', '/v1/documents/{id}.xml'],
  createDocument: ['POST', '/v1/documents', 'keyed'],
  listDocuments: ['GET', '/v1/documents'],
  getDocument: ['GET', '/v1/documents/{id}'],
  changeDocument: ['PATCH', '/v1/documents/{id}', 'keyed'],
  deleteDocument: ['DELETE', '/v1/documents/{id}', 'keyed'],
  issueDocument: ['POST', '/v1/documents/{id}/issue', 'keyed'],
  voidDocument: ['POST', '/v1/documents/{id}/void', 'keyed'],
  creditDocument: ['POST', '/v1/documents/{id}/credit', 'keyed'],
  createDocumentSeries: ['POST', '/v1/document-series', 'keyed'],
  listDocumentSeries: ['GET', '/v1/document-series'],
  getDocumentSeries: ['GET', '/v1/document-series/{id}'],
  changeDocumentSeries: ['PATCH', '/v1/document-series/{id}', 'keyed'],
  deleteDocumentSeries: ['DELETE', '/v1/document-series/{id}', 'keyed'],
  auditDocumentSeries: ['GET', '/v1/document-series/{id}/audit'],
  listBusinessDays: ['GET', '/v1/business-days'],
  getBusinessDay: ['GET', '/v1/business-days/{date}'],
  getBusinessDaySummary: ['GET', '/v1/business-days/{date}/summary'],
  getClosedDaysReport: ['GET', '/v1/reports/closed-days'],
  closeBusinessDay: ['POST', '/v1/business-days/{date}/close', 'keyed'],
  getSalesReport: ['GET', '/v1/reports/sales'],
  getPaymentsReport: ['GET', '/v1/reports/payments'],
  getStockVarianceReport: ['GET', '/v1/reports/stock-variance'],
  getCostOfGoodsReport: ['GET', '/v1/reports/cost-of-goods'],
  getFoodCostReport: ['GET', '/v1/reports/food-cost'],
  getMenuItemCost: ['GET', '/v1/menu-items/{id}/cost'],
  getMenuEngineeringReport: ['GET', '/v1/reports/menu-engineering'],
  register: ['POST', '/v1/auth/register', 'keyed'],
  login: ['POST', '/v1/auth/login', 'keyed'],
  refresh: ['POST', '/v1/auth/refresh', 'keyed'],
  logout: ['POST', '/v1/auth/logout', 'keyed'],
  acceptInvitation: ['POST', '/v1/auth/accept-invitation', 'keyed'],
  joinRestaurant: ['POST', '/v1/me/memberships', 'keyed'],
  listOwnMemberships: ['GET', '/v1/me/memberships'],
  getMe: ['GET', '/v1/me'],
  changeProfile: ['PATCH', '/v1/me', 'keyed'],
  switchRestaurant: ['POST', '/v1/me/sessions', 'keyed'],
  listOwnSessions: ['GET', '/v1/me/sessions'],
  endOwnSessions: ['DELETE', '/v1/me/sessions', 'keyed'],
  forgotPassword: ['POST', '/v1/auth/forgot-password'],
  resetPassword: ['POST', '/v1/auth/reset-password', 'keyed'],
  changePassword: ['POST', '/v1/me/password', 'keyed'],
  askForAddress: ['POST', '/v1/me/email', 'keyed'],
  confirmAddress: ['POST', '/v1/auth/confirm-email', 'keyed'],
  endOwnSession: ['DELETE', '/v1/me/sessions/{id}', 'keyed'],
  createPreference: ['POST', '/v1/me/preferences', 'keyed'],
  listPreferences: ['GET', '/v1/me/preferences'],
  getPreference: ['GET', '/v1/me/preferences/{key}'],
  changePreference: ['PATCH', '/v1/me/preferences/{key}', 'keyed'],
  deletePreference: ['DELETE', '/v1/me/preferences/{key}', 'keyed'],
  openDemoSession: ['POST', '/v1/demo-sessions'],
  getRestaurant: ['GET', '/v1/restaurant'],
  changeRestaurant: ['PATCH', '/v1/restaurant', 'keyed'],
  inviteMember: ['POST', '/v1/members', 'keyed'],
  listMembers: ['GET', '/v1/members'],
  getMember: ['GET', '/v1/members/{id}'],
  changeMember: ['PATCH', '/v1/members/{id}', 'keyed'],
  removeMember: ['DELETE', '/v1/members/{id}', 'keyed'],
  createApiKey: ['POST', '/v1/api-keys', 'keyed'],
  listApiKeys: ['GET', '/v1/api-keys'],
  revokeApiKey: ['DELETE', '/v1/api-keys/{id}', 'keyed'],
  rotateApiKey: ['POST', '/v1/api-keys/{id}/rotate', 'keyed'],
  rotateOwnApiKey: ['POST', '/v1/me/api-key/rotate', 'keyed'],
  startDevicePairing: ['POST', '/v1/devices/pairings'],
  pairDevice: ['POST', '/v1/devices/pairings/confirm', 'keyed'],
  collectDeviceKey: ['POST', '/v1/devices/pairings/collect', 'keyed'],
  listDevices: ['GET', '/v1/devices'],
  changeDevice: ['PATCH', '/v1/devices/{id}', 'keyed'],
  revokeDevice: ['DELETE', '/v1/devices/{id}', 'keyed'],
  listAuditLog: ['GET', '/v1/audit-log'],
  startImport: ['POST', '/v1/imports', 'keyed'],
  listImports: ['GET', '/v1/imports'],
  getImport: ['GET', '/v1/imports/{id}'],
  listEvents: ['GET', '/v1/events'],
  streamEvents: ['GET', '/v1/events/stream'],
  createEventStreamTicket: ['POST', '/v1/events/stream-tickets', 'keyed'],
  listJobs: ['GET', '/v1/jobs'],
  getJob: ['GET', '/v1/jobs/{id}'],
  retryJob: ['POST', '/v1/jobs/{id}/retry', 'keyed'],
  cancelJob: ['POST', '/v1/jobs/{id}/cancel', 'keyed'],
  createWebhookEndpoint: ['POST', '/v1/webhook-endpoints', 'keyed'],
  listWebhookEndpoints: ['GET', '/v1/webhook-endpoints'],
  getWebhookEndpoint: ['GET', '/v1/webhook-endpoints/{id}'],
  changeWebhookEndpoint: ['PATCH', '/v1/webhook-endpoints/{id}', 'keyed'],
  deleteWebhookEndpoint: ['DELETE', '/v1/webhook-endpoints/{id}', 'keyed'],
  rotateWebhookSecret: ['POST', '/v1/webhook-endpoints/{id}/rotate-secret', 'keyed'],
  enableWebhookEndpoint: ['POST', '/v1/webhook-endpoints/{id}/enable', 'keyed'],
  disableWebhookEndpoint: ['POST', '/v1/webhook-endpoints/{id}/disable', 'keyed'],
  testWebhookEndpoint: ['POST', '/v1/webhook-endpoints/{id}/test', 'keyed'],
  recoverWebhookEvents: ['POST', '/v1/webhook-endpoints/{id}/recover', 'keyed'],
  replayWebhookEvents: ['POST', '/v1/webhook-endpoints/{id}/replay', 'keyed'],
  listWebhookDeliveries: ['GET', '/v1/webhook-deliveries'],
  redeliverWebhookDelivery: ['POST', '/v1/webhook-deliveries/{id}/redeliver', 'keyed'],
  askAssistant: ['POST', '/v1/assistant/messages', 'keyed'],
  listAssistantConversations: ['GET', '/v1/assistant/conversations'],
  getAssistantConversation: ['GET', '/v1/assistant/conversations/{id}'],
  deleteAssistantConversation: ['DELETE', '/v1/assistant/conversations/{id}', 'keyed'],
  confirmAssistantProposal: ['POST', '/v1/assistant/proposals/{id}/confirm', 'keyed'],
  dismissAssistantProposal: ['POST', '/v1/assistant/proposals/{id}/dismiss', 'keyed'],
  getMessageSettings: ['GET', '/v1/message-settings'],
  changeMessageSettings: ['PATCH', '/v1/message-settings', 'keyed'],
  sendMessage: ['POST', '/v1/messages', 'keyed'],
  listMessages: ['GET', '/v1/messages'],
  getMessage: ['GET', '/v1/messages/{id}'],
  recordConsent: ['POST', '/v1/consents', 'keyed'],
  listConsents: ['GET', '/v1/consents'],
  forgetConsent: ['DELETE', '/v1/consents/{id}', 'keyed'],
  createMessageTemplate: ['POST', '/v1/message-templates', 'keyed'],
  listMessageTemplates: ['GET', '/v1/message-templates'],
  getMessageTemplate: ['GET', '/v1/message-templates/{id}'],
  changeMessageTemplate: ['PATCH', '/v1/message-templates/{id}', 'keyed'],
  deleteMessageTemplate: ['DELETE', '/v1/message-templates/{id}', 'keyed'],
  createLink: ['POST', '/v1/links', 'keyed'],
  openLink: ['GET', '/v1/links/{token}'],
} as const;

/** The event of each type. */
export interface Events {
  'restaurant.registered': RestaurantRegisteredEvent;
  'restaurant.changed': RestaurantChangedEvent;
  'member.invited': MemberInvitedEvent;
  'member.joined': MemberJoinedEvent;
  'member.changed': MemberChangedEvent;
  'member.removed': MemberRemovedEvent;
  'session.started': SessionStartedEvent;
  'session.ended': SessionEndedEvent;
  'session.revoked': SessionRevokedEvent;
  'account.changed': AccountChangedEvent;
  'account.password_changed': AccountPasswordChangedEvent;
  'account.reset': AccountResetEvent;
  'account.email_asked': AccountEmailAskedEvent;
  'account.email_changed': AccountEmailChangedEvent;
  'api_key.created': ApiKeyCreatedEvent;
  'api_key.changed': ApiKeyChangedEvent;
  'api_key.rotated': ApiKeyRotatedEvent;
  'api_key.revoked': ApiKeyRevokedEvent;
  'category.created': CategoryCreatedEvent;
  'category.changed': CategoryChangedEvent;
  'category.deleted': CategoryDeletedEvent;
  'tax.created': TaxCreatedEvent;
  'tax.changed': TaxChangedEvent;
  'tax.deleted': TaxDeletedEvent;
  'modifier_group.created': ModifierGroupCreatedEvent;
  'modifier_group.changed': ModifierGroupChangedEvent;
  'modifier_group.deleted': ModifierGroupDeletedEvent;
  'menu_item.created': MenuItemCreatedEvent;
  'menu_item.changed': MenuItemChangedEvent;
  'menu_item.deleted': MenuItemDeletedEvent;
  'menu_item.availability_changed': MenuItemAvailabilityChangedEvent;
  'order.placed': OrderPlacedEvent;
  'order.changed': OrderChangedEvent;
  'order.status_changed': OrderStatusChangedEvent;
  'order.line_added': OrderLineAddedEvent;
  'order.line_changed': OrderLineChangedEvent;
  'order.line_voided': OrderLineVoidedEvent;
  'order.line_comped': OrderLineCompedEvent;
  'order.lines_credited': OrderLinesCreditedEvent;
  'order.sale_corrected': OrderSaleCorrectedEvent;
  'payment.recorded': PaymentRecordedEvent;
  'payment.refunded': PaymentRefundedEvent;
  'drawer.created': DrawerCreatedEvent;
  'drawer.changed': DrawerChangedEvent;
  'drawer.deleted': DrawerDeletedEvent;
  'shift.opened': ShiftOpenedEvent;
  'shift.cash_moved': ShiftCashMovedEvent;
  'shift.closed': ShiftClosedEvent;
  'stock_location.created': StockLocationCreatedEvent;
  'stock_location.changed': StockLocationChangedEvent;
  'stock_location.deleted': StockLocationDeletedEvent;
  'inventory_item.created': InventoryItemCreatedEvent;
  'inventory_item.changed': InventoryItemChangedEvent;
  'inventory_item.deleted': InventoryItemDeletedEvent;
  'recipe.created': RecipeCreatedEvent;
  'recipe.changed': RecipeChangedEvent;
  'recipe.deleted': RecipeDeletedEvent;
  'supplier.created': SupplierCreatedEvent;
  'supplier.changed': SupplierChangedEvent;
  'supplier.deleted': SupplierDeletedEvent;
  'supplier_item.created': SupplierItemCreatedEvent;
  'supplier_item.changed': SupplierItemChangedEvent;
  'supplier_item.deleted': SupplierItemDeletedEvent;
  'purchase_order.created': PurchaseOrderCreatedEvent;
  'purchase_order.changed': PurchaseOrderChangedEvent;
  'purchase_order.sent': PurchaseOrderSentEvent;
  'purchase_order.received': PurchaseOrderReceivedEvent;
  'purchase_order.cancelled': PurchaseOrderCancelledEvent;
  'purchase_order.closed': PurchaseOrderClosedEvent;
  'goods_receipt.posted': GoodsReceiptPostedEvent;
  'goods_receipt.reversed': GoodsReceiptReversedEvent;
  'supplier_invoice.received': SupplierInvoiceReceivedEvent;
  'supplier_invoice.read': SupplierInvoiceReadEvent;
  'supplier_invoice.failed': SupplierInvoiceFailedEvent;
  'supplier_invoice.changed': SupplierInvoiceChangedEvent;
  'supplier_invoice.approved': SupplierInvoiceApprovedEvent;
  'supplier_invoice.rejected': SupplierInvoiceRejectedEvent;
  'supplier_invoice.reprocessed': SupplierInvoiceReprocessedEvent;
  'supplier_invoice.posted': SupplierInvoicePostedEvent;
  'supplier_invoice.reversed': SupplierInvoiceReversedEvent;
  'stock.moved': StockMovedEvent;
  'stock.depleted': StockDepletedEvent;
  'stock.wasted': StockWastedEvent;
  'stock.transferred': StockTransferredEvent;
  'stock.prepared': StockPreparedEvent;
  'stock_count.opened': StockCountOpenedEvent;
  'stock_count.recorded': StockCountRecordedEvent;
  'stock_count.committed': StockCountCommittedEvent;
  'stock_count.cancelled': StockCountCancelledEvent;
  'stock.low': StockLowEvent;
  'stock.negative': StockNegativeEvent;
  'document.created': DocumentCreatedEvent;
  'document.changed': DocumentChangedEvent;
  'document.deleted': DocumentDeletedEvent;
  'document.issued': DocumentIssuedEvent;
  'document.voided': DocumentVoidedEvent;
  'business_day.closed': BusinessDayClosedEvent;
  'document_series.created': DocumentSeriesCreatedEvent;
  'document_series.changed': DocumentSeriesChangedEvent;
  'document_series.deleted': DocumentSeriesDeletedEvent;
  'import.finished': ImportFinishedEvent;
  'stock.low_digest': StockLowDigestEvent;
  'job.retried': JobRetriedEvent;
  'job.cancelled': JobCancelledEvent;
  'webhook_endpoint.created': WebhookEndpointCreatedEvent;
  'webhook_endpoint.changed': WebhookEndpointChangedEvent;
  'webhook_endpoint.deleted': WebhookEndpointDeletedEvent;
  'webhook_endpoint.enabled': WebhookEndpointEnabledEvent;
  'webhook_endpoint.disabled': WebhookEndpointDisabledEvent;
  'webhook_endpoint.secret_rotated': WebhookEndpointSecretRotatedEvent;
  'webhook_endpoint.tested': WebhookEndpointTestedEvent;
  'consent.granted': ConsentGrantedEvent;
  'consent.withdrawn': ConsentWithdrawnEvent;
  'message_settings.changed': MessageSettingsChangedEvent;
  'message_template.created': MessageTemplateCreatedEvent;
  'message_template.changed': MessageTemplateChangedEvent;
  'message_template.deleted': MessageTemplateDeletedEvent;
  'code_pool.created': CodePoolCreatedEvent;
  'code_pool.changed': CodePoolChangedEvent;
  'code_pool.deleted': CodePoolDeletedEvent;
  'code_pool.imported': CodePoolImportedEvent;
  'code_pool.exported': CodePoolExportedEvent;
  'code.redeemed': CodeRedeemedEvent;
  'code.refunded': CodeRefundedEvent;
  'code.voided': CodeVoidedEvent;
  'code.released': CodeReleasedEvent;
  'code.transferred': CodeTransferredEvent;
}
