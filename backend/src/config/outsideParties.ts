/**
 * Settings of outside parties: a language model, Twilio, a mail server. Read by `config/env.ts`.
 */
import { z } from 'zod';

const optionalText = z.preprocess((value) => (value === '' ? undefined : value), z.string().min(1).optional());
const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://api.example.com' })
  .transform((text) => text.replace(/\/+$/, ''));
const optionalAddress = z.preprocess((value) => (value === '' ? undefined : value), webAddress.optional());
const phone = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number like +4915112345678');
const tokens = (most: number) => z.coerce.number('Give a whole number.').int().min(1_000).default(most);

export const outsidePartiesSchema = {
  /**
   * Where clients reach Servio: signatures of Twilio name it, and webhooks must not lead back to
   * it.
   */
  PUBLIC_URL: optionalAddress,
  OPENAI_API_KEY: optionalText,
  OPENAI_BASE_URL: z.preprocess((value) => value || 'https://api.openai.com/v1', webAddress),
  OPENAI_MODEL: z.preprocess((value) => value || 'gpt-4.1-mini', z.string().max(100)),
  OPENAI_API: z.preprocess((value) => value || 'chat', z.enum(['chat', 'responses'])),
  ASSISTANT_TOKENS_PER_DAY: tokens(1_000_000),
  ASSISTANT_TOKENS_PER_USER: tokens(200_000),
  TWILIO_ACCOUNT_SID: optionalText,
  TWILIO_AUTH_TOKEN: optionalText,
  TWILIO_FROM: z.preprocess((value) => (value === '' ? undefined : value), phone.optional()),
  TWILIO_BASE_URL: optionalAddress,
  SMTP_URL: z.preprocess(
    (value) => (value === '' ? undefined : value),
    z
      .string()
      .regex(/^smtps?:\/\//, 'must start with smtp:// or smtps://')
      .optional(),
  ),
  MAIL_FROM: optionalText,
};

type Values = z.output<z.ZodObject<typeof outsidePartiesSchema>>;

export interface ModelSettings {
  apiKey: string;
  baseUrl: string;
  model: string;
  api: 'chat' | 'responses';
}

export interface TwilioSettings {
  accountSid: string;
  authToken: string;
  /** The number that sends and is called. */
  from: string;
  baseUrl: string;
}

export interface MailSettings {
  url: string;
  from: string;
}

export interface OutsideParties {
  publicUrl?: string | undefined;
  /** Absent: nobody set a key, and there is no assistant. */
  model?: ModelSettings | undefined;
  /** Tokens a day, of a restaurant and of each of its users. */
  budget: { restaurant: number; user: number };
  twilio?: TwilioSettings | undefined;
  mail?: MailSettings | undefined;
}

/** @throws Error naming what is missing. */
export function outsidePartiesOf(values: Values): OutsideParties {
  const { OPENAI_API_KEY: apiKey, PUBLIC_URL: publicUrl, SMTP_URL: url, MAIL_FROM: from } = values;
  if (url !== undefined && from === undefined)
    throw new Error('SMTP_URL needs MAIL_FROM: the address that mails come from.');
  return {
    publicUrl,
    model:
      apiKey === undefined
        ? undefined
        : { apiKey, baseUrl: values.OPENAI_BASE_URL, model: values.OPENAI_MODEL, api: values.OPENAI_API },
    budget: { restaurant: values.ASSISTANT_TOKENS_PER_DAY, user: values.ASSISTANT_TOKENS_PER_USER },
    twilio: twilioOf(values),
    mail: url === undefined || from === undefined ? undefined : { url, from },
  };
}

function twilioOf(values: Values): TwilioSettings | undefined {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_FROM: from } = values;
  if (accountSid === undefined && authToken === undefined && from === undefined) return undefined;
  if (accountSid === undefined || authToken === undefined || from === undefined)
    throw new Error('Twilio needs TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM together.');
  if (values.PUBLIC_URL === undefined)
    throw new Error('Twilio needs PUBLIC_URL: its signatures are made over the address that it calls.');
  return { accountSid, authToken, from, baseUrl: values.TWILIO_BASE_URL ?? 'https://api.twilio.com' };
}

/** `host:port` of an address, with the default port of its protocol. */
export function hostAndPortOf(address: string): string {
  const { protocol, hostname, port } = new URL(address);
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
}
