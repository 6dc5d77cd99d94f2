import { useIsMutating, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Order } from '../../../../client/src/api.js';
import type { Draft } from './draft.js';

type Words = ReturnType<typeof useTranslations>;

/**
 * What other people changed of an order while it is shown, in words.
 * @param draft lines of it without an answer are not those of others.
 * @returns the changes, and forgets them.
 */
export function useOthersChanges(order: Order, draft: Draft): [changes: readonly string[], forget: () => void] {
  const t = useTranslations('till.otherChanges');
  const [changes, setChanges] = useState<readonly string[]>([]);
  const seen = useRef(order);
  const own = useOwnVersions(order.id);
  const isBusy = useIsMutating() > 0;
  const { lines } = draft;
  useEffect(() => {
    // The answer to an own change may come after the event of it.
    if (isBusy || order.version === seen.current.version) return;
    const before = seen.current;
    seen.current = order;
    const versions = Array.from({ length: order.version - before.version }, (_, at) => before.version + at + 1);
    if (versions.some((version) => !own.current.has(version)))
      setChanges((known) => [...known, ...changesBetween(before, withoutSent(order, lines), t)]);
  }, [order, lines, isBusy, own, t]);
  return [changes, () => setChanges([])];
}

/** Versions that the changes of this page led to. */
function useOwnVersions(id: string) {
  const queries = useQueryClient();
  const own = useRef<ReadonlySet<number>>(new Set());
  useEffect(
    () =>
      queries.getMutationCache().subscribe(({ mutation }) => {
        const answer: unknown = mutation?.state.data;
        const changed = typeof answer === 'object' && answer !== null && 'data' in answer ? answer.data : undefined;
        // Changes of orders answer the order.
        const { id: changedId, version } = (changed ?? {}) as { id?: unknown; version?: unknown };
        if (changedId === id && typeof version === 'number') own.current = new Set([...own.current, version]);
      }),
    [queries, id],
  );
  return own;
}

/** The order without lines that may be those of the draft. */
function withoutSent(order: Order, lines: Draft['lines']): Order {
  const sent = new Set(lines.flatMap(({ isSent, menuItemId }) => (isSent ? [menuItemId] : [])));
  return { ...order, lines: order.lines.filter(({ menuItemId }) => !sent.has(menuItemId)) };
}

function changesBetween(before: Order, after: Order, t: Words): string[] {
  const known = new Map(before.lines.map((line) => [line.id, line]));
  const lines = after.lines.flatMap((line) => {
    const { id, name, quantity, parentLineId, voidedAt } = line;
    const old = known.get(id);
    // Parts of a line come and go with it.
    if (parentLineId !== null) return [];
    if (!old) return [t('added', { count: quantity, name })];
    if (old.voidedAt === null && voidedAt !== null) return [t('voided', { name })];
    return old.quantity === quantity ? [] : [t('changed', { name, from: old.quantity, to: quantity })];
  });
  const fields = (['table', 'guests'] as const).flatMap((field) =>
    before[field] === after[field] ? [] : [t(field, { from: before[field] ?? '–', to: after[field] ?? '–' })],
  );
  return [...lines, ...fields];
}
