import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import type { Me } from '../../../client/src/api.js';
import { useFormat } from '../i18n/format.js';
import { Button, IconButton } from '../ui/Button.js';
import { Sheet } from '../ui/Dialog.js';
import { useNow } from '../ui/useNow.js';
import { ConnectionChip } from './Connection.js';
import { Nav } from './Nav.js';
import { PersonSheet } from './PersonSheet.js';
import type { Screen } from './screen.js';

const IS_MAC = /^Mac|^iP/.test(navigator.platform);

interface TopBarProps {
  me: Me;
  screens: readonly Screen[];
  onHelp: () => void;
  onFind: () => void;
}

/** Where one is, which day it is, and whether what is shown is current. */
export function TopBar({ me, screens, onHelp, onFind }: TopBarProps) {
  const t = useTranslations();
  const [open, setOpen] = useState<'nav' | 'person'>();
  const [path] = useLocation();
  useEffect(() => setOpen(undefined), [path]);
  return (
    <header className="bar">
      <IconButton className="nav-toggle" icon="list" label={t('navigation')} onClick={() => setOpen('nav')} />
      <img className="bar__mark" src="/console/icon.svg" alt="" width="32" height="32" />
      <Place name={me.restaurant.name} />
      <div className="bar__end">
        <Button className="bar__find" look="quiet" icon="search" title={t('palette.title')} onClick={onFind}>
          <span className="bar__find-text">{t('palette.title')}</span>
          <kbd aria-hidden="true">{IS_MAC ? '⌘ K' : 'Ctrl K'}</kbd>
        </Button>
        <ConnectionChip />
        <IconButton icon="person" label={t('person')} onClick={() => setOpen('person')} />
      </div>
      {open === 'nav' && (
        <Sheet title={t('navigation')} onClose={() => setOpen(undefined)}>
          <Nav screens={screens} />
        </Sheet>
      )}
      {open === 'person' && <PersonSheet me={me} onHelp={onHelp} onClose={() => setOpen(undefined)} />}
    </header>
  );
}

function Place({ name }: { name: string }) {
  const t = useTranslations();
  const format = useFormat();
  // The day changes while the page is open.
  useNow(30_000);
  return (
    <div className="bar__place">
      <strong>{name}</strong>
      <span>{t('businessDate', { date: format.day(format.today()) })}</span>
    </div>
  );
}
