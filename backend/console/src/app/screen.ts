/** What a screen of the console says about itself, and the groups of the navigation. */
import type { ComponentType } from 'react';
import type { Scope } from '../../../client/src/api.js';
import type { IconName } from '../ui/icons.js';

/** Groups of the navigation, by the work that people do; in this order. */
export const GROUPS = ['service', 'menu', 'stock', 'money', 'people', 'technical'] as const;
export type Group = (typeof GROUPS)[number];

export interface Screen {
  /** Its folder in `screens/`, and the place of its messages: `<noun>.title` names it. */
  noun: string;
  /** A screen of one thing has the group of its list. */
  group: Group;
  /** Below /console, with parameters as in `/orders/:id`. */
  path: string;
  icon: IconName;
  /** Whoever lacks it does not see the screen. */
  scope: Scope;
  /** `g` and then this letter lead to it. */
  key?: string;
  /** Keys of the screen itself, each with the message that explains it. */
  keys?: Readonly<Record<string, string>>;
  /** Fills the page, without navigation: for a screen on a wall. */
  isWhole?: boolean;
  load: () => Promise<{ Screen: ComponentType }>;
}

/** Screens that can be gone to without choosing a thing first: no orders by their number. */
export function listedOf(screens: readonly Screen[]): Screen[] {
  return screens.filter(({ path }) => !path.includes(':'));
}

/** Whether an address is that of a screen, or below it. */
export function isAt(screen: Screen, path: string): boolean {
  return screen.path === path || (screen.path !== '/' && path.startsWith(`${screen.path}/`));
}
