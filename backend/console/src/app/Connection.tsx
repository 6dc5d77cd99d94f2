import { useTranslations } from 'use-intl';
import { useFormat } from '../i18n/format.js';
import { Chip } from '../ui/Chip.js';
import { Icon } from '../ui/Icon.js';
import type { IconName } from '../ui/icons.js';
import { useConnection } from './useConnection.js';

const LOOKS = {
  live: ['ok', 'check'],
  polling: ['ok', 'clock'],
  updating: ['info', 'refresh'],
  reconnecting: ['warn', 'refresh'],
  offline: ['bad', 'offline'],
  stale: ['bad', 'alert'],
} as const satisfies Record<string, readonly ['ok' | 'info' | 'warn' | 'bad', IconName]>;

/** Whether what is shown is current, in a word. */
export function ConnectionChip() {
  const t = useTranslations('connection');
  const format = useFormat();
  const connection = useConnection();
  const [tone, icon] = LOOKS[connection.is];
  return (
    <Chip tone={tone} icon={icon}>
      <span data-connection={connection.is}>
        {'since' in connection ? t(connection.is, { time: format.time(connection.since) }) : t(connection.is)}
      </span>
    </Chip>
  );
}

/** Over the whole width, where nobody can overlook it: what is shown may be old. */
export function StaleBanner() {
  const t = useTranslations('connection');
  const format = useFormat();
  const connection = useConnection();
  if (!('since' in connection)) return null;
  return (
    <div className="banner" data-tone="bad" role="alert">
      <Icon name={connection.is === 'offline' ? 'offline' : 'alert'} />
      {t('banner', { time: format.time(connection.since) })}
    </div>
  );
}
