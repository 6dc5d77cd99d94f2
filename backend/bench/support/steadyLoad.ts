/** Menus, orders and changes of the menu at a moderate, steady rate: requests leave on a schedule, whoever else is waiting. */
import { callApi, type Stage } from './stage.js';

/** About a quarter of what one core of the reference machine answers. */
const CALLS = [
  { kind: 'GET /v1/menu', everyMs: 10 },
  { kind: 'POST /v1/orders', everyMs: 25 },
  // So that menus also have to be looked for beyond the memory of the process.
  { kind: 'change', everyMs: 500 },
] as const;
const NO_ANSWER = 0;

export type Kind = (typeof CALLS)[number]['kind'];

export interface Sample {
  kind: Kind;
  /** On the clock of `performance`. */
  askedAt: number;
  durationMs: number;
  /** 0: no answer came. */
  status: number;
}

export class SteadyLoad {
  readonly #stage: Stage;
  readonly #samples: Sample[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #timers: NodeJS.Timeout[];
  #url: string;

  /** Begins at once. */
  constructor(stage: Stage, url: string) {
    this.#stage = stage;
    this.#url = url;
    this.#timers = CALLS.map(({ kind, everyMs }) => setInterval(() => this.#start(kind), everyMs));
  }

  /** From now on asks another server. */
  turnTo(url: string): void {
    this.#url = url;
  }

  /** @returns all that was asked, when all is answered. */
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

/** @returns what 95 % of the answers to `kind` that were asked for from `from` to `to` took at most, in ms. */
export function p95(samples: readonly Sample[], kind: Kind, from: number, to: number): number {
  const durations = samples
    .filter((sample) => sample.kind === kind && sample.askedAt >= from && sample.askedAt < to)
    .map(({ durationMs }) => durationMs)
    .sort((a, b) => a - b);
  return durations[Math.floor(durations.length * 0.95)] ?? Number.NaN;
}
