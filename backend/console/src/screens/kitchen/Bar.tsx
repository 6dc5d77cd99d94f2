import { useTranslations } from 'use-intl';
import { ConnectionChip } from '../../app/Connection.js';
import { useMe } from '../../app/me.js';
import { useStore } from '../../app/useStore.js';
import { WayOut } from '../../app/WayOut.js';
import { useFormat } from '../../i18n/format.js';
import { Button, IconButton } from '../../ui/Button.js';
import { change, settings, ZOOM } from './settings.js';
import { play } from './sound.js';
import { useClock } from './useClock.js';
import { toggleFullscreen } from './useWallScreen.js';

interface BarProps {
  openCount: number;
  doneCount: number;
  isFiltered: boolean;
  onAllDay: () => void;
  onDone: () => void;
  onFilter: () => void;
}

/** The bar: the shown tickets, whether they are current, and the settings of the screen. */
export function Bar({ openCount, doneCount, isFiltered, onAllDay, onDone, onFilter }: BarProps) {
  const t = useTranslations('kitchen');
  const { restaurant } = useMe();
  return (
    <header className="kitchen-bar">
      <WayOut label={t('leave')} />
      <div className="kitchen-bar__title">
        <h1>{t('title')}</h1>
        <span className="muted">{restaurant.name}</span>
      </div>
      <strong className="kitchen-bar__count number">{t('openCount', { count: openCount })}</strong>
      <Button icon="list" onClick={onAllDay}>
        {t('allDay')}
      </Button>
      <Button icon="undo" onClick={onDone}>
        {t('doneCount', { count: doneCount })}
      </Button>
      <Button icon="filter" aria-pressed={isFiltered} onClick={onFilter}>
        {t('filter')}
      </Button>
      <div className="kitchen-bar__end">
        <Switches />
        <TimeOfDay />
        <ConnectionChip />
      </div>
    </header>
  );
}

function Switches() {
  const t = useTranslations('kitchen');
  const { zoom, hasSound, isLight } = useStore(settings);
  const zoomBy = (step: number): void => change({ zoom: Math.min(ZOOM.most, Math.max(ZOOM.least, zoom + step)) });
  const toggleSound = (): void => {
    if (!hasSound) play('ticket');
    change({ hasSound: !hasSound });
  };
  return (
    <>
      <IconButton icon="smaller" label={t('smaller')} onClick={() => zoomBy(-ZOOM.step)} />
      <IconButton icon="larger" label={t('larger')} onClick={() => zoomBy(ZOOM.step)} />
      <IconButton
        icon={hasSound ? 'sound' : 'silence'}
        label={t(hasSound ? 'soundOff' : 'soundOn')}
        onClick={toggleSound}
      />
      <IconButton
        icon={isLight ? 'moon' : 'sun'}
        label={t(isLight ? 'dark' : 'light')}
        onClick={() => change({ isLight: !isLight })}
      />
      <IconButton icon="fullscreen" label={t('fullscreen')} onClick={toggleFullscreen} />
    </>
  );
}

function TimeOfDay() {
  const format = useFormat();
  return <span className="kitchen-bar__time number">{useClock((now) => format.time(now))}</span>;
}
