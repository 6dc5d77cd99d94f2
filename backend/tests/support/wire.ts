/** A wire to a server on this machine that can be slow, and be cut and mended. */
import { once } from 'node:events';
import net from 'node:net';
import { Transform } from 'node:stream';

export class Wire {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  #isCut = false;
  #delayMs = 0;
  #fatalText: string | undefined;

  private constructor(targetPort: number) {
    this.#server = net.createServer((near) => this.#join(near, targetPort)).listen(0, '127.0.0.1');
  }

  static async open(targetPort: number): Promise<Wire> {
    const wire = new Wire(targetPort);
    await once(wire.#server, 'listening');
    return wire;
  }

  get port(): number {
    // A TCP server's address is never a string.
    return (this.#server.address() as net.AddressInfo).port;
  }

  /** Ends what runs over it; who connects from now on is hung up on. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  /** From now on what passes takes so many milliseconds longer, in each direction. */
  slow(delayMs: number): void {
    this.#delayMs = delayMs;
  }

  /**
   * The next message with this text arrives, but the connection ends instead of returning the
   * answer.
   */
  loseAnswerTo(text: string): void {
    this.#fatalText = text;
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #join(near: net.Socket, targetPort: number): void {
    near.on('error', () => undefined);
    if (this.#isCut) {
      near.destroy();
      return;
    }
    const far = net.connect(targetPort, '127.0.0.1').on('error', () => undefined);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    near.on('data', (piece) => {
      if (this.#fatalText === undefined || !piece.includes(this.#fatalText)) return;
      this.#fatalText = undefined;
      far.prependOnceListener('data', () => near.destroy());
    });
    near.pipe(this.#passage()).pipe(far).pipe(this.#passage()).pipe(near);
  }

  #passage(): Transform {
    return new Transform({
      transform: (piece, _encoding, pass) => {
        if (this.#delayMs === 0) pass(null, piece);
        else setTimeout(() => pass(null, piece), this.#delayMs);
      },
    });
  }
}
