import type { Call } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';
import type { AssistantRepository } from '../../repositories/AssistantRepository.js';
import type { Clock } from '../../utils/clock.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { actorOf } from './conversations.js';

const DAY_MS = 86_400_000;
const KEEP_DAYS = 90;
/** The row of the whole restaurant. */
const EVERYBODY = '';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: AssistantRepository;
  clock: Clock;
  /** Tokens a day (UTC). */
  limits: { restaurant: number; user: number };
}

/** Tokens that were taken before a call of the model, to be settled after it. */
export interface Taken {
  day: string;
  tokens: number;
}

/** Tokens of a restaurant and of each of its users, counted before they are spent. */
export class Budget {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws AppError rate_limited with the seconds until midnight UTC. */
  async take(call: Call, tokens: number): Promise<Taken> {
    const { unitOfWork, repository, clock, limits } = this.#deps;
    const now = clock();
    const day = now.toISOString().slice(0, 10);
    await unitOfWork.step(call, async (tx) => {
      const take = (actor: string, limit: number) =>
        repository.takeTokens(call.restaurantId, tx, { day, actor, tokens, limit });
      // Always in this order, so that two questions do not wait for each other.
      if (!(await take(EVERYBODY, limits.restaurant))) throw spent('The restaurant has', now);
      if (!(await take(actorOf(call), limits.user))) throw spent('You have', now);
    });
    return { day, tokens };
  }

  /** @param used tokens that the call really took. */
  async settle(call: Call, { day, tokens }: Taken, used: number): Promise<void> {
    if (used === tokens) return;
    const { unitOfWork, repository, clock } = this.#deps;
    await unitOfWork.step(call, async (tx) => {
      const actors = [EVERYBODY, actorOf(call)];
      await repository.settleTokens(call.restaurantId, tx, { day, actors, difference: used - tokens });
      const oldest = new Date(clock().getTime() - KEEP_DAYS * DAY_MS).toISOString().slice(0, 10);
      await repository.purgeUsage(call.restaurantId, tx, oldest);
    });
  }
}

function spent(who: string, now: Date): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil((DAY_MS - (now.getTime() % DAY_MS)) / 1000));
  return new AppError('rate_limited', `${who} used up today’s questions. They start anew at midnight UTC.`, {
    retryAfterSeconds,
  });
}
