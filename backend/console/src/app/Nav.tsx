import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Link, useLocation } from 'wouter';
import { Icon } from '../ui/Icon.js';
import { type Group, GROUPS, isAt, listedOf, type Screen } from './screen.js';
import { rememberedStore } from './store.js';
import { useStore } from './useStore.js';

/** So few are seen at one look, and headings would only be in the way. */
const MOST_WITHOUT_GROUPS = 8;

/** Groups that this browser has closed. */
const closedGroups = rememberedStore<readonly Group[]>('closedGroups', (value) =>
  GROUPS.filter((group) => Array.isArray(value) && value.includes(group)),
);

/** The screens that this person may use, by the work that they are for. */
export function Nav({ screens, className }: { screens: readonly Screen[]; className?: string }) {
  const t = useTranslations();
  const [path] = useLocation();
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    place.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [path]);
  const listed = listedOf(screens);
  return (
    <nav ref={place} className={className} aria-label={t('navigation')} onKeyDown={moveByArrows}>
      {listed.length <= MOST_WITHOUT_GROUPS ? (
        <Links screens={listed} />
      ) : (
        GROUPS.map((group) => (
          <NavGroup key={group} group={group} screens={listed.filter((screen) => screen.group === group)} />
        ))
      )}
    </nav>
  );
}

/** A closed group still shows the screen that is open. */
function NavGroup({ group, screens }: { group: Group; screens: readonly Screen[] }) {
  const t = useTranslations();
  const listId = useId();
  const [path] = useLocation();
  const closed = useStore(closedGroups);
  const isClosed = closed.includes(group);
  if (screens.length === 0) return null;
  return (
    <>
      <button
        type="button"
        className="nav__group"
        aria-expanded={!isClosed}
        aria-controls={listId}
        onClick={() => closedGroups.set(isClosed ? closed.filter((one) => one !== group) : [...closed, group])}
      >
        {t(`groups.${group}`)}
        <Icon name={isClosed ? 'onward' : 'down'} />
      </button>
      <Links id={listId} screens={isClosed ? screens.filter((screen) => isAt(screen, path)) : screens} />
    </>
  );
}

function Links({ screens, id }: { screens: readonly Screen[]; id?: string }) {
  const t = useTranslations();
  const [path] = useLocation();
  return (
    <ul className="nav__links" id={id}>
      {screens.map((screen) => (
        <li key={screen.noun}>
          <Link href={screen.path} className="nav__link" aria-current={isAt(screen, path) ? 'page' : undefined}>
            <Icon name={screen.icon} />
            {t(`${screen.noun}.title`)}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** Beside Tab, the arrows move in it: a person with twenty screens needs few presses. */
function moveByArrows(event: KeyboardEvent<HTMLElement>): void {
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('a, button')];
  const at = stops.findIndex((stop) => stop === document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: stops.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  stops.at(to % stops.length)?.focus();
}
