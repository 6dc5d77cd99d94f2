import type { ReactNode } from 'react';
import { useTitle } from '../app/useTitle.js';

/** A card in the middle of the page: what is seen without a session. */
export function Door({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  useTitle(title);
  return (
    <main className="door">
      <div className="card door__card">
        <div className="door__head">
          <img className="door__mark" src="/console/icon.svg" alt="Servio" width="48" height="48" />
          <h1>{title}</h1>
          {text !== undefined && <p className="muted">{text}</p>}
        </div>
        {children}
      </div>
    </main>
  );
}
