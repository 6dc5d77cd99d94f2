/**
 * A language model of somebody else: a small HTTP server that speaks Chat Completions and
 * Responses, with the faults that a test asks for. Requests are held against schemas that the
 * compiler compares with the SDK's own types.
 */
import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type OpenAI from 'openai';
import { z } from 'zod';

export interface FakeToolCall {
  name: string;
  arguments: string | object;
}

/** What the model does with one request. */
export type Behaviour =
  | { text: string; calls?: FakeToolCall[]; withoutUsage?: boolean; delayMs?: number }
  | { calls: FakeToolCall[]; withoutUsage?: boolean }
  | { status: number; headers?: Record<string, string> }
  | { fault: 'hang' | 'drip' | 'cut' | 'cutInCall' | 'endless' | 'reset' | 'garbage' };

/** One request, with what both protocols have in common. */
export interface Asked {
  api: 'chat' | 'responses';
  body: string;
  model: string;
  messages: { role: string; content: string }[];
  tools: { name: string; parameters: Record<string, unknown> }[];
  headers: IncomingMessage['headers'];
}

const functionCall = z.strictObject({ name: z.string(), arguments: z.string() });
const chatMessage = z.union([
  z.strictObject({ role: z.enum(['system', 'user']), content: z.string() }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.string(),
    tool_calls: z.exactOptional(
      z.array(z.strictObject({ id: z.string(), type: z.literal('function'), function: functionCall })),
    ),
  }),
  z.strictObject({ role: z.literal('tool'), tool_call_id: z.string(), content: z.string() }),
]);
const parameters = z.record(z.string(), z.unknown());
const chatRequest = z.strictObject({
  model: z.string(),
  messages: z.array(chatMessage),
  max_tokens: z.int().optional(),
  max_completion_tokens: z.int().optional(),
  tools: z
    .array(
      z.strictObject({
        type: z.literal('function'),
        function: z.strictObject({ name: z.string().regex(/^[\w-]{1,64}$/), description: z.string(), parameters }),
      }),
    )
    .optional(),
  stream: z.literal(true),
  stream_options: z.strictObject({ include_usage: z.literal(true) }),
});
const responsesRequest = z.strictObject({
  model: z.string(),
  input: z.array(
    z.union([
      z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }),
      z.strictObject({
        type: z.literal('function_call'),
        call_id: z.string(),
        name: z.string(),
        arguments: z.string(),
      }),
      z.strictObject({ type: z.literal('function_call_output'), call_id: z.string(), output: z.string() }),
    ]),
  ),
  max_output_tokens: z.int(),
  tools: z.array(
    z.strictObject({
      type: z.literal('function'),
      name: z.string(),
      description: z.string(),
      parameters,
      strict: z.literal(false),
    }),
  ),
  store: z.literal(false),
  stream: z.literal(true),
});

/** These assignments do not compile when the schemas leave the SDK's types. */
const chatIsOfSdk = (
  body: z.output<typeof chatRequest>,
): Pick<OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming, 'model' | 'messages' | 'stream'> => body;
const responseIsOfSdk = (
  body: z.output<typeof responsesRequest>,
): Pick<OpenAI.Responses.ResponseCreateParamsStreaming, 'model' | 'input' | 'store' | 'stream'> => body;

export class FakeOpenAi {
  readonly url: string;
  readonly hostPort: string;
  readonly asked: Asked[] = [];
  /** Requests that broke a schema. */
  readonly faults: string[] = [];
  readonly sockets = new Set<Socket>();
  mostSockets = 0;
  running = 0;
  mostRunning = 0;
  behave: (asked: Asked, index: number) => Behaviour = () => ({ text: 'Hello.' });
  readonly #server: ReturnType<typeof createServer>;

  constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    // A TCP server's address is never a string.
    this.hostPort = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.url = `http://${this.hostPort}/v1`;
  }

  static async start(): Promise<FakeOpenAi> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const fake = new FakeOpenAi(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void fake.#answer(request, response));
    server.on('connection', (socket: Socket) => {
      fake.sockets.add(socket);
      fake.mostSockets = Math.max(fake.mostSockets, fake.sockets.size);
      socket.on('close', () => fake.sockets.delete(socket));
      socket.on('error', () => undefined);
    });
    return fake;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    assert.deepEqual(this.faults, [], 'requests that the SDK’s types do not allow');
  }

  /** Everything that was sent to the model, as one text. */
  get bytes(): string {
    return this.asked.map(({ body, headers }) => JSON.stringify(headers) + body).join('\n');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const asked = this.#read(request, body);
    if (!asked) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"not here"}}');
      return;
    }
    this.asked.push(asked);
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    response.on('close', () => (this.running -= 1));
    await perform(response, asked, this.behave(asked, this.asked.length - 1)).catch(() => undefined);
  }

  #read(request: IncomingMessage, body: string): Asked | undefined {
    const { headers, url } = request;
    try {
      if (url === '/v1/chat/completions') {
        const sent = chatRequest.parse(JSON.parse(body));
        chatIsOfSdk(sent);
        const { tools = [] } = sent;
        const messages = sent.messages.map(({ role, content }) => ({ role, content }));
        return { api: 'chat', body, model: sent.model, messages, tools: tools.map((one) => one.function), headers };
      }
      if (url === '/v1/responses') {
        const sent = responsesRequest.parse(responseIsOfSdk(responsesRequest.parse(JSON.parse(body))));
        const messages = sent.input.map((one) => {
          if ('role' in one) return { role: one.role, content: one.content };
          return one.type === 'function_call'
            ? { role: 'assistant', content: one.arguments }
            : { role: 'tool', content: one.output };
        });
        return { api: 'responses', body, model: sent.model, messages, tools: sent.tools, headers };
      }
    } catch (error) {
      this.faults.push(`${url}: ${String(error)}`);
    }
    return undefined;
  }
}

async function perform(response: ServerResponse, { api }: Asked, behaviour: Behaviour): Promise<void> {
  if ('status' in behaviour) {
    const { status, headers = {} } = behaviour;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end('{"error":{"message":"no"}}');
    return;
  }
  if ('fault' in behaviour) return fail(response, behaviour.fault, api);
  if ('delayMs' in behaviour) await sleep(behaviour.delayMs);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of api === 'chat' ? chatEvents(behaviour) : responseEvents(behaviour)) response.write(event);
  response.end();
}

async function fail(response: ServerResponse, fault: string, api: Asked['api']): Promise<void> {
  if (fault === 'hang') return;
  if (fault === 'reset') {
    response.socket?.destroy();
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (fault === 'garbage') {
    response.end('<html>a proxy says hello</html>');
    return;
  }
  const whole = { text: 'The best seller is', calls: [{ name: 'sales', arguments: { from: '2026-01-01' } }] };
  const events = api === 'chat' ? chatEvents(whole) : responseEvents(whole);
  if (fault === 'cut' || fault === 'cutInCall') {
    response.write(events[0]);
    if (fault === 'cutInCall') response.write(events[Math.floor(events.length / 2)]);
    await sleep(5);
    response.socket?.destroy();
    return;
  }
  while (!response.destroyed) {
    response.write(events[0]);
    if (fault === 'drip') await sleep(20);
    else await sleep(0);
  }
}

const sse = (data: unknown, event?: string): string =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

interface Whole {
  text?: string;
  calls?: FakeToolCall[];
  withoutUsage?: boolean;
}

const textOf = (value: string | object): string => (typeof value === 'string' ? value : JSON.stringify(value));

function chatEvents({ text = '', calls = [], withoutUsage }: Whole): string[] {
  type Chunk = OpenAI.Chat.Completions.ChatCompletionChunk;
  type Choice = Chunk['choices'][number];
  const chunk = (delta: Choice['delta'], finish: Choice['finish_reason'] = null): Chunk => ({
    id: 'c',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'fake',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const pieces = text.match(/.{1,7}/gs) ?? [];
  const events = pieces.map((content) => sse(chunk({ content })));
  calls.forEach((call, index) => {
    const id = `call_${index}`;
    events.push(
      sse(chunk({ tool_calls: [{ index, id, type: 'function', function: { name: call.name, arguments: '' } }] })),
    );
    for (const piece of textOf(call.arguments).match(/.{1,9}/gs) ?? [])
      events.push(sse(chunk({ tool_calls: [{ index, function: { arguments: piece } }] })));
  });
  events.push(sse(chunk({}, calls.length > 0 ? 'tool_calls' : 'stop')));
  const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
  if (!withoutUsage) events.push(sse({ ...chunk({}), choices: [], usage }));
  return [...events, sse('[DONE]')];
}

function responseEvents({ text = '', calls = [], withoutUsage }: Whole): string[] {
  let sequence = 0;
  const event = (type: string, fields: object): string =>
    sse({ type, sequence_number: (sequence += 1), ...fields }, type);
  const events = (text.match(/.{1,7}/gs) ?? []).map((delta) =>
    event('response.output_text.delta', { delta, item_id: 'm', output_index: 0, content_index: 0, logprobs: [] }),
  );
  calls.forEach((call, index) => {
    const item = {
      type: 'function_call',
      call_id: `call_${index}`,
      name: call.name,
      arguments: textOf(call.arguments),
    };
    events.push(event('response.output_item.done', { output_index: index + 1, item }));
  });
  const usage = withoutUsage ? null : { input_tokens: 100, output_tokens: 20, total_tokens: 120 };
  return [...events, event('response.completed', { response: { id: 'r', usage } })];
}
