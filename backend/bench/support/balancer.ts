/**
 * A minimal load balancer: asks every server whether it is ready and sends requests to the ready
 * ones in turn, over connections that it keeps. It never repeats a request, so that it cannot hide
 * a server's failure.
 */
import { Agent, createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const CHECK_INTERVAL_MS = 100;
const CHECK_TIMEOUT_MS = 2_000;
/** Headers that describe one connection, not the answer. */
const HOP_HEADERS = ['connection', 'keep-alive', 'transfer-encoding'];

interface Upstream {
  url: string;
  isReady: boolean;
  timer: NodeJS.Timeout;
}

export class Balancer {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server: Server;
  #upstreams: Upstream[] = [];
  #turn = 0;

  private constructor() {
    this.#server = createServer((incoming, response) => this.#forward(incoming, response));
  }

  static async start(): Promise<Balancer> {
    const balancer = new Balancer();
    await new Promise<void>((resolve) => balancer.#server.listen(0, '127.0.0.1', resolve));
    return balancer;
  }

  get url(): string {
    // A TCP server's address is never a string.
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Adds a server. It gets requests after it has reported that it is ready. */
  async add(url: string): Promise<void> {
    const upstream: Upstream = {
      url,
      isReady: false,
      timer: setInterval(() => void this.#check(upstream), CHECK_INTERVAL_MS),
    };
    this.#upstreams.push(upstream);
    while (!upstream.isReady) await this.#check(upstream);
  }

  /** Removes a server that has stopped. */
  remove(url: string): void {
    for (const upstream of this.#upstreams) if (upstream.url === url) clearInterval(upstream.timer);
    this.#upstreams = this.#upstreams.filter((upstream) => upstream.url !== url);
  }

  close(): void {
    for (const { url } of this.#upstreams) this.remove(url);
    this.#agent.destroy();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #check(upstream: Upstream): Promise<void> {
    try {
      const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS);
      const answer = await fetch(`${upstream.url}/health/ready`, { signal });
      await answer.arrayBuffer();
      upstream.isReady = answer.ok;
    } catch {
      upstream.isReady = false;
    }
  }

  #forward(incoming: IncomingMessage, response: ServerResponse): void {
    const ready = this.#upstreams.filter(({ isReady }) => isReady);
    const upstream = ready[this.#turn++ % ready.length];
    if (!upstream) {
      response.writeHead(502).end('no server is ready');
      return;
    }
    const headers = withoutHops(incoming.headers);
    const { method } = incoming;
    const outgoing = request(upstream.url + incoming.url, { method, headers, agent: this.#agent }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, withoutHops(answer.headers));
      answer.once('error', () => response.destroy());
      answer.pipe(response);
    });
    outgoing.once('error', (error) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end(error.message);
    });
    incoming.pipe(outgoing);
  }
}

function withoutHops<T extends object>(headers: T): T {
  // Removing optional headers keeps the type.
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.includes(name))) as T;
}
