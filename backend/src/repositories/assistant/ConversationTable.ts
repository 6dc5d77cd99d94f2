import { query, type Tx } from '../../config/database.js';
import type { Source } from '../../domain/assistant/assistant.js';

export interface Turn {
  position: number;
  question: string;
  answer: string;
  sources: Source[];
  createdAt: string;
}

/** A turn without the data of guests. */
export interface MaskedTurn {
  question: string;
  answer: string;
}

export interface NewTurn extends Pick<Turn, 'question' | 'answer' | 'sources'> {
  masked: MaskedTurn;
}

export interface ListedConversation {
  id: string;
  createdAt: string;
  usedAt: string;
  /** Its first question. */
  title: string;
}

export interface WantedConversations {
  actor: string;
  /** A part of a question or an answer. */
  q: string | undefined;
  /** The last one of the page before. */
  after: { usedAt: string; id: string } | undefined;
  limit: number;
}

const insertConversation = query(
  'assistant.insertConversation',
  `insert into assistant_conversations (restaurant_id, id, actor, created_at, used_at)
   values ($1, $2, $3, $4, $4)`,
);

const lockConversation = query<{ id: string }>(
  'assistant.lockConversation',
  `select id from assistant_conversations where restaurant_id = $1 and id = $2 and actor = $3 for update`,
);

const findConversation = query<{ id: string; createdAt: string; usedAt: string }>(
  'assistant.findConversation',
  `select id, created_at as "createdAt", used_at as "usedAt"
   from assistant_conversations
   where restaurant_id = $1 and id = $2 and actor = $3`,
);

const CURSOR = '(c.used_at, c.id) < ($3::timestamptz, $4::uuid)';

// A person has 30 of them, with 50 turns each at most.
const listConversations = query<ListedConversation>(
  'assistant.listConversations',
  `select c.id, c.created_at as "createdAt", c.used_at as "usedAt", first.question as title
   from assistant_conversations c
   join lateral (
     select t.question from assistant_turns t
     where t.restaurant_id = c.restaurant_id and t.conversation_id = c.id
     order by t.position
     limit 1
   ) first on true
   where c.restaurant_id = $1 and c.actor = $2 and ($3::timestamptz is null or ${CURSOR})
     and ($5::text is null or exists (
       select from assistant_turns t
       where t.restaurant_id = c.restaurant_id and t.conversation_id = c.id
         and (strpos(lower(t.question), lower($5)) > 0 or strpos(lower(t.answer), lower($5)) > 0)
     ))
   order by c.used_at desc, c.id desc
   limit $6`,
);

const touchConversation = query(
  'assistant.touchConversation',
  'update assistant_conversations set used_at = $3 where restaurant_id = $1 and id = $2',
);

const removeConversation = query(
  'assistant.removeConversation',
  'delete from assistant_conversations where restaurant_id = $1 and id = $2 and actor = $3',
);

const trimConversations = query(
  'assistant.trimConversations',
  `delete from assistant_conversations
   where restaurant_id = $1 and id in (
     select id from assistant_conversations
     where restaurant_id = $1 and actor = $2
     order by used_at desc, id desc
     offset $3
   )`,
);

const insertTurn = query(
  'assistant.insertTurn',
  `insert into assistant_turns
     (restaurant_id, conversation_id, position, question, answer, sources, masked_question, masked_answer, created_at)
   select $1, $2, coalesce(max(t.position), 0) + 1, $3, $4, $5::jsonb, $6, $7, $8
   from assistant_turns t
   where t.restaurant_id = $1 and t.conversation_id = $2`,
);

const trimTurns = query(
  'assistant.trimTurns',
  `delete from assistant_turns
   where restaurant_id = $1 and conversation_id = $2 and position <= (
     select max(position) from assistant_turns where restaurant_id = $1 and conversation_id = $2
   ) - $3`,
);

const listTurns = query<Turn>(
  'assistant.listTurns',
  `select position, question, answer, sources, created_at as "createdAt"
   from assistant_turns
   where restaurant_id = $1 and conversation_id = $2
   order by position`,
);

const listMaskedTurns = query<MaskedTurn>(
  'assistant.listMaskedTurns',
  `select masked_question as question, masked_answer as answer
   from assistant_turns
   where restaurant_id = $1 and conversation_id = $2
   order by position desc
   limit $3`,
);

export class ConversationTable {
  async insert(restaurantId: string, tx: Tx, id: string, actor: string, at: Date): Promise<void> {
    await tx.run(insertConversation, [restaurantId, id, actor, at]);
  }

  find(restaurantId: string, tx: Tx, id: string, actor: string) {
    return tx.maybeOne(findConversation, [restaurantId, id, actor]);
  }

  /** The last used ones first. */
  list(restaurantId: string, tx: Tx, { actor, q, after, limit }: WantedConversations): Promise<ListedConversation[]> {
    const position = [after?.usedAt ?? null, after?.id ?? null];
    return tx.many(listConversations, [restaurantId, actor, ...position, q ?? null, limit]);
  }

  async lock(restaurantId: string, tx: Tx, id: string, actor: string): Promise<boolean> {
    return (await tx.maybeOne(lockConversation, [restaurantId, id, actor])) !== undefined;
  }

  /** @returns false when there is none. */
  async remove(restaurantId: string, tx: Tx, id: string, actor: string): Promise<boolean> {
    return (await tx.run(removeConversation, [restaurantId, id, actor])) > 0;
  }

  /** Keeps the newest conversations of an actor. */
  async trim(restaurantId: string, tx: Tx, actor: string, most: number): Promise<void> {
    await tx.run(trimConversations, [restaurantId, actor, most]);
  }

  /** Adds a turn to a locked conversation, and drops the oldest ones beyond `most`. */
  async addTurn(restaurantId: string, tx: Tx, id: string, turn: NewTurn, most: number, at: Date): Promise<void> {
    const { question, answer, sources, masked } = turn;
    await tx.run(insertTurn, [
      restaurantId,
      id,
      question,
      answer,
      JSON.stringify(sources),
      masked.question,
      masked.answer,
      at,
    ]);
    await tx.run(trimTurns, [restaurantId, id, most]);
    await tx.run(touchConversation, [restaurantId, id, at]);
  }

  turns(restaurantId: string, tx: Tx, id: string): Promise<Turn[]> {
    return tx.many(listTurns, [restaurantId, id]);
  }

  /** The newest turns, the newest first. */
  maskedTurns(restaurantId: string, tx: Tx, id: string, most: number): Promise<MaskedTurn[]> {
    return tx.many(listMaskedTurns, [restaurantId, id, most]);
  }
}
