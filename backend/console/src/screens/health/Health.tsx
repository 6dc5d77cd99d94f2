import { type FormEvent, useMemo } from 'react';
import { useTranslations } from 'use-intl';
import { store } from '../../app/store.js';
import { useStore } from '../../app/useStore.js';
import { useTitle } from '../../app/useTitle.js';
import { Door } from '../../doors/Door.js';
import { PlaceContext } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { TextField } from '../../ui/Field.js';
import { Notice } from '../../ui/Notice.js';
import { Skeleton } from '../../ui/Region.js';
import { Dashboard } from './Dashboard.js';
import { useHealth } from './report.js';

/** In memory alone: it opens figures of all restaurants, so the browser does not keep it. */
const operatorsToken = store('');

/**
 * The server for its operators. It needs no session of a restaurant, and none opens it: in
 * production only OPERATIONS_TOKEN does.
 */
export function Screen() {
  const t = useTranslations('health');
  const token = useStore(operatorsToken);
  const health = useHealth(token);
  // The operator's own clock: the server has many restaurants in many zones.
  const place = useMemo(
    () => ({
      currency: 'EUR',
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      businessDayCutoffHour: 0,
    }),
    [],
  );
  useTitle(t('title'));
  if (health.refusal) return <Refused {...health.refusal} hasToken={token !== ''} />;
  return (
    <PlaceContext value={place}>
      <main className="main">
        <div className="screen health">
          <h1>{t('title')}</h1>
          {health.samples.length > 0 ? (
            <Dashboard samples={health.samples} lostSince={health.lostSince} />
          ) : health.lostSince === undefined ? (
            <Skeleton label={t('title')} lines={10} />
          ) : (
            <Notice tone="bad">{t('unreachable')}</Notice>
          )}
        </div>
      </main>
    </PlaceContext>
  );
}

/** Asks for the token, unless the server has none: then it says what to do. */
function Refused({ status, detail, hasToken }: { status: number; detail: string; hasToken: boolean }) {
  const t = useTranslations('health');
  if (hasToken || status === 401) return <TokenForm refusal={hasToken ? detail : undefined} />;
  return (
    <Door title={t('title')}>
      <Notice tone="info">{detail}</Notice>
    </Door>
  );
}

function TokenForm({ refusal }: { refusal: string | undefined }) {
  const t = useTranslations('health');
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get('token');
    if (typeof token === 'string') operatorsToken.set(token.trim());
  };
  return (
    <Door title={t('title')} text={t('tokenText')}>
      <form className="door__form" onSubmit={onSubmit}>
        <TextField
          key={refusal}
          label={t('token')}
          hint={t('tokenHint')}
          name="token"
          type="password"
          autoComplete="off"
          // What a header can hold.
          pattern="\s*[\x21-\x7E]+\s*"
          required
          error={refusal}
        />
        <Button type="submit" look="main" isWide>
          {t('open')}
        </Button>
      </form>
    </Door>
  );
}
