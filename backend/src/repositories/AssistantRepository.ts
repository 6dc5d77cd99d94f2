import { query, type Tx } from '../config/database.js';
import type { DataVersions } from '../domain/assistant/assistant.js';
import type { Guest } from '../domain/assistant/masking.js';
import { ConversationTable } from './assistant/ConversationTable.js';
import { ProposalTable } from './assistant/ProposalTable.js';

const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const VERSIONS = 'menu, orders, past, stock, documents, purchasing';

const insertVersions = query(
  'assistant.insertVersions',
  'insert into assistant_versions (restaurant_id) values ($1) on conflict do nothing',
);

const findVersions = query<DataVersions>(
  'assistant.findVersions',
  `select ${VERSIONS} from assistant_versions where restaurant_id = $1`,
);

// The limit is checked under the row's lock: two questions at once cannot both take the last
// tokens.
const takeTokens = query<{ tokens: number }>(
  'assistant.takeTokens',
  `insert into assistant_usage (restaurant_id, day, actor, tokens)
   values ($1, $2, $3, $4)
   on conflict (restaurant_id, day, actor) do update set tokens = assistant_usage.tokens + excluded.tokens
   where assistant_usage.tokens + excluded.tokens <= $5
   returning tokens`,
);

const settleTokens = query(
  'assistant.settleTokens',
  `update assistant_usage
   set tokens = greatest(0, tokens + $3)
   where restaurant_id = $1 and day = $2 and actor = any ($4)`,
);

const purgeUsage = query('assistant.purgeUsage', 'delete from assistant_usage where restaurant_id = $1 and day < $2');

// The newest orders only: a look at all of them would read years of trade.
const listGuests = query<Guest>(
  'assistant.listGuests',
  `select customer ->> 'name' as name, customer ->> 'phone' as phone, customer ->> 'email' as email,
     customer ->> 'address' as address
   from (
     select customer
     from orders
     where restaurant_id = $1 and id < $2
     order by id desc
     limit 200
   ) newest
   where customer is not null`,
);

export class AssistantRepository {
  readonly conversations = new ConversationTable();
  readonly proposals = new ProposalTable();

  /** Positions of the newest events of each kind. From the first call on, the relay raises them. */
  async versions(restaurantId: string, tx: Tx): Promise<DataVersions | undefined> {
    return tx.maybeOne(findVersions, [restaurantId]);
  }

  async startVersions(restaurantId: string, tx: Tx): Promise<void> {
    await tx.run(insertVersions, [restaurantId]);
  }

  /** @returns false when the limit does not allow it. */
  async takeTokens(
    restaurantId: string,
    tx: Tx,
    { day, actor, tokens, limit }: { day: string; actor: string; tokens: number; limit: number },
  ): Promise<boolean> {
    if (tokens > limit) return false;
    return (await tx.maybeOne(takeTokens, [restaurantId, day, actor, tokens, limit])) !== undefined;
  }

  /** Corrects an estimate. @param difference negative to give back. */
  async settleTokens(
    restaurantId: string,
    tx: Tx,
    { day, actors, difference }: { day: string; actors: readonly string[]; difference: number },
  ): Promise<void> {
    await tx.run(settleTokens, [restaurantId, day, difference, actors]);
  }

  async purgeUsage(restaurantId: string, tx: Tx, before: string): Promise<void> {
    await tx.run(purgeUsage, [restaurantId, before]);
  }

  /** Guests of the newest orders. */
  guests(restaurantId: string, tx: Tx): Promise<Guest[]> {
    return tx.many(listGuests, [restaurantId, AFTER_ALL]);
  }
}
