import { z } from 'zod';
import { MAX_LINK_SECONDS } from '../../services/auth/SignedLinks.js';
import { EXAMPLE_ID, text, timestamp } from './common.js';

const MAX_PATH_CHARS = 500;
const MAX_TYPE_CHARS = 100;

export const newLink = z
  .strictObject({
    path: text(MAX_PATH_CHARS).meta({
      description: 'Path and query of a `GET` that answers a file.',
      examples: [`/v1/documents/${EXAMPLE_ID}.pdf?language=de`],
    }),
    type: text(MAX_TYPE_CHARS)
      .optional()
      .meta({
        description: 'Media type to send, where the path has several. Without it, PDF if there is one.',
        examples: ['application/pdf'],
      }),
    expiresIn: z
      .int('Give whole seconds.')
      .min(10, 'Give at least 10 seconds.')
      .max(MAX_LINK_SECONDS, `Give at most ${MAX_LINK_SECONDS} seconds.`)
      .default(300)
      .meta({ description: 'Seconds until the link expires.', examples: [300] }),
  })
  .meta({ id: 'NewLink' });

export const signedLink = z
  .object({
    url: z.string().meta({
      description: 'On this server. Anybody who has it can read the file until it expires.',
      examples: ['/v1/links/eyJwYXRoIjoiL3YxIn0.c2lnbmF0dXJl'],
    }),
    expiresAt: timestamp,
  })
  .meta({ id: 'SignedLink' });

export const linkToken = z.object({ token: z.string() });
