import type { Request, Response } from 'express';
import { AppError } from '../domain/shared/errors.js';
import type { AssistantService, Question } from '../services/AssistantService.js';
import type { Call } from '../domain/shared/call.js';
import { Turn } from '../utils/turn.js';
import {
  assistantAnswer,
  confirmation,
  confirmed,
  conversation,
  conversationQuery,
  listedConversation,
  question,
} from './schemas/assistant.js';
import { idParams, pageOf } from './schemas/common.js';
import { type Endpoint, endpoint } from './support/endpoint.js';

const TAG = 'Assistant';

export function assistantEndpoints({ assistant }: { assistant: AssistantService }): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/v1/assistant/messages',
      name: 'askAssistant',
      tag: TAG,
      summary: 'Ask the assistant',
      description:
        'Answers from the restaurant’s own data, with the rights of the caller. `sources` name what it was computed from. With `Accept: text/event-stream`, ' +
        'the answer grows in events: `token` (a piece of text), `tool`, `proposal`, then `done` with the whole answer, or `error`. Without it, the answer comes within 10 s. ' +
        '`429`: the tokens of the day are used up. `503 assistant_not_configured`: the server has no language model.',
      access: 'assistant:use',
      limit: 'heavy',
      endsWithCaller: true,
      body: question,
      response: assistantAnswer,
      alsoProduces: ['text/event-stream'],
      handle: ({ call, body, request, response }) => {
        // Who waits for a model takes no place from those at work.
        Turn.of(request)?.end();
        return wantsStream(request) ? stream(assistant, call, body, response) : assistant.answer(call, body);
      },
    }),
    endpoint({
      method: 'get',
      path: '/v1/assistant/conversations',
      name: 'listAssistantConversations',
      tag: TAG,
      summary: 'List your conversations, the last used first',
      description: 'Only those of the caller. `q` searches questions and answers.',
      access: 'assistant:use',
      query: conversationQuery,
      response: pageOf(listedConversation),
      handle: ({ call, query: { q, ...page } }) => assistant.conversations.list(call, { q }, page),
    }),
    endpoint({
      method: 'get',
      path: '/v1/assistant/conversations/{id}',
      tag: TAG,
      summary: 'Get a conversation of yours',
      description: 'Conversations are kept for 30 days after their last use.',
      access: 'assistant:use',
      params: idParams,
      response: conversation,
      handle: ({ call, params }) => assistant.conversations.get(call, params.id),
    }),
    endpoint({
      method: 'delete',
      path: '/v1/assistant/conversations/{id}',
      tag: TAG,
      summary: 'Delete a conversation of yours',
      access: 'assistant:use',
      params: idParams,
      handle: ({ call, params }) => assistant.conversations.remove(call, params.id),
    }),
    endpoint({
      method: 'post',
      path: '/v1/assistant/proposals/{id}/confirm',
      tag: TAG,
      summary: 'Carry out a change that the assistant proposed to you',
      description: 'Once, within ten minutes, and only while the thing is unchanged since the proposal.',
      access: 'assistant:use',
      params: idParams,
      body: confirmation,
      response: confirmed,
      handle: ({ call, params, body }) => assistant.proposals.confirm(call, params.id, body.hash),
    }),
    endpoint({
      method: 'post',
      path: '/v1/assistant/proposals/{id}/dismiss',
      tag: TAG,
      summary: 'Dismiss a proposal',
      access: 'assistant:use',
      params: idParams,
      handle: ({ call, params }) => assistant.proposals.dismiss(call, params.id),
    }),
  ];
}

function wantsStream(request: Request): boolean {
  return (request.get('accept') ?? '').includes('text/event-stream');
}

/** Sends the answer as it grows. Errors before the first event are ordinary problems. */
async function stream(assistant: AssistantService, call: Call, asked: Question, response: Response) {
  const send = (event: string, data: unknown): void => {
    if (response.destroyed) return;
    if (!response.headersSent)
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      });
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  try {
    const answer = await assistant.stream(call, asked, {
      onText: (text) => send('token', { text }),
      onTool: (tool) => send('tool', tool),
      onProposal: (proposal) => send('proposal', proposal),
    });
    send('done', answer);
    response.end();
    return answer;
  } catch (error) {
    if (!response.headersSent || !(error instanceof AppError)) throw error;
    const { code, message, retryAfterSeconds } = error;
    send('error', { code, detail: message, retryAfterSeconds });
    response.end();
    // The answer was sent above.
    return undefined as never;
  }
}
