import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Proposal, ProposalAction, ProposedChange } from '../../domain/assistant/assistant.js';
import type { Scope } from '../../domain/people/roles.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, notFound } from '../../domain/shared/errors.js';
import type { AssistantRepository } from '../../repositories/AssistantRepository.js';
import type { StoredProposal } from '../../repositories/assistant/ProposalTable.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import type { InventoryService } from '../InventoryService.js';
import type { MenuService } from '../MenuService.js';
import type { PurchasingService } from '../PurchasingService.js';
import type { StockTakingService } from '../StockTakingService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { actorOf } from './conversations.js';
import { thing } from './tool.js';

const VALID_MS = 10 * 60_000;
const KEPT_MS = 24 * 3_600_000;

export interface WriteServices {
  menu: MenuService;
  inventory: InventoryService;
  purchasing: PurchasingService;
  stockTaking: StockTakingService;
}

interface Dependencies extends WriteServices {
  unitOfWork: UnitOfWork;
  repository: AssistantRepository;
  clock: Clock;
}

/** A proposal before it is stored. */
interface Draft {
  subject: string;
  changes: ProposedChange[];
  /** Of the thing that changes; null when nothing existing changes. */
  version: number | null;
}

interface Action<A> {
  scope: Scope;
  args: z.ZodType<A>;
  draft(deps: WriteServices, call: Call, args: A): Promise<Draft>;
  /** @returns the id of the thing that was changed or made. */
  perform(deps: WriteServices, call: Call, args: A): Promise<{ id: string }>;
}

const action = <A>(one: Action<A>): Action<unknown> => ({
  ...one,
  // The arguments were parsed by the action's own schema.
  draft: (deps, call, args) => one.draft(deps, call, args as A),
  perform: (deps, call, args) => one.perform(deps, call, args as A),
});

const quantity = z.string().regex(/^\d{1,9}(?:\.\d{1,6})?$/, 'Give a quantity as decimal text, such as "2.5".');

export const PROPOSED_ARGS = {
  set_availability: z.strictObject({ menuItemId: thing, isAvailable: z.boolean() }),
  set_price: z.strictObject({ menuItemId: thing, price: z.int().min(0).max(100_000_000) }),
  draft_purchase_order: z.strictObject({
    supplierId: thing,
    lines: z
      .array(z.strictObject({ inventoryItemId: thing, quantity }))
      .min(1)
      .max(50),
  }),
  open_stock_count: z.strictObject({ inventoryItemIds: z.array(thing).min(1).max(100) }),
};

export const PROPOSED_SCOPES: Record<ProposalAction, Scope> = {
  set_availability: 'availability:write',
  set_price: 'menu:write',
  draft_purchase_order: 'purchasing:write',
  open_stock_count: 'stock:write',
};

const ACTIONS: Record<ProposalAction, Action<unknown>> = {
  set_availability: action({
    scope: PROPOSED_SCOPES.set_availability,
    args: PROPOSED_ARGS.set_availability,
    draft: async ({ menu }, call, { menuItemId, isAvailable }) => {
      const item = await menu.items.get(call, menuItemId);
      const changes = [{ field: 'isAvailable', from: item.isAvailable, to: isAvailable }];
      return { subject: item.name, changes, version: item.version };
    },
    perform: ({ menu }, call, { menuItemId, isAvailable }) => menu.setAvailability(call, menuItemId, { isAvailable }),
  }),
  set_price: action({
    scope: PROPOSED_SCOPES.set_price,
    args: PROPOSED_ARGS.set_price,
    draft: async ({ menu }, call, { menuItemId, price }) => {
      const item = await menu.items.get(call, menuItemId);
      if (item.variants.length > 0)
        throw new AppError(
          'invalid_state',
          'This item has variants with prices of their own. Change it on the menu page.',
        );
      return { subject: item.name, changes: [{ field: 'price', from: item.price, to: price }], version: item.version };
    },
    perform: ({ menu }, call, { menuItemId, price }) => menu.items.change(call, menuItemId, { price }),
  }),
  draft_purchase_order: action({
    scope: PROPOSED_SCOPES.draft_purchase_order,
    args: PROPOSED_ARGS.draft_purchase_order,
    draft: async ({ purchasing, inventory }, call, { supplierId, lines }) => {
      const supplier = await purchasing.suppliers.get(call, supplierId);
      const changes: ProposedChange[] = [];
      for (const line of lines) {
        const item = await inventory.items.get(call, line.inventoryItemId);
        changes.push({ field: item.name, from: null, to: line.quantity });
      }
      return { subject: supplier.name, changes, version: null };
    },
    perform: ({ purchasing }, call, args) => purchasing.orders.create(call, args),
  }),
  open_stock_count: action({
    scope: PROPOSED_SCOPES.open_stock_count,
    args: PROPOSED_ARGS.open_stock_count,
    draft: async ({ inventory }, call, { inventoryItemIds }) => {
      const changes: ProposedChange[] = [];
      for (const id of inventoryItemIds)
        changes.push({ field: (await inventory.items.get(call, id)).name, from: null, to: 'to be counted' });
      return { subject: 'stock count', changes, version: null };
    },
    perform: ({ stockTaking }, call, args) => stockTaking.counts.open(call, args),
  }),
};

/** Writes that wait for a person. The assistant itself changes nothing. */
export class Proposals {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Reads what would change and stores it. @throws AppError of the services. */
  async make(call: Call, name: ProposalAction, args: Record<string, unknown>): Promise<Proposal> {
    const { unitOfWork, repository, clock } = this.#deps;
    const { subject, changes, version } = await ACTIONS[name].draft(this.#deps, call, args);
    const now = clock();
    const expiresAt = new Date(now.getTime() + VALID_MS);
    const diff = { subject, changes };
    const hash = digestOf(name, args, diff, version);
    const stored = { id: newId(), action: name, arguments: args, diff, version, hash };
    await unitOfWork.step(call, async (tx) => {
      await repository.proposals.purge(call.restaurantId, tx, new Date(now.getTime() - KEPT_MS));
      await repository.proposals.insert(call.restaurantId, tx, actorOf(call), stored, { now, expiresAt });
    });
    return { id: stored.id, action: name, subject, diff: changes, hash, expiresAt: expiresAt.toISOString() };
  }

  /**
   * Carries a proposal out, in the name and with the rights of the person who confirms it.
   * @param hash of the diff that the person saw.
   * @throws AppError not_found for another person's; forbidden; invalid_state when it was used, has
   *   expired, or the thing has changed since; errors of the service that carries it out.
   */
  async confirm(
    call: Call,
    id: string,
    hash: string,
  ): Promise<{ id: string; action: ProposalAction; resourceId: string }> {
    const { unitOfWork, repository } = this.#deps;
    const { restaurantId } = call;
    const repeated = await unitOfWork.storedAnswer<{ id: string; action: ProposalAction; resourceId: string }>(call);
    if (repeated) return repeated;
    const proposal = await unitOfWork.read(call, (tx) =>
      repository.proposals.find(restaurantId, tx, id, actorOf(call)),
    );
    const { action: name, arguments: args, version } = this.#assertOpen(proposal, hash);
    const { scope, args: schema, ...planned } = ACTIONS[name];
    if (!call.scopes.has(scope))
      throw new AppError('forbidden', `This needs the scope ${scope}, which you do not have.`);
    // The key makes the effect happen once, also if two confirmations run or the process dies here.
    const { ifMatch: _none, idempotency: _own, ...caller } = call;
    const once: Call = {
      ...caller,
      ...(version === null ? {} : { ifMatch: version }),
      idempotency: {
        key: id,
        route: 'assistant proposal',
        requestHash: hash,
        status: 200,
        showsSecret: false,
        replayed: false,
      },
    };
    const made = await planned.perform(this.#deps, once, schema.parse(args)).catch(asStale);
    return unitOfWork.run(call, async (tx) => {
      const locked = await repository.proposals.lock(restaurantId, tx, id, actorOf(call));
      if (locked?.status !== 'open') throw used();
      await repository.proposals.end(restaurantId, tx, id, 'confirmed');
      return { id, action: name, resourceId: made.id };
    });
  }

  /** @throws AppError not_found, invalid_state. */
  dismiss(call: Call, id: string): Promise<void> {
    const { unitOfWork, repository } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const locked = await repository.proposals.lock(call.restaurantId, tx, id, actorOf(call));
      if (!locked) throw notFound('proposal');
      if (locked.status !== 'open') throw used();
      await repository.proposals.end(call.restaurantId, tx, id, 'dismissed');
    });
  }

  #assertOpen(proposal: StoredProposal | undefined, hash: string): StoredProposal {
    if (!proposal) throw notFound('proposal');
    if (proposal.status !== 'open') throw used();
    if (new Date(proposal.expiresAt) <= this.#deps.clock())
      throw new AppError('invalid_state', 'This proposal has expired. Ask the assistant again.');
    const { action: name, arguments: args, diff, version } = proposal;
    if (hash !== proposal.hash || hash !== digestOf(name, args, diff, version))
      throw new AppError('invalid_state', 'This is not the proposal that you were shown. Read it again.');
    return proposal;
  }
}

/** @throws the error; the caller sent no version of its own, so it is told of the proposal. */
function asStale(error: unknown): never {
  if (!(error instanceof AppError) || error.code !== 'version_mismatch') throw error;
  throw new AppError('invalid_state', 'This was changed since it was proposed. Ask the assistant again.', {
    cause: error,
  });
}

function used(): AppError {
  return new AppError('invalid_state', 'This proposal was already confirmed or dismissed. Ask the assistant again.');
}

/** PostgreSQL orders the fields of stored JSON anew, so they are sorted here. */
function digestOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts, sortedFields)).digest('base64url');
}

function sortedFields(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
