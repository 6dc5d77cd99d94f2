import { Fragment } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import { Dialog } from '../ui/Dialog.js';
import type { Screen } from './screen.js';

/** Common keys with their messages. */
const COMMON = [
  ['?', 'help'],
  ['Ctrl K', 'palette'],
  ['/', 'search'],
  ['j', 'j'],
  ['k', 'k'],
  ['Enter', 'Enter'],
  ['Escape', 'Escape'],
] as const;

/** All keys of the page. */
export function KeysHelp({ screens, onClose }: { screens: readonly Screen[]; onClose: () => void }) {
  const t = useTranslations();
  const [path] = useLocation();
  const ways = screens.filter(({ key }) => key);
  const here = screens.find((screen) => screen.path === path);
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <dl className="keys">
        {Object.entries(here?.keys ?? {}).map(([key, message]) => (
          <Fragment key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`${here?.noun}.${message}`)}</dd>
          </Fragment>
        ))}
        {COMMON.map(([key, message]) => (
          <Fragment key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`keys.${message}`)}</dd>
          </Fragment>
        ))}
        {ways.map(({ noun, key }) => (
          <Fragment key={noun}>
            <dt>
              <kbd>g</kbd> <kbd>{key}</kbd>
            </dt>
            <dd>{t(`${noun}.title`)}</dd>
          </Fragment>
        ))}
      </dl>
    </Dialog>
  );
}
