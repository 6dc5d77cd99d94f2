import { query, type Tx } from '../../config/database.js';
import type { ProposalAction, ProposedChange } from '../../domain/assistant/assistant.js';

export interface StoredProposal {
  id: string;
  action: ProposalAction;
  arguments: Record<string, unknown>;
  diff: { subject: string; changes: ProposedChange[] };
  version: number | null;
  hash: string;
  status: 'open' | 'confirmed' | 'dismissed';
  expiresAt: string;
}

const insertProposal = query(
  'assistant.insertProposal',
  `insert into assistant_proposals
     (restaurant_id, id, actor, action, arguments, diff, version, hash, status, created_at, expires_at)
   values ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8, 'open', $9, $10)`,
);

const COLUMNS = 'id, action, arguments, diff, version, hash, status, expires_at as "expiresAt"';

const findProposal = query<StoredProposal>(
  'assistant.findProposal',
  `select ${COLUMNS} from assistant_proposals where restaurant_id = $1 and id = $2 and actor = $3`,
);

const lockProposal = query<StoredProposal>(
  'assistant.lockProposal',
  `select ${COLUMNS} from assistant_proposals where restaurant_id = $1 and id = $2 and actor = $3 for update`,
);

const endProposal = query(
  'assistant.endProposal',
  'update assistant_proposals set status = $3 where restaurant_id = $1 and id = $2',
);

const purgeProposals = query(
  'assistant.purgeProposals',
  'delete from assistant_proposals where restaurant_id = $1 and expires_at < $2',
);

export class ProposalTable {
  async insert(
    restaurantId: string,
    tx: Tx,
    actor: string,
    proposal: Omit<StoredProposal, 'status' | 'expiresAt'>,
    { now, expiresAt }: { now: Date; expiresAt: Date },
  ): Promise<void> {
    const { id, action, arguments: args, diff, version, hash } = proposal;
    const texts = [JSON.stringify(args), JSON.stringify(diff)];
    await tx.run(insertProposal, [restaurantId, id, actor, action, ...texts, version, hash, now, expiresAt]);
  }

  find(restaurantId: string, tx: Tx, id: string, actor: string): Promise<StoredProposal | undefined> {
    return tx.maybeOne(findProposal, [restaurantId, id, actor]);
  }

  lock(restaurantId: string, tx: Tx, id: string, actor: string): Promise<StoredProposal | undefined> {
    return tx.maybeOne(lockProposal, [restaurantId, id, actor]);
  }

  async end(restaurantId: string, tx: Tx, id: string, status: 'confirmed' | 'dismissed'): Promise<void> {
    await tx.run(endProposal, [restaurantId, id, status]);
  }

  async purge(restaurantId: string, tx: Tx, before: Date): Promise<void> {
    await tx.run(purgeProposals, [restaurantId, before]);
  }
}
