import type { AssistantAnswer, DataDomain, DataVersions } from '../../domain/assistant/assistant.js';
import { normalizedQuestion } from '../../domain/assistant/assistant.js';
import type { Call } from '../../domain/shared/call.js';
import { CacheKeys, CacheTTL } from '../cache/keys.js';
import type { CacheService } from '../CacheService.js';

/** The part of an answer that every caller with the same rights may get. */
export type SharedAnswer = Pick<AssistantAnswer, 'text' | 'sources'>;

interface Entry extends SharedAnswer {
  /** Versions of the data that the answer read. */
  versions: Partial<DataVersions>;
}

/** A first question. */
interface Asked {
  call: Call;
  question: string;
  /** Business date: "today" means another day tomorrow. */
  today: string;
  versions: DataVersions;
}

/**
 * Answers to first questions, by restaurant, rights, day and question. One is used only while the
 * data that it read is unchanged: each kind of data has a version of its own, so an order does not
 * make an answer about the menu old.
 */
export class Answers {
  readonly #cache: Pick<CacheService, 'get' | 'set'>;

  constructor(cache: Pick<CacheService, 'get' | 'set'>) {
    this.#cache = cache;
  }

  async find(asked: Asked): Promise<SharedAnswer | undefined> {
    const entry = await this.#cache.get<Entry>(keyOf(asked));
    if (!entry) return undefined;
    const isCurrent = Object.entries(entry.versions).every(
      // The fields were written by `keep`.
      ([domain, version]) => asked.versions[domain as DataDomain] === version,
    );
    return isCurrent ? { text: entry.text, sources: entry.sources } : undefined;
  }

  /** @param asked with the versions from before the data was read. */
  async keep(asked: Asked, answer: SharedAnswer, domains: ReadonlySet<DataDomain>): Promise<void> {
    const versions = Object.fromEntries([...domains].map((domain) => [domain, asked.versions[domain]]));
    const entry: Entry = { text: answer.text, sources: answer.sources, versions };
    await this.#cache.set(keyOf(asked), entry, CacheTTL.answer);
  }
}

function keyOf({ call, question, today }: Asked) {
  const rights = [...call.scopes].sort().join(' ');
  return CacheKeys.answer(call.restaurantId, rights, today, normalizedQuestion(question));
}
