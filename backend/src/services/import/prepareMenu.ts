/** Third step: adds the names that the orders use and the menu lacks to the menu, once. */
import type { Tx } from '../../config/database.js';
import { choicesPricedByCounterparts, nextPricedChoice } from '../../domain/import/choicePricing.js';
import type { Fact } from '../../domain/shared/events.js';
import type { Dictionary } from './dictionary.js';
import type { ImportJournal } from './ImportJournal.js';
import { inTurns } from '../../utils/turns.js';
import { MenuPlan, type MenuPrices } from './menuPlan.js';
import type { UsedNames } from './usedNames.js';

/** Limit of the search for priced choices: each round reads all rows once. */
const MAX_PRICE_ROUNDS = 30;

/** A dry run adds nothing and only counts. */
export async function prepareMenu(journal: ImportJournal, dictionary: Dictionary, used: UsedNames): Promise<MenuPlan> {
  const { call, dryRun, id } = journal.job;
  const { repository, unitOfWork, clock } = journal.deps;
  const { restaurantId } = call;
  const makePlan = async (tx: Tx) => {
    const known = await repository.menu.load(restaurantId, tx);
    return inTurns(MenuPlan.making(dictionary, known, used), journal.pace);
  };
  // Prices are searched before the lock: the search takes seconds, and other imports wait for the
  // lock.
  const outlook = await journal.step(makePlan);
  const prices = outlook.isEmpty ? undefined : await findPrices(journal);
  const plan = await journal.step(async (tx) => {
    await repository.lock(restaurantId, tx);
    const made = await makePlan(tx);
    if (prices) made.setPrices(prices);
    if (dryRun) return made;
    const now = clock();
    await repository.menu.add(restaurantId, tx, made.additions, now);
    await repository.menu.raiseVersions(restaurantId, tx, [...made.changedItemIds], [...made.changedGroupIds], now);
    await unitOfWork.record(tx, call, menuFacts(made, id));
    return made;
  });
  const { items, modifiers } = plan.additions;
  journal.add({ menuItemsCreated: items.length, modifiersCreated: modifiers.length });
  return plan;
}

async function findPrices(journal: ImportJournal): Promise<MenuPrices> {
  const { id, call } = journal.job;
  const { prices } = journal.deps.repository;
  const counterparts = await journal.step((tx) => prices.counterparts(call.restaurantId, tx, id));
  const priced = choicesPricedByCounterparts(counterparts);
  for (let round = 0; round < MAX_PRICE_ROUNDS; round += 1) {
    const known = priced.map(({ choice }) => choice);
    const counts = await journal.step(async (tx) => {
      await journal.save(tx);
      return prices.priceCounts(call.restaurantId, tx, id, known);
    });
    const next = nextPricedChoice(counts);
    if (!next) break;
    priced.push(next);
  }
  return { priced, bare: await journal.step((tx) => prices.barePrices(call.restaurantId, tx, id, priced)) };
}

function menuFacts(plan: MenuPlan, importId: string): Fact[] {
  const { categories, groups, items } = plan.additions;
  return [
    ...createdFacts('category', categories, importId),
    ...createdFacts('modifier_group', groups, importId),
    ...createdFacts('menu_item', items, importId),
    ...changedFacts('modifier_group', plan.changedGroupIds, importId),
    ...changedFacts('menu_item', plan.changedItemIds, importId),
  ];
}

function createdFacts(
  subject: 'category' | 'modifier_group' | 'menu_item',
  things: readonly { id: string; name: string }[],
  importId: string,
): Fact[] {
  return things.map((thing) => ({
    type: `${subject}.created`,
    subject,
    subjectId: thing.id,
    data: { ...thing, importId },
  }));
}

function changedFacts(subject: 'modifier_group' | 'menu_item', ids: Iterable<string>, importId: string): Fact[] {
  return [...ids].map((id) => ({ type: `${subject}.changed`, subject, subjectId: id, data: { id, importId } }));
}
