import { z } from 'zod';
import { API_KEY_KINDS } from '../../domain/people/rateLimits.js';
import { SCOPES } from '../../domain/people/roles.js';
import { id, text, timestamp } from './common.js';

const kind = z
  .enum(API_KEY_KINDS)
  .meta({ description: 'Tills and kitchen screens have a ten times higher rate limit.' });
const scopes = z.array(z.enum(SCOPES, 'This scope does not exist.')).max(100);

export const apiKey = z
  .object({
    id,
    name: z.string(),
    kind,
    scopes,
    hint: z.string().meta({ description: 'The last four characters of the key.' }),
    createdAt: timestamp,
    expiresAt: timestamp.nullable(),
    lastSeenAt: timestamp.nullable().meta({ description: 'The last use, to the minute. Null if there was none.' }),
    version: z.int(),
  })
  .meta({ id: 'ApiKey' });

export const createdApiKey = apiKey
  .extend({ secret: z.string().meta({ description: 'The key itself. Shown only once.' }) })
  .meta({ id: 'CreatedApiKey' });

export const newApiKey = z
  .strictObject({
    name: text(200),
    kind: kind.optional(),
    scopes: scopes.min(1, 'Name at least one scope.').max(SCOPES.length),
    expiresAt: timestamp.nullable().optional(),
  })
  .meta({ id: 'NewApiKey' });
