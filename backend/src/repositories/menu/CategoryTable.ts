import { query, type Tx } from '../../config/database.js';
import type { Category } from '../../domain/menu/menu.js';
import { PlainTable } from '../plainTable.js';

const hasItems = query<{ used: boolean }>(
  'category.hasItems',
  `select exists (select 1 from menu_items where restaurant_id = $1 and category_id = $2 and deleted_at is null) as used`,
);

export class CategoryTable extends PlainTable<Category> {
  constructor() {
    super({
      noun: 'category',
      table: 'categories',
      columns: {
        name: 'name',
        translations: { column: 'translations', write: 'json' },
        position: 'position',
        schedules: { column: 'schedules', write: 'json' },
      },
    });
  }

  /** Whether the category has a live item. */
  async hasItems(restaurantId: string, tx: Tx, id: string): Promise<boolean> {
    return (await tx.one(hasItems, [restaurantId, id])).used;
  }
}
