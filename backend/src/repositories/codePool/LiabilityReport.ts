import { query, type Tx } from '../../config/database.js';
import type { LiabilityRow } from '../../domain/codePool/liability.js';

// A transferred code is no new issue: it replaces the one that it came from.
const report = query<LiabilityRow>(
  'codeLiability.report',
  `select "taxKind", kind, coalesce(sum(amount) filter (where date < $2), 0)::text as before,
     coalesce(sum(amount) filter (where date >= $2), 0)::text as within
   from (
     select tax_kind as "taxKind", 'issue' as kind, value as amount, business_date as date
     from codes
     where restaurant_id = $1 and business_date <= $3 and value > 0 and from_code_id is null
     union all
     select tax_kind, kind, amount, business_date
     from code_movements
     where restaurant_id = $1 and business_date <= $3 and kind <> 'transfer' and amount > 0
   ) m
   group by 1, 2`,
);

export class LiabilityReport {
  /** Business dates, both included. */
  read(restaurantId: string, tx: Tx, from: string, to: string): Promise<LiabilityRow[]> {
    return tx.many(report, [restaurantId, from, to]);
  }
}
