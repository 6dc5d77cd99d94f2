/** Asks ClamAV's daemon (INSTREAM): the file is sent in pieces, the answer is one line. */
import { connect } from 'node:net';
import { policy } from '../utils/resilience.js';
import type { Policy } from '../utils/resilience/policies.js';

const PIECE_BYTES = 65_536;
const ATTEMPT_MS = 20_000;
const MAX_ANSWER_CHARS = 1_000;

export interface VirusScanner {
  /**
   * @returns the name of what was found; undefined for a clean file. @throws when it cannot say.
   */
  scan(bytes: Uint8Array): Promise<string | undefined>;
  close(): void;
}

export class ClamdScanner implements VirusScanner {
  readonly #address: { host: string; port: number };
  readonly #policy: Policy = policy({
    name: 'virus_scanner',
    atOnce: 10,
    maxWaiting: 500,
    baseMs: 200,
    timeoutMs: ATTEMPT_MS,
    deadlineMs: 3 * ATTEMPT_MS,
    breaker: { resetMs: 5_000 },
  });

  constructor(address: { host: string; port: number }) {
    this.#address = address;
  }

  async scan(bytes: Uint8Array): Promise<string | undefined> {
    const answer = await this.#policy.run((signal) => this.#ask(bytes, signal));
    const found = /^stream: (.+) FOUND$/.exec(answer)?.[1];
    if (found !== undefined) return found;
    if (answer !== 'stream: OK') throw new Error(`the virus scanner answered: ${answer}`);
    return undefined;
  }

  close(): void {
    this.#policy.close();
  }

  #ask(bytes: Uint8Array, signal: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.#address);
      let answer = '';
      const stop = (): void => void socket.destroy(new Error('the virus scanner takes too long'));
      signal.addEventListener('abort', stop, { once: true });
      socket.setEncoding('utf8');
      socket.on('data', (text: string) => {
        answer = (answer + text).slice(0, MAX_ANSWER_CHARS);
      });
      socket.once('error', reject);
      socket.once('close', () => {
        signal.removeEventListener('abort', stop);
        const line = answer.replace(/\0$/, '').trim();
        if (line === '') reject(new Error('the virus scanner closed the connection without an answer'));
        else resolve(line);
      });
      socket.write('zINSTREAM\0');
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) socket.write(framed(bytes.subarray(at, at + PIECE_BYTES)));
      // A piece of no length ends the file.
      socket.write(Buffer.alloc(4));
    });
  }
}

function framed(piece: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(piece.length);
  return Buffer.concat([length, piece]);
}
