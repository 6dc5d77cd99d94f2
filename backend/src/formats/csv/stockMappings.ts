/** Mappings of stock data files: items, recipes, opening stock. */
import { z } from 'zod';
import {
  checkHeader,
  column,
  columns,
  fileFields,
  type ColumnName,
  type FileLayout,
  type NamedColumn,
  namedColumns,
} from './fileMapping.js';
import { columnsOf, type Mapping } from './orderMapping.js';

const fixable = z
  .union([column, z.strictObject({ fixed: z.string().trim().min(1).max(100) })], {
    error: 'Name a column, or give {"fixed": "..."} for all rows.',
  })
  .meta({ description: 'A column, or one text for all rows.' });

const unitNames = z.record(z.string().max(60), z.string().trim().min(1).max(30)).default({}).meta({
  description: 'Unit names of the file, e.g. `{"Stk": "piece", "Liter": "l"}`. Standard units are found in any case.',
});

export const itemMappingSchema = z
  .strictObject({
    ...fileFields,
    item: column,
    unit: fixable.meta({ description: 'Stock unit of the item.' }),
    packUnit: columns
      .optional()
      .meta({ description: 'Another unit, such as case. Several columns for several units.' }),
    packSize: columns.optional().meta({ description: 'Number of stock units in one `packUnit`, in the same order.' }),
    reorderPoint: column.optional(),
    parLevel: column.optional(),
    cost: column
      .optional()
      .meta({ description: 'Price of one stock unit, in the restaurant’s currency. Used for new items only.' }),
    location: fixable.optional().meta({ description: 'Location of the item. Created if missing.' }),
    policy: fixable.optional().meta({ description: '`forbid`, `allow_negative` or `auto_86`.' }),
    unitNames,
    onExisting: z.enum(['skip', 'update']).default('skip').meta({ description: 'Action for existing items.' }),
  })
  .superRefine((mapping, context) => {
    const [units, sizes] = [mapping.packUnit, mapping.packSize].map((named) => namedColumns([], named).length);
    if (units !== sizes)
      context.addIssue({ code: 'custom', path: ['packSize'], message: 'Name as many columns as in "packUnit".' });
    checkHeader(mapping, stockColumnsOf(mapping), context);
  })
  .meta({ id: 'ItemImportMapping', description: 'Meaning of the columns in a file of inventory items.' });

export const recipeMappingSchema = z
  .strictObject({
    ...fileFields,
    dish: column.optional().meta({ description: 'Name of the menu item.' }),
    variant: column.optional(),
    modifier: column.optional().meta({ description: 'Name of the modifier. With a dish: on that dish only.' }),
    preparation: column.optional().meta({ description: 'Name of a preparation that other recipes can use.' }),
    yield: column.optional().meta({ description: 'Yield of all rows together. Absent: 1.' }),
    yieldUnit: column.optional().meta({ description: 'Absent: portion.' }),
    ingredient: column.meta({ description: 'Name of an inventory item, or of a preparation.' }),
    quantity: column.meta({ description: 'Net of waste.' }),
    unit: fixable.optional().meta({ description: 'Absent: the stock unit, or the yield unit of the preparation.' }),
    waste: column.optional().meta({ description: 'Lost part of the taken quantity, in percent.' }),
    unitNames,
    onExisting: z.enum(['skip', 'replace']).default('skip').meta({ description: 'Action for existing recipes.' }),
  })
  .superRefine((mapping, context) => {
    const { dish, modifier, preparation } = mapping;
    if (dish === undefined && modifier === undefined && preparation === undefined)
      context.addIssue({
        code: 'custom',
        path: ['dish'],
        message: 'Name a column: "dish", "modifier" or "preparation".',
      });
    if (mapping.variant !== undefined && dish === undefined)
      context.addIssue({
        code: 'custom',
        path: ['variant'],
        message: 'A variant needs a dish. Name the column of its "dish" too.',
      });
    checkHeader(mapping, stockColumnsOf(mapping), context);
  })
  .meta({
    id: 'RecipeImportMapping',
    description: 'Meaning of the columns in a file of recipes: one row per ingredient.',
  });

export const openingMappingSchema = z
  .strictObject({
    ...fileFields,
    item: column,
    quantity: column,
    unit: fixable.optional().meta({ description: 'Absent: the stock unit.' }),
    cost: column.optional().meta({ description: 'Price of one `unit`. Absent: the item’s cost.' }),
    location: fixable.optional().meta({ description: 'Absent: the item’s own location. Created if missing.' }),
    unitNames,
  })
  .superRefine((mapping, context) => checkHeader(mapping, stockColumnsOf(mapping), context))
  .meta({ id: 'OpeningStockImportMapping', description: 'Meaning of the columns in a file of opening stock.' });

export type ItemMapping = z.output<typeof itemMappingSchema>;
export type RecipeMapping = z.output<typeof recipeMappingSchema>;
export type OpeningMapping = z.output<typeof openingMappingSchema>;
export type Fixable = z.output<typeof fixable>;

/** A kind of import with its mapping. */
export type StockMapping =
  | { kind: 'inventory_items'; mapping: ItemMapping }
  | { kind: 'recipes'; mapping: RecipeMapping }
  | { kind: 'opening_stock'; mapping: OpeningMapping };
export type KindMapping = { kind: 'orders'; mapping: Mapping } | StockMapping;

/** Every column that any of the mappings names. */
export function namedColumnsOf(request: KindMapping): NamedColumn[] {
  return request.kind === 'orders' ? columnsOf(request.mapping) : stockColumnsOf(request.mapping);
}

/** Mapping fields that are not columns. */
const SETTINGS = new Set([...Object.keys(fileFields), 'unitNames', 'onExisting']);

function stockColumnsOf(mapping: FileLayout): NamedColumn[] {
  return Object.entries(mapping).flatMap(([field, named]) =>
    // The remaining fields are columns, lists of columns, or a text for all rows.
    SETTINGS.has(field) || isFixed(named) ? [] : namedColumns([field], named as ColumnName | ColumnName[] | undefined),
  );
}

function isFixed(named: unknown): boolean {
  return typeof named === 'object' && named !== null && 'fixed' in named;
}
