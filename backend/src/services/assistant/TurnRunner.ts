import { ZodError } from 'zod';
import type { OpenAiClient } from '../../clients/OpenAiClient.js';
import {
  estimatedTokens,
  type ModelMessage,
  type ModelRequest,
  type ModelToolCall,
  type ModelUsage,
} from '../../clients/openAi/model.js';
import { Retry } from '../../decorators/Performance.js';
import type { AssistantUsage, DataDomain, Source } from '../../domain/assistant/assistant.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, CallerGone } from '../../domain/shared/errors.js';
import type { Budget } from './Budget.js';
import type { Tool, ToolContext } from './tool.js';

/** Calls of the model in one turn. The last one gets no tools, so that it answers. */
const MOST_STEPS = 6;
const MOST_CALLS_A_STEP = 6;
const MAX_RESULT_CHARS = 12_000;
const MAX_OUTPUT_TOKENS = 1_200;

export interface TurnEvents {
  onText: (piece: string) => void;
  onTool: (tool: { name: string; outcome: 'ok' | 'failed' }) => void;
}

export interface TurnResult {
  text: string;
  sources: Source[];
  domains: Set<DataDomain>;
  usage: AssistantUsage;
}

interface Dependencies {
  client: Pick<OpenAiClient, 'reply'>;
  budget: Budget;
}

/** Asks the model, runs the tools that it asks for, and asks again, until it answers. */
export class TurnRunner {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  async run(
    context: ToolContext,
    opening: readonly ModelMessage[],
    tools: readonly Tool[],
    { onText, onTool }: TurnEvents,
  ): Promise<TurnResult> {
    const messages = [...opening];
    const result: TurnResult = {
      text: '',
      sources: [],
      domains: new Set(),
      usage: { inputTokens: 0, outputTokens: 0, isEstimated: false },
    };
    let offered = tools.filter((one) => context.call.scopes.has(one.scope));
    for (let step = 1; ; step += 1) {
      const usable = step < MOST_STEPS ? offered : [];
      const reply = await this.#ask(context.call, result.usage, {
        messages,
        tools: usable.map(({ name, description, parameters }) => ({ name, description, parameters })),
        maxOutputTokens: MAX_OUTPUT_TOKENS,
        onText,
        signal: context.call.gone,
      });
      result.text = reply.text;
      if (reply.toolCalls.length === 0 || usable.length === 0) return result;
      messages.push({ role: 'assistant', content: reply.text, toolCalls: reply.toolCalls });
      for (const [index, wanted] of reply.toolCalls.entries()) {
        const found = index < MOST_CALLS_A_STEP ? usable.find((one) => one.name === wanted.name) : undefined;
        const content = await this.#perform(context, found, wanted, result);
        onTool({ name: found?.name ?? 'unknown', outcome: content.isOk ? 'ok' : 'failed' });
        messages.push({ role: 'tool', toolCallId: wanted.id, content: content.text });
        // Text of strangers is in the conversation now: from here on, the model only reads.
        if (found?.hasForeignText) offered = offered.filter((one) => !one.isProposal);
      }
    }
  }

  async #ask(call: Call, usage: AssistantUsage, request: ModelRequest) {
    const { client, budget } = this.#deps;
    const estimate = estimatedTokens(request);
    const taken = await budget.take(call, estimate + MAX_OUTPUT_TOKENS);
    let used: ModelUsage = { input: 0, output: 0, isEstimated: true };
    try {
      const reply = await client.reply(request);
      used = reply.usage;
      usage.inputTokens += used.input;
      usage.outputTokens += used.output;
      usage.isEstimated ||= used.isEstimated;
      return reply;
    } catch (error) {
      // A caller that leaves has had the model work; a model that fails has not.
      if (call.gone?.aborted) used = { ...used, input: estimate };
      throw error;
    } finally {
      await budget.settle(call, taken, used.input + used.output);
    }
  }

  async #perform(
    context: ToolContext,
    found: Tool | undefined,
    wanted: ModelToolCall,
    result: TurnResult,
  ): Promise<{ isOk: boolean; text: string }> {
    if (!found) return failed(context, 'There is no such tool for this person.');
    try {
      const args = shownArguments(context, wanted.arguments);
      const { data, figures, href, domains } = await this.read(found, context, args);
      if (!found.isProposal) result.sources.push({ tool: found.name, arguments: args, figures, href });
      for (const domain of domains) result.domains.add(domain);
      return { isOk: true, text: bounded(JSON.stringify({ origin: 'data of Servio', tool: found.name, data })) };
    } catch (error) {
      return failed(context, explained(error));
    }
  }

  /** Repeated when only the database was away for a moment: a lost turn costs tokens. */
  @Retry({ maxAttempts: 2, retryableErrors: ['database_unavailable'] })
  read(found: Tool, context: ToolContext, args: Record<string, unknown>) {
    return found.run(context, args);
  }
}

/**
 * The arguments as an object, with the values behind the marks. @throws AppError invalid_request.
 */
function shownArguments({ mask }: ToolContext, text: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text || '{}', (_key, value: unknown) => (typeof value === 'string' ? mask.show(value) : value));
  } catch {
    throw new AppError('invalid_request', 'The arguments are not JSON.');
  }
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  throw new AppError('invalid_request', 'The arguments must be a JSON object.');
}

/** What the model may know of a failure. @throws a failure that ends the whole turn. */
function explained(error: unknown): string {
  if (error instanceof CallerGone) throw error;
  if (error instanceof ZodError)
    return error.issues.map(({ path, message }) => `${path.join('.') || 'arguments'}: ${message}`).join('; ');
  if (error instanceof AppError && error.code !== 'internal_error') return error.message;
  throw error;
}

function failed({ mask }: ToolContext, message: string): { isOk: boolean; text: string } {
  return { isOk: false, text: bounded(JSON.stringify({ error: mask.hide(message) })) };
}

function bounded(text: string): string {
  return text.length <= MAX_RESULT_CHARS ? text : `${text.slice(0, MAX_RESULT_CHARS)} … (cut; ask for less)`;
}
