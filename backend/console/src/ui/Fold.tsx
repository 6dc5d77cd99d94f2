import type { ReactNode } from 'react';
import { Icon } from './Icon.js';

/** A part of a long form that is needed less often. @param note what is in it, in a few words. */
export function Fold({ title, note, children }: { title: string; note?: string | undefined; children: ReactNode }) {
  return (
    <details className="fold">
      <summary>
        <Icon name="down" />
        {title}
        {note !== undefined && <span className="muted">{note}</span>}
      </summary>
      <div className="stack">{children}</div>
    </details>
  );
}
