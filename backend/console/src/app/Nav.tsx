import { useTranslations } from 'use-intl';
import { Link, useLocation } from 'wouter';
import { Icon } from '../ui/Icon.js';
import type { Screen } from './screens.js';

/**
 * The screens that this person may use. Screens of one thing, such as one order, are not listed.
 */
export function Nav({ screens }: { screens: readonly Screen[] }) {
  const t = useTranslations();
  return (
    <nav className="nav" aria-label={t('navigation')}>
      <NavLinks screens={screens} label={(noun) => t(`${noun}.title`)} />
    </nav>
  );
}

export function NavLinks({ screens, label }: { screens: readonly Screen[]; label: (noun: string) => string }) {
  const [path] = useLocation();
  const listed = screens.filter((screen) => !screen.path.includes(':'));
  const isHere = (screen: Screen): boolean =>
    screen.path === path || (screen.path !== '/' && path.startsWith(`${screen.path}/`));
  return listed.map((screen) => (
    <Link key={screen.noun} href={screen.path} className="nav__link" aria-current={isHere(screen) ? 'page' : undefined}>
      <Icon name={screen.icon} />
      {label(screen.noun)}
    </Link>
  ));
}
