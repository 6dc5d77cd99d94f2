import type { Tx } from '../../config/database.js';
import { meaningOfCode } from '../../domain/message/message.js';
import { type Call, systemCall } from '../../domain/shared/call.js';
import { AppError, notFound } from '../../domain/shared/errors.js';
import type { Fact } from '../../domain/shared/events.js';
import type { MessagingRepository } from '../../repositories/MessagingRepository.js';
import type { Consent } from '../../repositories/messaging/ConsentTable.js';
import type { Clock } from '../../utils/clock.js';
import type { Cursors, Page, PageOf } from '../../utils/cursor.js';
import { newId } from '../../utils/ids.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { MessageMetrics } from './Outbox.js';

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: MessagingRepository;
  cursors: Cursors;
  clock: Clock;
  metrics: MessageMetrics;
}

export interface ConsentInput {
  phone: string;
  language?: string | undefined;
}

/** Who may be texted. Nobody is, before the consent is on record. */
export class Consents {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Puts a guest's consent on record.
   * @throws AppError invalid_state when the guest has said STOP: only START lifts that.
   */
  grant(call: Call, { phone, language }: ConsentInput): Promise<Consent> {
    const { unitOfWork, repository, clock } = this.#deps;
    const { restaurantId } = call;
    return unitOfWork.run(call, async (tx) => {
      const known = await repository.consents.find(restaurantId, tx, phone);
      if (known?.isFinal)
        throw new AppError('invalid_state', 'This number has said STOP. Only a text with START from it lifts that.');
      const wanted = { id: known?.id ?? newId(), phone, isFinal: false, language: language ?? null };
      const consent = await repository.consents.save(
        restaurantId,
        tx,
        { ...wanted, status: 'granted', source: 'staff' },
        clock(),
      );
      await unitOfWork.record(tx, call, [fact('consent.granted', consent)]);
      return consent;
    });
  }

  list(call: Call, page: Page): Promise<PageOf<Consent>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'consents'];
    const after = cursors.read(page.cursor, binding) ?? BEFORE_ALL;
    return unitOfWork.read(call, async (tx) => {
      const rows = await repository.consents.list(call.restaurantId, tx, after, page.limit + 1);
      return cursors.page(rows, page.limit, binding, (row) => row.id);
    });
  }

  /** Forgets a number. A STOP is not forgotten. @throws AppError not_found. */
  remove(call: Call, id: string): Promise<void> {
    return this.#deps.unitOfWork.run(call, async (tx) => {
      if (!(await this.#deps.repository.consents.remove(call.restaurantId, tx, id))) throw notFound('consent');
    });
  }

  async isGranted(restaurantId: string, tx: Tx, phone: string): Promise<boolean> {
    return (await this.#deps.repository.consents.find(restaurantId, tx, phone))?.status === 'granted';
  }

  /** Does what an error code of the provider demands. */
  async obey(restaurantId: string, phone: string, code: number): Promise<void> {
    const { unitOfWork, repository, clock, metrics } = this.#deps;
    const call = systemCall(restaurantId, 'messages');
    const meaning = meaningOfCode(code);
    if (meaning === 'withdraw') await unitOfWork.step(call, (tx) => this.withdraw(call, tx, phone, 'carrier'));
    if (meaning !== 'pause') return;
    await unitOfWork.step(call, async (tx) => {
      await repository.pause(restaurantId, tx, code, clock());
      await unitOfWork.record(tx, call, [
        {
          type: 'message_settings.changed',
          subject: 'message_settings',
          subjectId: restaurantId,
          data: { pauseCode: code },
        },
      ]);
    });
    metrics.paused(code);
  }

  /** Withdraws for good, and drops what waits. */
  async withdraw(call: Call, tx: Tx, phone: string, source: 'stop' | 'carrier'): Promise<void> {
    const { unitOfWork, repository, clock } = this.#deps;
    const { restaurantId } = call;
    const known = await repository.consents.find(restaurantId, tx, phone);
    const wanted = { id: known?.id ?? newId(), phone, isFinal: true, language: null, source };
    const consent = await repository.consents.save(restaurantId, tx, { ...wanted, status: 'withdrawn' }, clock());
    await repository.messages.suppressOf(restaurantId, tx, phone, clock());
    await unitOfWork.record(tx, call, [fact('consent.withdrawn', consent)]);
  }

  /** The guest has texted START. */
  async lift(call: Call, tx: Tx, phone: string): Promise<void> {
    const { unitOfWork, repository, clock } = this.#deps;
    const known = await repository.consents.find(call.restaurantId, tx, phone);
    if (!known || known.status === 'granted') return;
    const wanted = { ...known, status: 'granted' as const, isFinal: false, source: 'guest' as const };
    await unitOfWork.record(tx, call, [
      fact('consent.granted', await repository.consents.save(call.restaurantId, tx, wanted, clock())),
    ]);
  }
}

/** Without the number: events go out to webhooks. */
function fact(type: 'consent.granted' | 'consent.withdrawn', { id, source }: Consent): Fact {
  return { type, subject: 'consent', subjectId: id, data: { source } };
}
