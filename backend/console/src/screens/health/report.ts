/** The server's own report of /health/detailed, asked for while somebody looks. */
import { useEffect, useState } from 'react';

const EVERY_MS = 5_000;
/** Ten minutes. */
const KEPT = 120;

interface Timing {
  name: string;
  tags: Record<string, string>;
  count: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
}

export interface Breaker {
  name: string;
  breaker: 'closed' | 'half_open' | 'open';
  running: number;
  waiting: number;
  recentAttempts: { succeeded: number; failed: number };
}

export interface Queue {
  kind: string;
  queued: number;
  running: number;
  failed: number;
  oldestSeconds: number;
  isPaused: boolean;
}

export interface Report {
  status: 'ok' | 'degraded' | 'starting' | 'draining' | 'unavailable';
  uptimeSeconds: number;
  database: {
    latencyMs: number | null;
    pool: { total: number; idle: number; waiting: number; max: number; level: 'ok' | 'busy' | 'saturated' };
  };
  cache: {
    l1: { hits: number; entries: number };
    l2: { hits: number; state: 'up' | 'connecting' | 'quarantine' | 'down' | 'absent'; failures: number };
    misses: number;
  };
  process: { id: string; rssBytes: number; heapUsedBytes: number; cpuPercent: number };
  /** Empty where the server guards itself against no overload. */
  eventLoop: { inFlight?: number; refused?: number };
  requests: {
    timings: Timing[];
    eventLoop: { meanSeconds: number; p99Seconds: number; utilization: number };
  };
  outside: Breaker[];
  documentNumbers: { breaker: Breaker['breaker'] };
  jobs: Queue[] | null;
}

export interface Sample {
  at: number;
  report: Report;
}

export interface Health {
  /** Of all processes that answered, oldest first. */
  samples: readonly Sample[];
  /** The server wants another token, with its words. */
  refusal?: { status: number; detail: string };
  /** Since when it does not answer, in ms. */
  lostSince?: number;
}

/** @param token of the operators; empty where none was given. */
export function useHealth(token: string): Health {
  const [health, setHealth] = useState<Health>({ samples: [] });
  useEffect(() => {
    const ended = new AbortController();
    const { signal } = ended;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      // A tab in the background would ask all night.
      const next = document.hidden ? undefined : await ask(token, signal);
      if (signal.aborted) return;
      if (next) setHealth((before) => withAnswer(before, next));
      if (!next || !('refusal' in next)) timer = setTimeout(() => void look(), EVERY_MS);
    };
    setHealth({ samples: [] });
    void look();
    return () => {
      ended.abort();
      clearTimeout(timer);
    };
  }, [token]);
  return health;
}

type Answer = { report: Report } | { refusal: { status: number; detail: string } } | { lostSince: number };

async function ask(token: string, signal: AbortSignal): Promise<Answer> {
  try {
    const headers = { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const answer = await fetch('/health/detailed', { headers, signal, cache: 'no-store' });
    const body: unknown = await answer.json();
    // The server of this page wrote it, as its source says.
    if (answer.ok) return { report: body as Report };
    const { detail = '' } = body as { detail?: string };
    const { status } = answer;
    return status === 401 || status === 403 ? { refusal: { status, detail } } : { lostSince: Date.now() };
  } catch {
    return { lostSince: Date.now() };
  }
}

function withAnswer({ samples, lostSince }: Health, answer: Answer): Health {
  if ('report' in answer) return { samples: [...samples.slice(1 - KEPT), { at: Date.now(), ...answer }] };
  if ('refusal' in answer) return { samples: [], ...answer };
  return { samples, lostSince: lostSince ?? answer.lostSince };
}

/** Share of reads that the cache answered since the last sample; undefined without reads. */
export function hitShare(now: Report, before: Report | undefined): number | undefined {
  if (!before) return undefined;
  const hitsOf = ({ cache }: Report): number => cache.l1.hits + cache.l2.hits;
  const hits = hitsOf(now) - hitsOf(before);
  const misses = now.cache.misses - before.cache.misses;
  return hits + misses > 0 && hits >= 0 ? hits / (hits + misses) : undefined;
}

/** The slowest of one kind by their 95th percentile. */
export function slowest({ requests }: Report, name: string, tag: string, count: number) {
  return requests.timings
    .filter((one) => one.name === name && one.tags[tag] !== undefined)
    .sort((a, b) => b.p95Ms - a.p95Ms)
    .slice(0, count)
    .map((one) => ({ ...one, label: one.tags[tag] ?? '' }));
}
