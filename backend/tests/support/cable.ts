/** The cable between a browser and Servio, which a test can pull out. */
import net from 'node:net';

export class Cable {
  readonly #target: number;
  readonly #sockets = new Set<net.Socket>();
  #server: net.Server | undefined;
  #port = 0;

  constructor(targetUrl: string) {
    this.#target = Number(new URL(targetUrl).port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Connects both ends, at the same address as before. */
  async plug(): Promise<void> {
    const server = net.createServer((near) => {
      const far = net.connect(this.#target, '127.0.0.1');
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          this.#sockets.delete(one);
          other.destroy();
        });
      }
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    // A TCP server's address is never a string.
    this.#port = (server.address() as net.AddressInfo).port;
  }

  /** Ends all connections and takes no new one. */
  async pull(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
