/** Pictures of dishes, and the notes of their files. */
import { query, type Tx } from '../config/database.js';
import { StoredFiles } from './storedFiles.js';

const find = query<{ id: string }>(
  'picture.find',
  'select id from menu_pictures where restaurant_id = $1 and sha256 = $2',
);
// Its day without a dish begins anew, by a trigger on created_at.
const keep = query<{ id: string }>(
  'picture.keep',
  'update menu_pictures set created_at = $3 where restaurant_id = $1 and sha256 = $2 returning id',
);
// The row of a picture that is there stays locked, so that it is not removed meanwhile.
const insert = query<{ id: string }>(
  'picture.insert',
  `insert into menu_pictures (restaurant_id, id, sha256, created_at)
   values ($1, $2, $3, $4)
   on conflict (restaurant_id, sha256) do update set created_at = excluded.created_at
   returning id`,
);
const room = query<{ pictures: number; isDemo: boolean }>(
  'picture.findRoom',
  `select (select count(*) from menu_pictures where restaurant_id = $1) as pictures, demo_expires_at is not null as "isDemo"
   from restaurants
   where id = $1`,
);

export class PictureRepository {
  readonly files = new StoredFiles();

  /** Whether a picture was made of these bytes. */
  async has(restaurantId: string, tx: Tx, sha256: string): Promise<boolean> {
    return (await tx.maybeOne(find, [restaurantId, sha256])) !== undefined;
  }

  /** The picture that was made of these bytes, which stays a day longer without a dish. */
  async keep(restaurantId: string, tx: Tx, sha256: string, at: Date): Promise<string | undefined> {
    return (await tx.maybeOne(keep, [restaurantId, sha256, at]))?.id;
  }

  /** @returns the id of the picture that is stored: of this one, or of one with the same bytes. */
  async insert(restaurantId: string, tx: Tx, picture: { id: string; sha256: string; at: Date }): Promise<string> {
    return (await tx.one(insert, [restaurantId, picture.id, picture.sha256, picture.at])).id;
  }

  /** Pictures that the restaurant has, and whether it is a demo. */
  room(restaurantId: string, tx: Tx): Promise<{ pictures: number; isDemo: boolean }> {
    return tx.one(room, [restaurantId]);
  }
}
