/** An invented restaurant to look at: a small bistro, once for whoever starts Servio, and a new one for each visitor. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoSettings } from '../config/env.js';
import { LONG_DEADLINE_MS, type Tx } from '../config/database.js';
import { Track } from '../decorators/Performance.js';
import { type Call, NO_RESTAURANT, systemCall } from '../domain/shared/call.js';
import { AppError } from '../domain/shared/errors.js';
import type { DemoRepository, Removal } from '../repositories/DemoRepository.js';
import { FairQueue } from '../utils/fairQueue.js';
import type { Clock } from '../utils/clock.js';
import type { AuthService, Entry } from './AuthService.js';
import { DemoTrade, type TradeServicesIn } from './demo/DemoTrade.js';
import { DEMO_LOGIN } from './demo/demoLogin.js';
import { fillMenu } from './demo/fillMenu.js';
import type { MenuService } from './MenuService.js';
import type { UnitOfWork } from './UnitOfWork.js';

/** What registering it says of an account that cannot be registered again. */
const IS_THERE = ['email_taken', 'idempotency_key_reused'];
/** For another process to be done with a step of loading the demo restaurant, and between two looks. */
const LONGEST_STEP_MS = 60_000;
const STEP_PAUSE_MS = 50;
const DEMO_NAME = 'Bistro Limone';
const DEMO_PLACE = { currency: 'EUR', timezone: 'Europe/Berlin' };
const HOUR_MS = 3_600_000;
/** Demos being made at once in this process, and waiting for it: they are some hundred statements each, and nobody's dinner. */
const OPENED_AT_ONCE = 2;
const MAX_WAITING = 10;
const MAX_WAIT_MS = 2_000;
/** Some 50 ms of work: nobody waits for it, but a transaction that takes long holds back the cleaning of all tables. */
const ROWS_AT_ONCE = 2_000;
const LONGEST_RETRY_SECONDS = 3_600;

interface Dependencies {
  auth: AuthService;
  menu: MenuService;
  unitOfWork: UnitOfWork;
  repository: DemoRepository;
  tradeIn: TradeServicesIn;
  settings: DemoSettings;
  clock: Clock;
  onOpened: () => void;
  /** Told of each restaurant that is gone. */
  onRemoved: (restaurantId: string) => void;
}

export interface DemoRequest {
  /** ISO 4217; EUR if absent. The prices keep their figures. */
  currency?: string | undefined;
  /** IANA name; Europe/Berlin if absent. */
  timezone?: string | undefined;
}

export interface DemoSession extends Entry {
  /** When the demo and its tokens end. */
  expiresAt: string;
}

/** What a removal came to. */
export interface RemovalReport {
  restaurants: number;
  rows: number;
}

export class DemoService {
  readonly #deps: Dependencies;
  readonly #opening = new FairQueue({
    atOnceEach: OPENED_AT_ONCE,
    maxWaitingEach: MAX_WAITING,
    refusal: 'Too many demos are being opened. Nothing was stored; try again shortly.',
  });

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Loads the demo restaurant once. Each step has an idempotency key: a start that was cut short is finished by the next
   * one, and nothing is made twice. Of several processes that start together each waits for the steps that another one is at.
   */
  async seedOnce(): Promise<void> {
    if (await this.#isSeeded()) return;
    const restaurantId = await whenFree(() => this.#register());
    if (restaurantId === undefined) return;
    await whenFree(() => fillMenu(this.#deps.menu, (key) => step(restaurantId, key)));
    await whenFree(() => this.#deps.unitOfWork.run(seeded(), () => Promise.resolve(true)));
  }

  /** Spares the starts of the next days the hash of a password and forty transactions. */
  async #isSeeded(): Promise<boolean> {
    try {
      return (await whenFree(() => this.#deps.unitOfWork.storedAnswer(seeded()))) !== undefined;
    } catch (error) {
      // Noted under another secret: noted all the same.
      if (error instanceof AppError && error.code === 'idempotency_key_reused') return true;
      throw error;
    }
  }

  /**
   * Makes a demo of the visitor's own, with trade of the last days, and a session in it. All in one transaction: there is no half demo.
   * @throws AppError not_found where demos are switched off; invalid_request for a currency or time zone that does not exist;
   *   overloaded while there are as many as there may be.
   */
  @Track('demo.open')
  async openSession(call: Call, request: DemoRequest): Promise<DemoSession> {
    const { settings, unitOfWork, repository } = this.#deps;
    if (!settings.isOn) throw new AppError('not_found', 'Demo sessions are switched off here.');
    const open = async (tx: Tx) => {
      await this.#assertRoom(tx, settings.most - 1);
      const session = await this.#open(tx, call, request);
      // Again, one after the other, with this one counted: of those who met the last place free, one gets it.
      await repository.lockPlaces(tx);
      await this.#assertRoom(tx, settings.most);
      tx.afterCommit(this.#deps.onOpened);
      return session;
    };
    // Three tenths of a second while nothing else goes on: a busy machine shall be slow with it and not refuse.
    const options = { deadlineMs: LONG_DEADLINE_MS };
    return this.#opening.run('demo', () => unitOfWork.run(call, open, options), MAX_WAIT_MS);
  }

  /**
   * Removes all that is left of demos that have expired, some rows at a time, each time in a transaction of its own: whoever is
   * stopped in between, or killed, leaves the rest to the next one. Several may be at it; they keep out of each other's way.
   * @param isStopping asked between two transactions.
   */
  async removeExpired(isStopping: () => boolean = () => false): Promise<RemovalReport> {
    const report: RemovalReport = { restaurants: 0, rows: 0 };
    while (!isStopping()) {
      const removal = await this.#removeSome();
      if (!removal) break;
      report.rows += removal.rows;
      if (!removal.isGone) continue;
      report.restaurants += 1;
      this.#deps.onRemoved(removal.restaurantId);
    }
    return report;
  }

  #removeSome(): Promise<Removal | undefined> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(systemCall(NO_RESTAURANT, 'demo'), (tx) =>
      repository.removeExpired(tx, clock(), ROWS_AT_ONCE),
    );
  }

  async #open(tx: Tx, call: Call, request: DemoRequest): Promise<DemoSession> {
    const { auth, settings, clock, unitOfWork, tradeIn } = this.#deps;
    const now = clock();
    const expiresAt = new Date(now.getTime() + settings.hours * HOUR_MS).toISOString();
    const { currency = DEMO_PLACE.currency, timezone = DEMO_PLACE.timezone } = request;
    const entry = await auth.openDemo(tx, call, { name: DEMO_NAME, currency, timezone, demoExpiresAt: expiresAt });
    await new DemoTrade(entry.restaurant, now, tradeIn, (at) => unitOfWork.within(tx, at)).fill();
    return { ...entry, expiresAt };
  }

  /** @throws AppError overloaded when there are more demos than that, with the time until one of them ends. */
  async #assertRoom(tx: Tx, most: number): Promise<void> {
    const now = this.#deps.clock();
    const { demos, nextExpiry } = await this.#deps.repository.count(tx, now);
    if (demos <= most) return;
    const seconds = nextExpiry === null ? 1 : Math.ceil((Date.parse(nextExpiry) - now.getTime()) / 1000);
    throw new AppError('overloaded', 'There are as many demos as this server takes. Try again later.', {
      retryAfterSeconds: Math.min(Math.max(seconds, 1), LONGEST_RETRY_SECONDS),
    });
  }

  /** @returns undefined when the account is older than the idempotency keys are kept, or than the server's secret. */
  async #register(): Promise<string | undefined> {
    try {
      const { restaurant } = await this.#deps.auth.register(step(NO_RESTAURANT, 'register'), {
        ...DEMO_LOGIN,
        ...DEMO_PLACE,
        name: 'Demo Owner',
        restaurantName: DEMO_NAME,
      });
      return restaurant.id;
    } catch (error) {
      if (error instanceof AppError && IS_THERE.includes(error.code)) return undefined;
      throw error;
    }
  }
}

/** Runs steps again, the stored ones from their answers, until no other process is at one of them. */
async function whenFree<T>(steps: () => Promise<T>): Promise<T> {
  const limit = performance.now() + LONGEST_STEP_MS;
  for (;;) {
    try {
      return await steps();
    } catch (error) {
      const isTaken = error instanceof AppError && error.code === 'idempotency_key_in_use';
      if (!isTaken || performance.now() > limit) throw error;
      await sleep(STEP_PAUSE_MS);
    }
  }
}

/** Notes, as a step of its own, that all steps have been done. */
function seeded(): Call {
  return step(NO_RESTAURANT, 'seeded');
}

function step(restaurantId: string, key: string): Call {
  const idempotency = { key, route: 'demo', requestHash: 'demo', status: 201, showsSecret: false, replayed: false };
  return { ...systemCall(restaurantId, 'demo'), idempotency };
}
