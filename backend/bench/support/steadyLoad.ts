/**
 * Menus, orders and menu changes at a moderate, steady rate: requests leave on a schedule, whoever
 * else is waiting.
 */
import { callApi, type Stage } from './stage.js';

/** About a quarter of the capacity of one core of the reference machine. */
const CALLS = [
  { kind: 'GET /v1/menu', everyMs: 10 },
  { kind: 'POST /v1/orders', everyMs: 25 },
  // Changes ensure that some menu reads are not answered from the memory of the process.
  { kind: 'change', everyMs: 500 },
] as const;
const NO_ANSWER = 0;

export type Kind = (typeof CALLS)[number]['kind'];

export interface Sample {
  kind: Kind;
  /** Time on the clock of `performance`. */
  askedAt: number;
  durationMs: number;
  /** 0: no answer arrived. */
  status: number;
}

export class SteadyLoad {
  readonly #stage: Stage;
  readonly #samples: Sample[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #timers: NodeJS.Timeout[];
  #url: string;

  /** Starts at once. */
  constructor(stage: Stage, url: string) {
    this.#stage = stage;
    this.#url = url;
    this.#timers = CALLS.map(({ kind, everyMs }) => setInterval(() => this.#start(kind), everyMs));
  }

  /** Sends requests to another server from now on. */
  turnTo(url: string): void {
    this.#url = url;
  }

  /** @returns all samples, after all requests are answered. */
  async end(): Promise<Sample[]> {
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all(this.#underWay);
    return this.#samples;
  }

  #start(kind: Kind): void {
    const call = this.#ask(kind).finally(() => this.#underWay.delete(call));
    this.#underWay.add(call);
  }

  async #ask(kind: Kind): Promise<void> {
    const askedAt = performance.now();
    const status = await this.#send(kind).catch(() => NO_ANSWER);
    this.#samples.push({ kind, askedAt, durationMs: performance.now() - askedAt, status });
  }

  async #send(kind: Kind): Promise<number> {
    const { token, itemId } = this.#stage;
    const call = (method: string, path: string, body?: object) => callApi(this.#url, token, method, path, body);
    const lines = [{ menuItemId: itemId, quantity: 1 }];
    const response = await (kind === 'GET /v1/menu'
      ? call('GET', '/v1/menu')
      : kind === 'POST /v1/orders'
        ? call('POST', '/v1/orders', { type: 'takeaway', lines })
        : call('POST', `/v1/menu-items/${itemId}/availability`, { isAvailable: true }));
    await response.arrayBuffer();
    return response.status;
  }
}

/**
 * @returns the 95th percentile in ms of the answers to `kind` for requests sent from `from` to
 *   `to`.
 */
export function p95(samples: readonly Sample[], kind: Kind, from: number, to: number): number {
  const durations = samples
    .filter((sample) => sample.kind === kind && sample.askedAt >= from && sample.askedAt < to)
    .map(({ durationMs }) => durationMs)
    .sort((a, b) => a - b);
  return durations[Math.floor(durations.length * 0.95)] ?? Number.NaN;
}
