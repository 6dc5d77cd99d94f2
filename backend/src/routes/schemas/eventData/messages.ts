/** Data of events about messages to guests. Numbers are not in it: events go out to webhooks. */
import { z } from 'zod';
import { consent, template } from '../messages.js';

const consentSource = consent.pick({ source: true });

export const MESSAGE_EVENTS = {
  'consent.granted': consentSource,
  'consent.withdrawn': consentSource,
  'message_settings.changed': z.object({
    pauseCode: z.int().optional().meta({ description: 'Error of the provider that paused the sender.' }),
  }),
  'message_template.created': template,
  'message_template.changed': template,
  'message_template.deleted': template,
};
