/**
 * Sends what the outbox holds. Twilio has no idempotency key, so a text whose answer was lost is
 * looked for in Twilio's list before anything is sent again. While nobody can be asked, it stays
 * `unknown` and is shown as such.
 */
import type { MailOutcome, SmtpClient } from '../../clients/SmtpClient.js';
import type { SendOutcome, TwilioClient } from '../../clients/TwilioClient.js';
import type { Database } from '../../config/database.js';
import type { Logger } from '../../config/logger.js';
import { RateLimit } from '../../decorators/Performance.js';
import { holdsSecret, meaningOfCode, quietMinutes, statusOfReport } from '../../domain/message/message.js';
import { localTime } from '../../domain/restaurant/localTime.js';
import { NO_RESTAURANT, systemCall } from '../../domain/shared/call.js';
import { mailOf } from '../../formats/messages/messageTexts.js';
import type { MessagingRepository } from '../../repositories/MessagingRepository.js';
import type { MessageChange, TakenMessage } from '../../repositories/messaging/MessageTable.js';
import type { Clock } from '../../utils/clock.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { Causes } from './Causes.js';
import type { Consents } from './Consents.js';
import { DEFAULT_SETTINGS, type MessageMetrics, type Outbox } from './Outbox.js';

const RESTAURANTS_AT_ONCE = 100;
const MESSAGES_AT_ONCE = 10;
/** Far above the limits of a call: a worker that is alive has ended by then. */
const LEASE_MS = 120_000;
const FIRST_PAUSE_MS = 15_000;
const LONGEST_PAUSE_MS = 600_000;
/** A lost text may appear in Twilio's list a little later. */
const LOOK_AFTER_MS = 30_000;
/** So long a lost text is looked for. Then it stays unknown. */
const LOOK_FOR_MS = 24 * 3_600_000;
const NEVER = new Date('9999-01-01T00:00:00Z');

interface Dependencies {
  unitOfWork: UnitOfWork;
  database: Database;
  repository: MessagingRepository;
  restaurants: RestaurantService;
  outbox: Outbox;
  consents: Consents;
  causes: Causes;
  twilio: TwilioClient | undefined;
  smtp: SmtpClient | undefined;
  publicUrl: string | undefined;
  clock: Clock;
  metrics: MessageMetrics;
  log: Logger;
}

export class Dispatcher {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Works off everything that is due, of all restaurants. @returns how many messages were handled.
   */
  async work(isStopping: () => boolean = () => false): Promise<number> {
    const { database, repository, clock } = this.#deps;
    let [handled, behind] = [0, NO_RESTAURANT];
    while (!isStopping()) {
      const due = await database.transaction(NO_RESTAURANT, (tx) =>
        repository.due(tx, clock(), behind, RESTAURANTS_AT_ONCE),
      );
      for (const restaurantId of due) {
        if (isStopping()) break;
        await this.#deps.causes.work(restaurantId);
        handled += await this.#sendAllOf(restaurantId, isStopping);
      }
      const last = due.at(-1);
      if (last === undefined || due.length < RESTAURANTS_AT_ONCE) break;
      behind = last;
    }
    return handled;
  }

  async #sendAllOf(restaurantId: string, isStopping: () => boolean): Promise<number> {
    const { unitOfWork, repository, clock } = this.#deps;
    for (let handled = 0; ; ) {
      if (isStopping()) return handled;
      const now = clock();
      const taken = await unitOfWork.step(systemCall(restaurantId, 'messages'), async (tx) => {
        const settings = await repository.settings(restaurantId, tx);
        return repository.messages.take(restaurantId, tx, {
          at: now,
          most: MESSAGES_AT_ONCE,
          leaseEnd: new Date(now.getTime() + LEASE_MS),
          isPaused: settings?.pausedAt !== null && settings !== undefined,
        });
      });
      if (taken.length === 0) return handled;
      handled += taken.length;
      await Promise.all(taken.map((message) => this.#handle(restaurantId, message)));
    }
  }

  async #handle(restaurantId: string, message: TakenMessage): Promise<void> {
    const { unitOfWork, repository, clock, metrics, log } = this.#deps;
    const change = await this.#decide(restaurantId, message).catch((error: unknown): MessageChange => {
      log.error({ err: error, restaurantId, messageId: message.id }, 'message not handled, will try again');
      // It may or may not have gone out.
      return message.channel === 'sms' && message.was !== 'queued' ? this.#lookLater(message) : this.#later(message);
    });
    await unitOfWork.step(systemCall(restaurantId, 'messages'), (tx) =>
      repository.messages.settle(restaurantId, tx, message, change, clock()),
    );
    if (change.status !== 'queued') metrics.became(message.kind, message.channel, change.status);
  }

  async #decide(restaurantId: string, message: TakenMessage): Promise<MessageChange> {
    const { clock } = this.#deps;
    if (message.was === 'queued' && new Date(message.expiresAt) <= clock())
      return { status: 'expired', reason: 'too_late', forgetText: true };
    if (message.sealed === null) return { status: 'failed', reason: 'no_text' };
    if (message.channel === 'email') return this.#mail(restaurantId, message, this.#deps.outbox.unseal(message.sealed));
    if (message.was !== 'queued') {
      const found = await this.#look(message);
      if (found) return found;
    }
    return (
      (await this.#obstacle(restaurantId, message)) ??
      this.#text(restaurantId, message, this.#deps.outbox.unseal(message.sealed))
    );
  }

  /** Asked right before sending: the guest may have said STOP while it waited. */
  async #obstacle(restaurantId: string, message: TakenMessage): Promise<MessageChange | undefined> {
    const { unitOfWork, repository, restaurants, consents, clock } = this.#deps;
    return unitOfWork.read({ restaurantId }, async (tx): Promise<MessageChange | undefined> => {
      if (!(await consents.isGranted(restaurantId, tx, message.recipient)))
        return { status: 'suppressed', reason: 'no_consent', forgetText: true };
      const { quietFrom, quietTo } = (await repository.settings(restaurantId, tx)) ?? DEFAULT_SETTINGS;
      const { timezone } = await restaurants.settings(tx, restaurantId);
      const minutes = quietMinutes(message.kind, localTime(clock(), timezone), quietFrom, quietTo);
      if (minutes === 0) return undefined;
      return { status: 'queued', nextAttemptAt: this.#in(minutes * 60_000), isHeld: true };
    });
  }

  async #text(restaurantId: string, message: TakenMessage, body: string): Promise<MessageChange> {
    const { twilio, publicUrl } = this.#deps;
    if (!twilio || publicUrl === undefined) return this.#later(message);
    const statusCallback = `${publicUrl}/v1/twilio/status?m=${restaurantId}.${message.id}`;
    const outcome = await twilio.send({ to: message.recipient, body, statusCallback });
    return this.#changeOf(restaurantId, message, outcome);
  }

  async #changeOf(restaurantId: string, message: TakenMessage, outcome: SendOutcome): Promise<MessageChange> {
    switch (outcome.kind) {
      case 'sent':
        return sent(outcome.providerId, outcome.report);
      case 'notSent':
        return this.#later(message, outcome.retryAfterSeconds);
      case 'lost':
        return this.#lookLater(message);
      default:
        await this.#deps.consents.obey(restaurantId, message.recipient, outcome.code);
        return { status: 'failed', errorCode: outcome.code, reason: meaningOfCode(outcome.code), forgetText: true };
    }
  }

  /** @returns undefined when Twilio has surely not got it. */
  async #look(message: TakenMessage): Promise<MessageChange | undefined> {
    const { twilio, clock, log } = this.#deps;
    const handedAt = new Date(message.handedAt ?? message.createdAt);
    if (!twilio) return this.#lookLater(message);
    // A worker died just now: what it sent may not be in the list yet.
    const ageMs = clock().getTime() - handedAt.getTime();
    if (ageMs < LOOK_AFTER_MS) return { status: message.was, nextAttemptAt: this.#in(LOOK_AFTER_MS - ageMs) };
    try {
      const found = await this.find(twilio, message, handedAt);
      return found && sent(found.providerId, found.report);
    } catch (error) {
      log.warn({ err: error, messageId: message.id }, 'a lost text could not be looked for, stays unknown');
      return this.#lookLater(message);
    }
  }

  /** After an outage there may be thousands of lost texts: the rest are looked for later. */
  @RateLimit({ maxCalls: 600, windowMs: 60_000 })
  async find(twilio: TwilioClient, { recipient, reference }: TakenMessage, since: Date) {
    return twilio.find(recipient, reference, since);
  }

  async #mail(restaurantId: string, message: TakenMessage, stored: string): Promise<MessageChange> {
    const { smtp } = this.#deps;
    if (!smtp) return this.#later(message);
    const { subject, text } = mailOf(stored);
    const outcome: MailOutcome = await smtp.send({
      id: `${restaurantId}.${message.id}`,
      to: message.recipient,
      subject,
      text,
    });
    if (outcome.kind === 'later') return this.#later(message);
    if (outcome.kind === 'refused')
      return { status: 'failed', errorCode: outcome.code, reason: 'refused', forgetText: true };
    return { status: 'sent', isSent: true, forgetText: holdsSecret(message.kind) };
  }

  #later({ attempts }: TakenMessage, retryAfterSeconds?: number): MessageChange {
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 10), LONGEST_PAUSE_MS);
    return { status: 'queued', nextAttemptAt: this.#in(Math.max(pauseMs, (retryAfterSeconds ?? 0) * 1_000)) };
  }

  #lookLater({ handedAt, attempts }: TakenMessage): MessageChange {
    const lookedForMs = this.#deps.clock().getTime() - new Date(handedAt ?? 0).getTime();
    if (handedAt !== null && lookedForMs > LOOK_FOR_MS)
      return { status: 'unknown', reason: 'never_found', nextAttemptAt: NEVER };
    const pauseMs = Math.min(LOOK_AFTER_MS * 2 ** Math.min(attempts - 1, 10), LONGEST_PAUSE_MS);
    return { status: 'unknown', nextAttemptAt: this.#in(pauseMs) };
  }

  #in(ms: number): Date {
    return new Date(this.#deps.clock().getTime() + ms);
  }
}

function sent(providerId: string, report: string): MessageChange {
  return { status: statusOfReport(report) ?? 'sent', providerId, isSent: true };
}
