/**
 * Sums of business days: stored with the close of a day, and in the background for days that are
 * over and for parts of the open day. Reports read them until a change makes them invalid.
 */
import { LONG_DEADLINE_MS, type Tx } from '../../config/database.js';
import { Track } from '../../decorators/Performance.js';
import {
  differingFigures,
  PART_SIZES,
  type PartSizes,
  type SummedFigures,
  type SumsFault,
} from '../../domain/report/daySums.js';
import { type Call, NO_RESTAURANT, systemCall } from '../../domain/shared/call.js';
import type { Part, ReportRepository } from '../../repositories/ReportRepository.js';
import type { Clock } from '../../utils/clock.js';
import type { UnitOfWork } from '../UnitOfWork.js';

const NAME = 'sums of days';
const RESTAURANTS_AT_ONCE = 500;
const DAYS_AT_ONCE = 100;
/** Orders of an open day that make it worth while to look for a part of it. */
const ORDERS_OF_PART = PART_SIZES.fewest + PART_SIZES.rest;
/** Faults of one day that are listed. */
const MOST_FAULTS = 20;
const LONG = { deadlineMs: LONG_DEADLINE_MS };

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: Pick<ReportRepository, 'sums'>;
  /** The figures of a day from its rows. */
  figures: (call: Call, tx: Tx, date: string) => Promise<SummedFigures>;
  clock: Clock;
}

interface PartOptions {
  sizes?: PartSizes;
  again?: boolean;
}

/** Days made, and the last failure. */
interface Pass {
  made: number;
  failure?: unknown;
}

/** Audit of one day: what its sums and its rows differ in. */
export interface DaySumsAudit {
  date: string;
  faults: SumsFault[];
}

export class DaySums {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Stores the sums of a day in the transaction of its close, which has locked the days. */
  async freeze({ restaurantId }: Call, tx: Tx, date: string, figures: SummedFigures): Promise<void> {
    const { sums } = this.#deps.repository;
    await sums.claim(restaurantId, tx, date);
    await sums.store(restaurantId, tx, date, figures);
  }

  /**
   * Makes the sums of all days of all restaurants that are over and have none: new days, days that
   * changed, and those of before an upgrade. Goes on after a failure.
   * @param isStopping asked between two days.
   * @throws Error with the last failure as its cause.
   */
  @Track('daySums.makeDue')
  async makeDue(isStopping: () => boolean): Promise<void> {
    const at = this.#deps.clock();
    // Some days of each restaurant in turn: one with years to do lets the others go on.
    let pass: Pass = { made: 0 };
    do pass = await this.#passOverAll(at, isStopping);
    while (pass.made > 0 && !isStopping());
    assertAllMade(pass);
  }

  /**
   * Makes the sums of the newest days of one restaurant that are due.
   * @returns how many days have sums now.
   * @throws Error with the last failure as its cause, after the other days.
   */
  async makeSome(call: Call, isStopping: () => boolean = () => false): Promise<number> {
    const pass = await this.#passOver(call, this.#deps.clock(), isStopping);
    assertAllMade(pass);
    return pass.made;
  }

  async #passOverAll(at: Date, isStopping: () => boolean): Promise<Pass> {
    const { unitOfWork, repository } = this.#deps;
    const all: Pass = { made: 0 };
    let behind: string | undefined;
    while (!isStopping()) {
      const found = await unitOfWork.run(systemCall(NO_RESTAURANT, NAME), (tx) =>
        repository.sums.dueRestaurants(tx, at, ORDERS_OF_PART, behind, RESTAURANTS_AT_ONCE),
      );
      if (!found) break;
      for (const restaurantId of found.due) {
        const { made, failure = all.failure } = await this.#passOver(systemCall(restaurantId, NAME), at, isStopping);
        all.made += made;
        all.failure = failure;
      }
      behind = found.lastRestaurantId;
    }
    return all;
  }

  async #passOver(call: Call, at: Date, isStopping: () => boolean): Promise<Pass> {
    const { unitOfWork, repository } = this.#deps;
    const dates = await unitOfWork.read(call, (tx) => repository.sums.due(call.restaurantId, tx, at, DAYS_AT_ONCE));
    const pass: Pass = { made: 0 };
    for (const date of dates) {
      if (isStopping()) break;
      try {
        if (await this.make(call, date)) pass.made += 1;
      } catch (error) {
        pass.failure = error;
      }
    }
    if (!isStopping()) await this.makeParts(call).catch((error: unknown) => (pass.failure = error));
    return pass;
  }

  /**
   * Makes the sums of parts of the open day: those that changed, and new ones.
   * @param again makes those that have not changed, too.
   * @returns how many parts have been made.
   */
  async makeParts(call: Call, { sizes = PART_SIZES, again = false }: PartOptions = {}): Promise<number> {
    const { unitOfWork, repository, clock } = this.#deps;
    const { parts } = repository.sums;
    const { restaurantId } = call;
    const date = await unitOfWork.read(call, (tx) => parts.today(restaurantId, tx, clock()));
    if (date === undefined) return 0;
    let made = 0;
    for (const part of await unitOfWork.step(call, (tx) => parts.claimAgain(restaurantId, tx, date, again)))
      made += await this.#makePart(call, part);
    for (;;) {
      const part = await unitOfWork.step(call, (tx) => parts.claimNext(restaurantId, tx, date, sizes));
      if (!part) return made;
      made += await this.#makePart(call, part);
    }
  }

  /** @returns 1, or 0 when the part changed meanwhile. */
  #makePart(call: Call, part: Part): Promise<number> {
    const { parts } = this.#deps.repository.sums;
    return this.#deps.unitOfWork.step(
      call,
      async (tx) => {
        if (!(await parts.lock(call.restaurantId, tx, part))) return 0;
        await parts.store(call.restaurantId, tx, part);
        return 1;
      },
      LONG,
    );
  }

  /**
   * Makes the sums of one day anew.
   * @returns false when the day changed meanwhile.
   */
  async make(call: Call, date: string): Promise<boolean> {
    const { unitOfWork, repository, figures } = this.#deps;
    const { restaurantId } = call;
    const attempt = await unitOfWork.step(call, (tx) => repository.sums.claim(restaurantId, tx, date));
    if (attempt === undefined) return false;
    return unitOfWork.step(
      call,
      async (tx) => {
        if (!(await repository.sums.lock(restaurantId, tx, date, attempt))) return false;
        await repository.sums.store(restaurantId, tx, date, await figures(call, tx, date));
        return true;
      },
      LONG,
    );
  }

  /** Days of a period that have sums. */
  summed(call: Call, from: string, to: string): Promise<string[]> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.read(call, (tx) => repository.sums.summed(call.restaurantId, tx, from, to));
  }

  /**
   * Compares the sums of each day of a period with its rows, one day at a time, and those of each
   * part of an open day.
   * @returns one result for each day and part with sums.
   */
  async *audit(call: Call, from: string, to: string): AsyncIterable<DaySumsAudit> {
    const { unitOfWork } = this.#deps;
    const { parts } = this.#deps.repository.sums;
    for (const date of await this.summed(call, from, to))
      yield { date, faults: await unitOfWork.readReplica(call, (tx) => this.#faultsOf(call, tx, date)) };
    for (const part of await unitOfWork.readReplica(call, (tx) => parts.list(call.restaurantId, tx, from, to)))
      yield { date: part.date, faults: await unitOfWork.readReplica(call, (tx) => this.#faultsOfPart(call, tx, part)) };
  }

  async #faultsOfPart({ restaurantId }: Call, tx: Tx, part: Part): Promise<SumsFault[]> {
    const { parts } = this.#deps.repository.sums;
    // The part changed since the list was made: it has no sums that could be wrong.
    const isValid = (await parts.list(restaurantId, tx, part.date, part.date)).some(
      ({ above }) => above === part.above,
    );
    const wrong = isValid ? await parts.wrong(restaurantId, tx, part, MOST_FAULTS) : [];
    return wrong.map((fault) => ({ date: part.date, ...fault }));
  }

  async #faultsOf(call: Call, tx: Tx, date: string): Promise<SumsFault[]> {
    const { sums } = this.#deps.repository;
    const stored = (await sums.figures(call.restaurantId, tx, [date])).get(date);
    // The day changed since the list was made: it has no sums that could be wrong.
    if (!stored) return [];
    const names = differingFigures(stored, await this.#deps.figures(call, tx, date));
    const sales = await sums.wrongSales(call.restaurantId, tx, date, MOST_FAULTS);
    return [...names.map((key) => ({ kind: 'figures', key })), ...sales].map((fault) => ({ date, ...fault }));
  }
}

function assertAllMade({ failure }: Pass): void {
  if (failure === undefined) return;
  const reason = failure instanceof Error ? ` ${failure.message}` : '';
  throw new Error(`The sums of some days could not be made.${reason}`, { cause: failure });
}
