import { useTranslations } from 'use-intl';
import { useMay } from '../../app/me.js';
import { useChange, useTagged } from '../../app/queries.js';
import { Button } from '../../ui/Button.js';
import { Empty } from '../../ui/Empty.js';
import { FormFailure } from '../../ui/FormFailure.js';

/**
 * Says what the assistant sends away, and lets those who decide for the restaurant switch it on.
 */
export function SwitchOn() {
  const t = useTranslations('assistant');
  const mayChange = useMay('restaurant:write');
  const restaurant = useTagged('getRestaurant', {}, { enabled: mayChange });
  const change = useChange('changeRestaurant', ['getRestaurant', 'getMe']);
  const tag = restaurant.data?.etag;
  return (
    <Empty icon="assistant" title={t('off')} text={t(mayChange ? 'offText' : 'offForOthers')}>
      <FormFailure error={change.error} />
      {mayChange && tag !== undefined && (
        <Button
          look="main"
          isBusy={change.isPending}
          onClick={() => change.mutate({ body: { isAssistantOn: true }, ifMatch: tag })}
        >
          {t('switchOn')}
        </Button>
      )}
    </Empty>
  );
}
