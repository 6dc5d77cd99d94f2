import { randomBytes } from 'node:crypto';
import { SegmentedMessage } from 'sms-segments-calculator';
import type { Tx } from '../../config/database.js';
import {
  type Channel,
  type MessageKind,
  plainMarks,
  quietMinutes,
  type TemplateKind,
  worthMs,
} from '../../domain/message/message.js';
import { localTime } from '../../domain/restaurant/localTime.js';
import type { PrintLanguage } from '../../domain/restaurant/printLanguage.js';
import { filledText, ownText } from '../../formats/messages/messageTexts.js';
import type { MessageSettings, MessagingRepository } from '../../repositories/MessagingRepository.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import type { Nudge } from '../../utils/nudge.js';
import type { Secrets } from '../../utils/secrets.js';
import type { RestaurantService } from '../RestaurantService.js';

const SEAL = 'message-text';
/** Letters that nobody confuses. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const REFERENCE_LETTERS = 6;
const MAX_TEXT_CHARS = 1_200;

export interface MessageMetrics {
  became(kind: MessageKind, channel: Channel, status: string): void;
  paused(code: number): void;
}

interface Dependencies {
  repository: MessagingRepository;
  restaurants: Pick<RestaurantService, 'settings'>;
  secrets: Secrets;
  clock: Clock;
  metrics: MessageMetrics;
  /** Wakes the worker after the commit. */
  written: Nudge;
  /** What is configured. */
  channels: { sms: boolean; email: boolean };
}

export interface Wanted {
  kind: MessageKind;
  to: string;
  /** The same cause makes one message for a recipient. */
  cause: string;
  subjectId?: string | undefined;
  language?: PrintLanguage | undefined;
  /** Fields of the kind's template. */
  fields?: Record<string, string>;
  /** Text of a kind without template. */
  text?: string;
  retryOf?: string;
  dueAt?: Date;
}

/** The settings of a restaurant that never chose any. */
export const DEFAULT_SETTINGS: MessageSettings = {
  orderReady: false,
  digestTo: [],
  dayCloseTo: [],
  quietFrom: '21:00',
  quietTo: '08:00',
  answersCalls: false,
  transferTo: null,
  pausedAt: null,
  pauseCode: null,
  version: 1,
};

/** Writes messages into the transaction of what they are about. The job sends them. */
export class Outbox {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Whether messages of a channel can be sent at all. */
  can(channel: Channel): boolean {
    return this.#deps.channels[channel];
  }

  /**
   * @returns the id; undefined when the channel is not configured, or the cause was served already.
   */
  async add(restaurantId: string, tx: Tx, wanted: Wanted): Promise<string | undefined> {
    const { repository, restaurants, clock, metrics, written } = this.#deps;
    const channel = channelOf(wanted.to);
    if (!this.can(channel)) return undefined;
    const settings = (await repository.settings(restaurantId, tx)) ?? DEFAULT_SETTINGS;
    const { timezone, language: own } = await restaurants.settings(tx, restaurantId);
    const language = wanted.language ?? own;
    const reference = `#${referenceText()}`;
    const filled = await this.#textOf(restaurantId, tx, wanted, language);
    const text = channel === 'sms' ? `${plainMarks(filled).slice(0, MAX_TEXT_CHARS).trim()} ${reference}` : filled;
    const now = clock();
    const quietMs = quietMinutes(wanted.kind, localTime(now, timezone), settings.quietFrom, settings.quietTo) * 60_000;
    const dueAt = wanted.dueAt ?? new Date(now.getTime() + quietMs);
    const message = {
      id: newId(),
      kind: wanted.kind,
      channel,
      recipient: wanted.to,
      language,
      sealed: this.seal(text),
      reference,
      subjectId: wanted.subjectId ?? null,
      cause: wanted.cause,
      segments: channel === 'sms' ? new SegmentedMessage(text).segmentsCount : null,
      dueAt,
      expiresAt: new Date(dueAt.getTime() + worthMs(wanted.kind)),
      retryOf: wanted.retryOf ?? null,
    };
    if (!(await repository.messages.insert(restaurantId, tx, message, now))) return undefined;
    tx.afterCommit(() => {
      metrics.became(wanted.kind, channel, 'queued');
      written.give();
    });
    return message.id;
  }

  seal(text: string): Buffer {
    return this.#deps.secrets.encrypt(SEAL, text);
  }

  unseal(sealed: Buffer): string {
    return this.#deps.secrets.decrypt(SEAL, sealed);
  }

  async #textOf(
    restaurantId: string,
    tx: Tx,
    { kind, fields, text }: Wanted,
    language: PrintLanguage,
  ): Promise<string> {
    if (fields === undefined) return text ?? '';
    // Kinds with fields are those with templates.
    const named = kind as TemplateKind;
    const body = await this.#deps.repository.templateOf(restaurantId, tx, named, language);
    return filledText(body ?? ownText(named, language), fields);
  }
}

export function channelOf(to: string): Channel {
  return to.includes('@') ? 'email' : 'sms';
}

function referenceText(): string {
  return Array.from(randomBytes(REFERENCE_LETTERS), (byte) => LETTERS[byte % LETTERS.length]).join('');
}
