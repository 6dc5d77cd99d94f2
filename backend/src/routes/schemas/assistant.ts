import { z } from 'zod';
import { PROPOSAL_ACTIONS } from '../../domain/assistant/assistant.js';
import { id, pageQuery, text, timestamp } from './common.js';

export const question = z
  .strictObject({
    conversationId: id.optional().meta({ description: 'Goes on with an earlier conversation of yours.' }),
    text: text(2_000),
  })
  .meta({ id: 'AssistantQuestion' });

const source = z
  .object({
    tool: z.string(),
    arguments: z.record(z.string(), z.unknown()),
    figures: z.record(z.string(), z.union([z.string(), z.number()])),
    href: z.string().meta({ description: 'Address of the same data in the API.' }),
  })
  .meta({ id: 'AssistantSource', description: 'What an answer was computed from.' });

const plainValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const proposal = z
  .object({
    id,
    action: z.enum(PROPOSAL_ACTIONS),
    subject: z.string().meta({ description: 'Name of the thing that changes.' }),
    diff: z.array(z.object({ field: z.string(), from: plainValue, to: plainValue })),
    hash: z.string().meta({ description: 'Send it with the confirmation: it proves which diff you saw.' }),
    expiresAt: timestamp,
  })
  .meta({ id: 'AssistantProposal', description: 'A change that happens only when you confirm it.' });

export const assistantAnswer = z
  .object({
    conversationId: id,
    text: z.string().meta({ description: 'Plain text, never Markdown or HTML.' }),
    sources: z.array(source),
    proposals: z.array(proposal),
    usage: z.object({
      inputTokens: z.int(),
      outputTokens: z.int(),
      isEstimated: z.boolean().meta({ description: 'The model’s server did not report its usage.' }),
    }),
    isCached: z.boolean(),
  })
  .meta({ id: 'AssistantAnswer' });

export const conversationQuery = pageQuery.extend({
  q: text(100)
    .optional()
    .meta({ description: 'Part of a question or an answer. Upper and lower case are treated alike.' }),
});

export const listedConversation = z
  .object({
    id,
    createdAt: timestamp,
    usedAt: timestamp,
    title: z.string().meta({ description: 'The first question that is kept.' }),
  })
  .meta({ id: 'ListedConversation' });

export const conversation = z
  .object({
    id,
    createdAt: timestamp,
    usedAt: timestamp,
    turns: z.array(
      z.object({
        position: z.int(),
        question: z.string(),
        answer: z.string(),
        sources: z.array(source),
        createdAt: timestamp,
      }),
    ),
  })
  .meta({ id: 'AssistantConversation' });

export const confirmation = z
  .strictObject({ hash: text(100).meta({ description: 'Of the proposal that you were shown.' }) })
  .meta({ id: 'AssistantConfirmation' });

export const confirmed = z
  .object({
    id,
    action: z.enum(PROPOSAL_ACTIONS),
    resourceId: id.meta({ description: 'The thing that was changed or made.' }),
  })
  .meta({ id: 'AssistantConfirmed' });
