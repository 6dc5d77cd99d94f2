/**
 * The screens of the console, in the order of the navigation. A new screen is a line here and a
 * folder in `screens/`; see docs/console.md.
 */
import type { ComponentType } from 'react';
import type { Scope } from '../../../client/src/api.js';
import type { IconName } from '../ui/icons.js';

export interface Screen {
  /** Its folder in `screens/`, and the place of its messages: `<noun>.title` names it. */
  noun: string;
  /** Below /console, with parameters as in `/orders/:id`. */
  path: string;
  icon: IconName;
  /** Whoever lacks it does not see the screen. */
  scope: Scope;
  /** `g` and then this letter lead to it. */
  key?: string;
  /** Fills the page, without navigation: for a screen on a wall. */
  isWhole?: boolean;
  load: () => Promise<{ Screen: ComponentType }>;
}

export const SCREENS: readonly Screen[] = [
  {
    noun: 'today',
    path: '/',
    icon: 'today',
    scope: 'reports:read',
    key: 't',
    load: () => import('../screens/today/Today.js'),
  },
];

/** The screens that a caller with these rights may use. */
export function screensFor(scopes: readonly Scope[]): Screen[] {
  return SCREENS.filter(({ scope }) => scopes.includes(scope));
}
