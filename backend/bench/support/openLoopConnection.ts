/**
 * One connection of the open-loop generator: sends the same bytes, and reads status and length of
 * each answer.
 */
import net from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
/**
 * All connections read into one buffer: each finishes with its content before the next one reads.
 */
const READ_BUFFER = Buffer.allocUnsafe(256 * 1_024);

export class Connection {
  readonly socket: net.Socket;
  readonly #request: Buffer;
  readonly #onAnswer: (connection: Connection, status: number, dueAt: number) => void;
  /** Due times of the unanswered requests, oldest first. */
  readonly #dueAt: number[] = [];
  #rest = Buffer.alloc(0);
  #bodyLeft = 0;
  #status = 0;
  #isLost = false;

  constructor(
    host: string,
    port: number,
    request: Buffer,
    onAnswer: (connection: Connection, status: number, dueAt: number) => void,
    onLost: (unanswered: number) => void,
  ) {
    this.#request = request;
    this.#onAnswer = onAnswer;
    const callback = (length: number): boolean => {
      this.#read(READ_BUFFER.subarray(0, length));
      return true;
    };
    this.socket = net.connect({ host, port, noDelay: true, onread: { buffer: READ_BUFFER, callback } });
    this.socket.on('error', () => undefined);
    this.socket.once('close', () => {
      this.#isLost = true;
      onLost(this.#dueAt.splice(0).length);
    });
  }

  get unanswered(): number {
    return this.#dueAt.length;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** @param dueAt time on the clock of `performance`. */
  send(dueAt: number): void {
    this.#dueAt.push(dueAt);
    this.socket.write(this.#request);
  }

  close(): void {
    this.socket.destroy();
  }

  #read(chunk: Buffer): void {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    this.#rest = Buffer.alloc(0);
    while (data.length > 0) {
      if (this.#bodyLeft === 0) {
        const end = data.indexOf(HEAD_END);
        if (end < 0) {
          this.#rest = Buffer.from(data);
          return;
        }
        this.#readHead(data.toString('latin1', 0, end));
        data = data.subarray(end + HEAD_END.length);
      }
      const taken = Math.min(this.#bodyLeft, data.length);
      this.#bodyLeft -= taken;
      data = data.subarray(taken);
      if (this.#bodyLeft === 0) this.#finish();
    }
  }

  /** @throws Error for an answer of unknown length, which Servio never sends. */
  #readHead(head: string): void {
    this.#status = Number(head.slice(9, 12));
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    if (length === undefined && this.#status !== 304) throw new Error(`an answer without a length: ${head}`);
    this.#bodyLeft = Number(length ?? 0);
  }

  #finish(): void {
    const dueAt = this.#dueAt.shift();
    if (dueAt !== undefined) this.#onAnswer(this, this.#status, dueAt);
  }
}
