import { randomBytes } from 'node:crypto';
import { VALUE_LETTERS } from '../../domain/codePool/alphabet.js';
import { randomCodes } from '../../domain/codePool/codeMaking.js';
import type { CodePool } from '../../domain/codePool/codePool.js';
import { writeToken } from '../../domain/codePool/tableToken.js';
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, notFound } from '../../domain/shared/errors.js';
import type { CodePoolRepository } from '../../repositories/CodePoolRepository.js';
import type { TableToken } from '../../repositories/codePool/TableTokenTable.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import type { CodeSeals } from './codeSeals.js';

/** A version has two letters. */
const LAST_VERSION = 1_023;
const ID_LETTERS = { letters: VALUE_LETTERS, length: 10, hasCheck: false };
/** Tables of one pool that a sheet shows. */
const MOST_TABLES = 1_000;

export interface TableCode {
  id: string;
  code: string;
  table: string;
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: CodePoolRepository;
  seals: CodeSeals;
  clock: Clock;
}

export class TableTokens {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** The tokens of the tables with these names, made where there are none. */
  claim(call: Call, pool: CodePool, tables: readonly string[]): Promise<TableCode[]> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const codes = new Map<string, TableCode>();
      // In one order for all callers, so that no two wait for each other.
      const names = [...new Set(tables)].sort();
      let made = 0;
      for (const tableName of names) {
        const token = { id: newId(), poolId: pool.id, tableName, tokenId: newTokenId() };
        const provided = await repository.tables.provide(call.restaurantId, tx, token, clock());
        if (provided.isNew) made += 1;
        codes.set(tableName, this.#codeOf(call.restaurantId, provided));
      }
      if (made > 0) await this.#count(call, tx, pool, made);
      return tables.map((name) => codes.get(name)).filter((code) => code !== undefined);
    });
  }

  /** Tokens of a pool that are not revoked, by the names of their tables. */
  async list(call: Call, tx: Tx, pool: CodePool): Promise<TableCode[]> {
    const tokens = await this.#deps.repository.tables.ofPool(call.restaurantId, tx, pool.id, MOST_TABLES);
    return tokens.map((token) => this.#codeOf(call.restaurantId, token));
  }

  /** From now on the token opens nothing; the table gets a new one when it is claimed again. */
  revoke(call: Call, id: string): Promise<TableToken> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const token = await repository.tables.revoke(call.restaurantId, tx, id, clock());
      if (!token) throw notFound('table token');
      if (token.tokenVersion >= LAST_VERSION)
        throw new AppError('invalid_state', 'This table has used up its versions. Give it a new name.');
      await unitOfWork.record(tx, call, [
        {
          type: 'code.voided',
          subject: 'table_token',
          subjectId: id,
          data: { poolId: token.poolId, table: token.tableName },
        },
      ]);
      return token;
    });
  }

  async #count(call: Call, tx: Tx, pool: CodePool, made: number): Promise<void> {
    await this.#deps.repository.stock.countTables(call.restaurantId, tx, pool.id, made);
  }

  #codeOf(restaurantId: string, { id, tableName, tokenId, tokenVersion }: TableToken): TableCode {
    const signature = this.#deps.seals.signature(restaurantId, tokenId, tokenVersion);
    return { id, code: writeToken(tokenId, tokenVersion, signature), table: tableName };
  }
}

function newTokenId(): string {
  return Buffer.from(randomCodes(ID_LETTERS, 1, () => randomBytes(16))).toString('latin1');
}
