/** Code pools: codes are made ahead, handed out at once, and redeemed. */
import type { Tx } from '../config/database.js';
import { Track } from '../decorators/Performance.js';
import { type CodePool, isGenerated, isValued } from '../domain/codePool/codePool.js';
import type { Call } from '../domain/shared/call.js';
import { AppError, invalid, notFound } from '../domain/shared/errors.js';
import { type Liability, liabilityOf } from '../domain/codePool/liability.js';
import type { CodePoolRepository } from '../repositories/CodePoolRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors } from '../utils/cursor.js';
import type { Secrets } from '../utils/secrets.js';
import { ClaimQueue, type Claimed, type ClaimTerms } from './codePool/ClaimQueue.js';
import type { CodeMetrics } from './codePool/codeMetrics.js';
import { Codes } from './codePool/Codes.js';
import { CodeSeals } from './codePool/codeSeals.js';
import { Exports } from './codePool/Exports.js';
import { Generator } from './codePool/Generator.js';
import { Leases } from './codePool/Leases.js';
import { PickupCodes } from './codePool/PickupCodes.js';
import { assertValue, buildPool, type CodePoolInput } from './codePool/poolRules.js';
import { PoolSupply } from './codePool/PoolSupply.js';
import { Redeeming } from './codePool/Redeeming.js';
import { Refill } from './codePool/Refill.js';
import type { Shelf } from './codePool/Shelf.js';
import { Shelves } from './codePool/Shelves.js';
import { type TableCode, TableTokens } from './codePool/TableTokens.js';
import { SoldVouchers } from './codePool/SoldVouchers.js';
import { Tending } from './codePool/Tending.js';
import { VoucherPayments } from './codePool/VoucherPayments.js';
import { EditableResource } from './EditableResource.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

/** Age of a heartbeat from which an instance counts as dead. */
const DEAD_AFTER_MS = 30_000;
interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: CodePoolRepository;
  restaurants: RestaurantService;
  secrets: Secrets;
  metrics: CodeMetrics;
  cursors: Cursors;
  clock: Clock;
  log: { warn(fields: object, message: string): void };
  /** Absent: 30 s. For tests. */
  deadAfterMs?: number | undefined;
}

export class CodePoolService {
  readonly pools: EditableResource<CodePool, CodePoolInput>;
  readonly supply: PoolSupply;
  readonly codes: Codes;
  readonly exports: Exports;
  readonly tables: TableTokens;
  readonly vouchers: VoucherPayments;
  readonly soldVouchers: SoldVouchers;
  readonly pickupCodes: PickupCodes;
  readonly #deps: Dependencies;
  readonly #generator: Generator;
  readonly #refill: Refill;
  readonly #shelves: Shelves;
  readonly #claims: ClaimQueue;
  readonly #tending: Tending;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    const seals = new CodeSeals(deps.secrets);
    const shared = { ...deps, seals };
    this.#generator = new Generator(seals);
    this.#refill = new Refill({ ...deps, generator: this.#generator });
    const leases = new Leases({ ...shared, deadAfterMs: deps.deadAfterMs ?? DEAD_AFTER_MS });
    this.#shelves = new Shelves({ ...deps, leases, refill: this.#refill });
    this.#claims = new ClaimQueue({ ...shared, leases, shelves: this.#shelves });
    const redeeming = new Redeeming(shared);
    const withClaims = { ...shared, redeeming, shelves: this.#shelves, claims: this.#claims };
    this.supply = new PoolSupply({ ...shared, shelves: this.#shelves, refill: this.#refill });
    this.codes = new Codes(withClaims);
    this.exports = new Exports(withClaims);
    this.tables = new TableTokens(shared);
    this.vouchers = new VoucherPayments({ ...deps, redeeming });
    this.soldVouchers = new SoldVouchers(withClaims);
    this.pickupCodes = new PickupCodes({ ...deps, shelves: this.#shelves });
    this.#tending = new Tending({ ...deps, refill: this.#refill, codes: this.codes, exports: this.exports });
    this.pools = this.#poolResource();
    deps.metrics.observe(() => ({ held: this.#shelves.held, toGenerate: this.#refill.left }));
  }

  /**
   * Hands out codes. Without an Idempotency-Key, codes without value come from memory and leave no
   * record; all others are stored before they are answered.
   * @throws AppError not_found, pool_empty, invalid_request, overloaded.
   */
  @Track('codes.claim')
  async claim(call: Call, poolId: string, terms: ClaimTerms): Promise<Claimed[]> {
    const shelf =
      this.#shelves.known(call.restaurantId, poolId) ?? (await this.#shelves.open(call.restaurantId, poolId));
    const { pool } = shelf;
    if (pool.kind === 'table') throw invalid('/tables', 'Name the tables that need a token.');
    assertValue(pool, terms.value);
    if (isValued(pool.kind) || call.idempotency) return this.#claims.claim(call, shelf, terms);
    // Others may take the codes before this caller has its turn.
    while (shelf.count < terms.count) {
      await this.#shelves.ensure(shelf, terms.count);
      if (shelf.count < terms.count && performance.now() < shelf.emptyUntil) throw this.#shelves.emptyError(shelf);
    }
    return this.#fromMemory(shelf, terms.count);
  }

  /** Tokens of tables. @throws AppError not_found, invalid_request. */
  @Track('codes.claimTables')
  async claimTables(call: Call, poolId: string, tables: readonly string[]): Promise<TableCode[]> {
    const { pool } = await this.#shelves.open(call.restaurantId, poolId);
    if (pool.kind !== 'table') throw invalid('/tables', 'This pool has no table tokens. Send "count".');
    return this.tables.claim(call, pool, tables);
  }

  /**
   * Makes the codes that a pool lacks. May end anywhere and begin again: the goal is in the
   * database.
   * @returns how many codes were made here.
   */
  refillPool(restaurantId: string, poolId: string, isStopping: () => boolean): Promise<number> {
    return this.#refill.run(restaurantId, poolId, isStopping);
  }

  /** What is owed to holders of vouchers, by tax kind. Business dates, both included. */
  @Track('reports.voucherLiability')
  liability(call: Call, from: string, to: string): Promise<Liability[]> {
    if (to < from) throw invalid('?to', 'Must not be before "from".');
    return this.#deps.unitOfWork.readReplica(call, async (tx) =>
      liabilityOf(await this.#deps.repository.liability.read(call.restaurantId, tx, from, to)),
    );
  }

  /** Codes for a sheet: tokens of all tables, or the codes of an export. */
  @Track('codePools.sheetCodes')
  async sheetCodes(
    call: Call,
    poolId: string,
    exportId: string | undefined,
  ): Promise<{ pool: CodePool; codes: (TableCode | Claimed)[] }> {
    const { unitOfWork } = this.#deps;
    const { pool, tables } = await unitOfWork.read(call, async (tx) => {
      const found = await this.#mustFind(call, tx, poolId);
      return { pool: found, tables: found.kind === 'table' ? await this.tables.list(call, tx, found) : [] };
    });
    if (pool.kind === 'table') {
      if (exportId !== undefined) throw notFound('export of this pool', '?exportId');
      return { pool, codes: tables };
    }
    if (exportId === undefined)
      throw invalid('?exportId', 'Codes of this pool are shown once: export some, and name the export.');
    return { pool, codes: await this.exports.read(call, poolId, exportId) };
  }

  /** The heartbeat of the leases, and after it all background work. */
  async beat(): Promise<void> {
    await this.#shelves.beat();
  }

  async tend(isStopping: () => boolean): Promise<void> {
    await this.#tending.run(isStopping);
  }

  /** Fills the memory for pools of these restaurants that were claimed from within a day. */
  async warmUp(restaurantIds: readonly string[]): Promise<void> {
    const { unitOfWork, repository, clock } = this.#deps;
    const since = new Date(clock().getTime() - 86_400_000);
    for (const restaurantId of restaurantIds) {
      const poolIds = await unitOfWork.read({ restaurantId }, (tx) => repository.stock.inUse(restaurantId, tx, since));
      for (const poolId of poolIds) await this.#shelves.fill(await this.#shelves.open(restaurantId, poolId));
    }
  }

  /** Gives all leases back. */
  async close(): Promise<void> {
    await this.#shelves.closeAll();
    await this.#generator.close();
  }

  #fromMemory(shelf: Shelf, count: number): Claimed[] {
    const claimed: Claimed[] = [];
    for (let index = 0; index < count; index += 1) {
      const popped = this.#shelves.pop(shelf);
      if (!popped) throw this.#shelves.emptyError(shelf);
      popped.lease.untold += 1;
      claimed.push({ code: popped.code, id: null, value: 0, expiresAt: null });
    }
    this.#deps.metrics.claimed(shelf.pool.kind, 'memory', count);
    return claimed;
  }

  /** @throws AppError in_use while items of the menu sell vouchers of the pool. */
  async #assertNotSold(restaurantId: string, tx: Tx, poolId: string): Promise<void> {
    if (!(await this.#deps.repository.claims.isSold(restaurantId, tx, poolId))) return;
    throw new AppError('in_use', 'Items of the menu sell vouchers of this pool. Delete those items first.');
  }

  async #mustFind({ restaurantId }: Call, tx: Tx, poolId: string): Promise<CodePool> {
    const pool = await this.#deps.repository.pools.find(restaurantId, tx, poolId);
    if (!pool) throw notFound('code pool');
    return pool;
  }

  #poolResource(): EditableResource<CodePool, CodePoolInput> {
    const { repository, restaurants, clock } = this.#deps;
    return new EditableResource<CodePool, CodePoolInput>(
      {
        noun: 'code_pool',
        table: repository.pools,
        build: buildPool,
        beforeSave: async ({ restaurantId }, tx, pool, before) => {
          if (before && before.taxKind !== pool.taxKind) await this.#assertNotSold(restaurantId, tx, pool.id);
          if (before) tx.afterCommit(() => this.#shelves.changed(restaurantId, pool));
        },
        afterInsert: async ({ restaurantId }, tx, pool) => {
          const isOurs = isGenerated(pool.kind);
          await repository.stock.create(restaurantId, tx, pool.id, isOurs ? pool.target : 0, clock());
          if (isOurs) tx.afterCommit(() => this.#shelves.nudge(restaurantId, pool.id));
          return pool;
        },
        beforeRemove: async ({ restaurantId }, tx, pool) => {
          const { pickupCodes } = await restaurants.settings(tx, restaurantId);
          if (pickupCodes?.poolId === pool.id)
            throw new AppError(
              'in_use',
              'Orders get their pick-up codes from this pool. Change the restaurant’s pickupCodes first.',
            );
          await this.#assertNotSold(restaurantId, tx, pool.id);
          const shelf = this.#shelves.known(restaurantId, pool.id);
          if (shelf) tx.afterCommit(() => this.#shelves.close(shelf));
        },
      },
      this.#deps,
    );
  }
}
