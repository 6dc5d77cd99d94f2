/** Schemas of the reports on stock and costs. */
import { z } from 'zod';
import { COST_GROUPS } from '../../domain/report/costOfGoods.js';
import { ORDER_TYPES } from '../../domain/menu/menu.js';
import { COST_SOURCES, MENU_CLASSES, UNCLASSED_REASONS } from '../../domain/report/menuEngineering.js';
import { amount, balance, businessDate, currency, id, pageOf, pageQuery, total } from './common.js';
import { decimal, money } from './exported.js';

const days = { from: businessDate, to: businessDate };
const quantity = decimal(z.string()).meta({ description: 'Decimal text in the stock unit.' });
const percentage = decimal(z.string()).nullable().meta({ description: 'Decimal text; null if the divisor is zero.' });

export const stockVarianceQuery = pageQuery.extend(days).meta({ description: 'Business dates, both included.' });
export const stockVarianceReport = pageOf(
  z
    .object({
      inventoryItemId: id,
      name: z.string(),
      unit: z.string(),
      openingQuantity: quantity,
      receipts: quantity,
      preparations: quantity.meta({ description: 'Output of preparations less their ingredients.' }),
      transfers: quantity.meta({ description: 'Transfers between locations; zero once the goods have arrived.' }),
      corrections: quantity,
      theoreticalUse: quantity.meta({
        description: 'Stock taken by sales according to recipes, less stock returned by voids.',
      }),
      waste: quantity,
      countDifference: quantity.meta({ description: 'Counted less expected quantity; negative if stock was missing.' }),
      closingQuantity: quantity,
      actualUse: quantity.meta({
        description: 'openingQuantity + receipts + preparations + transfers + corrections - closingQuantity.',
      }),
      variance: quantity.meta({ description: 'actualUse - theoreticalUse, which equals waste - countDifference.' }),
      variancePercent: percentage,
      theoreticalUseValue: balance,
      varianceValue: balance,
    })
    .meta({ id: 'StockVariance' }),
)
  .extend({
    ...days,
    currency,
    totals: z
      .object({ theoreticalUseValue: balance, varianceValue: balance, variancePercent: percentage })
      .meta({ description: 'Of all pages.' }),
  })
  .meta({ id: 'StockVarianceReport' });

const costFigures = {
  units: z.int(),
  unitsWithoutCost: z.int().meta({ description: 'Of these, sold without a recipe: they count as free.' }),
  revenue: total.meta({ description: 'As in the sales report: included taxes are inside.' }),
  netRevenue: total.meta({ description: 'Without included taxes.' }),
  cost: balance,
  grossMargin: balance.meta({ description: 'netRevenue - cost' }),
  foodCostPercent: percentage,
};

export const costOfGoodsQuery = pageQuery
  .extend({ ...days, groupBy: z.enum(COST_GROUPS).default('day') })
  .meta({ description: 'Business dates, both included.' });
export const costOfGoodsReport = pageOf(
  z.object({
    key: z.string().meta({ description: 'Business date, or the id of the item or category.' }),
    label: z.string(),
    ...costFigures,
  }),
)
  .extend({
    ...days,
    groupBy: z.enum(COST_GROUPS),
    currency,
    totals: z.object(costFigures).meta({ description: 'Totals of all pages. The rows add up to them.' }),
  })
  .meta({ id: 'CostOfGoodsReport' });

const portionCost = {
  name: z.string(),
  price: amount,
  netPrice: amount.meta({ description: 'Without included taxes.' }),
  hasRecipe: z.boolean(),
  cost: balance
    .nullable()
    .meta({ description: 'Null without a recipe. Below zero: a modifier that saves more than it takes.' }),
  margin: balance.nullable().meta({ description: 'netPrice - cost' }),
  foodCostPercent: percentage,
  isCostComplete: z
    .boolean()
    .meta({ description: 'Whether every ingredient has a cost. A missing cost counts as zero.' }),
  ingredients: z
    .array(
      z.object({
        inventoryItemId: id,
        name: z.string(),
        unit: z.string(),
        quantity,
        unitCost: money(z.string()).meta({ description: 'Moving average, minor units for one stock unit.' }),
        cost: balance,
        sharePercent: percentage,
      }),
    )
    .meta({
      description: 'Raw ingredients, also those inside preparations, with waste. Their costs add up to `cost`.',
    }),
};

export const orderTypeQuery = z.strictObject({
  orderType: z.enum(ORDER_TYPES).optional().meta({ description: 'Selects the taxes of this order type.' }),
});
const dish = z.object({
  menuItemId: id,
  name: z.string(),
  categoryId: id,
  portions: z
    .array(z.object({ variantId: id.nullable(), ...portionCost }))
    .meta({ description: 'One per variant; exactly one for an item without variants.' }),
  modifiers: z
    .array(z.object({ modifierId: id, ...portionCost }))
    .meta({ description: 'Modifiers that have a recipe, with the cost that one unit adds.' }),
});
const taxedAs = z.enum(ORDER_TYPES).nullable().meta({
  description:
    'Order type whose included taxes are taken out of `netPrice`. Null: no type was given; only taxes of all types are taken out.',
});
export const dishCost = dish.extend({ currency, orderType: taxedAs }).meta({ id: 'DishCost' });

export const foodCostQuery = pageQuery.extend(orderTypeQuery.shape);
export const foodCostReport = pageOf(dish).extend({ currency, orderType: taxedAs }).meta({ id: 'FoodCostReport' });

export const menuEngineeringQuery = pageQuery
  .extend({ ...days, categoryId: id.optional() })
  .meta({ description: 'Business dates, both included.' });
const perUnit = balance.nullable().meta({ description: 'Average of one unit, in minor units.' });
export const menuEngineeringReport = pageOf(
  z
    .object({
      menuItemId: id,
      name: z.string(),
      class: z.enum(MENU_CLASSES).nullable().meta({
        description: 'star: popular and profitable. plowhorse: popular. puzzle: profitable. dog: neither.',
      }),
      unclassedReason: z.enum(UNCLASSED_REASONS).nullable().meta({
        description:
          'not_sold: no units were sold. no_recipe: the cost of some units is unknown. no_cost: the ingredients have no cost yet.',
      }),
      costSource: z.enum(COST_SOURCES).nullable().meta({
        description:
          'ledger: cost of the stock that the sales took. recipe: cost by today’s recipe, because the sales took no stock. mixed: both.',
      }),
      units: z.int(),
      popularityPercent: percentage.meta({ description: 'Of the units of all dishes that have a class.' }),
      netRevenue: total.meta({ description: 'Without included taxes, after discounts, with modifiers.' }),
      unitPrice: perUnit,
      unitCost: perUnit,
      contributionMargin: perUnit,
      totalCost: balance.nullable(),
      totalMargin: balance.nullable(),
    })
    .meta({ id: 'EngineeredDish' }),
)
  .extend({
    ...days,
    currency,
    menu: z
      .object({
        dishes: z.int(),
        units: z.int(),
        netRevenue: total,
        cost: balance,
        margin: balance,
        popularityThresholdPercent: percentage.meta({ description: '70 % of an even share.' }),
        marginThreshold: balance.nullable().meta({ description: 'Average margin of all units.' }),
      })
      .meta({ description: 'Figures of all dishes that have a class, on all pages.' }),
  })
  .meta({ id: 'MenuEngineeringReport' });
