import { z } from 'zod';
import { MAX_PREFERENCE_BYTES, preferenceFault } from '../../domain/people/preferences.js';
import { timestamp } from './common.js';

const EXAMPLE = { columns: ['number', 'table', 'total'], sort: '-placedAt' };

const key = z
  .string()
  .regex(/^[A-Za-z][\w.-]{0,63}$/, 'Give up to 64 letters, digits, dots, hyphens and underscores; a letter first.')
  .meta({ description: 'Your name for it.', examples: ['orders.view'] });

const value = z
  .record(z.string(), z.unknown(), 'Give an object.')
  .refine((sent) => preferenceFault(sent) === undefined, { error: ({ input }) => preferenceFault(input) })
  .meta({
    description: `Any object of at most ${MAX_PREFERENCE_BYTES} bytes as JSON. Servio does not read it.`,
    examples: [EXAMPLE],
  });

export const preference = z
  .object({
    key: z.string(),
    value: z.record(z.string(), z.unknown()).meta({ examples: [EXAMPLE] }),
    version: z.int(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Preference' });

export const preferenceKey = z.object({ key });
export const newPreference = z.strictObject({ key, value }).meta({ id: 'NewPreference' });
export const preferenceChange = z.strictObject({ value }).meta({ id: 'PreferenceChange' });
