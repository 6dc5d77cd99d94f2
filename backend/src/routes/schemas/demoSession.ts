import { z } from 'zod';
import { entry } from './auth.js';
import { currencyCode, timestamp } from './common.js';
import { timezone } from './restaurant.js';

export const demoRequest = z
  .strictObject({ currency: currencyCode.optional(), timezone: timezone.optional() })
  .meta({ id: 'DemoRequest' });

export const demoSession = z
  .object({
    ...entry.shape,
    expiresAt: timestamp.meta({ description: 'When the demo ends and its tokens expire.' }),
  })
  .meta({ id: 'DemoSession' });
