/** Rules of modifier groups, as the API checks them. */
import type { ResolvedModifier, ResolvedModifierGroup } from '../../../../client/src/api.js';

/** Quantities by the ids of modifiers. */
export type Chosen = ReadonlyMap<string, number>;

/** Units that are chosen of a group. */
function countOf({ modifiers }: ResolvedModifierGroup, chosen: Chosen): number {
  return modifiers.reduce((sum, { id }) => sum + (chosen.get(id) ?? 0), 0);
}

/** Whether the group has too few choices; more than its most cannot be chosen. */
export function lacks(group: ResolvedModifierGroup, chosen: Chosen): boolean {
  return countOf(group, chosen) < group.minSelections;
}

/** Exactly one modifier of the group is taken. */
export function isSingle({ minSelections, maxSelections }: ResolvedModifierGroup): boolean {
  return minSelections === 1 && maxSelections === 1;
}

/** The most units of a modifier beside the other choices. */
export function mostOf(group: ResolvedModifierGroup, { id, maxQuantity }: ResolvedModifier, chosen: Chosen): number {
  const others = countOf(group, chosen) - (chosen.get(id) ?? 0);
  return Math.max(0, Math.min(maxQuantity, group.maxSelections - others));
}

/** Takes a modifier or leaves it. Where one is the most, it replaces the one before. */
export function toggled(group: ResolvedModifierGroup, { id }: ResolvedModifier, chosen: Chosen): Chosen {
  const next = new Map(chosen);
  if (group.maxSelections === 1) for (const other of group.modifiers) if (other.id !== id) next.delete(other.id);
  if (next.has(id) && !isSingle(group)) next.delete(id);
  else next.set(id, 1);
  return next;
}

/** Sets the units of a modifier; 0 leaves it. */
export function withQuantity({ id }: ResolvedModifier, quantity: number, chosen: Chosen): Chosen {
  const next = new Map(chosen);
  if (quantity > 0) next.set(id, quantity);
  else next.delete(id);
  return next;
}

/** The choice of groups that leave none: their one modifier. */
export function firstChoice(groups: readonly ResolvedModifierGroup[]): Chosen {
  const only = groups.filter((group) => isSingle(group) && group.modifiers.length === 1).map((one) => one.modifiers[0]);
  return new Map(only.flatMap((one): [string, number][] => (one?.isAvailable ? [[one.id, 1]] : [])));
}
