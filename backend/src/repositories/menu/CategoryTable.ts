import { query, type Tx } from '../../config/database.js';
import type { Category } from '../../domain/menu.js';
import type { ListPage, MenuTable } from './MenuTable.js';

const COLUMNS = `id, name, position, schedules, version, created_at as "createdAt", updated_at as "updatedAt"`;

const insertCategory = query(
  'category.insert',
  `insert into categories (restaurant_id, id, name, position, schedules, version, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const updateCategory = query(
  'category.update',
  `update categories
   set name = $3, position = $4, schedules = $5, version = $6, updated_at = $7
   where restaurant_id = $1 and id = $2`,
);
const removeCategory = query(
  'category.remove',
  `update categories set deleted_at = $3 where restaurant_id = $1 and id = $2`,
);
const findCategory = query<Category>(
  'category.find',
  `select ${COLUMNS} from categories where restaurant_id = $1 and id = $2 and deleted_at is null`,
);
const lockCategory = query<Category>('category.lock', `${findCategory.text} for update`);
const listCategories = query<Category>(
  'category.list',
  `select ${COLUMNS} from categories
   where restaurant_id = $1 and deleted_at is null and ($2::uuid is null or id > $2)
   order by id
   limit $3`,
);
const hasItems = query<{ used: boolean }>(
  'category.hasItems',
  `select exists (select 1 from menu_items where restaurant_id = $1 and category_id = $2 and deleted_at is null) as used`,
);

export class CategoryTable implements MenuTable<Category> {
  async insert(restaurantId: string, tx: Tx, category: Category): Promise<void> {
    const { id, name, position, schedules, version, createdAt, updatedAt } = category;
    await tx.run(insertCategory, [
      restaurantId,
      id,
      name,
      position,
      JSON.stringify(schedules),
      version,
      createdAt,
      updatedAt,
    ]);
  }

  async update(restaurantId: string, tx: Tx, category: Category): Promise<void> {
    const { id, name, position, schedules, version, updatedAt } = category;
    await tx.run(updateCategory, [restaurantId, id, name, position, JSON.stringify(schedules), version, updatedAt]);
  }

  async remove(restaurantId: string, tx: Tx, id: string, at: Date): Promise<void> {
    await tx.run(removeCategory, [restaurantId, id, at]);
  }

  find(restaurantId: string, tx: Tx, id: string): Promise<Category | undefined> {
    return tx.maybeOne(findCategory, [restaurantId, id]);
  }

  lock(restaurantId: string, tx: Tx, id: string): Promise<Category | undefined> {
    return tx.maybeOne(lockCategory, [restaurantId, id]);
  }

  list(restaurantId: string, tx: Tx, page: ListPage): Promise<Category[]> {
    return tx.many(listCategories, [restaurantId, page.after ?? null, page.limit + 1]);
  }

  /** Whether any live item still stands in the category. */
  async hasItems(restaurantId: string, tx: Tx, id: string): Promise<boolean> {
    return (await tx.one(hasItems, [restaurantId, id])).used;
  }
}
