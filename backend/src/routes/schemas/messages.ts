import { z } from 'zod';
import { MESSAGE_KINDS, MESSAGE_STATUSES, TEMPLATE_KINDS } from '../../domain/message/message.js';
import { edited, id, patchOf, printLanguage, text, timestamp } from './common.js';

const PHONE_HINT = 'Give a number with its country, for example "+4915112345678".';
const phone = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, PHONE_HINT)
  .meta({ examples: ['+4915112345678'] });
/** A number, or one mail address. */
const recipient = z
  .string()
  .trim()
  .max(254)
  .regex(
    /^(?:\+[1-9]\d{6,14}|[^\s@,;:<>()"\\]+@[^\s@,;:<>()"\\]+\.[^\s@,;:<>()"\\]+)$/,
    'Give a number such as "+4915112345678" or an e-mail address.',
  );
const recipients = z.array(recipient).max(10);
const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'Give a time of day as HH:MM.');

const settingsFields = {
  orderReady: z.boolean().meta({ description: 'Text guests when their order is ready, if their number has agreed.' }),
  digestTo: recipients.meta({ description: 'Who gets a daily digest when stock runs low.' }),
  dayCloseTo: recipients.meta({ description: 'Who gets each closed day, with the hash of its chain.' }),
  quietFrom: timeOfDay.meta({ description: 'Local start of the hours without reminders, digests and marketing.' }),
  quietTo: timeOfDay.meta({ description: 'Local end. Equal to the start: no quiet hours.' }),
  answersCalls: z.boolean().meta({ description: 'Calls to the server’s number are answered for this restaurant.' }),
  transferTo: phone.nullable().meta({ description: 'Who takes a call that the machine does not understand.' }),
};

export const messageSettings = z
  .object({
    ...settingsFields,
    pausedAt: timestamp.nullable().meta({ description: 'Since when texts are paused because a carrier filters them.' }),
    pauseCode: z.int().nullable().meta({ description: 'Error code of the provider.' }),
    version: z.int(),
  })
  .meta({ id: 'MessageSettings' });
export const messageSettingsPatch = patchOf(
  z.strictObject({
    ...settingsFields,
    isPaused: z.literal(false).meta({ description: 'Resumes texts after a pause.' }),
  }),
).meta({ id: 'MessageSettingsPatch' });

export const consentInput = z.strictObject({ phone, language: printLanguage.optional() }).meta({ id: 'ConsentInput' });
export const consent = z
  .object({
    id,
    phone: z.string(),
    status: z.enum(['granted', 'withdrawn']),
    isFinal: z.boolean().meta({ description: 'The guest said STOP: only START from the same number lifts it.' }),
    source: z.enum(['guest', 'staff', 'stop', 'carrier']),
    language: z.string().nullable(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Consent' });

const templateFields = {
  kind: z.enum(TEMPLATE_KINDS),
  language: printLanguage,
  body: text(2_000).meta({
    description: 'Fields in braces, such as `{restaurant}` and `{number}`. The first line of a mail is its subject.',
  }),
};
export const templateInput = z.strictObject(templateFields).meta({ id: 'MessageTemplateInput' });
export const templatePatch = patchOf(z.strictObject(templateFields)).meta({ id: 'MessageTemplatePatch' });
export const template = z
  .object({ ...edited, kind: z.enum(TEMPLATE_KINDS), language: printLanguage, body: z.string() })
  .meta({ id: 'MessageTemplate' });

export const messageRequest = z
  .strictObject({
    kind: z.enum(['receipt', 'reminder', 'marketing']),
    to: recipient.meta({ description: 'An e-mail address for a receipt, a number for the others.' }),
    orderId: id.optional().meta({ description: 'Of a receipt.' }),
    text: text(600).optional().meta({ description: 'Of a reminder or of marketing.' }),
    language: printLanguage.optional().meta({ description: 'Of a receipt. Default: the restaurant’s.' }),
  })
  .meta({ id: 'MessageRequest' });

export const message = z
  .object({
    id,
    kind: z.enum(MESSAGE_KINDS),
    channel: z.enum(['sms', 'email']),
    recipient: z.string(),
    language: z.string(),
    status: z.enum(MESSAGE_STATUSES).meta({
      description:
        '`unknown`: the provider’s answer was lost. It is looked for there, and never sent again before it is known that it did not go out.',
    }),
    errorCode: z.int().nullable(),
    reason: z.string().nullable(),
    segments: z.int().nullable().meta({ description: 'Parts that the provider bills for a text.' }),
    attempts: z.int(),
    subjectId: id.nullable(),
    createdAt: timestamp,
    sentAt: timestamp.nullable(),
    updatedAt: timestamp,
  })
  .meta({ id: 'Message' });
