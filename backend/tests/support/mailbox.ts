/** A mail server that keeps what it gets, or refuses it. */
import { SMTPServer } from 'smtp-server';

export interface Mail {
  to: string;
  id: string;
  text: string;
  subject: string;
}

export class Mailbox {
  /** In the order of their arrival. */
  readonly mails: Mail[] = [];
  /** An answer of SMTP; undefined: mails are taken. */
  refusal: number | undefined;
  readonly #server: SMTPServer;

  private constructor() {
    this.#server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          if (this.refusal !== undefined) {
            done(Object.assign(new Error('no'), { responseCode: this.refusal }));
            return;
          }
          this.mails.push(readMail(Buffer.concat(chunks).toString(), session.envelope.rcptTo[0]?.address ?? ''));
          done();
        });
      },
    });
  }

  static async start(): Promise<Mailbox> {
    const mailbox = new Mailbox();
    await new Promise<void>((resolve) => mailbox.#server.listen(0, '127.0.0.1', resolve));
    return mailbox;
  }

  /** The server, as Servio is told of it. */
  get settings(): { url: string; from: string } {
    // A TCP server's address is never a string.
    const { port } = this.#server.server.address() as { port: number };
    return { url: `smtp://127.0.0.1:${port}`, from: 'bistro@example.com' };
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}

function readMail(raw: string, to: string): Mail {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const unfolded = head.replaceAll(/\r\n[ \t]+/g, ' ');
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'im').exec(unfolded)?.[1] ?? '';
  const body = rest.join('\r\n\r\n');
  const encoding = field('Content-Transfer-Encoding');
  const plain = /quoted-printable/i.test(encoding)
    ? Buffer.from(
        body
          .replaceAll(/=\r\n/g, '')
          .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      ).toString('utf8')
    : /base64/i.test(encoding)
      ? Buffer.from(body, 'base64').toString('utf8')
      : body;
  return { to, id: field('Message-ID'), subject: field('Subject'), text: plain };
}
