import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { ConnectionChip } from '../../app/Connection.js';
import { useMe } from '../../app/me.js';
import { WayOut } from '../../app/WayOut.js';
import { IconButton } from '../../ui/Button.js';

interface BarProps {
  title: string;
  /** Absent: the name of the restaurant. */
  text?: string | undefined;
  /** Back to the tables; absent there. */
  onBack?: () => void;
  children?: ReactNode;
}

/** The bar over the till: the place, the way back, and whether it is current. */
export function Bar({ title, text, onBack, children }: BarProps) {
  const t = useTranslations('till');
  const { restaurant } = useMe();
  return (
    <header className="till-bar">
      {onBack ? <IconButton icon="back" label={t('toTables')} onClick={onBack} /> : <WayOut label={t('leave')} />}
      <div className="till-bar__title">
        <h1>{title}</h1>
        <span className="muted">{text ?? restaurant.name}</span>
      </div>
      <div className="till-bar__end">
        <ConnectionChip />
        {children}
      </div>
    </header>
  );
}
