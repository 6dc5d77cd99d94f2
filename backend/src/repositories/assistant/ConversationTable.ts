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
