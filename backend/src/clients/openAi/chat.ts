/** Chat Completions: the protocol that OpenAI and all local servers speak. */
import type OpenAI from 'openai';
import {
  cutStream,
  type ModelMessage,
  type ModelReply,
  type ModelRequest,
  ReplyBuilder,
  type StreamOptions,
} from './model.js';

type Params = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming;

export async function streamChat(
  client: OpenAI,
  model: string,
  request: ModelRequest,
  { signal, onText, hear }: StreamOptions,
): Promise<ModelReply> {
  const stream = await client.chat.completions.create(paramsOf(model, request), { signal });
  const reply = new ReplyBuilder(onText);
  let usage: { input: number; output: number } | undefined;
  let isFinished = false;
  for await (const chunk of stream) {
    hear();
    const [choice] = chunk.choices ?? [];
    reply.addText(choice?.delta?.content ?? '');
    for (const call of choice?.delta?.tool_calls ?? [])
      reply.addToCall(call.index ?? 0, {
        id: call.id,
        name: call.function?.name,
        arguments: call.function?.arguments,
      });
    if (choice?.finish_reason) isFinished = true;
    if (chunk.usage) usage = { input: chunk.usage.prompt_tokens, output: chunk.usage.completion_tokens };
  }
  if (!isFinished) throw cutStream();
  return reply.finish(request, usage);
}

function paramsOf(model: string, { messages, tools, maxOutputTokens }: ModelRequest): Params {
  return {
    model,
    messages: messages.map(messageOf),
    // Newer models of OpenAI refuse max_tokens; local servers know only that one.
    ...(/^(?:o\d|gpt-5)/.test(model) ? { max_completion_tokens: maxOutputTokens } : { max_tokens: maxOutputTokens }),
    ...(tools.length > 0 ? { tools: tools.map((tool) => ({ type: 'function' as const, function: { ...tool } })) } : {}),
    stream: true,
    stream_options: { include_usage: true },
  };
}

function messageOf(message: ModelMessage): OpenAI.Chat.Completions.ChatCompletionMessageParam {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.toolCallId, content: message.content };
  if (message.role !== 'assistant') return message;
  const calls = message.toolCalls.map(({ id, name, arguments: text }) => ({
    id,
    type: 'function' as const,
    function: { name, arguments: text },
  }));
  return { role: 'assistant', content: message.content, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
}
