import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.js';
import { applyPreferences } from './app/preferences.js';
import { enter, startSession } from './app/session.js';
import type { Entry } from './doors/entry.js';

/** Shows the console. @param entry of somebody who has just come in; else that of the cookie. */
export function startConsole(root: HTMLElement, entry?: Entry): void {
  applyPreferences();
  if (entry) enter(entry);
  else void startSession();
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
