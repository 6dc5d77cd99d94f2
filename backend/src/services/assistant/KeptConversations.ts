import { Track } from '../../decorators/Performance.js';
import type { Call } from '../../domain/shared/call.js';
import { notFound } from '../../domain/shared/errors.js';
import type { AssistantRepository } from '../../repositories/AssistantRepository.js';
import type { ListedConversation, Turn } from '../../repositories/assistant/ConversationTable.js';
import type { Cursors, Page, PageOf } from '../../utils/cursor.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { actorOf } from './conversations.js';

export interface Conversation {
  id: string;
  createdAt: string;
  usedAt: string;
  turns: Turn[];
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: AssistantRepository;
  cursors: Cursors;
}

/** What the caller asked before. Nobody else sees it, not even the owner of the restaurant. */
export class KeptConversations {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @param filter.q a part of a question or an answer. @returns the last used ones first. */
  @Track('assistant.conversations')
  list(call: Call, filter: { q?: string | undefined }, page: Page): Promise<PageOf<ListedConversation>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const { restaurantId } = call;
    const actor = actorOf(call);
    const binding = [restaurantId, 'conversations', actor, filter.q ?? null];
    const [usedAt, id] = cursors.read(page.cursor, binding)?.split(' ') ?? [];
    const after = usedAt !== undefined && id !== undefined ? { usedAt, id } : undefined;
    return unitOfWork.read(call, async (tx) => {
      const wanted = { actor, q: filter.q, after, limit: page.limit + 1 };
      const rows = await repository.conversations.list(restaurantId, tx, wanted);
      return cursors.page(rows, page.limit, binding, (row) => `${row.usedAt} ${row.id}`);
    });
  }

  /** @throws AppError not_found for another person's. */
  @Track('assistant.conversation')
  get(call: Call, id: string): Promise<Conversation> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.read(call, async (tx) => {
      const found = await repository.conversations.find(call.restaurantId, tx, id, actorOf(call));
      if (!found) throw notFound('conversation');
      return { ...found, turns: await repository.conversations.turns(call.restaurantId, tx, id) };
    });
  }

  /** @throws AppError not_found for another person's. */
  @Track('assistant.removeConversation')
  remove(call: Call, id: string): Promise<void> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      if (!(await repository.conversations.remove(call.restaurantId, tx, id, actorOf(call))))
        throw notFound('conversation');
    });
  }
}
