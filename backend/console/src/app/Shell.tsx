import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import type { Me } from '../../../client/src/api.js';
import { PlaceContext } from '../i18n/format.js';
import { Dialog } from '../ui/Dialog.js';
import { Empty } from '../ui/Empty.js';
import { Region, Skeleton } from '../ui/Region.js';
import { LoginForm } from '../doors/LoginForm.js';
import { StaleBanner } from './Connection.js';
import { lazily } from './lazily.js';
import { startLive } from './live.js';
import { MeContext } from './me.js';
import { KeysHelp } from './KeysHelp.js';
import { Nav } from './Nav.js';
import { OwnScreens } from './ownScreens.js';
import { useCall } from './queries.js';
import { Safety } from './Safety.js';
import type { Screen } from './screen.js';
import { SCREENS, screensFor } from './screens.js';
import { enter, keptMe } from './session.js';
import { useCommandKey, useShortcuts } from './shortcuts.js';
import { useStore } from './useStore.js';
import { TopBar } from './TopBar.js';
import { useTitle } from './useTitle.js';

/** It is loaded when somebody first opens it. */
const Palette = lazy(async () => ({ default: (await import('./palette/Palette.js')).Palette }));

/** Made once: React would take another function for another screen. */
const PAGES = new Map(
  SCREENS.map(({ noun, load }) => {
    const Found = lazily(async () => (await load()).Screen, Waiting);
    const Titled = () => {
      useTitle(useTranslations()(`${noun}.title`));
      return <Found />;
    };
    return [noun, Titled];
  }),
);

/** The house: who is here, what they may do, and one of its screens. */
export function Shell({ isOver }: { isOver: boolean }) {
  const t = useTranslations();
  const me = useCall('getMe', {});
  const kept = useStore(keptMe);
  useEffect(() => (isOver ? undefined : startLive()), [isOver]);
  useEffect(() => {
    if (me.data) keptMe.set(me.data);
  }, [me.data]);
  const known = me.data ?? kept;
  return (
    <>
      {known ? (
        <House me={known} />
      ) : (
        <Region query={me} label={t('restaurant')}>
          {(loaded) => <House me={loaded} />}
        </Region>
      )}
      {isOver && (
        <Dialog title={t('sessionOver')}>
          <p>{t('sessionOverText')}</p>
          <LoginForm onEntry={enter} />
        </Dialog>
      )}
    </>
  );
}

/** The row of a list that the arrows move from; the list itself has the keys from there on. */
const ROW = 'main [role=row][tabindex="0"]';

/** @returns false where there is no such element. */
function focusFirst(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector);
  found?.focus();
  return found !== null;
}

function House({ me }: { me: Me }) {
  const t = useTranslations();
  const [path, go] = useLocation();
  const [open, setOpen] = useState<'help' | 'palette'>();
  const openHelp = useCallback(() => setOpen('help'), []);
  const openPalette = useCallback(() => setOpen('palette'), []);
  const close = useCallback(() => setOpen(undefined), []);
  const screens = useMemo(() => screensFor(me.scopes), [me.scopes]);
  const isWhole = screens.some((screen) => screen.isWhole && screen.path === path);
  useShortcuts({
    ...Object.fromEntries(screens.flatMap((one) => (one.key ? [[`g ${one.key}`, () => go(one.path)]] : []))),
    '?': openHelp,
    // A screen without a search of its own finds things by the palette.
    '/': () => (focusFirst('main input[type=search]') ? undefined : openPalette()),
    j: () => focusFirst(ROW),
    k: () => focusFirst(ROW),
  });
  useCommandKey(openPalette);
  return (
    <MeContext value={me}>
      <OwnScreens value={screens}>
        <PlaceContext value={me.restaurant}>
          <a className="skip" href="#main">
            {t('skip')}
          </a>
          <div className={isWhole ? 'shell shell--whole' : 'shell'}>
            <div className="shell__top">
              <StaleBanner />
              {!isWhole && <TopBar me={me} screens={screens} onHelp={openHelp} onFind={openPalette} />}
            </div>
            {!isWhole && <Nav screens={screens} className="nav" />}
            <main id="main" className={isWhole ? undefined : 'main'} tabIndex={-1}>
              <Safety path={path}>
                <Screens screens={screens} />
              </Safety>
            </main>
          </div>
          {open === 'help' && <KeysHelp screens={screens} onClose={close} />}
          {open === 'palette' && (
            <Suspense fallback={null}>
              <Palette onHelp={openHelp} onClose={close} />
            </Suspense>
          )}
        </PlaceContext>
      </OwnScreens>
    </MeContext>
  );
}

function Waiting() {
  return <Skeleton label={useTranslations()('page')} />;
}

function Screens({ screens }: { screens: readonly Screen[] }) {
  const [first] = screens;
  return (
    <Switch>
      {screens.map(({ noun, path }) => {
        const Page = PAGES.get(noun);
        return Page && <Route key={noun} path={path} component={Page} />;
      })}
      {/* Whoever may not see the first page begins at the first that they may see. */}
      <Route path="/">{first ? <Redirect to={first.path} replace /> : <Nothing />}</Route>
      <Route>
        <Nothing />
      </Route>
    </Switch>
  );
}

/** An address that leads nowhere, or to a screen that this person may not see. */
function Nothing() {
  const t = useTranslations();
  useTitle('Servio');
  return (
    <>
      <h1 className="hidden-text">{t('nothingHere')}</h1>
      <Empty icon="search" title={t('nothingHere')} text={t('nothingHereText')} />
    </>
  );
}
