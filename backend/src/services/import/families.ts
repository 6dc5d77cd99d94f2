/** Groups items that share choices. */
import type { UsedChoice } from '../../repositories/import/ImportStage.js';

/** Splits the pairs so that no item and no choice is in two parts. */
export function familiesOf(pairs: readonly UsedChoice[]): UsedChoice[][] {
  const parent = new Map<string, string>();
  const rootOf = (node: string): string => {
    let root = node;
    for (let next = parent.get(root); next !== undefined && next !== root; next = parent.get(root)) root = next;
    parent.set(node, root);
    return root;
  };
  for (const { itemNo, choice } of pairs) parent.set(rootOf(`choice ${choice}`), rootOf(`item ${itemNo}`));
  const families = new Map<string, UsedChoice[]>();
  for (const pair of pairs) {
    const root = rootOf(`item ${pair.itemNo}`);
    const family = families.get(root);
    if (family) family.push(pair);
    else families.set(root, [pair]);
  }
  return [...families.values()];
}
