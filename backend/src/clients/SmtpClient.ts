/** Sends mail over the operator's SMTP server. The library is loaded with the first mail. */
import type { Transporter } from 'nodemailer';
import { policy } from '../utils/resilience.js';
import type { Policy } from '../utils/resilience/policies.js';

export interface Mail {
  /** The same for every attempt, so that a mail that came twice is seen as one. */
  id: string;
  to: string;
  subject: string;
  text: string;
}

/** `later`: the server may take it later. */
export type MailOutcome = { kind: 'sent' } | { kind: 'refused'; code: number } | { kind: 'later' };

const CONNECT_MS = 10_000;
const SILENCE_MS = 20_000;

export class SmtpClient {
  readonly #from: string;
  readonly #url: string;
  readonly #policy: Policy;
  #opening: Promise<Transporter> | undefined;

  constructor({ url, from }: { url: string; from: string }) {
    this.#from = from;
    this.#url = url;
    this.#policy = policy({ name: 'smtp', atOnce: 3, maxAttempts: 1, timeoutMs: 30_000, deadlineMs: 60_000 });
  }

  async send({ id, to, subject, text }: Mail): Promise<MailOutcome> {
    try {
      const transport = await (this.#opening ??= open(this.#url));
      await this.#policy.run(() =>
        transport.sendMail({
          from: this.#from,
          // As an object: a text could hold several addresses.
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@servio>`,
          headers: { 'auto-submitted': 'auto-generated' },
        }),
      );
      return { kind: 'sent' };
    } catch (error) {
      const code = (error as { responseCode?: unknown }).responseCode;
      return typeof code === 'number' && code >= 500 ? { kind: 'refused', code } : { kind: 'later' };
    }
  }

  async close(): Promise<void> {
    (await this.#opening)?.close();
    this.#policy.close();
  }
}

async function open(url: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    url,
    pool: true,
    maxConnections: 3,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}
