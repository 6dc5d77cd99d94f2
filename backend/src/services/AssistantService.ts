/**
 * Answers questions about a restaurant in words. The model gets tools over Servio's own services,
 * with the restaurant and the rights of the caller. It changes nothing: a write is a proposal that
 * a person confirms.
 */
import type { OpenAiClient } from '../clients/OpenAiClient.js';
import type { ModelMessage } from '../clients/openAi/model.js';
import { Timeout, Track } from '../decorators/Performance.js';
import type { AssistantAnswer, DataVersions, Proposal } from '../domain/assistant/assistant.js';
import { AnswerText } from '../domain/assistant/answerText.js';
import { Mask } from '../domain/assistant/masking.js';
import { businessDate } from '../domain/restaurant/localTime.js';
import type { Call } from '../domain/shared/call.js';
import { AppError, notFound } from '../domain/shared/errors.js';
import type { AssistantRepository } from '../repositories/AssistantRepository.js';
import type { MaskedTurn } from '../repositories/assistant/ConversationTable.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors } from '../utils/cursor.js';
import { newId } from '../utils/ids.js';
import type { Secrets } from '../utils/secrets.js';
import { Answers, type SharedAnswer } from './assistant/Answers.js';
import { Budget } from './assistant/Budget.js';
import { actorOf } from './assistant/conversations.js';
import { KeptConversations } from './assistant/KeptConversations.js';
import { standingPrompt } from './assistant/prompt.js';
import { Proposals, type WriteServices } from './assistant/Proposals.js';
import { proposingTools } from './assistant/proposingTools.js';
import { readingTools } from './assistant/readingTools.js';
import type { ReadServices } from './assistant/readServices.js';
import type { Tool, ToolContext } from './assistant/tool.js';
import { TurnRunner } from './assistant/TurnRunner.js';
import type { CacheService } from './CacheService.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

/** A caller without a stream waits this long for everything. */
const PATIENCE_MS = 10_000;
const WHOLE_TURN_MS = 120_000;
const CONVERSATIONS_EACH = 30;
const TURNS_KEPT = 50;
/** Earlier turns that the model sees, and the length of each side. */
const TURNS_SENT = 6;
const SENT_CHARS = 2_000;

const WEEKDAY = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' });

export interface Question {
  conversationId?: string | undefined;
  text: string;
}

/** Hears an answer while it is made. */
export interface Listener {
  onText(piece: string): void;
  onTool(tool: { name: string; outcome: 'ok' | 'failed' }): void;
  onProposal(proposal: Proposal): void;
}

const NOBODY: Listener = { onText: () => undefined, onTool: () => undefined, onProposal: () => undefined };

export interface AssistantMetrics {
  answered(source: 'model' | 'cache'): void;
  toolUsed(tool: string, outcome: 'ok' | 'failed'): void;
}

interface Dependencies extends ReadServices, WriteServices {
  unitOfWork: UnitOfWork;
  repository: AssistantRepository;
  restaurants: RestaurantService;
  cache: Pick<CacheService, 'get' | 'set'>;
  secrets: Secrets;
  cursors: Cursors;
  clock: Clock;
  metrics: AssistantMetrics;
  /** Absent: no key is configured. */
  client: Pick<OpenAiClient, 'reply'> | undefined;
  budget: { restaurant: number; user: number };
  publicUrl: string | undefined;
}

export class AssistantService {
  readonly proposals: Proposals;
  readonly conversations: KeptConversations;
  readonly #deps: Dependencies;
  readonly #answers: Answers;
  readonly #budget: Budget;
  readonly #reading: readonly Tool[];

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.proposals = new Proposals(deps);
    this.conversations = new KeptConversations(deps);
    this.#answers = new Answers(deps.cache);
    this.#budget = new Budget({ ...deps, limits: deps.budget });
    this.#reading = readingTools(deps);
  }

  /**
   * Answers within 10 s.
   * @throws AppError assistant_not_configured; not_found for another person's conversation;
   *   rate_limited when the day's tokens are used up; overloaded, dependency_unavailable.
   */
  @Track('assistant.answer')
  @Timeout(PATIENCE_MS, 'The assistant was not ready in 10 s. Ask again, or with Accept: text/event-stream.')
  answer(call: Call, question: Question): Promise<AssistantAnswer> {
    return this.#ask(call, question, NOBODY);
  }

  /** As `answer`, for a caller that sees it grow: silence ends it after 10 s, all after 2 min. */
  @Track('assistant.stream')
  @Timeout(WHOLE_TURN_MS, 'The assistant did not finish in two minutes. Ask a smaller question.')
  stream(call: Call, question: Question, listener: Listener): Promise<AssistantAnswer> {
    return this.#ask(call, question, listener);
  }

  async #ask(call: Call, question: Question, listener: Listener): Promise<AssistantAnswer> {
    const { unitOfWork, clock, metrics, secrets, client } = this.#deps;
    if (!client)
      throw new AppError(
        'assistant_not_configured',
        'This server has no language model. The operator sets OPENAI_API_KEY; see docs/assistant.md.',
        { retryAfterSeconds: 3_600 },
      );
    const repeated = await unitOfWork.storedAnswer<AssistantAnswer>(call);
    if (repeated) return repeated;
    const settings = await this.#deps.restaurants.get(call);
    if (!settings.isAssistantOn)
      throw new AppError(
        'forbidden',
        'The assistant is switched off in this restaurant. Who may change its settings sets isAssistantOn.',
      );
    const now = clock();
    const today = businessDate(now, settings.timezone, settings.businessDayCutoffHour);
    const mask = new Mask((value) => secrets.digest('assistant-mask', call.restaurantId, value));
    const { versions, history } = await this.#prepare(call, question, mask);
    const asked = { call, question: question.text, today, versions };
    const isFirst = question.conversationId === undefined;
    const known = isFirst ? await this.#answers.find(asked) : undefined;
    if (known) {
      metrics.answered('cache');
      listener.onText(known.text);
      const masked = { question: mask.hide(question.text), answer: mask.hide(known.text) };
      return this.#save(call, question, { ...known, masked, isCached: true });
    }
    const weekday = WEEKDAY.format(new Date(today));
    const opening: ModelMessage[] = [
      { role: 'system', content: standingPrompt({ currency: settings.currency, today, weekday }) },
      ...history.flatMap((turn): ModelMessage[] => [
        { role: 'user', content: turn.question.slice(0, SENT_CHARS) },
        { role: 'assistant', content: turn.answer.slice(0, SENT_CHARS), toolCalls: [] },
      ]),
      { role: 'user', content: mask.hide(question.text) },
    ];
    const { said, domains, hasFailed, ...made } = await this.#run(
      { call: reading(call), mask, today },
      opening,
      listener,
      client,
    );
    metrics.answered('model');
    const masked = { question: mask.hide(question.text), answer: mask.hide(said) };
    const answer = await this.#save(call, question, { ...made, masked, isCached: false });
    if (isFirst && made.proposals.length === 0 && !hasFailed) await this.#answers.keep(asked, made, domains);
    return answer;
  }

  async #run(
    context: ToolContext,
    opening: readonly ModelMessage[],
    listener: Listener,
    client: Pick<OpenAiClient, 'reply'>,
  ) {
    const { publicUrl, metrics } = this.#deps;
    const proposals: Proposal[] = [];
    const tools = [
      ...this.#reading,
      ...proposingTools(this.proposals, (proposal) => {
        proposals.push(proposal);
        listener.onProposal(proposal);
      }),
    ];
    const clean = () => new AnswerText(publicUrl, (text) => context.mask.show(text));
    const live = clean();
    const tell = (text: string): void => {
      if (text !== '') listener.onText(text);
    };
    let hasFailed = false;
    const runner = new TurnRunner({ client, budget: this.#budget });
    const result = await runner.run(context, opening, tools, {
      onText: (piece) => tell(live.add(piece)),
      onTool: ({ name, outcome }) => {
        hasFailed ||= outcome === 'failed';
        tell(live.end());
        metrics.toolUsed(name, outcome);
        listener.onTool({ name, outcome });
      },
    });
    tell(live.end());
    const whole = clean();
    const text = (whole.add(result.text) + whole.end()).trim();
    const { sources, domains, usage } = result;
    return {
      text: text === '' ? 'The model gave no answer.' : text,
      said: result.text,
      sources,
      domains,
      usage,
      proposals,
      hasFailed,
    };
  }

  /** What must be known before the first tool reads. */
  #prepare(call: Call, { conversationId }: Question, mask: Mask) {
    const { unitOfWork, repository } = this.#deps;
    const { restaurantId } = call;
    return unitOfWork.step(call, async (tx): Promise<{ versions: DataVersions; history: MaskedTurn[] }> => {
      let versions = await repository.versions(restaurantId, tx);
      if (!versions) {
        await repository.startVersions(restaurantId, tx);
        versions = await repository.versions(restaurantId, tx);
      }
      if (!versions) throw new Error('the versions of a restaurant were not stored');
      for (const guest of await repository.guests(restaurantId, tx)) mask.learn(guest);
      if (conversationId === undefined) return { versions, history: [] };
      const found = await repository.conversations.find(restaurantId, tx, conversationId, actorOf(call));
      if (!found) throw notFound('conversation');
      const newestFirst = await repository.conversations.maskedTurns(restaurantId, tx, conversationId, TURNS_SENT);
      return { versions, history: newestFirst.reverse() };
    });
  }

  #save(
    call: Call,
    question: Question,
    made: SharedAnswer & { masked: MaskedTurn; isCached: boolean } & Partial<
        Pick<AssistantAnswer, 'proposals' | 'usage'>
      >,
  ): Promise<AssistantAnswer> {
    const { unitOfWork, repository, clock } = this.#deps;
    const { restaurantId } = call;
    const { conversations } = repository;
    const id = question.conversationId ?? newId();
    const { text, sources, masked, isCached, proposals = [] } = made;
    const { usage = { inputTokens: 0, outputTokens: 0, isEstimated: false } } = made;
    return unitOfWork.run(call, async (tx) => {
      const now = clock();
      if (question.conversationId === undefined) {
        await conversations.insert(restaurantId, tx, id, actorOf(call), now);
        await conversations.trim(restaurantId, tx, actorOf(call), CONVERSATIONS_EACH);
      } else if (!(await conversations.lock(restaurantId, tx, id, actorOf(call)))) throw notFound('conversation');
      const turn = { question: question.text, answer: text, sources, masked };
      await conversations.addTurn(restaurantId, tx, id, turn, TURNS_KEPT, now);
      return { conversationId: id, text, sources, proposals, usage, isCached };
    });
  }
}

/** The caller, for tools: they read, so they have no key of their own. */
function reading({ idempotency: _key, ifMatch: _version, ...call }: Call): Call {
  return call;
}
