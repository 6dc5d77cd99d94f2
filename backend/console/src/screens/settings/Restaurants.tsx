import { useTranslations } from 'use-intl';
import { useChange, useAll } from '../../app/queries.js';
import { enter } from '../../app/session.js';
import { Button } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Region } from '../../ui/Region.js';

/** The restaurants of a person who works in several. A switch is for all tabs of this browser. */
export function Restaurants() {
  const t = useTranslations();
  const mine = useAll('listOwnMemberships', { query: { limit: 100 } });
  const change = useChange('switchRestaurant');
  const go = (restaurantId: string): void =>
    change.mutate({ query: { cookie: true }, body: { restaurantId } }, { onSuccess: ({ data }) => enter(data) });
  return (
    <section className="card stack">
      <h2>{t('settings.restaurants')}</h2>
      <Region query={mine} label={t('settings.restaurants')}>
        {(known) => (
          <ul className="settings__list">
            {known.map(({ restaurant: { id, name }, role, isCurrent }) => (
              <li key={id} className="spread">
                <span>
                  <strong>{name}</strong> <span className="muted">{t(`roles.${role}`)}</span>
                </span>
                {isCurrent ? (
                  <Chip tone="ok">{t('settings.here')}</Chip>
                ) : (
                  <Button isBusy={change.isPending} onClick={() => go(id)}>
                    {t('settings.switchTo', { name })}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Region>
      <FormFailure error={change.error} />
    </section>
  );
}
