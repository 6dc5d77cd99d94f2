import type { DocumentService } from '../DocumentService.js';
import type { InventoryService } from '../InventoryService.js';
import type { MenuService } from '../MenuService.js';
import type { OrderService } from '../OrderService.js';
import type { PurchasingService } from '../PurchasingService.js';
import type { ReportService } from '../ReportService.js';
import type { SupplierInvoiceService } from '../SupplierInvoiceService.js';

/** The services that the reading tools ask. */
export interface ReadServices {
  reports: Pick<ReportService, 'sales'>;
  menu: MenuService;
  orders: Pick<OrderService, 'list'>;
  inventory: InventoryService;
  documents: Pick<DocumentService, 'list'>;
  purchasing: PurchasingService;
  supplierInvoices: Pick<SupplierInvoiceService, 'list'>;
}
