import { CostReports } from './report/CostReports.js';
import { DayReports } from './report/DayReports.js';
import { DaySums } from './report/DaySums.js';
import { DrawerReports } from './report/DrawerReports.js';
import { PaymentReports } from './report/PaymentReports.js';
import { SalesReports } from './report/SalesReports.js';
import { StockReports } from './report/StockReports.js';

export type { Part } from './report/DayParts.js';
export type { OrderSums } from './report/SalesReports.js';

/** Exact sums of integers. The database adds them up. */
export class ReportRepository {
  readonly costs = new CostReports();
  readonly days = new DayReports();
  readonly drawers = new DrawerReports();
  readonly payments = new PaymentReports();
  readonly sales = new SalesReports();
  readonly stock = new StockReports();
  readonly sums = new DaySums();
}
