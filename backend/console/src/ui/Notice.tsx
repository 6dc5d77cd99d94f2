import type { ReactNode } from 'react';
import { Icon } from './Icon.js';

/** Words that a person must read. `bad` is spoken at once. */
export function Notice({ tone, children }: { tone: 'bad' | 'warn' | 'info'; children: ReactNode }) {
  return (
    <div className="notice" data-tone={tone} role={tone === 'bad' ? 'alert' : 'status'}>
      <Icon name={tone === 'info' ? 'help' : 'alert'} />
      <div className="notice__text">{children}</div>
    </div>
  );
}
