import { useTranslations } from 'use-intl';
import type { Session } from '../../../../client/src/api.js';
import { useAll, useChange } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Region } from '../../ui/Region.js';

/** Where the person is logged in, and the way to end a session elsewhere. */
export function Sessions() {
  const t = useTranslations('settings');
  const sessions = useAll('listOwnSessions', { query: { limit: 100 } }, { most: 100 });
  const end = useChange('endOwnSession', ['listOwnSessions']);
  return (
    <section className="card stack">
      <h2>{t('sessions')}</h2>
      <Region query={sessions} label={t('sessions')}>
        {(known) => (
          <ul className="settings__list">
            {known.map((session) => (
              <li key={session.id} className="spread">
                <Where session={session} />
                {session.isCurrent ? (
                  <Chip tone="ok">{t('thisSession')}</Chip>
                ) : (
                  <Button look="bad" isBusy={end.isPending} onClick={() => end.mutate({ id: session.id })}>
                    {t('endSession')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Region>
      <FormFailure error={end.error} />
    </section>
  );
}

function Where({ session: { userAgent, restaurant, lastUsedAt } }: { session: Session }) {
  const t = useTranslations('settings');
  const { moment } = useFormat();
  return (
    <span className="settings__where">
      <strong>{nameOf(userAgent) ?? t('unknownBrowser')}</strong>
      <span className="muted">
        {restaurant.name} · {t('lastUsed', { time: moment(lastUsedAt) })}
      </span>
    </span>
  );
}

/** The browser and system in what a browser calls itself, else its first words. */
function nameOf(userAgent: string | null): string | undefined {
  if (!userAgent) return undefined;
  const browser = /Edg|Firefox|Chrome|Safari/.exec(userAgent)?.[0].replace('Edg', 'Edge');
  const system = /Android|iPhone|iPad|Windows|Mac OS X|Linux/.exec(userAgent)?.[0];
  return browser ? [browser, system].filter(Boolean).join(' · ') : userAgent.slice(0, 60);
}
