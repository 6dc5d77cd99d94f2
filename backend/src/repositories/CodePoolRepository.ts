import type { CodePool } from '../domain/codePool/codePool.js';
import { ClaimTable } from './codePool/ClaimTable.js';
import { CodeStock } from './codePool/CodeStock.js';
import { ExportTable } from './codePool/ExportTable.js';
import { LeaseTable } from './codePool/LeaseTable.js';
import { LiabilityReport } from './codePool/LiabilityReport.js';
import { MovementTable } from './codePool/MovementTable.js';
import { PoolWork } from './codePool/PoolWork.js';
import { TableTokenTable } from './codePool/TableTokenTable.js';
import { PlainTable } from './plainTable.js';

/** Pools, and the tables of their codes. */
export class CodePoolRepository {
  readonly pools = new PlainTable<CodePool>({
    noun: 'codePool',
    table: 'code_pools',
    columns: {
      name: 'name',
      kind: 'kind',
      alphabet: 'alphabet',
      length: 'length',
      target: 'target',
      lowWater: 'low_water',
      batch: 'batch',
      whenEmpty: 'when_empty',
      value: 'value',
      taxKind: 'tax_kind',
      expiresAfterDays: 'expires_after_days',
      usesPerCode: 'uses_per_code',
      coolDownSeconds: 'cool_down_seconds',
    },
    nameKey: 'code_pools_name_key',
    lock: 'no key update',
  });
  readonly stock = new CodeStock();
  readonly leases = new LeaseTable();
  readonly claims = new ClaimTable();
  readonly movements = new MovementTable();
  readonly tables = new TableTokenTable();
  readonly exports = new ExportTable();
  readonly liability = new LiabilityReport();
  readonly work = new PoolWork();
}
