/** The Responses protocol of OpenAI. Nothing is stored there: `store: false`. */
import type OpenAI from 'openai';
import {
  cutStream,
  type ModelMessage,
  type ModelReply,
  type ModelRequest,
  ReplyBuilder,
  type StreamOptions,
} from './model.js';

type Params = OpenAI.Responses.ResponseCreateParamsStreaming;
type Item = OpenAI.Responses.ResponseInputItem;

export async function streamResponse(
  client: OpenAI,
  model: string,
  request: ModelRequest,
  { signal, onText, hear }: StreamOptions,
): Promise<ModelReply> {
  const stream = await client.responses.create(paramsOf(model, request), { signal });
  const reply = new ReplyBuilder(onText);
  let usage: { input: number; output: number } | undefined;
  let isFinished = false;
  for await (const event of stream) {
    hear();
    if (event.type === 'response.output_text.delta') reply.addText(event.delta);
    if (event.type === 'response.output_item.done' && event.item.type === 'function_call')
      reply.addToCall(event.output_index, {
        id: event.item.call_id,
        name: event.item.name,
        arguments: event.item.arguments,
      });
    if (event.type === 'response.failed') throw Object.assign(new Error('the model failed'), { status: 502 });
    if (event.type !== 'response.completed' && event.type !== 'response.incomplete') continue;
    isFinished = true;
    const used = event.response.usage;
    if (used) usage = { input: used.input_tokens, output: used.output_tokens };
  }
  if (!isFinished) throw cutStream();
  return reply.finish(request, usage);
}

function paramsOf(model: string, { messages, tools, maxOutputTokens }: ModelRequest): Params {
  return {
    model,
    input: messages.flatMap(itemsOf),
    max_output_tokens: maxOutputTokens,
    tools: tools.map((tool) => ({ type: 'function' as const, ...tool, strict: false })),
    store: false,
    stream: true,
  };
}

function itemsOf(message: ModelMessage): Item[] {
  if (message.role === 'tool')
    return [{ type: 'function_call_output', call_id: message.toolCallId, output: message.content }];
  const said: Item[] = message.content === '' ? [] : [{ role: message.role, content: message.content }];
  if (message.role !== 'assistant') return said;
  const calls = message.toolCalls.map(({ id, name, arguments: text }) => ({
    type: 'function_call' as const,
    call_id: id,
    name,
    arguments: text,
  }));
  return [...said, ...calls];
}
