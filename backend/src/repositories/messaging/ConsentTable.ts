import { query, type Tx } from '../../config/database.js';

export interface Consent {
  id: string;
  phone: string;
  status: 'granted' | 'withdrawn';
  isFinal: boolean;
  source: 'guest' | 'staff' | 'stop' | 'carrier';
  language: string | null;
  createdAt: string;
  updatedAt: string;
}

const COLUMNS =
  'id, phone, status, is_final as "isFinal", source, language, created_at as "createdAt", updated_at as "updatedAt"';

const saveConsent = query<Consent>(
  'consent.save',
  `insert into consents (restaurant_id, id, phone, status, is_final, source, language, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $8)
   on conflict (restaurant_id, phone) do update
     set status = $4, is_final = $5, source = $6, language = coalesce($7, consents.language), updated_at = $8
   returning ${COLUMNS}`,
);

const findConsent = query<Consent>(
  'consent.find',
  `select ${COLUMNS} from consents where restaurant_id = $1 and phone = $2`,
);

const listConsents = query<Consent>(
  'consent.list',
  `select ${COLUMNS} from consents where restaurant_id = $1 and id > $2 order by id limit $3`,
);

const removeConsent = query(
  'consent.remove',
  'delete from consents where restaurant_id = $1 and id = $2 and not is_final',
);

export class ConsentTable {
  save(
    restaurantId: string,
    tx: Tx,
    consent: Pick<Consent, 'id' | 'phone' | 'status' | 'isFinal' | 'source' | 'language'>,
    at: Date,
  ): Promise<Consent> {
    const { id, phone, status, isFinal, source, language } = consent;
    return tx.one(saveConsent, [restaurantId, id, phone, status, isFinal, source, language, at]);
  }

  find(restaurantId: string, tx: Tx, phone: string): Promise<Consent | undefined> {
    return tx.maybeOne(findConsent, [restaurantId, phone]);
  }

  list(restaurantId: string, tx: Tx, after: string, limit: number): Promise<Consent[]> {
    return tx.many(listConsents, [restaurantId, after, limit]);
  }

  /** @returns false when there is none, or it must stay. */
  async remove(restaurantId: string, tx: Tx, id: string): Promise<boolean> {
    return (await tx.run(removeConsent, [restaurantId, id])) > 0;
  }
}
