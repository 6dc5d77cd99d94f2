/**
 * The web workers of one machine share a port, so a scrape reaches any of them. Each worker can
 * therefore ask the primary for the metrics of all, and the primary asks the other workers.
 *
 * Not prom-client's own cluster support: it answers only in the primary, and fails as a whole when
 * one worker is silent.
 */
import type { Worker } from 'node:cluster';
import { randomUUID } from 'node:crypto';

/** Time for a worker to answer. A silent worker is represented by its last answer. */
const TELL_MS = 1_000;
/** Time for the primary to answer. Without an answer a worker reports only its own metrics. */
const ASK_MS = 2_000;
/**
 * Dead workers whose counts are kept. Workers rarely die, and a machine that loses this many has
 * other troubles.
 */
const MAX_DEPARTED = 50;

/** The metrics of one process with their types, as sent between processes. */
export type Measured = readonly { type?: unknown }[];

type Message =
  | { servio: 'metrics.ready' }
  | { servio: 'metrics.ask'; id: string }
  | { servio: 'metrics.tell'; id: string }
  | { servio: 'metrics.told'; id: string; measured: Measured }
  | { servio: 'metrics.all'; id: string; all: readonly Measured[] };

/** The primary's side. */
export class WorkerMetrics {
  /** Workers that can answer, and their last answers. */
  readonly #last = new Map<Worker, Measured>();
  readonly #departed: Measured[] = [];
  readonly #waiting = new Map<string, (measured: Measured) => void>();
  #gathering: Promise<readonly Measured[]> | undefined;

  /** Asks the worker from now on, once it reports that it can answer, and answers its requests. */
  add(worker: Worker): void {
    worker.on('message', (message: unknown) => {
      if (!isMessage(message)) return;
      if (message.servio === 'metrics.ready') this.#last.set(worker, []);
      if (message.servio === 'metrics.told') this.#waiting.get(message.id)?.(message.measured);
      if (message.servio === 'metrics.ask') void this.#answer(worker, message.id);
    });
    worker.once('exit', () => this.#depart(worker));
  }

  async #answer(worker: Worker, id: string): Promise<void> {
    this.#gathering ??= this.#gather().finally(() => {
      this.#gathering = undefined;
    });
    send(worker, { servio: 'metrics.all', id, all: await this.#gathering });
  }

  async #gather(): Promise<readonly Measured[]> {
    await Promise.all([...this.#last.keys()].map((worker) => this.#ask(worker)));
    return [...this.#last.values(), ...this.#departed];
  }

  async #ask(worker: Worker): Promise<void> {
    const id = randomUUID();
    const measured = await new Promise<Measured | undefined>((resolve) => {
      const timer = setTimeout(resolve, TELL_MS, undefined);
      this.#waiting.set(id, (told) => {
        clearTimeout(timer);
        resolve(told);
      });
      send(worker, { servio: 'metrics.tell', id });
    });
    this.#waiting.delete(id);
    // It may have died meanwhile.
    if (measured && this.#last.has(worker)) this.#last.set(worker, measured);
  }

  /**
   * Counts stay, because a falling sum looks like a restart of everything. Gauges are removed with
   * their process.
   */
  #depart(worker: Worker): void {
    const counts = (this.#last.get(worker) ?? []).filter(({ type }) => type !== 'gauge');
    this.#last.delete(worker);
    if (counts.length > 0) this.#departed.push(counts);
    if (this.#departed.length > MAX_DEPARTED) this.#departed.shift();
  }
}

/**
 * A worker's side: answers the primary from now on.
 * @param measure returns the metrics of this process.
 * @returns a function for the metrics of all workers; of this worker alone when the primary does
 *   not answer.
 */
export function joinWorkerMetrics(measure: () => Promise<Measured>): () => Promise<readonly Measured[]> {
  const waiting = new Map<string, (all: readonly Measured[]) => void>();
  process.on('message', (message: unknown) => {
    if (!isMessage(message)) return;
    if (message.servio === 'metrics.all') waiting.get(message.id)?.(message.all);
    if (message.servio === 'metrics.tell')
      // A worker that cannot measure stays silent.
      measure().then(
        (measured) => send(process, { servio: 'metrics.told', id: message.id, measured }),
        () => undefined,
      );
  });
  send(process, { servio: 'metrics.ready' });
  return async () => {
    const id = randomUUID();
    const all = await new Promise<readonly Measured[] | undefined>((resolve) => {
      const timer = setTimeout(resolve, ASK_MS, undefined);
      waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      send(process, { servio: 'metrics.ask', id });
    });
    waiting.delete(id);
    return all ?? [await measure()];
  };
}

function isMessage(message: unknown): message is Message {
  // Only the two sides above send messages on this channel, besides Node itself, whose messages
  // have no `servio`.
  return typeof message === 'object' && message !== null && 'servio' in message;
}

/** The other end of the channel, as the primary and as a worker see it. */
interface Channel {
  send?(message: Message, handle: undefined, options: undefined, done: () => void): boolean;
}

/** A message to a process that has gone is lost, which is no error. */
function send(to: Channel, message: Message): void {
  to.send?.(message, undefined, undefined, () => undefined);
}
