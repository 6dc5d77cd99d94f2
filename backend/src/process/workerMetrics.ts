/**
 * The web workers of one machine share a port, so a scrape meets any of them. Each can therefore have what all of them have
 * counted: it asks the primary, which asks the others.
 *
 * Not prom-client's own cluster support: that answers in the primary only, and fails as a whole when one worker is silent.
 */
import type { Worker } from 'node:cluster';
import { randomUUID } from 'node:crypto';

/** For a worker to tell; a silent one is represented by what it told last. */
const TELL_MS = 1_000;
/** For the primary to answer; without an answer a worker speaks for itself alone. */
const ASK_MS = 2_000;
/** Of workers that died, whose counts are kept: they die seldom, and a machine that loses this many has other troubles. */
const MAX_DEPARTED = 50;

/** What one process has measured, as it travels: metrics with their type. */
export type Measured = readonly { type?: unknown }[];

type Message =
  | { servio: 'metrics.ready' }
  | { servio: 'metrics.ask'; id: string }
  | { servio: 'metrics.tell'; id: string }
  | { servio: 'metrics.told'; id: string; measured: Measured }
  | { servio: 'metrics.all'; id: string; all: readonly Measured[] };

/** The primary's side. */
export class WorkerMetrics {
  /** Workers that can be asked, and what they told last. */
  readonly #last = new Map<Worker, Measured>();
  readonly #departed: Measured[] = [];
  readonly #waiting = new Map<string, (measured: Measured) => void>();
  #gathering: Promise<readonly Measured[]> | undefined;

  /** From now on asks the worker, once it says that it can answer, and passes on what it asks for. */
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

  /** Counts stay, since a sum that falls looks like a restart of everything; levels go with their process. */
  #depart(worker: Worker): void {
    const counts = (this.#last.get(worker) ?? []).filter(({ type }) => type !== 'gauge');
    this.#last.delete(worker);
    if (counts.length > 0) this.#departed.push(counts);
    if (this.#departed.length > MAX_DEPARTED) this.#departed.shift();
  }
}

/**
 * A worker's side: answers the primary from now on.
 * @param measure what this process has measured.
 * @returns what all workers have measured; of this one alone when the primary does not answer.
 */
export function joinWorkerMetrics(measure: () => Promise<Measured>): () => Promise<readonly Measured[]> {
  const waiting = new Map<string, (all: readonly Measured[]) => void>();
  process.on('message', (message: unknown) => {
    if (!isMessage(message)) return;
    if (message.servio === 'metrics.all') waiting.get(message.id)?.(message.all);
    if (message.servio === 'metrics.tell')
      // Who cannot tell is silent.
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
  // Only the two sides above speak on this channel, beside Node itself, which knows no `servio`.
  return typeof message === 'object' && message !== null && 'servio' in message;
}

/** The other end of the channel, as the primary and as a worker see it. */
interface Channel {
  send?(message: Message, handle: undefined, options: undefined, done: () => void): boolean;
}

/** A side that has gone does not hear it, which is no error. */
function send(to: Channel, message: Message): void {
  to.send?.(message, undefined, undefined, () => undefined);
}
