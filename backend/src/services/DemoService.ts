/**
 * Demo restaurants: an invented small bistro. One is loaded once per installation, and each visitor
 * gets a new one.
 */
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

/** Error codes of a registration that mean that the demo account already exists. */
const IS_THERE = ['email_taken', 'idempotency_key_reused'];
/**
 * Longest wait for another process to finish a step of loading the demo, and the pause between two
 * tries.
 */
const LONGEST_STEP_MS = 60_000;
const STEP_PAUSE_MS = 50;
const DEMO_NAME = 'Bistro Limone';
const DEMO_PLACE = { currency: 'EUR', timezone: 'Europe/Berlin' };
const HOUR_MS = 3_600_000;
/**
 * Limits of demos being made, and of requests waiting for one, in this process. Each takes some
 * hundred statements and is less urgent than real trade.
 */
const OPENED_AT_ONCE = 2;
const MAX_WAITING = 10;
const MAX_WAIT_MS = 2_000;
/**
 * About 50 ms of work. Nobody waits for it, but a long transaction delays the vacuum of all tables.
 */
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
  /** Called with each restaurant that was removed. */
  onRemoved: (restaurantId: string) => void;
}

export interface DemoRequest {
  /** ISO 4217; EUR if absent. The numbers of the prices do not change. */
  currency?: string | undefined;
  /** IANA name; Europe/Berlin if absent. */
  timezone?: string | undefined;
}

export interface DemoSession extends Entry {
  /** When the demo and its tokens end. */
  expiresAt: string;
}

/** Totals of a removal. */
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
   * Loads the demo restaurant once. Each step has an idempotency key. So the next start finishes an
   * interrupted one, and nothing is made twice. If several processes start together, each waits for
   * the steps that another one is running.
   */
  async seedOnce(): Promise<void> {
    if (await this.#isSeeded()) return;
    const restaurantId = await whenFree(() => this.#register());
    if (restaurantId === undefined) return;
    await whenFree(() => fillMenu(this.#deps.menu, (key) => step(restaurantId, key)));
    await whenFree(() => this.#deps.unitOfWork.run(seeded(), () => Promise.resolve(true)));
  }

  /**
   * Lets later starts skip a password hash and forty transactions, as long as the answer is stored.
   */
  async #isSeeded(): Promise<boolean> {
    try {
      return (await whenFree(() => this.#deps.unitOfWork.storedAnswer(seeded()))) !== undefined;
    } catch (error) {
      // The note was encrypted with another secret, but it exists.
      if (error instanceof AppError && error.code === 'idempotency_key_reused') return true;
      throw error;
    }
  }

  /**
   * Makes a new demo for a visitor, with sales of the last days and a session. All of it is one
   * transaction, so there is never half a demo.
   * @throws AppError not_found when demos are switched off; invalid_request for an unknown currency
   *   or time zone; overloaded when the maximum number of demos exists.
   */
  @Track('demo.open')
  async openSession(call: Call, request: DemoRequest): Promise<DemoSession> {
    const { settings, unitOfWork, repository } = this.#deps;
    if (!settings.isOn) throw new AppError('not_found', 'Demo sessions are switched off on this server.');
    const open = async (tx: Tx) => {
      await this.#assertRoom(tx, settings.most - 1);
      const session = await this.#open(tx, call, request);
      // Checked again under a lock, with this demo counted: of several requests that saw the last
      // free place, one gets it.
      await repository.lockPlaces(tx);
      await this.#assertRoom(tx, settings.most);
      tx.afterCommit(this.#deps.onOpened);
      return session;
    };
    // Takes 0.3 s on an idle machine. A busy machine must be slow here and not refuse.
    const options = { deadlineMs: LONG_DEADLINE_MS };
    return this.#opening.run('demo', () => unitOfWork.run(call, open, options), MAX_WAIT_MS);
  }

  /**
   * Removes all data of expired demos, a limited number of rows per transaction. A process that is
   * stopped in between leaves the rest to the next one. Several processes may run this at once;
   * they do not block each other.
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

  /**
   * @throws AppError overloaded when there are more than `most` demos, with the time until the next
   *   one ends.
   */
  async #assertRoom(tx: Tx, most: number): Promise<void> {
    const now = this.#deps.clock();
    const { demos, nextExpiry } = await this.#deps.repository.count(tx, now);
    if (demos <= most) return;
    const seconds = nextExpiry === null ? 1 : Math.ceil((Date.parse(nextExpiry) - now.getTime()) / 1000);
    throw new AppError('overloaded', 'This server has its maximum number of demos. Try again later.', {
      retryAfterSeconds: Math.min(Math.max(seconds, 1), LONGEST_RETRY_SECONDS),
    });
  }

  /**
   * @returns undefined when the account already exists and its idempotency key no longer answers:
   *   the key was deleted, or the server's secret has changed.
   */
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

/**
 * Repeats the steps until no other process is running one of them. Finished steps return their
 * stored answers.
 */
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

/** The step that notes that all other steps are done. */
function seeded(): Call {
  return step(NO_RESTAURANT, 'seeded');
}

function step(restaurantId: string, key: string): Call {
  const idempotency = { key, route: 'demo', requestHash: 'demo', status: 201, showsSecret: false, replayed: false };
  return { ...systemCall(restaurantId, 'demo'), idempotency };
}
