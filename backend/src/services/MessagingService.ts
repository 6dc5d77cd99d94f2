/** Messages to guests and staff: settings, consent, templates, and what the provider tells us. */
import { Track } from '../decorators/Performance.js';
import { isForward, meaningOfCode, meaningOfText, statusOfReport } from '../domain/message/message.js';
import { type Call, NO_RESTAURANT, systemCall } from '../domain/shared/call.js';
import { AppError, assertVersion, invalid, notFound } from '../domain/shared/errors.js';
import { changesBetween } from '../domain/shared/events.js';
import type { PrintLanguage } from '../domain/restaurant/printLanguage.js';
import { unknownFields } from '../formats/messages/messageTexts.js';
import type { Database } from '../config/database.js';
import type { TwilioClient } from '../clients/TwilioClient.js';
import type { MessageSettings, MessageTemplate, MessagingRepository } from '../repositories/MessagingRepository.js';
import type { Message } from '../repositories/messaging/MessageTable.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import { EditableResource } from './EditableResource.js';
import type { Consents } from './messaging/Consents.js';
import type { Dispatcher } from './messaging/Dispatcher.js';
import { channelOf, DEFAULT_SETTINGS, type MessageMetrics, type Outbox } from './messaging/Outbox.js';
import type { PrintService } from './PrintService.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const SECOND_TRY_MS = 15 * 60_000;
const SWEEP_RESTAURANTS = 200;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type SettingsChange = {
  [Field in Exclude<keyof MessageSettings, 'pausedAt' | 'pauseCode' | 'version'>]?: MessageSettings[Field] | undefined;
} & { isPaused?: false | undefined };

export type TemplateInput = { [Field in 'kind' | 'language' | 'body']?: MessageTemplate[Field] | undefined };

export interface MessageRequest {
  kind: 'receipt' | 'reminder' | 'marketing';
  to: string;
  /** Of a receipt. */
  orderId?: string | undefined;
  /** Of the other kinds. */
  text?: string | undefined;
  language?: PrintLanguage | undefined;
}

/** A request of Twilio, as it came. */
export interface Webhook {
  /** Path and query. */
  path: string;
  signature: string | undefined;
  raw: string;
  isJson: boolean;
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  database: Database;
  repository: MessagingRepository;
  restaurants: RestaurantService;
  prints: Pick<PrintService, 'receiptText'>;
  outbox: Outbox;
  consents: Consents;
  dispatcher: Dispatcher;
  twilio: TwilioClient | undefined;
  publicUrl: string | undefined;
  cursors: Cursors;
  clock: Clock;
  metrics: MessageMetrics;
}

export class MessagingService {
  readonly templates: EditableResource<MessageTemplate, TemplateInput>;
  readonly consents: Consents;
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.consents = deps.consents;
    this.templates = new EditableResource(
      { noun: 'message_template', table: deps.repository.templates, build: buildTemplate },
      deps,
    );
  }

  @Track('messages.settings')
  settings(call: Call): Promise<MessageSettings> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.read(call, async (tx) => (await repository.settings(call.restaurantId, tx)) ?? DEFAULT_SETTINGS);
  }

  /** @throws AppError version_mismatch; in_use when another restaurant answers the calls. */
  @Track('messages.changeSettings')
  changeSettings(call: Call, { isPaused, ...change }: SettingsChange): Promise<MessageSettings> {
    const { unitOfWork, repository, clock } = this.#deps;
    const { restaurantId } = call;
    return unitOfWork.run(call, async (tx) => {
      const before = (await repository.settings(restaurantId, tx)) ?? DEFAULT_SETTINGS;
      assertVersion(call.ifMatch, before.version);
      const answering = change.answersCalls ? await repository.ofCalls(tx) : undefined;
      if (answering !== undefined && answering !== restaurantId)
        throw new AppError('in_use', 'Another restaurant of this server answers the calls to its number.');
      const sent = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const resumed = isPaused === false ? { pausedAt: null, pauseCode: null } : {};
      const after: MessageSettings = { ...before, ...sent, ...resumed, version: before.version + 1 };
      await repository.saveSettings(restaurantId, tx, after, clock());
      const changes = changesBetween(before, after);
      await unitOfWork.record(tx, call, [
        { type: 'message_settings.changed', subject: 'message_settings', subjectId: restaurantId, data: {}, changes },
      ]);
      return after;
    });
  }

  /**
   * Writes a message, which a job sends.
   * @throws AppError messages_not_configured; invalid_state without the consent of the number;
   *   not_found for an unknown order; already_exists when this receipt went to this address before.
   */
  @Track('messages.send')
  async send(call: Call, request: MessageRequest): Promise<Message> {
    const { unitOfWork, outbox, restaurants, consents, prints } = this.#deps;
    const { restaurantId } = call;
    const { kind, to } = request;
    const channel = channelOf(to);
    if (!outbox.can(channel)) throw notConfigured();
    if ((kind === 'receipt') !== (channel === 'email'))
      throw invalid('/to', kind === 'receipt' ? 'Give an e-mail address.' : 'Give a number like +4915112345678.');
    const wanted = kind === 'receipt' ? 'orderId' : 'text';
    const unwanted = kind === 'receipt' ? 'text' : 'orderId';
    if (request[wanted] === undefined) throw invalid(`/${wanted}`, `A message of this kind needs ${wanted}.`);
    if (request[unwanted] !== undefined) throw invalid(`/${unwanted}`, `A message of this kind takes no ${unwanted}.`);
    const repeated = await unitOfWork.storedAnswer<Message>(call);
    if (repeated) return repeated;
    const { orderId = '', text = '', language } = request;
    const receipt = kind === 'receipt' ? await prints.receiptText(call, orderId, language) : '';
    return unitOfWork.run(call, async (tx) => {
      if (channel === 'sms' && !(await consents.isGranted(restaurantId, tx, to)))
        throw new AppError(
          'invalid_state',
          'This number has not agreed to texts. Record its consent first: POST /v1/consents.',
        );
      const { name: restaurant } = await restaurants.settings(tx, restaurantId);
      const id = await outbox.add(
        restaurantId,
        tx,
        kind === 'receipt'
          ? { kind, to, cause: orderId, subjectId: orderId, language, fields: { restaurant, receipt } }
          : { kind, to, cause: call.requestId, text: `${restaurant}: ${text}` },
      );
      if (id === undefined) throw new AppError('already_exists', 'This receipt was sent to this address before.');
      return this.#find(tx, restaurantId, id);
    });
  }

  /** Newest first. */
  @Track('messages.list')
  list(call: Call, page: Page): Promise<PageOf<Message>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'messages'];
    const before = cursors.read(page.cursor, binding) ?? AFTER_ALL;
    return unitOfWork.read(call, async (tx) => {
      const rows = await repository.messages.list(call.restaurantId, tx, before, page.limit + 1);
      return cursors.page(rows, page.limit, binding, (row) => row.id);
    });
  }

  @Track('messages.get')
  get(call: Call, id: string): Promise<Message> {
    return this.#deps.unitOfWork.read(call, (tx) => this.#find(tx, call.restaurantId, id));
  }

  /** Sends what is due. For the job. */
  @Track('messages.dispatch')
  dispatch(isStopping?: () => boolean): Promise<number> {
    return this.#deps.dispatcher.work(isStopping);
  }

  /** Removes what is older than promised, of all restaurants. For the job. */
  @Track('messages.forget')
  async forget(isStopping: () => boolean = () => false): Promise<void> {
    const { database, repository, clock } = this.#deps;
    let behind: string | undefined = NO_RESTAURANT;
    while (behind !== undefined && !isStopping()) {
      const from: string = behind;
      behind = await database.transaction(NO_RESTAURANT, (tx) =>
        repository.forget(tx, clock(), from, SWEEP_RESTAURANTS),
      );
    }
  }

  /**
   * Checks that Twilio signed a request.
   * @throws AppError forbidden; messages_not_configured.
   */
  async assertSigned({ path, signature, raw, isJson }: Webhook): Promise<void> {
    const { twilio, publicUrl } = this.#deps;
    if (!twilio || publicUrl === undefined) throw notConfigured();
    if (await twilio.isSigned(publicUrl + path, signature, raw, isJson)) return;
    throw new AppError(
      'forbidden',
      'This request is not signed by Twilio for this server. Check PUBLIC_URL and TWILIO_AUTH_TOKEN.',
    );
  }

  /** A text that came in: STOP and START count for every restaurant that shares the number. */
  @Track('messages.hear')
  async hear({
    id,
    from,
    text,
    optOutType,
  }: {
    id: string;
    from: string;
    text: string;
    optOutType: string | undefined;
  }): Promise<void> {
    const { database, unitOfWork, repository, consents, clock } = this.#deps;
    const meaning = meaningOfText(text, optOutType);
    const known = await database.transaction(NO_RESTAURANT, (tx) => repository.ofPhone(tx, from));
    for (const restaurantId of known) {
      const call = systemCall(restaurantId, 'messages');
      await unitOfWork.step(call, async (tx) => {
        if (!(await repository.note(restaurantId, tx, { id, sender: from, meaning }, clock()))) return;
        if (meaning === 'stop') await consents.withdraw(call, tx, from, 'stop');
        if (meaning === 'start') await consents.lift(call, tx, from);
      });
    }
  }

  /**
   * A report of the provider about a text of ours. Reports come twice and in any order: the state
   * only goes forward.
   * @param mark as we gave it to the provider: `<restaurant>.<message>`.
   */
  @Track('messages.report')
  async report(
    mark: string,
    { report, providerId, code }: { report: string; providerId: string; code: number | undefined },
  ): Promise<void> {
    const { unitOfWork, repository, consents, clock, metrics } = this.#deps;
    const [restaurantId = '', id = ''] = mark.split('.');
    const status = statusOfReport(report);
    if (!UUID.test(restaurantId) || !UUID.test(id) || status === undefined) return;
    const moved = await unitOfWork.step(systemCall(restaurantId, 'messages'), async (tx) => {
      const message = await repository.messages.lock(restaurantId, tx, id);
      if (!message || !isForward(message.status, status)) return undefined;
      await repository.messages.report(restaurantId, tx, id, { status, providerId, errorCode: code }, clock());
      if (status === 'failed' && code !== undefined && meaningOfCode(code) === 'retry_once')
        await this.#again(restaurantId, tx, message);
      return message;
    });
    if (!moved) return;
    metrics.became(moved.kind, moved.channel, status);
    if (status === 'failed' && code !== undefined) await consents.obey(restaurantId, moved.recipient, code);
  }

  /** The handset was away: once more later, and never a third time. */
  async #again(
    restaurantId: string,
    tx: Parameters<Outbox['add']>[1],
    message: NonNullable<Awaited<ReturnType<MessagingRepository['messages']['lock']>>>,
  ): Promise<void> {
    const { outbox, clock } = this.#deps;
    if (message.retryOf !== null || message.sealed === null) return;
    const text = outbox.unseal(message.sealed).replace(` ${message.reference}`, '');
    await outbox.add(restaurantId, tx, {
      kind: message.kind,
      to: message.recipient,
      cause: `${message.cause} again`,
      text,
      retryOf: message.id,
      ...(message.subjectId === null ? {} : { subjectId: message.subjectId }),
      dueAt: new Date(clock().getTime() + SECOND_TRY_MS),
    });
  }

  async #find(tx: Parameters<Outbox['add']>[1], restaurantId: string, id: string): Promise<Message> {
    const message = await this.#deps.repository.messages.find(restaurantId, tx, id);
    if (!message) throw notFound('message');
    return message;
  }
}

function buildTemplate(input: TemplateInput, before: MessageTemplate | undefined) {
  const kind = input.kind ?? before?.kind ?? 'order_ready';
  const body = input.body ?? before?.body ?? '';
  const [unknown] = unknownFields(kind, body);
  if (unknown !== undefined) throw invalid('/body', `A template of this kind has no field {${unknown}}.`);
  return { kind, language: input.language ?? before?.language ?? ('en' as const), body };
}

function notConfigured(): AppError {
  return new AppError(
    'messages_not_configured',
    'This server cannot send such messages. The operator sets TWILIO_* or SMTP_URL; see docs/messages.md.',
    {
      retryAfterSeconds: 3_600,
    },
  );
}
