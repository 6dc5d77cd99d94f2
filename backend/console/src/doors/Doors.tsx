import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { Route, Router, Switch } from 'wouter';
import { language, type Language } from '../app/preferences.js';
import { useStore } from '../app/useStore.js';
import { ConfirmAddress } from './ConfirmAddress.js';
import type { Enter } from './entry.js';
import { Forgotten } from './Forgotten.js';
import { Invitation } from './Invitation.js';
import { Login } from './Login.js';
import { Reset } from './Reset.js';
import { type DoorMessages, WordsProvider } from './words.js';

export interface DoorOptions {
  /** Those of the language that the page begins with. */
  messages: DoorMessages;
  loadMessages: (language: Language) => Promise<DoorMessages>;
  onEntry: Enter;
}

/**
 * Shows what is seen without a session. It is built by itself, with Preact: a phone on a slow line
 * has its form before the console is half there. @returns takes it away.
 */
export function showDoors(root: HTMLElement, options: DoorOptions): () => void {
  const shown = createRoot(root);
  shown.render(<Doors {...options} />);
  return () => shown.unmount();
}

function Doors({ messages: first, loadMessages, onEntry }: DoorOptions) {
  const chosen = useStore(language);
  const [messages, setMessages] = useState(first);
  const [begun] = useState(chosen);
  useEffect(() => {
    let isWanted = true;
    if (chosen === begun) setMessages(first);
    // Without the file, the page keeps the language that it has.
    else
      void loadMessages(chosen).then(
        (loaded) => isWanted && setMessages(loaded),
        () => undefined,
      );
    return () => {
      isWanted = false;
    };
  }, [chosen, begun, first, loadMessages]);
  return (
    <WordsProvider messages={messages}>
      <Router base="/console">
        <Switch>
          <Route path="/forgotten">
            <Forgotten />
          </Route>
          <Route path="/reset-password">
            <Reset />
          </Route>
          <Route path="/confirm-email">
            <ConfirmAddress />
          </Route>
          <Route path="/invitation">
            <Invitation onEntry={onEntry} />
          </Route>
          <Route>
            <Login onEntry={onEntry} />
          </Route>
        </Switch>
      </Router>
    </WordsProvider>
  );
}
