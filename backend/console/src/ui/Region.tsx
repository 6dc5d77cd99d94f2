import type { UseQueryResult } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ServioError } from '../../../client/src/client.js';
import { Button } from './Button.js';
import { Notice } from './Notice.js';
import { useRefusals } from './refusals.js';
import { useNow } from './useNow.js';

/** Answers come within it mostly, and a short flash of grey would only disturb. */
const SKELETON_AFTER_MS = 200;

interface RegionProps<Data> {
  query: UseQueryResult<Data>;
  /** The name of the data, for a screen reader. */
  label: string;
  children: (data: Data) => ReactNode;
  /** Shown instead of the children where there is nothing. */
  empty?: ReactNode;
  isEmpty?: (data: Data) => boolean;
  /** Lines of the skeleton: about the size of what comes. */
  lines?: number;
}

/**
 * A part of a screen that shows data, in each of its states: loading, empty, refused, out of reach,
 * and old. Data that was shown stays while newer is loaded.
 */
export function Region<Data>({ query, label, children, empty, isEmpty, lines = 4 }: RegionProps<Data>) {
  const { data, error, failureReason, isFetching, refetch } = query;
  if (data === undefined) {
    const reason = error ?? failureReason;
    if (reason) return <Failure error={reason} isWaiting={isFetching} onRetry={() => void refetch()} />;
    return <Skeleton label={label} lines={lines} />;
  }
  return (
    <>
      {error && <Failure error={error} isWaiting={isFetching} onRetry={() => void refetch()} hasData />}
      {empty !== undefined && isEmpty?.(data) ? empty : children(data)}
    </>
  );
}

/** Bars in the place of what comes, after a moment. */
export function Skeleton({ label, lines = 4 }: { label: string; lines?: number }) {
  const t = useTranslations();
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(setShown, SKELETON_AFTER_MS, true);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="skeleton" role="status">
      {isShown && <span className="hidden-text">{t('loading', { what: label })}</span>}
      {isShown && Array.from({ length: lines }, (_, line) => <span key={line} className="skeleton__bar" />)}
    </div>
  );
}

interface FailureProps {
  error: Error;
  /** It is being tried again. */
  isWaiting: boolean;
  onRetry: () => void;
  /** Older data is shown below. */
  hasData?: boolean;
}

/** Says what happened, what to do, and the number under which the server's log has it. */
export function Failure({ error, isWaiting, onRetry, hasData }: FailureProps) {
  const t = useTranslations('failure');
  const refusals = useRefusals();
  const problem = error instanceof ServioError ? error.problem : undefined;
  const isPassing = problem?.status === 429 || problem?.status === 503;
  return (
    <Notice tone={isPassing || hasData ? 'warn' : 'bad'}>
      <strong>{problem?.status === 403 ? t('noRight') : hasData ? t('old') : t('title')}</strong>
      <span>{refusals.error(error)}</span>
      {isPassing && isWaiting ? (
        <Countdown seconds={error instanceof ServioError ? error.retryAfter : undefined} />
      ) : (
        problem?.status !== 403 && (
          <Button icon="refresh" isBusy={isWaiting} onClick={onRetry}>
            {t('again')}
          </Button>
        )
      )}
      {problem?.requestId && <span className="notice__id">{t('id', { id: problem.requestId })}</span>}
    </Notice>
  );
}

function Countdown({ seconds }: { seconds: number | undefined }) {
  const t = useTranslations('failure');
  const now = useNow(1_000);
  const [until] = useState(() => Date.now() + (seconds ?? 0) * 1_000);
  const left = Math.ceil((until - now) / 1_000);
  return <span aria-live="off">{left > 0 ? t('waiting', { seconds: left }) : t('trying')}</span>;
}
