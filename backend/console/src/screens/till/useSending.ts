/**
 * Sends drafts. Each has its Idempotency-Key from before the first try: a second press, and a try
 * after an answer that was lost, count once.
 */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { ServioError } from '../../../../client/src/client.js';
import type { Order } from '../../../../client/src/api.js';
import { refresh, useChange } from '../../app/queries.js';
import { useConnection } from '../../app/useConnection.js';
import { type Draft, type DraftLine, isWaiting, lineOf, orderOf } from './draft.js';
import { draftOf, forget, keep } from './drafts.js';

const STALE = ['getOrder', 'listOrders', 'getOrderReceipt', 'listOrderHistory', 'getMenu'] as const;

export interface Sending {
  send: () => void;
  isBusy: boolean;
  /** Why it was refused. */
  failure: Error | undefined;
  /** Words of the server about lines, by their keys. */
  faults: ReadonlyMap<string, string>;
}

/** @param onSent is called with the order that has all of the draft. */
export function useSending(draft: Draft | undefined, onSent: (order: Order) => void): Sending {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<{ error: Error; faults: ReadonlyMap<string, string> }>();
  const isRunning = useRef(false);
  const connection = useConnection();
  const isLinked = !('since' in connection) && connection.is !== 'reconnecting';
  const place = usePlace();
  const add = useAdd();
  const id = draft?.id;
  const send = useCallback(() => {
    const current = id === undefined ? undefined : draftOf(id);
    if (!current || isRunning.current || current.lines.length === 0) return;
    isRunning.current = true;
    setBusy(true);
    setFailure(undefined);
    (current.isNew ? place(current) : add(current))
      .then((order) => {
        onSent(order);
        void refresh(STALE);
        // The screen shows the order by now, and no longer the draft.
        if (current.isNew) return forget(current.id);
      })
      .catch((error: unknown) => {
        if (!(error instanceof Error)) throw error;
        setFailure({ error, faults: faultsOf(error, draftOf(current.id) ?? current) });
      })
      .finally(() => {
        isRunning.current = false;
        setBusy(false);
      });
  }, [id, place, add, onSent]);
  const isLost = draft !== undefined && isWaiting(draft) && !isBusy;
  const latest = useRef({ isLost, send });
  useLayoutEffect(() => {
    latest.current = { isLost, send };
  });
  useEffect(() => {
    // The answer was lost, and the connection is back: the same key asks for it.
    if (latest.current.isLost && isLinked) latest.current.send();
  }, [isLinked, id]);
  const key = draft?.key;
  // A change is another try.
  useEffect(() => setFailure(undefined), [key]);
  return { send, isBusy, failure: failure?.error, faults: failure?.faults ?? NONE };
}

const NONE: ReadonlyMap<string, string> = new Map();

function usePlace(): (draft: Draft) => Promise<Order> {
  const { mutateAsync } = useChange('placeOrder');
  return useCallback(
    async (draft) => {
      await keep({ ...draft, isSent: true });
      try {
        const { data } = await mutateAsync({ body: orderOf(draft), key: draft.key });
        return data;
      } catch (error) {
        if (isAnswer(error)) await keep({ ...draft, isSent: false });
        throw error;
      }
    },
    [mutateAsync],
  );
}

/** Adds line by line; those that are on the order leave the draft. */
function useAdd(): (draft: Draft) => Promise<Order> {
  const { mutateAsync } = useChange('addOrderLine');
  return useCallback(
    async (draft) => {
      let order: Order | undefined;
      try {
        for (const line of draft.lines) order = await addLine(draft.id, line, mutateAsync);
      } finally {
        void refresh(STALE);
      }
      if (!order) throw new Error('a draft without lines is not sent');
      return order;
    },
    [mutateAsync],
  );
}

type Add = ReturnType<typeof useChange<'addOrderLine'>>['mutateAsync'];

async function addLine(id: string, line: DraftLine, add: Add): Promise<Order> {
  await keepLine(id, line.key, (one) => [{ ...one, isSent: true }]);
  try {
    const { data } = await add({ id, body: lineOf(line), key: line.key });
    await keepLine(id, line.key, () => []);
    return data;
  } catch (error) {
    if (isAnswer(error)) await keepLine(id, line.key, (one) => [{ ...one, isSent: false }]);
    throw error instanceof ServioError ? new LineRefused(error, line.key) : error;
  }
}

/** The request of one line was refused: the fault is that line's, whatever its pointer. */
class LineRefused extends ServioError {
  readonly lineKey: string;

  constructor({ problem, retryAfter }: ServioError, lineKey: string) {
    super(problem, retryAfter);
    this.lineKey = lineKey;
  }
}

async function keepLine(id: string, key: string, change: (line: DraftLine) => DraftLine[]): Promise<void> {
  const draft = draftOf(id);
  if (!draft) return;
  await keep({ ...draft, lines: draft.lines.flatMap((line) => (line.key === key ? change(line) : [line])) });
}

/** Whether the server said that nothing was stored. Anything else leaves it open. */
function isAnswer(error: unknown): boolean {
  if (!(error instanceof ServioError)) return false;
  const { status, code } = error.problem;
  return status < 500 && code !== 'idempotency_key_in_use';
}

/** The server names lines by their places in the request. */
export function faultsOf(error: Error, { lines }: Draft): ReadonlyMap<string, string> {
  if (!(error instanceof ServioError)) return NONE;
  const { errors = [], detail } = error.problem;
  if (error instanceof LineRefused) return new Map([[error.lineKey, errors[0]?.message ?? detail]]);
  return new Map(
    errors.flatMap(({ pointer, message }): [string, string][] => {
      const line = lines[Number(/^\/lines\/(\d+)/.exec(pointer)?.[1] ?? Number.NaN)];
      return line ? [[line.key, message]] : [];
    }),
  );
}
