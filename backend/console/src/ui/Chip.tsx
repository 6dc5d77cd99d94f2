import type { ReactNode } from 'react';
import { Icon } from './Icon.js';
import type { IconName } from './icons.js';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | undefined;

/** A state in a word; its colour only supports it. */
export function Chip({ tone, icon, children }: { tone?: Tone; icon?: IconName; children: ReactNode }) {
  return (
    <span className="chip" data-tone={tone}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}
