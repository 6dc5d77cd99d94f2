import type { MenuOrderInput } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';

/**
 * Moves a thing in its list. The server gets the whole new order, so that two people who move at
 * once leave no half of both.
 * @param orderOf says to the server which order it is.
 */
export function useMove(ids: readonly string[], orderOf: (ids: string[]) => MenuOrderInput) {
  const reorder = useChange('reorderMenu', ['listCategories', 'listMenuItems']);
  const move = (from: number, to: number): void =>
    reorder.mutate({ body: orderOf(ids.toSpliced(from, 1).toSpliced(to, 0, ...ids.slice(from, from + 1))) });
  return { move, isBusy: reorder.isPending, error: reorder.error };
}
