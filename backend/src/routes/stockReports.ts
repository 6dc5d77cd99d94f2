import type { ReportService } from '../services/ReportService.js';
import { idParams } from './schemas/common.js';
import {
  costOfGoodsQuery,
  costOfGoodsReport,
  dishCost,
  foodCostQuery,
  foodCostReport,
  menuEngineeringQuery,
  menuEngineeringReport,
  orderTypeQuery,
  stockVarianceQuery,
  stockVarianceReport,
} from './schemas/stockReport.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const SHARED = { method: 'get', tag: 'Reports', access: 'reports:read' } as const;

export function stockReportEndpoints({ reports }: { reports: ReportService }): Endpoint[] {
  return [
    endpoint({
      ...SHARED,
      path: '/v1/reports/stock-variance',
      summary: 'Compare actual with theoretical use of stock, largest variance first',
      query: stockVarianceQuery,
      response: stockVarianceReport,
      handle: ({ call, query: { from, to, ...page } }) => reports.stockVariance.of(call, { from, to }, page),
    }),
    endpoint({
      ...SHARED,
      path: '/v1/reports/cost-of-goods',
      summary: 'Compare cost of goods sold with revenue, by day, item or category',
      description:
        'The cost of a sale is the cost of its ingredients when they left stock. Refunds change neither cost nor revenue.',
      query: costOfGoodsQuery,
      response: costOfGoodsReport,
      handle: ({ call, query: { from, to, groupBy, ...page } }) =>
        reports.costOfGoods.of(call, { from, to }, groupBy, page),
    }),
    endpoint({
      ...SHARED,
      path: '/v1/reports/food-cost',
      summary: 'Get the cost of each dish by today’s recipes, highest food cost percentage first',
      query: foodCostQuery,
      response: foodCostReport,
      handle: ({ call, query: { orderType, ...page } }) => reports.dishes.foodCost(call, orderType, page),
    }),
    endpoint({
      ...SHARED,
      path: '/v1/menu-items/{id}/cost',
      summary: 'Get the cost of one dish by today’s recipes',
      params: idParams,
      query: orderTypeQuery,
      response: dishCost,
      handle: ({ call, params, query }) => reports.dishes.dishCost(call, params.id, query.orderType),
    }),
    endpoint({
      ...SHARED,
      path: '/v1/reports/menu-engineering',
      summary: 'Compare popularity with margin: stars, plowhorses, puzzles and dogs',
      description:
        'A dish is popular if it reaches 70 % of an even share of the units sold. It is profitable if it reaches the average margin of all units (Kasavana and Smith, 1982).',
      query: menuEngineeringQuery,
      response: menuEngineeringReport,
      handle: ({ call, query: { from, to, categoryId, ...page } }) =>
        reports.dishes.menuEngineering(call, { from, to, categoryId }, page),
    }),
  ];
}
