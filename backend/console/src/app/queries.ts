/**
 * Data of screens. A query is an operation and what it takes; events make queries old, and the
 * screens that show them load them again. Nothing is loaded by time.
 */
import { useCallback, useEffect, useMemo, useState } from 'react';
import {
  keepPreviousData,
  MutationCache,
  type Query,
  QueryCache,
  QueryClient,
  useInfiniteQuery,
  useMutation,
  useQuery,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import type { EventType, Operations } from '../../../client/src/api.js';
import { type Answer, type OperationName, ServioError } from '../../../client/src/client.js';
import { heard, onNews } from './live.js';
import { operationsAfter } from './liveTable.js';
import { noteLoad, restAfter } from './pace.js';
import { client, noticeRefusal } from './session.js';

export type Takes<Name extends OperationName> = Operations[Name]['takes'];
export type Answers<Name extends OperationName> = Operations[Name]['answers'];

/** A burst of events leads to one load; the first of them is shown at once. */
const GATHER_MS = 60;
/** Some answers change by themselves when the server can do more: try these again. */
const PASSING = new Set([429, 503]);
const LONGEST_PAUSE_MS = 15_000;

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeRefusal, onSuccess: heard }),
  mutationCache: new MutationCache({ onError: noticeRefusal, onSuccess: heard }),
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: 'always',
      refetchOnReconnect: 'always',
      retry: (_count, error) => isPassing(error),
      retryDelay: (count, error) => pauseAfter(count, error),
    },
    mutations: { networkMode: 'always', retry: false },
  },
});

export interface CallOptions {
  /** false: not now. */
  enabled?: boolean;
  /** Shows the last answer while one for other takes is loaded. */
  keeps?: boolean;
}

/** The answer of an operation, kept current by events. */
export function useCall<Name extends OperationName>(
  name: Name,
  takes: Takes<Name>,
  { enabled = true, keeps = false }: CallOptions = {},
): UseQueryResult<Answers<Name>> {
  return useQuery({
    queryKey: [name, takes],
    queryFn: async ({ signal }) => (await client.call(name, takes, { signal })).data,
    enabled,
    ...(keeps ? { placeholderData: keepPreviousData } : {}),
  });
}

/** As `useCall`, with the ETag that a change of the answer needs as `ifMatch`. */
export function useTagged<Name extends OperationName>(
  name: Name,
  takes: Takes<Name>,
  { enabled = true }: CallOptions = {},
): UseQueryResult<Answer<Answers<Name>>> {
  return useQuery({
    queryKey: [name, takes, 'tagged'],
    queryFn: ({ signal }) => client.call(name, takes, { signal }),
    enabled,
  });
}

/** Entries of all pages of a list, at most `most`. */
export function useAll<Name extends OperationName>(
  name: Name,
  takes: Takes<Name>,
  { enabled = true, most = 10_000 }: CallOptions & { most?: number } = {},
): UseQueryResult<ItemOf<Name>[]> {
  return useQuery({
    queryKey: [name, takes, 'all', most],
    queryFn: async () => {
      const found: ItemOf<Name>[] = [];
      for await (const one of client.each(name, takes)) {
        found.push(one);
        if (found.length >= most) break;
      }
      return found;
    },
    enabled,
  });
}

export type ItemOf<Name extends OperationName> =
  Answers<Name> extends { data: Array<infer Item>; nextCursor: string | null } ? Item : never;

/** The first word of the keys of lists that load page by page. */
const PAGES = 'pages';
/** A longer list is not loaded again by itself: each event would ask for all of its pages. */
const MOST_LIVE_PAGES = 2;

export interface Pages<Item> {
  query: UseQueryResult<Item[]>;
  /** The list may have changed, and is too long to load it again without being asked. */
  isOld: boolean;
  /** Whether there is a further page. */
  hasMore: boolean;
  loadMore: () => void;
  /** Loads the first page again, and forgets the others. */
  restart: () => void;
}

/** A list that loads its next page when its end is near. Its first pages stay current by events. */
export function usePages<Name extends OperationName>(name: Name, takes: Takes<Name>): Pages<ItemOf<Name>> {
  type Page = { data: ItemOf<Name>[]; nextCursor: string | null };
  const text = JSON.stringify(takes);
  const key = useMemo(() => [PAGES, name, text], [name, text]);
  const [isOld, setOld] = useState(false);
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: async ({ pageParam: cursor, signal }) => {
      const { query: asked } = takes as { query?: object };
      const { data } = await client.call(
        name,
        { ...takes, query: { ...asked, ...(cursor && { cursor }) } },
        { signal },
      );
      // The type of a list's items says that it is a list.
      return data as unknown as Page;
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    // It would compare all pages with each new one: ten thousand orders a hundred times.
    structuralSharing: false,
    select: ({ pages }) => pages.flatMap(({ data }) => data),
  });
  const { refetch, fetchNextPage, hasNextPage, isFetching } = query;
  useEffect(() => setOld(false), [key]);
  const isNothingYet = query.data?.length === 0 && hasNextPage;
  useEffect(() => {
    // A page may have nothing that matches, while a later one has.
    if (isNothingYet && !isFetching) void fetchNextPage({ cancelRefetch: false });
  }, [isNothingYet, isFetching, fetchNextPage]);
  useEffect(() => {
    const load = (): void => {
      const known = queryClient.getQueryData<{ pages: Page[] }>(key);
      if ((known?.pages.length ?? 0) <= MOST_LIVE_PAGES) void refetch();
      else setOld(true);
    };
    return inPeace(load, (types) => types.flatMap(operationsAfter).includes(name));
  }, [key, name, refetch]);
  const loadMore = useCallback(() => {
    // Two calls in one moment are one.
    if (hasNextPage && !isFetching) void fetchNextPage({ cancelRefetch: false });
  }, [hasNextPage, isFetching, fetchNextPage]);
  const restart = useCallback(() => {
    type Known = { pages: Page[]; pageParams: string[] };
    queryClient.setQueryData<Known>(
      key,
      (known) => known && { pages: known.pages.slice(0, 1), pageParams: known.pageParams.slice(0, 1) },
    );
    setOld(false);
    void refetch();
  }, [key, refetch]);
  return { query, isOld, hasMore: hasNextPage, loadMore, restart };
}

/**
 * Runs `load` after news that concern it, and not more often than once in a while. @returns ends
 * it.
 */
function inPeace(load: () => void, concerns: (types: EventType[]) => boolean): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastAt = 0;
  const run = (): void => {
    timer = undefined;
    lastAt = Date.now();
    noteLoad(1);
    load();
  };
  const end = onNews((news) => {
    if (timer !== undefined || (news !== 'resync' && !concerns(news.types))) return;
    timer = setTimeout(run, Math.max(GATHER_MS, restAfter(lastAt)));
  });
  return () => {
    end();
    clearTimeout(timer);
  };
}

/** Parameters of one change. `key` makes repetitions of one press of a button the same change. */
export type Change<Name extends OperationName> = Takes<Name> & { key?: string };

/**
 * Sends a change, and then loads again the answers that it makes old.
 * @param stale operations whose answers change, beside those that the events will name.
 */
export function useChange<Name extends OperationName>(
  name: Name,
  stale: readonly OperationName[] = [],
): UseMutationResult<Answer<Answers<Name>>, Error, Change<Name>> {
  return useMutation({
    mutationFn: ({ key, ...takes }: Change<Name>) =>
      // Without `key`, a change is what the operation takes.
      client.call(name, takes as unknown as Takes<Name>, key === undefined ? {} : { key }),
    onSuccess: () => refresh(stale),
  });
}

/** Loads again what is shown of these operations. */
export function refresh(names: readonly OperationName[]): Promise<void> {
  const wanted = new Set<unknown>(names);
  return queryClient.invalidateQueries({
    predicate: ({ queryKey: [first, name], state: { data } }) =>
      first === PAGES ? wanted.has(name) && pagesOf(data) <= MOST_LIVE_PAGES : wanted.has(first),
  });
}

function pagesOf(data: unknown): number {
  return typeof data === 'object' && data !== null && 'pages' in data && Array.isArray(data.pages)
    ? data.pages.length
    : 0;
}

/** Makes queries old as events tell. @returns ends it. */
export function followNews(): () => void {
  const waiting = new Map<OperationName, ReturnType<typeof setTimeout>>();
  const loadedAt = new Map<OperationName, number>();
  const load = (name: OperationName): void => {
    waiting.delete(name);
    loadedAt.set(name, Date.now());
    const isLoaded = ({ queryKey: [first] }: Query): boolean => first === name;
    noteLoad(queryClient.getQueryCache().findAll({ type: 'active', predicate: isLoaded }).length);
    void refresh([name]);
  };
  const end = onNews((news) => {
    if (news === 'resync')
      return void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== PAGES });
    for (const name of news.types.flatMap(operationsAfter)) {
      if (waiting.has(name)) continue;
      waiting.set(name, setTimeout(load, Math.max(GATHER_MS, restAfter(loadedAt.get(name) ?? 0)), name));
    }
  });
  return () => {
    end();
    for (const timer of waiting.values()) clearTimeout(timer);
  };
}

export function isPassing(error: unknown): boolean {
  return error instanceof ServioError && PASSING.has(error.problem.status);
}

/** Milliseconds until the next try: as the server asks, else longer each time. */
export function pauseAfter(count: number, error: unknown): number {
  const asked = error instanceof ServioError ? error.retryAfter : undefined;
  return asked === undefined ? Math.min(1_000 * 2 ** count, LONGEST_PAUSE_MS) : asked * 1_000 + Math.random() * 500;
}
