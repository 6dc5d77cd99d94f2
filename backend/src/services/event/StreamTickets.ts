/**
 * One-time tickets for readers that can send no header. A ticket stands for the credential that
 * made it, for a minute, at every instance.
 */
import type { Database } from '../../config/database.js';
import { Track } from '../../decorators/Performance.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';
import type { StreamTicketTable } from '../../repositories/event/StreamTicketTable.js';
import type { Clock } from '../../utils/clock.js';
import type { Secrets } from '../../utils/secrets.js';
import type { ProvenTokens } from '../auth/provenTokens.js';
import { readToken } from '../auth/tenantTokens.js';
import type { UnitOfWork } from '../UnitOfWork.js';

const SEAL = 'stream-ticket';
const TICKET_MS = 60_000;

interface Dependencies {
  unitOfWork: UnitOfWork;
  database: Database;
  table: StreamTicketTable;
  tokens: ProvenTokens;
  secrets: Secrets;
  clock: Clock;
}

/** `ticket` is shown once; the database keeps only its digest. */
export interface IssuedTicket {
  ticket: string;
  expiresAt: string;
}

export class StreamTickets {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @param credential the access token or API key of the call. */
  @Track('streamTickets.issue')
  issue(call: Call, credential: string): Promise<IssuedTicket> {
    const { unitOfWork, table, tokens, secrets, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const now = clock();
      const expiresAt = new Date(now.getTime() + TICKET_MS);
      const { token: ticket, hash } = tokens.mint('st', call.restaurantId);
      await table.deleteExpired(call.restaurantId, tx, now);
      await table.insert(call.restaurantId, tx, { hash, credential: secrets.encrypt(SEAL, credential), expiresAt });
      return { ticket, expiresAt: expiresAt.toISOString() };
    });
  }

  /**
   * Uses a ticket up. @returns the credential that made it.
   * @throws AppError invalid_token when it is unknown, used or expired.
   */
  async redeem(ticket: string): Promise<string> {
    const { database, table, secrets, clock } = this.#deps;
    const presented = readToken('st', ticket);
    if (!presented) throw unusableTicket();
    const { restaurantId, hash } = presented;
    const found = await database.transaction(restaurantId, (tx) => table.take(restaurantId, tx, hash));
    if (!found || Date.parse(found.expiresAt) <= clock().getTime()) throw unusableTicket();
    return secrets.decrypt(SEAL, found.credential);
  }

  /** True for a text that this server did not make. Looking it up may serve a guesser. */
  isInvented(ticket: string): boolean {
    return this.#deps.tokens.familyOf('st', ticket) === undefined;
  }
}

function unusableTicket(): AppError {
  return new AppError(
    'invalid_token',
    'This ticket is unknown, used or expired: it opens one stream within 60 seconds. Get another with POST /v1/events/stream-tickets.',
  );
}
