/** The mappings of files that hold a store room: items, recipes, opening stock. */
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
  description:
    'What the file calls units, e.g. `{"Stk": "piece", "Liter": "l"}`. Capitals never count for the standard units.',
});

export const itemMappingSchema = z
  .strictObject({
    ...fileFields,
    item: column,
    unit: fixable.meta({ description: 'What the item is counted in.' }),
    packUnit: columns
      .optional()
      .meta({ description: 'A further unit, such as case; several columns for several units.' }),
    packSize: columns.optional().meta({ description: 'How many stock units one of `packUnit` is, in the same order.' }),
    reorderPoint: column.optional(),
    parLevel: column.optional(),
    cost: column
      .optional()
      .meta({ description: 'Price of one stock unit, in the restaurant’s currency. Of new items.' }),
    location: fixable.optional().meta({ description: 'Where it stands; made if missing.' }),
    policy: fixable.optional().meta({ description: '`forbid`, `allow_negative` or `auto_86`.' }),
    unitNames,
    onExisting: z.enum(['skip', 'update']).default('skip').meta({ description: 'What becomes of items there are.' }),
  })
  .superRefine((mapping, context) => {
    const [units, sizes] = [mapping.packUnit, mapping.packSize].map((named) => namedColumns([], named).length);
    if (units !== sizes)
      context.addIssue({ code: 'custom', path: ['packSize'], message: 'Name as many columns as in "packUnit".' });
    checkHeader(mapping, stockColumnsOf(mapping), context);
  })
  .meta({ id: 'ItemImportMapping', description: 'What the columns of a file of inventory items mean.' });

export const recipeMappingSchema = z
  .strictObject({
    ...fileFields,
    dish: column.optional().meta({ description: 'Name of the menu item.' }),
    variant: column.optional(),
    modifier: column.optional().meta({ description: 'With a dish: on that dish only.' }),
    preparation: column.optional().meta({ description: 'Name of a preparation for other recipes.' }),
    yield: column.optional().meta({ description: 'What all rows together give. Absent: 1.' }),
    yieldUnit: column.optional().meta({ description: 'Absent: portion.' }),
    ingredient: column.meta({ description: 'Name of an inventory item, or of a preparation.' }),
    quantity: column.meta({ description: 'Net of waste.' }),
    unit: fixable.optional().meta({ description: 'Absent: the stock unit, or what the preparation yields.' }),
    waste: column.optional().meta({ description: 'Percent of what is taken that is lost.' }),
    unitNames,
    onExisting: z.enum(['skip', 'replace']).default('skip').meta({ description: 'What becomes of recipes there are.' }),
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
      context.addIssue({ code: 'custom', path: ['variant'], message: 'A variant needs the column of its "dish".' });
    checkHeader(mapping, stockColumnsOf(mapping), context);
  })
  .meta({
    id: 'RecipeImportMapping',
    description: 'What the columns of a file of recipes mean: one row an ingredient.',
  });

export const openingMappingSchema = z
  .strictObject({
    ...fileFields,
    item: column,
    quantity: column,
    unit: fixable.optional().meta({ description: 'Absent: the stock unit.' }),
    cost: column.optional().meta({ description: 'Price of one `unit`. Absent: the item’s cost.' }),
    location: fixable.optional().meta({ description: 'Absent: the item’s own. Made if missing.' }),
    unitNames,
  })
  .superRefine((mapping, context) => checkHeader(mapping, stockColumnsOf(mapping), context))
  .meta({ id: 'OpeningStockImportMapping', description: 'What the columns of a file of opening stock mean.' });

export type ItemMapping = z.output<typeof itemMappingSchema>;
export type RecipeMapping = z.output<typeof recipeMappingSchema>;
export type OpeningMapping = z.output<typeof openingMappingSchema>;
export type Fixable = z.output<typeof fixable>;

/** A kind of import with the mapping that it takes. */
export type StockMapping =
  | { kind: 'inventory_items'; mapping: ItemMapping }
  | { kind: 'recipes'; mapping: RecipeMapping }
  | { kind: 'opening_stock'; mapping: OpeningMapping };
export type KindMapping = { kind: 'orders'; mapping: Mapping } | StockMapping;

/** Every column that any of the mappings names. */
export function namedColumnsOf(request: KindMapping): NamedColumn[] {
  return request.kind === 'orders' ? columnsOf(request.mapping) : stockColumnsOf(request.mapping);
}

/** What is no column in the mappings above. */
const SETTINGS = new Set([...Object.keys(fileFields), 'unitNames', 'onExisting']);

function stockColumnsOf(mapping: FileLayout): NamedColumn[] {
  return Object.entries(mapping).flatMap(([field, named]) =>
    // What is left are columns, lists of columns, and texts for all rows.
    SETTINGS.has(field) || isFixed(named) ? [] : namedColumns([field], named as ColumnName | ColumnName[] | undefined),
  );
}

function isFixed(named: unknown): boolean {
  return typeof named === 'object' && named !== null && 'fixed' in named;
}
